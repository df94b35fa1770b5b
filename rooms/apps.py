"""Start-up of the app: connects what must run after other apps are loaded."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = _("Lodgings")

    def ready(self) -> None:
        from rooms import checks, database
        from rooms.models import roles

        checks.register()
        database.bound_lock_waits()
        # A flushed database (as between tests) gets its groups back; existing groups stay as they are.
        post_migrate.connect(roles.create_missing_groups, sender=self)
