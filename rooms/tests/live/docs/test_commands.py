"""The commands of the docs are run as they stand, page by page, in a fresh copy with a demonstration's data.

A block that needs root, a terminal, a network or an engine says so in its first line; it must parse at least.
"""

import getpass
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rooms.tests.docs_text import PAGES, PROJECT
from rooms.tests.live.object_store import ObjectStore, running_object_store
from rooms.tests.postgres_cluster import Cluster, running_cluster

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
IS_NOT_RUN = re.compile(r"# (as root|needs )")
PAGES_WITH_BLOCKS = [page for page in PAGES if BLOCK.search(page.read_text())]
NOT_COPIED = (".*", "media", "staticfiles", "db.sqlite3*", "test.sqlite3*", "bench", "__pycache__", "tests")
COUNTS = """
from django.apps import apps
left = {"Session", "ContentType", "Permission"}
models = [model for model in apps.get_models() if model.__name__ not in left]
print({model.__name__: model.objects.count() for model in models})
"""
# Its smallest establishment alone: the fewest photos to decode.
DEMO = """
from django.core.management import call_command
from rooms.demo import catalogue
catalogue.ESTABLISHMENTS = (catalogue.CHALET,)
call_command("demo")
"""
# Nobody but the demonstration has its password; a public site does not start with it.
FORGET_PASSWORDS = 'from django.contrib.auth.models import User; User.objects.update(password="!")'

pages = pytest.mark.parametrize("page", PAGES_WITH_BLOCKS, ids=lambda page: page.name)


@dataclass
class Machine:
    """A server as the docs have it: code, data and settings, each in a folder of its own under `root`."""

    root: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, Path]:
        return {
            "/srv/photos": self.root / "code",
            "/etc/photos.env": self.root / "photos.env",
            "/var/lib/photos": self.root / "data",
            "/var/backups/photos": self.root / "backup",
        }

    def here(self, text: str) -> str:
        for place, path in self.places.items():
            text = text.replace(place, str(path))
        return text

    def run(self, script: str, **variables: str) -> str:
        """What it printed. The settings of the file are there already, as for somebody who has read them."""
        script = self.here(script.replace(". /etc/photos.env; set +a", ":; set +a"))
        load = self.here("set -a; . /etc/photos.env\n")
        exports = "".join(f"{name}='{value}'\n" for name, value in (self.variables | variables).items())
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{load}{exports}set +a\n{script}"],
            cwd=self.root / "code",
            env={"PATH": _path(), "HOME": str(self.root), "USER": getpass.getuser()},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, f"{script}\n{run.stdout}{run.stderr}"
        return run.stdout

    def count_rows(self, **variables: str) -> str:
        return self.run(f".venv/bin/python manage.py shell --no-imports --command '{COUNTS}'", **variables)


def _path() -> str:
    found = subprocess.run(
        ["bash", PROJECT / ".ci" / "find-postgres"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return os.pathsep.join([str(Path(sys.executable).parent), found, os.environ["PATH"]])


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A copy of the product with `.env.example` filled in and the demonstration's data; nothing is served."""
    machine = Machine(tmp_path_factory.mktemp("server"))
    folder = machine.root / "code"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    (folder / ".venv").symlink_to(sys.prefix)
    (machine.root / "data").mkdir()
    example = machine.here((PROJECT / ".env.example").read_text())
    key = "k0" * 10 + "abcdefghijklmnopqrstuvwxyz" * 2
    machine.places["/etc/photos.env"].write_text(example.replace("SECRET_KEY=\n", f"SECRET_KEY={key}\n", 1))
    manage = ".venv/bin/python manage.py"
    for command in ("migrate --noinput", "collectstatic --noinput"):
        machine.run(f"{manage} {command}", HTTPS="off")
    for code in (DEMO, FORGET_PASSWORDS):
        machine.run(f"{manage} shell --no-imports --command '{code}'", HTTPS="off")
    return machine


@pytest.fixture
def machine(installed: Machine, tmp_path: Path) -> Machine:
    """One of its own for a test."""
    fresh = Machine(tmp_path / "server")
    shutil.copytree(installed.root, fresh.root, symlinks=True)
    settings = fresh.places["/etc/photos.env"]
    settings.write_text(settings.read_text().replace(str(installed.root), str(fresh.root)))
    return fresh


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def object_store() -> Iterator[ObjectStore]:
    with running_object_store() as store:
        yield store


def make_database(cluster: Cluster, name: str) -> str:
    """Its address as PostgreSQL's own programs understand it too."""
    cluster.create_database(name)
    return f"postgres://{getpass.getuser()}@/{name}?host={cluster.folder}"


@pages
def test_every_command_of_a_page_works(
    page: Path, machine: Machine, cluster: Cluster, object_store: ObjectStore
) -> None:
    name = page.stem.replace("-", "_")
    database, new = (make_database(cluster, f"{name}_{which}") for which in ("old", "new"))
    blocks = [block for block in BLOCK.findall(page.read_text()) if not IS_NOT_RUN.match(block)]
    if any(block.startswith("# PostgreSQL") for block in blocks):
        machine.run(".venv/bin/python manage.py migrate --noinput", DATABASE_URL=database)
    machine.variables = {"NEW_DATABASE_URL": new}
    for block in blocks:
        variables = {"DATABASE_URL": database} if is_on_postgresql(page, block) else {}
        variables |= object_store.environment if block.startswith("# a bucket") else {}
        machine.run(block, **variables)
    if page.name == "backup.md":
        assert machine.count_rows(DATABASE_URL=new) == machine.count_rows()
        media = machine.places["/var/lib/photos"] / "media"
        files = {path.relative_to(media).as_posix(): path for path in media.rglob("*") if path.is_file()}
        assert {key: body for key, (body, _type) in object_store.objects.items()} == {
            key: path.read_bytes() for key, path in files.items()
        }
        assert len(files) > 0


def is_on_postgresql(page: Path, block: str) -> bool:
    return block.startswith("# PostgreSQL") or page.name == "deploy-many-machines.md"


def test_restored_backup_has_every_row_and_file(machine: Machine) -> None:
    """The first blocks of the page back up; what is lost then comes back by those on restoring."""
    text = (PROJECT / "docs" / "backup.md").read_text()
    backup = BLOCK.findall(text[text.index("## Backup of SQLite") :])[0]
    restore = BLOCK.findall(text[text.index("## Restoring") :])[0]
    data, before = machine.places["/var/lib/photos"], machine.count_rows()
    files = {path.relative_to(data) for path in data.rglob("media/**/*.*")}
    machine.run(backup)
    shutil.rmtree(data)
    data.mkdir()
    machine.run(restore)
    assert machine.count_rows() == before
    assert {path.relative_to(data) for path in data.rglob("media/**/*.*")} == files
    assert files


@pages
def test_blocks_that_are_not_run_parse_and_name_files_that_exist(page: Path) -> None:
    for block in BLOCK.findall(page.read_text()):
        parsed = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
        assert parsed.returncode == 0, parsed.stderr
        named = re.findall(r"/srv/photos/((?:docs|backoffice|\.env)[\w./*-]*)", block)
        assert all(list(PROJECT.glob(name)) for name in named), named
