"""Where photos lie: their names, and storages that keep their files safely. No ORM, no image work."""

from rooms.storage.disk import LocalPhotoStorage
from rooms.storage.listing import (
    TOP_FOLDER,
    Entry,
    Kind,
    ListableStorage,
    all_folders,
    is_our_folder,
    whole_name,
)
from rooms.storage.names import (
    NAME_CHARS,
    files_of,
    is_ours,
    master_of,
    names_of,
    new_master_name,
    version_name,
    version_url,
)
from rooms.storage.writer import (
    BucketUnavailable,
    find_sizes,
    remove,
    remove_files,
    remove_partials,
    remove_quietly,
    store,
)

__all__ = [
    "NAME_CHARS",
    "TOP_FOLDER",
    "BucketUnavailable",
    "Entry",
    "Kind",
    "ListableStorage",
    "LocalPhotoStorage",
    "all_folders",
    "files_of",
    "find_sizes",
    "is_our_folder",
    "is_ours",
    "master_of",
    "names_of",
    "new_master_name",
    "remove",
    "remove_files",
    "remove_partials",
    "remove_quietly",
    "store",
    "version_name",
    "version_url",
    "whole_name",
]
