"""The admin of this project: Django's, with our site and its checks."""

from importlib import import_module

from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core import checks

from backoffice.checks import check_public_site


class BackofficeAdminConfig(AdminConfig):
    default_site = "backoffice.site.Site"

    def ready(self) -> None:
        super().ready()
        checks.register(check_public_site)
        if settings.SENTRY_DSN:
            # Only here: what it imports costs every other start a tenth of a second.
            import_module("backoffice.error_reports").start()
