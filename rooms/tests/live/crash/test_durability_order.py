"""The order in which an upload is made safe, by its system calls: a power cut at any moment does no harm.

The pending entry is committed, then the data is written, its files synced, renamed, their folder
synced, then the row is committed, and only then the answer is sent.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection

from rooms import limits
from rooms.models import Room
from rooms.tests.live.crash.scene import PHOTO
from rooms.tests.live.crash.tracing import MUTATING, Call, watching
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import FIGURES, scaled
from rooms.tests.live.visitor import TEMPORARY, Visitor, upload_path

FILES_A_PHOTO = 1 + len(limits.VERSION_SIDES_PX)
DESCRIPTOR_PATH = re.compile(r"^\d+<(?P<path>[^>]*)>")
QUOTED = re.compile(r'"([^"]*)"')


class Upload:
    """The calls of one request, of the thread that answered it; a place in time is an index among them."""

    def __init__(self, calls: list[Call]) -> None:
        self.calls = [call for call in calls if call.tid == calls[-1].tid]
        self.answer = len(self.calls) - 1

    def find(self, names: str, path: str = "", *, text: str = "") -> list[int]:
        """When calls of these names on a descriptor of a path that ends so, with such a text, were made."""
        return [
            index
            for index, call in enumerate(self.calls)
            if call.name in names.split() and _path(call).endswith(path) and text in call.text
        ]

    def renamed(self) -> dict[str, tuple[str, int]]:
        """New names and moments by old names."""
        found = {}
        for index in self.find("rename renameat renameat2"):
            old, new = QUOTED.findall(self.calls[index].text)[:2]
            found[old] = (new, index)
        return found

    def safe_files(self) -> tuple[int, int]:
        """When the first file was begun and the last folder was synced; the steps between are in order."""
        renamed = self.renamed()
        assert len(renamed) == FILES_A_PHOTO
        folder_synced = 0
        for partial, (target, renamed_at) in renamed.items():
            written, synced = self.find("write pwrite64", partial), self.find("fsync", partial)
            assert written, f"{partial} was not written"
            assert synced, f"{partial} was not synced"
            assert written[-1] < synced[-1] < renamed_at
            after = [index for index in self.find("fsync", str(Path(target).parent)) if index > renamed_at]
            assert after, f"the folder of {target} was not synced"
            folder_synced = max(folder_synced, after[0])
        for index in self.find("mkdir mkdirat"):
            parent = str(Path(QUOTED.findall(self.calls[index].text)[0]).parent)
            assert index < self.find("fsync", parent)[-1] <= folder_synced
        return self.find("openat", text=".part")[0], folder_synced


def _path(call: Call) -> str:
    found = DESCRIPTOR_PATH.match(call.text)
    return found["path"] if found else ""


def uploads_among(calls: list[Call]) -> Iterator[Upload]:
    begin = 0
    for index, call in enumerate(calls):
        if call.name.startswith("send") and "HTTP/1.1 201" in call.text:
            yield Upload(calls[begin : index + 1])
            begin = index + 1


def assert_committed_on_sqlite(upload: Upload, begun: int, safe: int) -> None:
    written, synced = upload.find("pwrite64 write", "-wal"), upload.find("fdatasync fsync", "-wal")
    assert not [index for index in written + synced if begun < index < safe], "a transaction during file work"
    assert [index for index in synced if index < begun], (
        "the pending entry was not committed before its files"
    )
    row = [index for index in written if index > safe]
    assert row, "the row was not committed before the answer"
    assert row[-1] < synced[-1] < upload.answer, "answered before what was written was synced"


def assert_committed_on_postgresql(upload: Upload, begun: int, safe: int) -> None:
    def sent(text: str) -> list[int]:
        return upload.find("sendto sendmsg", text=text)

    commits = sent("COMMIT")
    (entry,), (row,) = sent('INSERT INTO \\"rooms_pendingfile\\"'), sent('INSERT INTO \\"rooms_roomimage\\"')
    (unlisted,) = sent('DELETE FROM \\"rooms_pendingfile\\"')
    assert [index for index in commits if entry < index < begun]
    assert not [index for index in sent("BEGIN") + commits if begun < index < safe]
    assert safe < unlisted < row
    commit = min(index for index in commits if index > row)
    confirmed = [index for index in upload.find("recvfrom recvmsg", text="COMMIT") if index > commit]
    assert commit < confirmed[0] < upload.answer


def test_upload_is_safe_before_it_is_answered(
    server: LiveServer,
    visitor: Visitor,
    owner: User,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    count = scaled(6, 100)
    visitor.get("/rooms/list-image-temp/")
    (pid,) = server.worker_pids()
    trace = f"--trace={','.join(MUTATING)},recvfrom,recvmsg"
    connection.close()

    with watching(pid, tmp_path, trace, "--decode-fds=path", "--string-limit=400") as watch:
        for path in _paths(owner, count):
            assert visitor.upload(path, PHOTO).status == 201

    uploads = list(uploads_among(watch.calls()))
    assert len(uploads) == count
    for upload in uploads:
        begun, safe = upload.safe_files()
        check = assert_committed_on_sqlite if server.is_sqlite else assert_committed_on_postgresql
        check(upload, begun, safe)
    record_property(FIGURES, f"{len(uploads)} of {count} uploads in order")


def _paths(owner: User, count: int) -> Iterator[str]:
    """Rooms' and the draft's in turn, with room for all."""
    establishment = owner.establishments.get()
    for number in range(count):
        if number % 10 == 0:
            room = Room.objects.create(establishment=establishment, name="Chambre")
            connection.close()
        yield upload_path(room) if number % 10 else TEMPORARY
