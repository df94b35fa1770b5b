"""Makes the product's four outputs of each uploaded image, by Wagtail's own way of making several at once."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_save


class BenchSiteConfig(AppConfig):
    name = "bench.wagtail_site"
    label = "bench_wagtail_site"

    def ready(self) -> None:
        if settings.BENCH_RENDITIONS:
            post_save.connect(make_renditions, sender="wagtailimages.Image")


def make_renditions(instance: Any, created: bool, **kwargs: Any) -> None:
    if created:
        instance.get_renditions(*settings.BENCH_RENDITIONS)
