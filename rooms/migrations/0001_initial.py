"""The whole app as it was first released; `models.people` adds the groups after each `migrate`."""

import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

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
        migrations.CreateModel(
            name="UploadCount",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=0)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "upload count",
                "verbose_name_plural": "upload counts",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("session_key", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("is_default", models.BooleanField(default=False)),
                ("is_saved", models.BooleanField(default=False)),
                ("saved_form", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("touched_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="room_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "unfinished room",
                "verbose_name_plural": "unfinished rooms",
            },
        ),
        migrations.CreateModel(
            name="Establishment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("city", models.CharField(blank=True, default="", max_length=120, verbose_name="city")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="establishments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "establishment",
                "verbose_name_plural": "establishments",
                "ordering": ("name", "pk"),
                "permissions": (("see_every_establishment", "Can work on every establishment"),),
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Unique in the establishment; may stay empty.",
                        max_length=20,
                        verbose_name="room number",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "Single"),
                            ("double", "Double"),
                            ("twin", "Twin"),
                            ("family", "Family"),
                            ("suite", "Suite"),
                            ("dormitory", "Dormitory"),
                            ("apartment", "Apartment"),
                        ],
                        default="double",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="Number of guests.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="capacity",
                    ),
                ),
                (
                    "beds",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="For example: 1 double bed 160 cm.",
                        max_length=120,
                        verbose_name="beds",
                    ),
                ),
                (
                    "surface_m2",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="surface in m²"),
                ),
                (
                    "price_night",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="price a night in €",
                    ),
                ),
                (
                    "description",
                    models.TextField(blank=True, default="", max_length=4000, verbose_name="description"),
                ),
                (
                    "published",
                    models.BooleanField(
                        default=False,
                        help_text="Published rooms can be booked by guests.",
                        verbose_name="published",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "establishment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rooms",
                        to="rooms.establishment",
                        verbose_name="establishment",
                    ),
                ),
            ],
            options={
                "verbose_name": "room",
                "verbose_name_plural": "rooms",
                "ordering": ("establishment", "name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="PendingFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("upload", "upload"), ("delete", "delete")],
                        db_default="delete",
                        default="delete",
                        max_length=10,
                    ),
                ),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("upload_id", models.UUIDField(default=None, null=True)),
                ("replaces", models.CharField(default=None, max_length=255, null=True, unique=True)),
                (
                    "draft",
                    models.ForeignKey(
                        default=None,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="rooms.draft",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        default=None,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        default=None,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="rooms.room",
                    ),
                ),
            ],
            options={
                "verbose_name": "pending file",
                "verbose_name_plural": "pending files",
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="rooms.room",
            ),
        ),
        migrations.CreateModel(
            name="RoomImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "image",
                    models.ImageField(
                        db_index=True, max_length=255, upload_to="photos", verbose_name="photo"
                    ),
                ),
                ("caption", models.CharField(blank=True, default="", max_length=200, verbose_name="caption")),
                ("order", models.PositiveIntegerField(default=0, verbose_name="order")),
                ("upload_id", models.UUIDField(blank=True, default=None, editable=False, null=True)),
                (
                    "width",
                    models.PositiveIntegerField(
                        blank=True, default=None, null=True, verbose_name="width in pixels"
                    ),
                ),
                (
                    "height",
                    models.PositiveIntegerField(
                        blank=True, default=None, null=True, verbose_name="height in pixels"
                    ),
                ),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        blank=True, default=None, null=True, verbose_name="size in bytes"
                    ),
                ),
                (
                    "alternative_text",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="alternative text"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("room", "Whole room"),
                            ("bed", "Bed"),
                            ("bathroom", "Bathroom"),
                            ("view", "View from the room"),
                            ("balcony", "Balcony or terrace"),
                            ("kitchen", "Kitchen"),
                            ("living", "Living room"),
                            ("amenity", "Comfort"),
                            ("outside", "Outside"),
                            ("other", "Something else"),
                        ],
                        db_default="",
                        default="",
                        max_length=20,
                        verbose_name="what it shows",
                    ),
                ),
                ("metrics", models.JSONField(blank=True, default=None, editable=False, null=True)),
                (
                    "advice_declined",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        editable=False,
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, default=None, editable=False, null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        default=None,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="images",
                        to="rooms.draft",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="images",
                        to="rooms.room",
                        verbose_name="room",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        default=None,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": (
                    models.OrderBy(
                        django.db.models.functions.comparison.NullIf("order", models.Value(0)),
                        nulls_last=True,
                    ),
                    "pk",
                ),
            },
        ),
        migrations.CreateModel(
            name="Manager",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "establishment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="managers",
                        to="rooms.establishment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        default=None,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "manager",
                "verbose_name_plural": "managers",
                "ordering": ("email", "pk"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("establishment", "email"), name="manager_once_an_establishment"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("establishment", "number"),
                name="room_number_unique_in_establishment",
                violation_error_message="This establishment already has a room with this number.",
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["user", "touched_at"], name="draft_of_user"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["touched_at"], name="draft_idle"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True), ("is_saved", False)),
                fields=("user", "session_key"),
                name="one_default_draft_a_session",
            ),
        ),
        migrations.AddIndex(
            model_name="roomimage",
            index=models.Index(fields=["room", "order"], name="photo_in_order"),
        ),
        migrations.AddIndex(
            model_name="roomimage",
            index=models.Index(
                condition=models.Q(("draft", None), ("room", None)),
                fields=["created_at"],
                name="photo_unattached",
            ),
        ),
        migrations.AddIndex(
            model_name="roomimage",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False)), fields=["removed_at"], name="photo_removed"
            ),
        ),
        migrations.AddConstraint(
            model_name="roomimage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("upload_id__isnull", False)),
                fields=("uploaded_by", "upload_id"),
                name="one_photo_an_upload",
            ),
        ),
        migrations.AddConstraint(
            model_name="roomimage",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    django.db.models.lookups.Exact(django.db.models.functions.text.Length("image"), 46),
                    ("image__startswith", "photos/"),
                ),
                fields=("image",),
                name="one_photo_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="roomimage",
            constraint=models.CheckConstraint(
                condition=models.Q(("room", None), ("draft", None), _connector="OR"),
                name="photo_in_one_gallery",
            ),
        ),
    ]
