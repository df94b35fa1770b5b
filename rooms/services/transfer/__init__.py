"""Photos in and out: whole establishments as folders or ZIP files, the same layout in both directions."""

from rooms.services.transfer.exporting import Export, Exported, find_channel
from rooms.services.transfer.importing import add_named_room, run_import
from rooms.services.transfer.layout import find_room_keys
from rooms.services.transfer.planning import ImportReport
from rooms.services.transfer.sources import SourceRefused, open_source
from rooms.services.transfer.writing import (
    ExportUnderWay,
    only_export_of,
    stream_zip,
    write_folder,
    write_zip,
)

__all__ = [
    "Export",
    "ExportUnderWay",
    "Exported",
    "ImportReport",
    "SourceRefused",
    "add_named_room",
    "find_channel",
    "find_room_keys",
    "only_export_of",
    "open_source",
    "run_import",
    "stream_zip",
    "write_folder",
    "write_zip",
]
