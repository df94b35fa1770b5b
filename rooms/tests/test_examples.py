"""The examples of the docs, and the image's recipe, are read by the programs they are for."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backoffice.gunicorn import threads
from rooms.tests.docs_text import PROJECT

EXAMPLES = PROJECT / "docs" / "examples"
UNITS = sorted([*EXAMPLES.glob("*.service"), *EXAMPLES.glob("*.timer")])
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])


def program(name: str) -> str:
    path = shutil.which(name, path=SYSTEM_PATH)
    return path or pytest.skip(f"{name} is not installed")


def run(*command: str | Path, **options: object) -> str:
    """What it said; it must end well."""
    ended = subprocess.run(
        list(command), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **options
    )  # type: ignore[call-overload]
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return str(ended.stdout + ended.stderr)


def test_nginx_takes_its_example(tmp_path: Path) -> None:
    nginx = program("nginx")
    pair = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"]
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=photos.example.com", *pair)
    site = (EXAMPLES / "nginx.conf").read_text()
    site = site.replace("/etc/letsencrypt/live/photos.example.com", str(tmp_path))
    (tmp_path / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")  # Debian's are closed to everyday users
    places = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}"
        f"http {{ access_log off; {places} include site.conf; }}"
    )
    said = run(nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    assert "[warn]" not in said.replace('the "user" directive makes sense only', "")


def test_caddy_takes_its_example(tmp_path: Path) -> None:
    home = {"PATH": SYSTEM_PATH, "HOME": str(tmp_path)}
    run(program("caddy"), "validate", "--adapter", "caddyfile", "--config", EXAMPLES / "Caddyfile", env=home)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_its_examples(unit: Path, tmp_path: Path) -> None:
    analyze = program("systemd-analyze")
    for name in UNITS:  # a timer is read with its service
        text = name.read_text().replace("/srv/photos/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / name.name).write_text(text)
    said = run(analyze, "verify", "--man=no", tmp_path / unit.name)
    assert unit.name not in said, said


@pytest.mark.parametrize("unit", [path for path in UNITS if path.suffix == ".service"], ids=lambda p: p.name)
def test_services_start_what_the_procfile_starts(unit: Path) -> None:
    processes = dict(
        line.split(": ", 1) for line in (PROJECT / "Procfile").read_text().splitlines() if line.strip()
    )
    started = re.search(r"^ExecStart=/srv/photos/\.venv/bin/(.*)$", unit.read_text(), re.MULTILINE)
    assert started
    assert started[1] == processes[unit.stem.removeprefix("photos").lstrip("-") or "web"]


def test_images_process_is_the_procfiles() -> None:
    command = re.search(r"^CMD (\[.*\])$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert command
    assert f"web: {shlex.join(eval(command[1]))}" in (PROJECT / "Procfile").read_text()  # noqa: S307


def test_steps_of_the_image_work_without_an_engine(tmp_path: Path) -> None:
    """Those that install packages are left to the engine: they are the documented ones, by hash."""
    recipe = (PROJECT / "Dockerfile").read_text()
    steps = re.findall(r"^RUN (.*)$", recipe, re.MULTILINE)
    assert "pip install --no-cache-dir --require-hashes -r requirements.txt" in steps
    code = tmp_path / "code"
    not_copied = (PROJECT / ".dockerignore").read_text().split("\n")[1:]
    ignored = shutil.ignore_patterns(*(line.removeprefix("**/") for line in not_copied if line))
    shutil.copytree(PROJECT, code, ignore=ignored)
    for step in steps:
        if not step.startswith("pip "):
            step = step.replace("/data", str(tmp_path / "data")).replace("1000:1000", str(os.getuid()))
            environment = {"PATH": f"{Path(sys.executable).parent}:{SYSTEM_PATH}", "HOME": str(tmp_path)}
            run("sh", "-ec", step, cwd=code, env=environment)
    assert (code / "staticfiles" / "staticfiles.json").exists()
    assert (tmp_path / "data" / "media").is_dir()
    assert not (code / ".git").exists()


def test_compose_file_names_only_settings_that_there_are() -> None:
    text = (PROJECT / "compose.yaml").read_text()
    table = (PROJECT / "docs" / "settings.md").read_text()
    block = text[text.index("environment: &settings") : text.index("  volumes:")]
    names = set(re.findall(r"^    ([A-Z_]+):", block, re.MULTILINE))
    assert names
    assert {name for name in names if f"`{name}`" not in table and f"`{name}=" not in table} <= {
        "GUNICORN_CMD_ARGS"
    }


def test_settings_of_the_example_file_are_in_the_table() -> None:
    names = re.findall(r"^#?([A-Z][A-Z_0-9]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    table = (PROJECT / "docs" / "settings.md").read_text()
    told = {name for name in names if f"`{name}" in table}
    assert set(names) - told == {"POSTGRES_PASSWORD"}


def test_page_on_connections_knows_the_number_of_threads() -> None:
    page = (PROJECT / "docs" / "deploy-many-machines.md").read_text()
    assert f"A web process has {threads} threads" in page
    assert f"**{threads} × processes × machines**" in page
