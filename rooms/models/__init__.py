"""The database: establishments, their rooms, the photos of rooms, and unfinished work."""

from rooms.models import deletion  # connects its signals
from rooms.models.activity import Activity
from rooms.models.channel import Channel
from rooms.models.cleanup_run import CleanupRun
from rooms.models.draft import Draft
from rooms.models.establishment import Establishment
from rooms.models.gallery import Gallery
from rooms.models.manager import Manager
from rooms.models.owner import Owner
from rooms.models.pending_file import PendingFile
from rooms.models.photo import RoomImage
from rooms.models.room import Room
from rooms.models.upload_count import UploadCount
from rooms.models.upload_failure import FailureTotal, UploadFailure

__all__ = [
    "Activity",
    "Channel",
    "CleanupRun",
    "Draft",
    "Establishment",
    "FailureTotal",
    "Gallery",
    "Manager",
    "Owner",
    "PendingFile",
    "Room",
    "RoomImage",
    "UploadCount",
    "UploadFailure",
    "deletion",
]
