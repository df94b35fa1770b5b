"""The model of a disk loses what nobody synced, and finds the fault of an upload that forgets a sync."""

import pytest

from rooms.tests.live.crash.disk_model import Disk
from rooms.tests.live.crash.tracing import Step

PART, NAME = "/media/photos/ab/.1.jpg.part", "/media/photos/ab/1.jpg"
SIZE_BYTES = 700
UPLOAD = {
    "make the folder": f'mkdir("{"/media/photos/ab"}", 0777) = 0',
    "sync its parent": "fsync(5</media/photos>) = 0",
    "create": f'openat(AT_FDCWD</>, "{PART}", O_WRONLY|O_CREAT|O_EXCL, 0644) = 6<{PART}>',
    "write": f'write(6<{PART}>, "..."..., 500) = 500',
    "write the rest": f'write(6<{PART}>, "..."..., 200) = 200',
    "sync the file": f"fsync(6<{PART}>) = 0",
    "rename": f'rename("{PART}", "{NAME}") = 0',
    "sync the folder": "fsync(5</media/photos/ab>) = 0",
}


def steps(*texts: str) -> list[Step]:
    calls = [text.partition("(")[::2] for text in texts]
    return [Step(1, name, rest, begun=at, ended=at) for at, (name, rest) in enumerate(calls)]


def cut_anywhere(disk: Disk, trace: list[Step]) -> bool:
    """Whether half a photo may be found after a power cut at one of the moments."""
    halves = [disk.may_be_half(NAME, SIZE_BYTES) for _moment in disk.moments(trace)]  # all of the trace
    return any(halves)


def test_upload_that_syncs_all_survives() -> None:
    disk = Disk()
    assert not cut_anywhere(disk, steps(*UPLOAD.values()))
    assert disk.lasts(NAME)


@pytest.mark.parametrize("forgotten", ["sync its parent", "sync the folder"])
def test_name_in_a_folder_that_was_not_synced_may_be_lost(forgotten: str) -> None:
    disk = Disk()
    assert not cut_anywhere(disk, steps(*(text for what, text in UPLOAD.items() if what != forgotten)))
    assert not disk.lasts(NAME)


def test_file_that_was_not_synced_may_be_half() -> None:
    disk = Disk()
    assert cut_anywhere(disk, steps(*(text for what, text in UPLOAD.items() if what != "sync the file")))


@pytest.mark.parametrize("later", ["write the rest", "sync the file"])
def test_file_with_its_name_before_all_of_it_is_synced_may_be_half(later: str) -> None:
    order = [what for what in UPLOAD if what != later]
    order.insert(order.index("rename") + 1, later)
    assert cut_anywhere(Disk(), steps(*(UPLOAD[what] for what in order)))


def test_failed_sync_is_none() -> None:
    failed = UPLOAD | {
        "sync the folder": UPLOAD["sync the folder"].replace("= 0", "= -1 EIO (Input/output error)")
    }
    disk = Disk()
    assert not cut_anywhere(disk, steps(*failed.values()))
    assert not disk.lasts(NAME)


def test_sync_covers_only_what_was_there_when_it_began() -> None:
    *earlier, renamed, synced = steps(*UPLOAD.values())
    begun_before = Step(2, synced.name, synced.text, begun=renamed.begun - 1, ended=synced.ended)
    disk = Disk()
    assert not cut_anywhere(disk, [*earlier, renamed, begun_before])
    assert not disk.lasts(NAME)


def test_folder_that_another_one_made_without_a_sync_may_be_lost() -> None:
    trace = [UPLOAD[what] for what in UPLOAD if what not in ("make the folder", "sync its parent")]
    abandoned = Disk(unsynced_folders=["/media/photos/ab"])
    assert not cut_anywhere(abandoned, steps(*trace))
    assert not abandoned.lasts(NAME)
    made_safe = Disk(unsynced_folders=["/media/photos/ab"])
    assert not cut_anywhere(made_safe, steps(UPLOAD["sync its parent"], *trace))
    assert made_safe.lasts(NAME)


def test_removed_name_may_come_back_until_its_folder_is_synced() -> None:
    unlink = f'unlink("{NAME}") = 0'
    disk = Disk()
    assert not cut_anywhere(disk, steps(*UPLOAD.values(), unlink))
    assert not disk.lasts(NAME)
