"""Watching a running process's system calls, and killing or failing it at one of them (Linux, strace)."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

# What changes a file, a folder or what another process gets to see; "?": not every machine has it.
MUTATING = (
    "openat", "?mkdir", "mkdirat", "write", "writev", "pwrite64", "fsync", "fdatasync", "ftruncate",
    "?rename", "?renameat", "renameat2", "?link", "linkat", "?unlink", "unlinkat", "sendto", "sendmsg",
)  # fmt: skip
READ_ONLY_OPEN = re.compile(r"\bO_RDONLY\b(?!.*\bO_CREAT\b)")
LINE = re.compile(r"^(?P<tid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")
RESUMED = re.compile(r"^(?P<tid>\d+) +<\.\.\. \w+ resumed>(?P<rest>.*)$")
UNFINISHED = " <unfinished ...>"
WAIT_SECONDS = 60  # an end for what hangs; the machine may be busy


@dataclass(frozen=True)
class Call:
    """A system call of one thread; `number` counts the thread's calls of this name from 1."""

    tid: int
    name: str
    number: int
    text: str

    @property
    def point(self) -> tuple[str, int]:
        return self.name, self.number

    @property
    def is_mutating(self) -> bool:
        return not (self.name == "openat" and READ_ONLY_OPEN.search(self.text))


@dataclass(frozen=True)
class Step:
    """A system call from its beginning to its end, both by the lines of the trace; `text` has its result."""

    tid: int
    name: str
    text: str
    begun: int
    ended: int

    @property
    def is_done(self) -> bool:
        return " = -1 " not in self.text


class Watch:
    """A running strace."""

    def __init__(self, pid: int, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self.pid, self.process, self.output = pid, process, output

    def calls(self) -> list[Call]:
        """What was seen, in order; to be asked once the watch is over."""
        counts: Counter[tuple[str, str]] = Counter()
        calls = []
        for line in self.output.read_text(errors="replace").splitlines():
            if found := LINE.match(line):
                counts[found["tid"], found["name"]] += 1
                number = counts[found["tid"], found["name"]]
                calls.append(Call(int(found["tid"]), found["name"], number, found["rest"]))
        return calls

    def steps(self) -> list[Step]:
        """What was seen and came to an end, of all threads; to be asked once the watch is over."""
        begun: dict[str, tuple[str, str, int]] = {}
        steps = []
        for number, line in enumerate(self.output.read_text(errors="replace").splitlines()):
            if found := LINE.match(line):
                name, text, start = found["name"], found["rest"], number
                if text.endswith(UNFINISHED):
                    begun[found["tid"]] = name, text.removesuffix(UNFINISHED), number
                    continue
            elif found := RESUMED.match(line):
                name, text, start = begun.pop(found["tid"])
                text += found["rest"]
            else:
                continue
            steps.append(Step(int(found["tid"]), name, text, start, number))
        return steps

    def wait_for_stop(self, is_done: Callable[[], bool]) -> bool:
        """Whether an injected signal has stopped the process; False where it got to its end without."""
        while "stopped by SIGSTOP" not in self.output.read_text(errors="replace"):
            if is_done():
                return False
            time.sleep(0.005)
        return True

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def is_over(self, seconds: float) -> bool:
        """Whether the watched process is dead; it is given some seconds to die."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


@contextmanager
def watching(pid: int, folder: Path, *options: str) -> Iterator[Watch]:
    """Watches all threads of `pid` from now on, and lets it go in the end if it still lives."""
    output, messages = folder / f"strace-{pid}.calls", folder / f"strace-{pid}.messages"
    with messages.open("wb") as stderr:
        command = [find_strace(), "--follow-forks", f"--attach={pid}", f"--output={output}", *options]
        process = subprocess.Popen(command, stderr=stderr)
    try:
        _wait_until_attached(process, messages)
        yield Watch(pid, process, output)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(WAIT_SECONDS)


def find_strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.fail("These tests need strace. Debian, Ubuntu: apt-get install strace.")
    return found


def _wait_until_attached(process: "subprocess.Popen[bytes]", messages: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while "attached" not in messages.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"strace could not attach: {messages.read_text()}")
        time.sleep(0.001)
