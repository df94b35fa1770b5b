"""A disk that keeps no more than it was told to: what may be on it after a power cut.

The harshest reading of POSIX. Data lasts once its file was synced; a name (made, changed or taken
away) lasts once its folder was synced, and until then it may be as it was or, each for itself, as it
is already. Nothing is known here of servers and photos.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from rooms.tests.live.crash.tracing import Step

DESCRIPTOR = re.compile(r"^\d+<(?P<path>[^>]*)>")
NAMED = re.compile(r'(?:(?:AT_FDCWD|\d+)<(?P<folder>[^>]*)>, )?"(?P<name>[^"]*)"')
RESULT = re.compile(r" = (?P<number>\d+)")


@dataclass(eq=False)
class Node:
    """A file or a folder, whatever it is called."""

    is_folder: bool = False
    written_bytes: int = 0
    lasting_bytes: int = 0


class Disk:
    """Replays the steps of a trace; what it was never told about has always been there."""

    def __init__(self, unsynced_folders: Iterable[str] = ()) -> None:
        self._clock = 0
        # What a name may stand for after a power cut (None: nothing), and since when; the last is now.
        self._names: dict[str, list[tuple[int, Node | None]]] = {}
        self._syncs: dict[Step, tuple[int, int]] = {}
        for folder in unsynced_folders:
            self._names[folder] = [(0, None), (0, Node(is_folder=True))]

    def moments(self, steps: Iterable[Step]) -> Iterator[tuple[Step, bool]]:
        """Replays them, and stops after each change: the power may be cut there.

        Yields the step, and whether that was its end: changes may last from the beginning of a call,
        a sync is worth something from its end, and only for what was there at its beginning.
        """
        events = [(step.begun, False, step) for step in steps] + [(step.ended, True, step) for step in steps]
        for _line, is_end, step in sorted(events, key=lambda event: event[:2]):
            self._clock += 1
            if step.is_done:
                self._replay(step, is_end=is_end)
            yield step, is_end

    def may_be_half(self, name: str, size_bytes: int | None) -> bool:
        """Whether a file of that name may be found without all of its bytes."""
        nodes = [node for _time, node in self._names.get(name, ()) if node is not None]
        return any(node.lasting_bytes != size_bytes for node in nodes)

    def lasts(self, name: str) -> bool:
        """Whether a file will be found by that name, and its folders by theirs, whatever happens."""
        folders = [str(folder) for folder in PurePosixPath(name).parents]
        return name in self._names and all(self._is_certain(path) for path in [name, *folders])

    def names(self) -> list[str]:
        """All names there may be, folders' too."""
        return list(self._names)

    def _is_certain(self, path: str) -> bool:
        nodes = self._names.get(path)
        return nodes is None or (len(nodes) == 1 and nodes[0][1] is not None)

    def _replay(self, step: Step, *, is_end: bool) -> None:
        if step.name in ("fsync", "fdatasync"):
            self._end_sync(step) if is_end else self._begin_sync(step)
        elif not is_end and not step.name.startswith("send"):
            self._change(step)

    def _change(self, step: Step) -> None:
        match step.name:
            case "write" | "writev" | "pwrite64":
                if node := self._now(_descriptor(step)):
                    node.written_bytes += _result(step)
            case "openat":
                (path,) = _paths(step)
                if "O_CREAT" in step.text and self._now(path) is None:
                    self._become(path, Node())
            case "mkdir" | "mkdirat":
                self._become(_paths(step)[0], Node(is_folder=True))
            case "unlink" | "unlinkat":
                self._become(_paths(step)[0], None)
            case "rename" | "renameat" | "renameat2":
                self._rename(*_paths(step))
            case _:
                raise NotImplementedError(f"{step.name}({step.text}")

    def _rename(self, old: str, new: str) -> None:
        node = self._now(old)
        assert node is not None, f"nobody has seen how {old} was made"
        assert not node.is_folder, "what is in a folder would have to be renamed too"
        self._become(old, None)
        self._become(new, node)

    def _begin_sync(self, step: Step) -> None:
        node = self._now(_descriptor(step))
        self._syncs[step] = self._clock, node.written_bytes if node else 0

    def _end_sync(self, step: Step) -> None:
        begun, written_bytes = self._syncs.pop(step)
        path = _descriptor(step)
        if node := self._now(path):
            node.lasting_bytes = max(node.lasting_bytes, written_bytes)
        for name, nodes in self._names.items():
            if str(PurePosixPath(name).parent) == path:
                latest = max((time for time, _node in nodes if time <= begun), default=0)
                # Of several at the beginning of time the last one is meant.
                first = max((at for at, (time, _) in enumerate(nodes) if time == latest), default=0)
                self._names[name] = nodes[first:]

    def _now(self, path: str) -> Node | None:
        nodes = self._names.get(path)
        return nodes[-1][1] if nodes else None

    def _become(self, path: str, node: Node | None) -> None:
        # A name of which nothing was known: there was something where it is taken away, else nothing.
        before = self._names.get(path) or [(0, Node(lasting_bytes=-1) if node is None else None)]
        self._names[path] = [*before, (self._clock, node)]


def _descriptor(step: Step) -> str:
    found = DESCRIPTOR.match(step.text)
    return found["path"] if found else ""


def _paths(step: Step) -> list[str]:
    return [str(PurePosixPath(found["folder"] or "/", found["name"])) for found in NAMED.finditer(step.text)]


def _result(step: Step) -> int:
    found = RESULT.search(step.text)
    assert found, step
    return int(found["number"])
