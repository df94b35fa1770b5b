"""The database: establishments, their rooms, the photos of rooms, and unfinished work."""

from rooms.models.channel import Channel
from rooms.models.gallery import Gallery
from rooms.models.owner import Owner
from rooms.models.people import Manager
from rooms.models.photo import RoomImage
from rooms.models.photo_files import PendingFile
from rooms.models.records import Activity, CleanupRun, FailureTotal, UploadCount, UploadFailure
from rooms.models.room import Draft, Establishment, Room

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
]
