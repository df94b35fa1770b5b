"""Our scripts and styles as static files are collected: small, hashed, and still leading to each other."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from backoffice.staticfiles import OURS, HashedStaticFilesStorage
from rooms.admin.gallery import FIRST, IMPORT_FIRST, IMPORT_MODULES, MODULES

MAX_COMPRESSED_BYTES = 50_000
FOR_START_ALONE = {"start_page"}
FOR_IMPORTS_ALONE = {*IMPORT_MODULES, IMPORT_FIRST} - {*MODULES}
FOR_GALLERIES_ALONE = {*MODULES, FIRST} - {*IMPORT_MODULES}
HASHED = re.compile(r"\.[0-9a-f]{12}\.(?:js|css)$")
IMPORT = re.compile(r'from"\./([^"]+)"')


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Our files as they are delivered, by their hashed names."""
    folder = tmp_path_factory.mktemp("static")
    source = FileSystemStorage(settings.STATICFILES_DIRS[0])
    storage = HashedStaticFilesStorage(location=folder)
    names = [f"{OURS}{name}" for name in source.listdir(OURS)[1]]
    for name in names:
        with source.open(name) as file:
            storage.save(name, File(file))
    for name, _hashed_name, outcome in storage.post_process({name: (source, name) for name in names}):
        assert not isinstance(outcome, Exception), (name, outcome)
    return sorted(path for path in (folder / OURS).iterdir() if HASHED.search(path.name))


def test_every_file_is_there_and_smaller_than_its_source(collected: list[Path]) -> None:
    sources = Path(settings.STATICFILES_DIRS[0], OURS)
    for path in collected:
        source = sources / re.sub(r"\.[0-9a-f]{12}", "", path.name)
        assert 0 < path.stat().st_size < source.stat().st_size
    assert len(collected) == len([*sources.glob("*.js"), *sources.glob("*.css")])


def test_imports_lead_to_hashed_files(collected: list[Path]) -> None:
    scripts = {path.name: path.read_text() for path in collected if path.suffix == ".js"}
    imported = {name for text in scripts.values() for name in IMPORT.findall(text)}
    assert imported
    assert imported <= set(scripts)


def test_scripts_are_still_scripts(collected: list[Path], tmp_path: Path) -> None:
    for path in (path for path in collected if path.suffix == ".js"):
        module = tmp_path / f"{path.stem}.mjs"
        module.write_text(path.read_text())
        outcome = subprocess.run(["node", "--check", str(module)], capture_output=True, text=True)
        assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize(
    "others",
    [FOR_START_ALONE | FOR_IMPORTS_ALONE, FOR_START_ALONE | FOR_GALLERIES_ALONE],
    ids=["galleries", "imports"],
)
def test_all_of_ours_is_a_light_load(collected: list[Path], others: set[str]) -> None:
    """On any page: no page needs what another page's work alone needs."""
    needed = [path for path in collected if path.name.partition(".")[0] not in others]
    compressed = [Path(f"{path}.gz").stat().st_size for path in needed]
    print(f"{sum(compressed)} bytes in {len(compressed)} files")
    assert sum(compressed) < MAX_COMPRESSED_BYTES


def test_other_peoples_files_stay_as_they_are(tmp_path: Path) -> None:
    text = b"/* theirs */\nbody { color: red }\n"
    HashedStaticFilesStorage(location=tmp_path).save("unfold/theirs.css", ContentFile(text))
    assert (tmp_path / "unfold/theirs.css").read_bytes() == text
