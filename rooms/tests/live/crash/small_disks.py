"""Real disks that are soon full or read-only: in memory, and seen by nobody but us (Linux, root)."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NEEDS_ROOT = (
    "Small disks are mounted, out of everybody's sight, which this system lets only root do, if anybody"
)


@contextmanager
def own_mounts() -> Iterator[None]:
    """What is mounted inside is there for this thread and for processes it starts, and goes with them."""
    if not hasattr(os, "unshare"):
        pytest.skip(NEEDS_ROOT)
    folder = Path.cwd()
    outside = os.open("/proc/thread-self/ns/mnt", os.O_RDONLY)
    try:
        try:
            os.unshare(os.CLONE_NEWNS)
        except PermissionError:
            pytest.skip(NEEDS_ROOT)
        try:
            mount("--make-rprivate", "/")
            yield
        finally:
            os.unshare(os.CLONE_FS)  # no other thread may share its folder with one that moves out
            os.setns(outside, os.CLONE_NEWNS)
            os.chdir(folder)
    finally:
        os.close(outside)


class SmallDisk:
    def __init__(self, folder: Path, size: str) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        mount("-t", "tmpfs", "-o", f"size={size},nr_inodes=9999,mode=0755", "none", str(folder))

    def change(self, options: str) -> None:
        mount("-o", f"remount,{options}", str(self.folder))

    @property
    def is_empty(self) -> bool:
        disk = os.statvfs(self.folder)
        return disk.f_bfree == disk.f_blocks

    @contextmanager
    def read_only(self) -> Iterator[None]:
        self.change("ro")
        try:
            yield
        finally:
            self.change("rw")

    @contextmanager
    def full(self, free_bytes: int = 0) -> Iterator[Path]:
        """Somebody else's file takes all that is left, or leaves some whole pages."""
        path = self.folder / "filler"
        with path.open("wb", buffering=0) as file:
            for block in (bytes(2**20), bytes(2**12)):
                while _fits(file.fileno(), block):
                    pass
            file.truncate(file.tell() - free_bytes)
        try:
            yield path
        finally:
            path.unlink()


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if "permission denied" in done.stderr:  # by a container that lets root do less
        pytest.skip(NEEDS_ROOT)
    assert done.returncode == 0, done.stderr


def _fits(descriptor: int, block: bytes) -> bool:
    try:
        return os.write(descriptor, block) == len(block)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return False
        raise
