"""Booking channels, with what each asked of a room's photos when somebody last looked.

Staff change the figures afterwards: a row that is there already stays as it is, here and in later migrations.
Where sources differ, the strictest first-hand figure that is meant for a room stands in the columns; what is
meant for the whole property, and what only others tell, is in the note.
"""

import datetime
from typing import Any

from django.db import migrations, models

import rooms.models.channel

CHECKED_ON = datetime.date(2026, 11, 27)
ONE_BATHROOM = {"kind": "bathroom", "number": 1}
CHANNELS: tuple[dict[str, Any], ...] = (
    {
        "slug": "booking",
        "name": "Booking.com",
        "min_photos": 4,
        "min_width": 840,
        "min_height": 460,
        "recommended_side": 2048,
        "landscape": True,
        "max_bytes": 50_000_000,
        "needs": [ONE_BATHROOM],
        "source": "https://partner.booking.com/en-us/help/property-page/photos-extranet/understanding-photo-requirements-your-property",
        "note": "Des pages de Booking.com : 4 photos par chambre, dont la salle de bain. L’interface "
        "accepte dès 300 × 300 pixels ; 2048 × 1536 vient d’une page plus ancienne. Les doublons sont refusés.",
    },
    {
        "slug": "expedia",
        "name": "Expedia",
        "min_photos": 4,
        "min_width": 1000,
        "recommended_side": 2880,
        "max_bytes": 15_000_000,
        "needs": [ONE_BATHROOM],
        "source": "https://developers.expediagroup.com/supply/lodging/docs/property_mgmt_apis/image/learn/",
        "note": "Des pages d’Expedia, sauf la largeur minimale, qui vient d’un tiers. Pour tout "
        "l’établissement : façade, hall, une photo par équipement. Un refus n’est pas annoncé.",
    },
    {
        "slug": "vrbo",
        "name": "Vrbo",
        "min_photos": 6,
        "min_width": 1024,
        "min_height": 683,
        "recommended_side": 3840,
        "landscape": True,
        "max_bytes": 20_000_000,
        "needs": [{"kind": "room", "number": 3}, ONE_BATHROOM],
        "source": "https://help.vrbo.com/articles/Vrbo-photo-guidelines",
        "note": "Des pages de Vrbo. Pour tout l’établissement : une photo de l’extérieur et une du "
        "hall. En dessous de 6 photos pendant 30 jours, l’annonce est suspendue.",
    },
    {
        "slug": "airbnb",
        "name": "Airbnb",
        "min_photos": 7,
        "min_width": 1024,
        "min_height": 683,
        "recommended_side": 1920,
        "landscape": True,
        "max_bytes": 30_000_000,
        "source": "https://intercom-help.eu/avantio/en/articles/419305-what-are-the-minimum-requirements-for-airbnb",
        "note": "Uniquement d’après des tiers, qui ne sont pas d’accord entre eux (5, 7 ou 10 photos). "
        "Les cinq premières comptent. Selon Guesty, au-delà de 1920 × 1080 l’annonce ne se connecte pas.",
    },
    {
        "slug": "google",
        "name": "Google",
        "min_photos": 8,
        "needs": [{"kind": "room", "number": 1}, ONE_BATHROOM],
        "source": "https://developers.google.com/search/docs/appearance/structured-data/vacation-rental",
        "note": "Des pages de Google sur les locations de vacances. Pour un logement entier, aussi une "
        "photo d’une pièce commune.",
    },
)


def add_missing_channels(apps: Any, schema_editor: Any) -> None:
    channels = apps.get_model("rooms", "Channel").objects.using(schema_editor.connection.alias)
    for figures in CHANNELS:
        rest = {name: value for name, value in figures.items() if name != "slug"}
        channels.get_or_create(slug=figures["slug"], defaults=rest | {"checked_on": CHECKED_ON})


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="short name")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "active",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Shown under each gallery, and counted.",
                        verbose_name="active",
                    ),
                ),
                (
                    "min_photos",
                    models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="photos at least"),
                ),
                (
                    "min_width",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="Of an upright photo the longer side counts as its width.",
                        verbose_name="least width in pixels",
                    ),
                ),
                (
                    "min_height",
                    models.PositiveIntegerField(
                        db_default=0, default=0, verbose_name="least height in pixels"
                    ),
                ),
                (
                    "recommended_side",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="Told, and used for downloads; no rule.",
                        verbose_name="recommended longest side in pixels",
                    ),
                ),
                (
                    "landscape",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="The first five photos are wider than high.",
                        verbose_name="landscape",
                    ),
                ),
                (
                    "max_bytes",
                    models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="bytes at most"),
                ),
                (
                    "needs",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        validators=[rooms.models.channel.validate_needs],
                        verbose_name="must show",
                    ),
                ),
                (
                    "source",
                    models.URLField(
                        blank=True, db_default="", default="", max_length=500, verbose_name="source"
                    ),
                ),
                (
                    "checked_on",
                    models.DateField(blank=True, default=None, null=True, verbose_name="checked on"),
                ),
                ("note", models.TextField(blank=True, db_default="", default="", verbose_name="note")),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "ordering": ("name", "pk"),
            },
        ),
        migrations.RunPython(add_missing_channels, migrations.RunPython.noop),
    ]
