"""What a run says about itself. Nothing is looked up or changed here."""

from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

# Of a storage that is away, a list of ten million sentences helps nobody.
KEPT_SENTENCES: Final = 1000


class Sentences(list[str]):
    """Sentences or names, of which the first thousand are kept and the rest is counted."""

    total: int = 0

    def add(self, sentence: str) -> None:
        self.total += 1
        if self.total <= KEPT_SENTENCES:
            self.append(printable(sentence))

    def closed(self) -> list[str]:
        """All that are kept, and how many more there were."""
        more = self.total - len(self)
        return [*self, _("And %(count)s more.") % {"count": more}] if more else list(self)


@dataclass
class Audit:
    """What the storage has and the database does not know, and the reverse."""

    scanned_files: int = 0
    unknown_count: int = 0
    unknown_bytes: int = 0
    unknown_files: Sentences = field(default_factory=Sentences)
    missing: Sentences = field(default_factory=Sentences)
    left_alone: Sentences = field(default_factory=Sentences)
    refused: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "scanned_files": self.scanned_files,
            "unknown_count": self.unknown_count,
            "unknown_bytes": self.unknown_bytes,
            "unknown_files": list(self.unknown_files),
            "missing_count": self.missing.total,
            "missing": list(self.missing),
            "left_alone": self.left_alone.closed(),
            "refused": self.refused,
        }


@dataclass
class Report:
    """What a run removed, or with `dry_run` would remove; `errors` are sentences."""

    dry_run: bool
    days: int
    photos: int = 0
    files: int = 0
    bytes: int = 0
    errors: Sentences = field(default_factory=Sentences)
    audit: Audit | None = None

    def count_files(self, sizes_bytes: list[int]) -> None:
        self.files += len(sizes_bytes)
        self.bytes += sum(sizes_bytes)

    def add_failure(self, name: str, error: Exception) -> None:
        self.errors.add(_("%(name)s could not be removed: %(error)s.") % {"name": name, "error": error})

    def to_json(self) -> dict[str, Any]:
        """The figures of every run; those of an audit only where there was one."""
        figures = {
            "dry_run": self.dry_run,
            "days": self.days,
            "photos": self.photos,
            "files": self.files,
            "bytes": self.bytes,
            "errors": self.errors.closed(),
        }
        return figures | (self.audit.to_json() if self.audit else {})


def printable(text: str) -> str:
    """As `text`, but on one line and encodable, whatever bytes a file's name is made of."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )
