"""Wagtail as its project template has it, without pages; asked to, it makes the product's four outputs."""

from typing import Any

from django.db.models.signals import post_save

from bench.sites.peer import *  # noqa: F403  # what Django's documentation does, too
from bench.sites.peer import INSTALLED_APPS, MIDDLEWARE, env

ROOT_URLCONF = "bench.sites.wagtail_urls"
_PARTS = ("contrib.forms", "contrib.redirects", "embeds", "sites", "users", "snippets", "documents", "images")
_OTHERS = ["wagtail.search", "wagtail.admin", "wagtail", "modelcluster", "taggit", "django_filters"]
INSTALLED_APPS = [*(f"wagtail.{part}" for part in _PARTS), *_OTHERS, *INSTALLED_APPS]
_ITS_OWN = "wagtail.contrib.redirects.middleware.RedirectMiddleware"
MIDDLEWARE = [*(name for name in MIDDLEWARE if "whitenoise" not in name), _ITS_OWN]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
WAGTAIL_SITE_NAME, WAGTAILADMIN_BASE_URL = "Bench", "http://127.0.0.1"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_JPEG_QUALITY = env.int("BENCH_JPEG_QUALITY")
WAGTAILIMAGES_WEBP_QUALITY = env.int("BENCH_WEBP_QUALITY")
# Empty where Wagtail is to do only what it does by itself.
RENDITIONS = env.str("BENCH_RENDITIONS", "").split()


def make_renditions(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    """Wagtail's own way of making several at once."""
    if created and sender._meta.label == "wagtailimages.Image" and RENDITIONS:
        instance.get_renditions(*RENDITIONS)


post_save.connect(make_renditions)
