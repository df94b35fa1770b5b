"""Where photos lie: their names, and storages that keep their files safely. No ORM, no image work."""

from rooms.storage.disk import LocalPhotoStorage
from rooms.storage.failures import BucketUnavailable
from rooms.storage.keeping import remove, remove_quietly, store
from rooms.storage.names import (
    files_of,
    home_name,
    is_ours,
    master_of,
    names_of,
    new_master_name,
    version_name,
    version_url,
)

__all__ = [
    "BucketUnavailable",
    "LocalPhotoStorage",
    "files_of",
    "home_name",
    "is_ours",
    "master_of",
    "names_of",
    "new_master_name",
    "remove",
    "remove_quietly",
    "store",
    "version_name",
    "version_url",
]
