"""A superuser for the bench's Wagtail: the cheapest permission look-ups it has."""

import os

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402  # models come after setup()

User.objects.create_superuser("owner", password=os.environ["BENCH_PASSWORD"])
