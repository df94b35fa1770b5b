"""Which file of a source goes to which room, with which texts, and which files are left out and why."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from rooms.errors import InvalidRequest, NotFound, PhotoError, UnsupportedType
from rooms.models import Establishment, Room
from rooms.pixels import formats
from rooms.services.transfer import layout
from rooms.services.transfer.layout import (
    REPORT_NAME,
    TABLE_NAME,
    RoomFinder,
    innermost_folder,
    is_passed_over,
    make_key,
    natural_order,
)
from rooms.services.transfer.sources import Source, SourceFile

_NO_ROOM: Final = _("No room has this number or name: its photos were left out (%(count)s).")
_AT_THE_TOP: Final = _("This photo lies in no room's folder, and was left out.")
_SEVERAL: Final = _("This folder fits several rooms, and was left out: %(rooms)s.")
_BAD_TABLE: Final = _("This table cannot be read: save it as CSV in UTF-8. The photos come in without it.")


@dataclass
class ImportReport:
    """What a run did, or a trial run would do. `errors` are as in JSON: `{"file", "code", "error"}` each.

    `has_refused`: a file was not taken though it was meant for a room, or nobody can say for which.
    """

    dry_run: bool = False
    rooms: int = 0
    photos: int = 0
    skipped: int = 0
    errors: list[dict[str, str]] = field(default_factory=list)
    has_refused: bool = False

    def note(self, path: str, error: PhotoError, *, is_refusal: bool = True) -> None:
        self.errors.append({"file": path, "code": error.code, "error": error.sentence()})
        self.has_refused |= is_refusal

    def to_json(self) -> dict[str, Any]:
        names = ("dry_run", "rooms", "photos", "skipped", "errors")
        return {name: getattr(self, name) for name in names}


@dataclass
class Folder:
    """The files that go to one room, in their order; to one that is still to be made where `room` is None."""

    name: str
    room: Room | None
    files: list[SourceFile] = field(default_factory=list)


class Plan:
    """The `folders` of a source that have a room in `establishment`, or get one where `create_rooms` says so.

    `report` gets all others.
    """

    def __init__(
        self, source: Source, establishment: Establishment, report: ImportReport, *, create_rooms: bool
    ) -> None:
        self._report, self._create_rooms = report, create_rooms
        self._rows: dict[str, layout.Row] = {}
        self._finder = RoomFinder(Room.objects.filter(establishment=establishment))
        self._matched: dict[Any, Folder] = {}
        for path, refusal in source.refused:
            if not is_passed_over(path):
                report.note(path, refusal)
        self._match(self._without_tables(source))
        report.rooms = len(self._matched)
        self.folders = list(self._matched.values())
        for folder in self.folders:
            folder.files.sort(key=self._place)

    def find_row(self, file: SourceFile) -> layout.Row | None:
        """What `photos.csv` says about the file."""
        return self._rows.get(layout.path_key(file.path))

    # --- the tables ---

    def _without_tables(self, source: Source) -> list[SourceFile]:
        """The files that may be photos, after reading what the tables among the others say of them."""
        files = [file for file in source.files if not is_passed_over(file.path)]
        tables = [file for file in files if file.path.rpartition("/")[2].lower() == TABLE_NAME]
        for file in tables:
            self._read_table(file)
        ours = {file.path for file in tables}
        # The report of an export lies beside its table.
        ours |= {path[: -len(TABLE_NAME)] + REPORT_NAME for path in ours}
        return [file for file in files if file.path not in ours]

    def _read_table(self, file: SourceFile) -> None:
        try:
            if file.size > layout.TABLE_MAX_BYTES:
                raise InvalidRequest
            self._rows |= layout.read_table(file.read(layout.TABLE_MAX_BYTES), file.path.rpartition("/")[0])
        except PhotoError:
            self._report.note(file.path, InvalidRequest(_BAD_TABLE))

    def _place(self, file: SourceFile) -> Any:
        """Those with a row first, as it says; then the others in natural order."""
        row = self.find_row(file)
        order = row.order if row else None
        return row is None, order is None, order or 0, natural_order(file.path)

    # --- the folders ---

    def _match(self, files: list[SourceFile]) -> None:
        by_name: dict[str, list[SourceFile]] = defaultdict(list)
        for file in files:
            by_name[innermost_folder(file.path)].append(file)
        self._leave_at_the_top(by_name.pop("", []))
        for name in sorted(by_name, key=natural_order):
            self._match_folder(name, by_name[name])

    def _match_folder(self, name: str, files: list[SourceFile]) -> None:
        found = self._finder.find(name)
        if len(found) > 1:
            self._report.skipped += len(files)
            self._report.note(name, InvalidRequest(_SEVERAL, rooms=", ".join(room.label for room in found)))
        elif found:
            self._matched.setdefault(found[0].pk, Folder(name, found[0])).files.extend(files)
        elif self._create_rooms:
            new = Folder(self._new_name(name, files), room=None)
            self._matched.setdefault(make_key(name), new).files.extend(files)
        else:
            self._report.skipped += len(files)
            self._report.note(name, NotFound(_NO_ROOM, count=len(files)), is_refusal=False)

    def _new_name(self, folder: str, files: list[SourceFile]) -> str:
        """As the table has it, where the folder only bears it as file systems allow."""
        named = {row.room for file in files if (row := self.find_row(file))}
        name = named.pop() if len(named) == 1 else ""
        fits = bool(name) and bool(RoomFinder([Room(name=name)]).find(folder))
        return name if fits else folder

    def _leave_at_the_top(self, files: list[SourceFile]) -> None:
        for file in files:
            try:
                is_photo = formats.sniff(file.read(formats.HEAD_BYTES)) is not None
            except PhotoError as error:
                self._report.note(file.path, error)
                continue
            if is_photo:
                self._report.skipped += 1
                self._report.note(file.path, NotFound(_AT_THE_TOP), is_refusal=False)
            else:
                self._report.note(file.path, UnsupportedType())
