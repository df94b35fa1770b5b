from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast


def _own_column(name, output_field):
    value = Cast(KeyTextTransform(name, "metrics"), output_field)
    column = models.GeneratedField(db_persist=True, expression=value, output_field=output_field)
    return migrations.AddField(model_name="roomimage", name=name, field=column)


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0008_manager_invitations"),
    ]

    operations = [
        _own_column("brightness", models.FloatField(null=True)),
        _own_column("fingerprint", models.CharField(max_length=64, null=True)),
        _own_column("sharpness", models.FloatField(null=True)),
        migrations.AddIndex(
            model_name="roomimage",
            index=models.Index(
                fields=["fingerprint"], condition=models.Q(removed_at=None), name="photo_fingerprint"
            ),
        ),
    ]
