"""The admin of this project: Django's, with our site and its checks."""

from django.contrib.admin.apps import AdminConfig
from django.core import checks

from backoffice.checks import check_public_site


class BackofficeAdminConfig(AdminConfig):
    default_site = "backoffice.site.Site"

    def ready(self) -> None:
        super().ready()
        checks.register(check_public_site)
