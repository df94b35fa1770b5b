"""A real S3 server: OpenStack Swift with its `s3api`, a process for each of its services, from Debian."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from rooms.tests.live.machines.ports import find_free_ports, wait_until_it_listens
from rooms.tests.live.object_store import BUCKET, settings_of_bucket

PROGRAMS = ("swift-proxy-server", "swift-ring-builder", "memcached")
SERVICES = ("account", "container", "object")
SHARED = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
log_level = WARNING
"""
SERVICE = """
[pipeline:main]
pipeline = {service}-server
[app:{service}-server]
use = egg:swift#{service}
"""
PROXY = """
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{port_of_memory}
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
POLICY = """
[swift-hash]
swift_hash_path_prefix = rooms
swift_hash_path_suffix = rooms
[storage-policy:0]
name = gold
default = yes
"""


class Swift:
    """A bucket in it; `environment` is the settings of a site whose photos lie there."""

    def __init__(self, port: int) -> None:
        self.environment = settings_of_bucket(port) | {
            "AWS_S3_ACCESS_KEY_ID": "test:tester",
            "AWS_S3_SECRET_ACCESS_KEY": "testing",
        }
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=self.environment["AWS_S3_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id="test:tester",
            aws_secret_access_key="testing",
            config=Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        self._client.create_bucket(Bucket=BUCKET)

    @property
    def objects(self) -> set[str]:
        """The keys in the bucket."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {entry["Key"] for page in pages for entry in page.get("Contents", ())}


@contextmanager
def running_swift(folder: Path) -> Iterator[Swift]:
    """Starts it in a new `folder`; skips the test where it is not installed."""
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin"])
    missing = [program for program in PROGRAMS if shutil.which(program, path=path) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    (folder / "devices" / "disk").mkdir(parents=True)
    (folder / "swift.conf").write_text(POLICY)
    started: list[tuple[int, subprocess.Popen[bytes]]] = []
    *ports, port, port_of_memory = find_free_ports(len(SERVICES) + 2)
    with ExitStack() as stack, (folder / "log").open("ab") as log:

        def start(at: int, *command: str | Path) -> None:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"PATH": path})
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append((at, process))

        as_root = ("-u", "nobody") if os.geteuid() == 0 else ()
        start(port_of_memory, "memcached", *as_root, "-l", "127.0.0.1", "-p", str(port_of_memory))
        for service, at in zip(SERVICES, ports, strict=True):
            _make_ring(folder, service, at, path)
            config = folder / f"{service}.conf"
            config.write_text((SHARED + SERVICE).format(port=at, folder=folder, service=service))
            start(at, f"swift-{service}-server", config)
        config = folder / "proxy.conf"
        config.write_text((SHARED + PROXY).format(port=port, folder=folder, port_of_memory=port_of_memory))
        start(port, "swift-proxy-server", config)
        for at, process in started:
            wait_until_it_listens(at, process, folder / "log")
        yield Swift(port)


def _make_ring(folder: Path, service: str, port: int, path: str) -> None:
    builder = folder / f"{service}.builder"
    device = ["--region", "1", "--zone", "1", "--ip", "127.0.0.1", "--port", str(port)]
    for arguments in (
        ["create", "8", "1", "1"],
        ["add", *device, "--device", "disk", "--weight", "1"],
        ["rebalance"],
    ):
        subprocess.run(
            ["swift-ring-builder", builder, *arguments],
            stdout=subprocess.DEVNULL, env=os.environ | {"PATH": path}, check=True,
        )  # fmt: skip
