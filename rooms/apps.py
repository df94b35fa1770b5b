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
        # Whatever was migrated first, and in a flushed database (as between tests), the groups are complete.
        post_migrate.connect(roles.complete_groups, sender=self)
