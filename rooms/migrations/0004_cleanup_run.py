"""Adds the record of cleanups, which platform staff may look at."""

import django.db.models.functions.datetime
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_staff_look(apps, schema_editor):
    # Django creates permissions after all migrations only; the group needs this one now.
    config = apps.get_app_config("rooms")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group = apps.get_model("auth", "Group").objects.filter(name="Staff").first()
    if group is not None:
        permissions = apps.get_model("auth", "Permission").objects
        group.permissions.add(
            *permissions.filter(content_type__app_label="rooms", codename="view_cleanuprun")
        )


class Migration(migrations.Migration):
    dependencies = [("rooms", "0003_upload_count")]

    operations = [
        migrations.CreateModel(
            name="CleanupRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="started"
                    ),
                ),
                ("finished_at", models.DateTimeField(default=None, null=True, verbose_name="finished")),
                ("days", models.PositiveIntegerField(verbose_name="days")),
                ("with_audit", models.BooleanField(default=False, verbose_name="with audit")),
                ("forced", models.BooleanField(default=False, verbose_name="forced")),
                ("photos", models.PositiveIntegerField(default=0, verbose_name="photos")),
                ("files", models.PositiveIntegerField(default=0, verbose_name="files")),
                ("bytes", models.PositiveBigIntegerField(default=0, verbose_name="size")),
                ("errors", models.JSONField(default=list, verbose_name="errors")),
                ("findings", models.JSONField(default=list, verbose_name="findings")),
            ],
            options={
                "verbose_name": "cleanup",
                "verbose_name_plural": "cleanups",
                "ordering": ("-pk",),
                "default_permissions": ("view",),
            },
        ),
        migrations.RunPython(let_staff_look, migrations.RunPython.noop),
    ]
