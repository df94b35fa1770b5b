"""How static files are made small, named and compressed for delivery by WhiteNoise."""

from collections.abc import Iterator
from typing import Any, Final

import rcssmin
import rjsmin
from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Our own scripts and styles; packages bring theirs small already.
OURS: Final = "admin/rooms/"


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, also inside the `import` lines of our ES modules."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: "File[bytes]") -> str:
        if name.startswith(OURS) and name.endswith((".js", ".css")):
            text = b"".join(content.chunks()).decode()
            small = rjsmin.jsmin(text) if name.endswith(".js") else rcssmin.cssmin(text)
            content = ContentFile(small.encode())
        return super()._save(name, content)

    def post_process(self, paths: Any, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hashes what was made small, and not the sources it was collected from."""
        ours = {name: (self, name) for name in paths if name.startswith(OURS)}
        yield from super().post_process(paths | ours, dry_run, **options)
