"""Two web processes behind the docs' own nginx, which share a PostgreSQL and a bucket and nothing else."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rooms import storage
from rooms.models import RoomImage, UploadCount
from rooms.tests.conftest import picture
from rooms.tests.docs_text import PROJECT
from rooms.tests.live.cast import PASSWORD, add_owner
from rooms.tests.live.evidence import models_read
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.object_store import ObjectStore, running_object_store
from rooms.tests.live.postgres_cluster import running_cluster
from rooms.tests.live.visitor import TEMPORARY, Answer, Visitor

START_SECONDS = 20
AT_ONCE = 3
UPLOADS_ALLOWED = 60
PHOTO = picture((400, 300))


@dataclass(frozen=True)
class Site:
    address: tuple[str, int]
    machines: list[LiveServer]
    store: ObjectStore


@pytest.fixture
def site(tmp_path: Path, django_db_blocker: Any) -> Iterator[Site]:
    nginx = shutil.which("nginx", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
    if nginx is None:
        pytest.skip("nginx is not installed")
    with ExitStack() as stack:
        store = stack.enter_context(running_object_store())
        url = stack.enter_context(running_cluster()).create_database("rooms")
        machines = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            allowed = {"ROOM_PHOTO_UPLOADS_PER_10_MINUTES": str(UPLOADS_ALLOWED), "WEB_CONCURRENCY": "1"}
            settings = store.environment | allowed
            machines.append(stack.enter_context(running_server(tmp_path / name, url, **settings)))
        address = ("127.0.0.1", free_port())
        proxy = subprocess.Popen([nginx, "-p", tmp_path, "-c", write_proxy(tmp_path, address[1], machines)])
        stack.callback(end, proxy)
        wait_until_it_listens(address, proxy)
        stack.enter_context(models_read(url, django_db_blocker))
        yield Site(address, machines, store)


def write_proxy(folder: Path, port: int, machines: list[LiveServer]) -> Path:
    """The docs' example with other ports, without TLS, and with a line for each machine."""
    example = (PROJECT / "docs" / "examples" / "nginx.conf").read_text()
    example = re.sub(r"^ *(listen \[|ssl_certificate).*\n", "", example, flags=re.MULTILINE)
    lines = [f"server 127.0.0.1:{machine.address[1]} max_fails=0;" for machine in machines]
    for old, new in {
        "server 127.0.0.1:8000 max_fails=0;": "\n".join(lines),
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} default_server;",
    }.items():
        assert old in example
        example = example.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary_places(folder)}\n{example}}}\n"
    )
    return path


def temporary_places(folder: Path) -> str:
    """Debian's own are closed to everyday users."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until_it_listens(address: tuple[str, int], proxy: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(address).close()
            return
        except ConnectionRefusedError:
            assert proxy.poll() is None, "nginx does not start"
            assert time.monotonic() < deadline
            time.sleep(0.05)


def end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=START_SECONDS)


def enter(site: Site) -> Visitor:
    visitor = Visitor(site.address)
    visitor.sign_in(add_owner().username, PASSWORD)
    return visitor


class Sender(threading.Thread):
    """Sends photos until it is told to stop, and keeps each answer."""

    def __init__(self, visitor: Visitor, is_over: threading.Event) -> None:
        super().__init__()
        self.visitor, self.is_over = visitor, is_over
        self.answers: list[Answer] = []

    def run(self) -> None:
        draft = uuid.uuid4()
        while not self.is_over.is_set() and len(self.answers) < UPLOADS_ALLOWED // AT_ONCE // 2:
            fields = {"draft": draft, "upload_id": uuid.uuid4()}
            self.answers.append(self.visitor.upload(TEMPORARY, PHOTO, **fields))
            time.sleep(0.2)


def test_machine_that_is_reloaded_and_one_that_stops_lose_no_upload(site: Site) -> None:
    is_over = threading.Event()
    senders = [Sender(enter(site), is_over) for _number in range(AT_ONCE)]
    for sender in senders:
        sender.start()
    time.sleep(1)
    os.kill(site.machines[0].pid, signal.SIGHUP)
    time.sleep(1.5)
    os.kill(site.machines[1].pid, signal.SIGTERM)
    time.sleep(1.5)
    is_over.set()
    for sender in senders:
        sender.join()
    answers = [answer for sender in senders for answer in sender.answers]
    assert {answer.status for answer in answers} <= {200, 201}, [answer.text for answer in answers]
    photos = RoomImage.objects.filter(pk__in=[answer.photo_id for answer in answers])
    assert photos.count() == len(answers) > AT_ONCE
    names = {name for photo in photos for name in storage.names_of(photo.image.name)}
    assert names <= set(site.store.objects)


def test_uploads_of_one_person_are_counted_by_all_machines_together(site: Site) -> None:
    visitor = enter(site)
    through = [Visitor(machine.address) for machine in site.machines]
    for direct in through:
        direct.cookies = visitor.cookies
    assert [direct.upload(TEMPORARY, PHOTO).status for direct in through] == [201, 201]
    assert UploadCount.objects.get().count == 2
    UploadCount.objects.update(count=UPLOADS_ALLOWED)
    assert [direct.upload(TEMPORARY, PHOTO).code for direct in through] == ["rate_limited"] * 2
