"""Owners get pages of their own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("auth", "0012_alter_user_first_name_max_length"), ("rooms", "0005_activity")]

    operations = [
        migrations.CreateModel(
            name="Owner",
            fields=[],
            options={
                "verbose_name": "owner",
                "verbose_name_plural": "owners",
                "ordering": ("first_name", "last_name", "pk"),
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("auth.user",),
        )
    ]
