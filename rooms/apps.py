"""The start of the app: it connects what must run after other apps are loaded."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = _("Establishments and rooms")

    def ready(self) -> None:
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_login_failed

        from rooms import checks, database, monitoring
        from rooms.models import people

        connection_created.connect(database.make_private)
        checks.register()
        database.bound_lock_waits()
        database.avoid_compiling()
        database.teach_sqlite()
        # Whatever was migrated first, and in a flushed database (as between tests), the groups are complete.
        post_migrate.connect(people.complete_groups, sender=self)
        user_login_failed.connect(monitoring.log_failed_sign_in)
        user_locked_out.connect(monitoring.log_lock_out)
