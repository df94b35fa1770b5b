from django.db import migrations, models


def rename_declined(apps, schema_editor):
    """Advice that a photo is small has another code now."""
    photos = apps.get_model("rooms", "RoomImage").objects
    for photo in photos.exclude(advice_declined=[]).only("advice_declined").iterator():
        if "too_small" in photo.advice_declined:
            declined = sorted({*photo.advice_declined, "small"} - {"too_small"})
            photos.filter(pk=photo.pk).update(advice_declined=declined)


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0007_alternative_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="roomimage",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("room", "The room"),
                    ("bed", "The bed"),
                    ("bathroom", "The bathroom"),
                    ("view", "The view"),
                    ("balcony", "The balcony or terrace"),
                    ("kitchen", "The kitchen"),
                    ("living", "The living room"),
                    ("amenity", "Something for the guests' comfort"),
                    ("outside", "The building or grounds"),
                    ("other", "Something else"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="what it shows",
            ),
        ),
        migrations.RunPython(rename_declined, migrations.RunPython.noop),
    ]
