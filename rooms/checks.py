"""System checks of what would lose photos, show them to all, or refuse every one. Each says what to do.

They find a fault before an owner does: in the settings, in the groups, and in the places where data lies.
What refuses every photo for good is an error, and no web process starts. What may pass by itself is a
warning, for the pages work without it.
"""

import errno
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core import checks
from django.core.files.base import ContentFile
from django.db import DEFAULT_DB_ALIAS, DatabaseError, NotSupportedError, connection

from rooms.demo import catalogue
from rooms.models import Room, people
from rooms.models.photo import photo_storage

# Nothing that a full disk or a moment's trouble says: a process that starts then is better than none.
LASTING_ERRNOS: Final = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR}
# What a bucket says when only a setting can help; by code, the way to put it right.
BUCKET_CURES: Final = {
    "NoSuchBucket": "Create it, or set AWS_STORAGE_BUCKET_NAME: the product makes no bucket.",
    "InvalidAccessKeyId": "Set AWS_S3_ACCESS_KEY_ID and AWS_S3_SECRET_ACCESS_KEY to a key that it knows.",
    "SignatureDoesNotMatch": "Set AWS_S3_SECRET_ACCESS_KEY to the secret that belongs to the key.",
    "AccessDenied": "Give the key s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket.",
}
PROBE: Final = b"Written by `manage.py check --deploy`, and deleted at once."


def register() -> None:
    checks.register(check_session_engine)
    checks.register(check_limits)
    checks.register(check_media_root)
    checks.register(check_groups)
    checks.register(check_demo_passwords)
    checks.register(check_folder)
    checks.register(check_bucket)
    checks.register(check_bucket_rights, deploy=True)
    checks.register(check_database_folder)
    checks.register(check_database_server, checks.Tags.database)


def check_session_engine(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A session kept in a cookie cannot be written by parallel uploads."""
    if "signed_cookies" not in settings.SESSION_ENGINE:
        return []
    return [
        checks.Error(
            "Sessions in cookies lose the photos of parallel uploads.",
            hint="Set SESSION_ENGINE to one on the server: django.contrib.sessions.backends.db.",
            id="rooms.E001",
        )
    ]


def check_limits(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Limits of zero or less would refuse every photo."""
    names = (
        "ROOM_PHOTO_MAX_BYTES",
        "ROOM_PHOTO_MAX_COUNT",
        "ROOM_PHOTO_MAX_UNATTACHED",
        "ROOM_PHOTO_MAX_SIDE",
        "ROOM_PHOTO_MAX_PIXELS",
    )
    return [
        checks.Error(
            f"{name} is {getattr(settings, name)}.", hint="Set it to a number above 0.", id="rooms.E002"
        )
        for name in names
        if getattr(settings, name) < 1
    ]


def check_media_root(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Whatever lies among the static files is served to anybody, unfinished and removed photos too."""
    photos, static = Path(settings.MEDIA_ROOT).resolve(), Path(settings.STATIC_ROOT).resolve()
    if not (photos.is_relative_to(static) or static.is_relative_to(photos)):
        return []
    return [
        checks.Error(
            f"Photos would lie among the static files: MEDIA_ROOT is {photos}.",
            hint=f"Set MEDIA_ROOT to a folder outside {static} that does not hold it either.",
            id="rooms.E003",
        )
    ]


def check_demo_passwords(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Accounts of the demonstration, whose password is known to all, on a public site.

    At most one hash for each of its names.
    """
    if not settings.HTTPS:
        return []
    names = (*catalogue.OWNERS, catalogue.STAFF)
    users = _ask(lambda: list(User.objects.filter(username__in=names, is_active=True).order_by("username")))
    return [
        checks.Error(
            f"The demonstration's password, known to all, opens the account {user.username}.",
            hint=f"Change it by `manage.py changepassword {user.username}`.",
            id="rooms.E004",
        )
        for user in users or ()
        if check_password(catalogue.PASSWORD, user.password)
    ]


def check_groups(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A group without its permissions refuses every page to its people."""
    lacking = _ask(
        lambda: (
            people.find_missing_permissions()
            if Room._meta.db_table in connection.introspection.table_names()
            else {}
        )
    )
    return [
        checks.Warning(
            f"The group {name} lacks permissions: {', '.join(codenames)}.",
            hint="Run `manage.py migrate`: it adds them, and leaves the group's other permissions.",
            id="rooms.W001",
        )
        for name, codenames in (lacking or {}).items()
    ]


def _ask[Answer](question: Callable[[], Answer]) -> Answer | None:
    """What the database answers; None where there is none yet, or a silent or half migrated one.

    `migrate` and the first page say so. A connection is left as it was found: a server's processes must not
    share one after they fork.
    """
    if _is_sqlite_without_file():
        return None
    was_open = connection.connection is not None
    try:
        return question()
    except DatabaseError:
        return None
    finally:
        if not was_open:
            connection.close()


def _is_sqlite_without_file() -> bool:
    """Connecting would make the file."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        return False
    return not Path(connection.settings_dict["NAME"]).exists()


def check_folder(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Whether photos can be written to MEDIA_ROOT. Leaves nothing there, and makes no folder."""
    if settings.AWS_STORAGE_BUCKET_NAME:
        return []
    said = "Photos cannot be written to MEDIA_ROOT"
    return _refuse_unwritable(Path(settings.MEDIA_ROOT), said, "MEDIA_ROOT", id="rooms.E005")


def check_bucket(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Whether the bucket is there and takes our key: one request, which also the audit makes."""
    return _ask_bucket("list", lambda storage: next(storage.list_folder(""), None))


def check_bucket_rights(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Whether a file can be written, read and deleted, and stays deleted. The file is gone afterwards."""
    name = f"set-up-check/{uuid.uuid4().hex}"
    steps: Sequence[tuple[str, Callable[[Any], object]]] = (
        ("write", lambda storage: storage.save(name, ContentFile(PROBE))),
        ("read", lambda storage: storage.open(name).read()),
        ("delete", lambda storage: storage.delete(name)),
    )
    for verb, step in steps:
        if messages := _ask_bucket(verb, step):
            return messages
    return list(_find_versioning()) if settings.AWS_STORAGE_BUCKET_NAME else []


def check_database_folder(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Whether SQLite can write, which keeps its log beside the database. Makes no database."""
    if connection.vendor != "sqlite":
        return []
    folder, said = Path(connection.settings_dict["NAME"]).parent, "The database cannot be written"
    return _refuse_unwritable(folder, said, "DATABASE_URL", id="rooms.E010")


def check_database_server(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Whether PostgreSQL answers, is new enough and may be written.

    Asked for by `migrate`, `check --database default` and the web process: plain `check` works without one.
    """
    is_asked = DEFAULT_DB_ALIAS in (databases or ()) and connection.vendor == "postgresql"
    return list(_look_at_server()) if is_asked else []


def _ask_bucket(verb: str, question: Callable[[Any], object]) -> list[checks.CheckMessage]:
    if not settings.AWS_STORAGE_BUCKET_NAME:
        return []
    try:
        question(photo_storage())
    except OSError as error:
        return [_explain(verb, error)]
    return []


def _explain(verb: str, error: OSError) -> checks.CheckMessage:
    """What the bucket said, in a sentence; an error only where time alone does not help."""
    code = getattr(error.__cause__, "response", {}).get("Error", {}).get("Code", "")
    trouble = f"The bucket {settings.AWS_STORAGE_BUCKET_NAME} does not let us {verb}: {error.strerror}."
    if code in BUCKET_CURES:
        return checks.Error(trouble, hint=BUCKET_CURES[code], id="rooms.E006")
    hint = "See whether AWS_S3_ENDPOINT_URL can be reached from here; uploads are refused until it answers."
    return checks.Warning(trouble, hint=hint, id="rooms.W006")


def _find_versioning() -> Iterator[checks.CheckMessage]:
    client = photo_storage().bucket.meta.client  # type: ignore[attr-defined]  # a bucket's
    try:
        answer = client.get_bucket_versioning(Bucket=settings.AWS_STORAGE_BUCKET_NAME)
    except client.exceptions.ClientError:  # a right that nothing else needs
        return
    if answer.get("Status") == "Enabled":
        yield checks.Info(
            "The bucket keeps old versions: photos that are deleted stay there, and cost.",
            hint="Give it a lifecycle rule that ends old versions after some weeks.",
            id="rooms.I001",
        )


def _refuse_unwritable(folder: Path, said: str, setting: str, *, id: str) -> list[checks.CheckMessage]:
    """Where nothing can be written in `folder`, or the nearest above it that is there."""
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return []
    except OSError as error:
        if error.errno not in LASTING_ERRNOS:
            return []
        why = error.strerror or str(error)
    hint = f"Let the account that runs the product write in {nearest}, or set {setting}."
    return [checks.Error(f"{said}: {why} in {nearest}.", hint=hint, id=id)]


def _look_at_server() -> Iterator[checks.CheckMessage]:
    was_open = connection.connection is not None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only')::bool")  # a standby's is on too
            if cursor.fetchone()[0]:
                hint = "Set DATABASE_URL to the primary server, and to a role that may write."
                yield checks.Error("The database may only be read.", hint=hint, id="rooms.E008")
    except NotSupportedError as error:
        hint = "Upgrade the server, or set DATABASE_URL to a newer one."
        yield checks.Error(f"The database is too old: {_one_line(error)}", hint=hint, id="rooms.E007")
    except DatabaseError as error:
        hint = "See that it runs, and that DATABASE_URL has its host, port, name, role and password."
        yield checks.Warning(f"The database does not answer: {_one_line(error)}", hint=hint, id="rooms.W009")
    finally:
        if not was_open:
            connection.close()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
