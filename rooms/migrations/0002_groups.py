"""Creates the groups of owners and platform staff with their permissions."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from rooms.models import roles


def create_groups(apps, schema_editor):
    # Django creates permissions after all migrations only; the groups need them now.
    config = apps.get_app_config("rooms")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    roles.complete_groups(apps, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
