"""How the pages of the docs are read: their sections, tables, code, links, and the files they name."""

import re
from pathlib import Path

from django.conf import settings

PROJECT = Path(settings.BASE_DIR)
APP = PROJECT / "rooms"
SCRIPTS = PROJECT / "static" / "admin" / "rooms"
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), PROJECT / "bench" / "README.md"])
FILE_ENDS = (".py", ".js", ".css", ".html", ".md", ".toml", "/")
MADE_LATER = {"media/", "bench/results/"}  # not in git


def section(text: str, heading: str) -> str:
    """From a heading of the second level to the next one."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no heading “{heading}”"
    return found[1]


def find_rows(text: str) -> list[list[str]]:
    """The cells of all tables, without the lines of dashes."""
    lines = re.findall(r"^\|(.*)\|$", text, re.MULTILINE)
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]


def find_addresses(text: str, needing: str = "") -> set[tuple[str, str]]:
    """Method and path in the first cells, of rows that have `needing` in them."""
    rows = [row for row in find_rows(text) if needing in " ".join(row)]
    return {pair for row in rows for pair in re.findall(r"`(GET|POST) (/[^`?]*)", row[0])}


def find_commands(text: str) -> set[str]:
    return set(re.findall(r"manage\.py (\w+)", _find_code(text)))


def find_make_targets(text: str) -> set[str]:
    return set(re.findall(r"(?:^|PORT=\d+ )make ([a-z]+)", _find_code(text), re.MULTILINE))


def find_missing_files(page: Path) -> list[str]:
    """What looks like a file in a span of code, and is none from any place that a reader would think of."""
    spans = set(re.findall(r"`([\w.][\w./-]*)`", _without_fences(page.read_text()))) - MADE_LATER
    named = [span for span in sorted(spans) if span.endswith(FILE_ENDS)]
    folders = (PROJECT, page.parent, APP, APP / "api", SCRIPTS)
    missing = [name for name in named if not any((folder / name).exists() for folder in folders)]
    return [name for name in missing if "/" in name or not any((APP / "tests").rglob(name))]


def find_broken_links(page: Path) -> list[str]:
    """Links to a file that is not there, or to a heading that it does not have."""
    targets = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", _without_fences(page.read_text()))
    return [target for target in targets if not target.startswith("https://") and not _leads_on(target, page)]


def _leads_on(target: str, page: Path) -> bool:
    name, _hash, anchor = target.partition("#")
    file = page.parent / name if name else page
    if not anchor or not file.exists():
        return file.exists()
    headings = re.findall(r"^#+ (.*)$", _without_fences(file.read_text()), re.MULTILINE)
    return anchor in {_slug(heading) for heading in headings}


def _slug(heading: str) -> str:
    """The anchor that hosts of repositories give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def _find_code(text: str) -> str:
    """Spans of code, indented blocks and fences: what is meant to be typed."""
    fences = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4,}(.*)$", text, re.MULTILINE)
    return "\n".join([*fences, *indented, *re.findall(r"`([^`\n]+)`", _without_fences(text))])
