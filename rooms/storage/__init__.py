"""Where photos lie: their names, and storages that keep their files safely. No ORM, no image work."""

from rooms.storage.disk import LocalPhotoStorage
from rooms.storage.failures import BucketUnavailable
from rooms.storage.keeping import find_sizes, remove, remove_files, remove_partials, remove_quietly, store
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
    "TOP_FOLDER",
    "BucketUnavailable",
    "Entry",
    "Kind",
    "ListableStorage",
    "LocalPhotoStorage",
    "all_folders",
    "files_of",
    "find_sizes",
    "home_name",
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
