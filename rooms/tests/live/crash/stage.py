"""Has deeds done on a scene by a process that is watched, and killed at one of its system calls."""

import http.client
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from rooms.models import PendingFile
from rooms.tests.live.crash.deeds import Deed, Request
from rooms.tests.live.crash.scene import PHOTO, Places, Scene, assert_clean, assert_sound, clean_up_later
from rooms.tests.live.crash.tracing import MUTATING, WAIT_SECONDS, Call, Watch, watching
from rooms.tests.live.evidence import files_on_disk
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.visitor import Answer, Visitor, upload_path
from rooms.tests.postgres_cluster import Cluster

CLEANUP = ("cleanup_temp_images", "--days", "0")
# What a process does after its answer: SQLite moves what it has logged into the database.
AFTERWARDS_SECONDS = 0.3
BUSY_CLIENTS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class CommandRunner:
    """Starts commands that wait to be watched."""

    def __init__(self, server: LiveServer) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rooms.tests.live.crash.command_runner"],
            cwd=settings.BASE_DIR, env=server.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
        )  # fmt: skip

    def start(self, *words: str) -> int:
        self._say(" ".join(words))
        return self._hear()

    def go(self) -> bool:
        """Lets it run to its end; whether it ended well."""
        self._say("go")
        return self._hear() == 0

    def close(self) -> None:
        self.process.communicate(timeout=WAIT_SECONDS)

    def _say(self, words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(words.encode())

    def _hear(self) -> int:
        assert self.process.stdout
        return int(self.process.stdout.readline())


@dataclass
class Stage:
    server: LiveServer
    visitor: Visitor
    user: User
    runner: CommandRunner
    folder: Path
    counts: Counter[str] = field(default_factory=Counter)
    answer: Answer | None = None

    def find_points(self, deed: Deed) -> list[Call]:
        """The mutating calls of the deed, done undisturbed."""
        self._do(deed)  # what is loaded once in a process is not counted
        return [call for call in self._do(deed) if call.is_mutating]

    def _do(self, deed: Deed) -> list[Call]:
        with self._scene() as scene:
            before = scene.places()
            options = (f"--trace={','.join(MUTATING)}", "--decode-fds=path")
            with self._performing(deed, scene, *options) as (watch, perform):
                assert perform(), "does not even work undisturbed"
                time.sleep(AFTERWARDS_SECONDS)
            assert scene.places() == deed.goal(scene, before)
            assert_sound(self.server.media, scene.places())
        return watch.calls()

    def kill(self, deed: Deed, point: Call) -> None:
        """Kills the process as it is about to make that call; then looks around, cleans up and goes on."""
        with self._scene() as scene:
            before = scene.places()
            with self._performing(deed, scene, *_inject(point, "signal=KILL")) as (watch, perform):
                is_acknowledged = perform()
                is_killed = watch.is_over(AFTERWARDS_SECONDS if is_acknowledged else WAIT_SECONDS)
            assert is_killed or is_acknowledged
            self._wait_for_database()
            self._judge(deed, scene, before, is_acknowledged=is_acknowledged)
            self.counts.update(killed=int(is_killed), unreached=int(not is_killed))
            self.counts.update({"killed after the answer": int(is_killed and is_acknowledged)})

    def fail(self, deed: Deed, point: Call, error: str) -> Answer | None:
        """Has that call fail. Returns the answer to the request; after a refusal nothing at all is left."""
        with self._scene() as scene:
            before, files = scene.places(), files_on_disk(self.server.media)
            with self._performing(deed, scene, *_inject(point, f"error={error}")) as (_watch, perform):
                is_acknowledged = perform()
            if self.answer is not None and not is_acknowledged:
                assert scene.places() == before, "refused, but done"
                assert files_on_disk(self.server.media) == files, "refused, but kept"
                assert not PendingFile.objects.exists(), "refused, but still in the books"
            self._judge(deed, scene, before, is_acknowledged=is_acknowledged)
            self.counts.update(failed=not is_acknowledged, survived=is_acknowledged)
        return self.answer

    def end_database(self, deed: Deed, point: Call, cluster: Cluster, end: Callable[[Cluster], None]) -> None:
        """Stops the process before that call, and ends PostgreSQL, which comes back after the answer."""
        with self._scene() as scene, ThreadPoolExecutor(1) as pool:
            before = scene.places()
            with self._performing(deed, scene, *_inject(point, "signal=STOP")) as (watch, perform):
                performing = pool.submit(perform)
                is_stopped = watch.wait_for_stop(performing.done)
                end(cluster)
                watch.resume()
                is_acknowledged = performing.result()
            cluster.start()
            assert self.answer is not None
            if not is_acknowledged:
                assert (self.answer.status, self.answer.code) == (503, "storage_unavailable")
                assert scene.places() == before, "refused, but done"
            self._judge(deed, scene, before, is_acknowledged=is_acknowledged)
            self.counts.update(
                refused=not is_acknowledged, survived=is_acknowledged, unreached=not is_stopped
            )

    def _judge(self, deed: Deed, scene: Scene, before: Places, *, is_acknowledged: bool) -> None:
        """All or nothing was done; what is left is known and goes with one cleanup; the next upload works."""
        after, goal = scene.places(), deed.goal(scene, before)
        is_allowed = after == goal or (not is_acknowledged and deed.allows(after, before, goal))
        assert is_allowed, (before, after, is_acknowledged)
        assert_sound(self.server.media, after)
        clean_up_later(self.server.media)
        connection.close()
        if deed.name != "room removal":
            assert self.visitor.upload(upload_path(scene.room), PHOTO).status == 201
            assert_clean(self.server.media)

    @contextmanager
    def _scene(self) -> Iterator[Scene]:
        scene = Scene(self.user)
        try:
            yield scene
        finally:
            scene.clear()
        assert_clean(self.server.media)

    @contextmanager
    def _performing(
        self, deed: Deed, scene: Scene, *options: str
    ) -> Iterator[tuple[Watch, Callable[[], bool]]]:
        connection.close()  # whoever is last closes SQLite's log: not us
        request = deed.request
        if request is None:
            pid, perform = self.runner.start(*CLEANUP), self.runner.go
        else:
            pid, perform = self._worker_pid(), lambda: self._is_acknowledged(request, scene)
        with watching(pid, self.folder, *options) as watch:
            yield watch, perform

    def _is_acknowledged(self, request: Request, scene: Scene) -> bool:
        try:
            self.answer = request(self.visitor, scene)
        except (OSError, http.client.HTTPException):
            self.answer = None
        return self.answer is not None and self.answer.status < HTTPStatus.BAD_REQUEST

    def _worker_pid(self) -> int:
        self.visitor.get("/rooms/list-image-temp/")  # it has a thread and, on PostgreSQL, a connection
        (pid,) = self.server.worker_pids()
        return pid

    def _wait_for_database(self) -> None:
        """PostgreSQL goes on with what a dead client asked for: until it has noticed."""
        if connection.vendor != "postgresql":
            return
        deadline = time.monotonic() + WAIT_SECONDS
        with connection.cursor() as cursor:
            while cursor.execute(BUSY_CLIENTS).fetchone() != (0,):
                assert time.monotonic() < deadline, "a dead client's connection is still there"
                time.sleep(0.002)


def _inject(point: Call, what: str) -> tuple[str, str]:
    """Options for a watch. Each thread counts its own calls; one does all the work of a request."""
    return f"--trace={point.name}", f"--inject={point.name}:{what}:when={point.number}"
