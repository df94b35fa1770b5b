"""A superuser and an establishment, for the database of the bench's plain admin."""

import os

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402  # models come after setup()

from bench.inline_site.models import Establishment  # noqa: E402

User.objects.create_superuser("owner", password=os.environ["BENCH_PASSWORD"])
Establishment.objects.create(name="Bench")
