"""The sites of the bench, each under gunicorn with two workers, and what its processes cost."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.image_cost import status_mb
from rooms.tests.live.live_server import LiveServer, running_server

WSGI: Final = "django.core.wsgi:get_wsgi_application()"
# Python that makes who signs in, with `PASSWORD` of `rooms.tests.live.cast`, and prints the name.
OWNER: Final = """
from rooms.tests.live.cast import add_owner
owner = add_owner()
print(owner, owner.establishments.get().pk)
"""
SUPERUSER: Final = """
from django.contrib.auth.models import User
print(User.objects.create_superuser("owner", password="pass"))
"""
INLINE: Final = f"""
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)  # it has no migrations
from bench.sites.inline.models import Establishment
Establishment.objects.create(name="Bench")
{SUPERUSER}"""
# Settings, WSGI application and person of each.
SITES: Final = {
    "ours": ("backoffice.settings", "backoffice.wsgi", OWNER),
    "wagtail": ("bench.sites.wagtail", WSGI, SUPERUSER),
    "inline": ("bench.sites.inline_settings", WSGI, INLINE),
}


@dataclass(frozen=True)
class Served:
    """A site that answers, and who may sign in."""

    server: LiveServer
    username: str
    establishment_id: str = ""

    def cpu_s(self) -> float:
        """User and system seconds of all its processes until now."""
        return sum(map(_cpu_s, (self.server.pid, *self.server.worker_pids())))

    def memory_mb(self, which: str) -> float:
        """The workers' resident memory (`VmRSS`) or its peak (`VmHWM`), added up."""
        return sum(status_mb(pid, which) for pid in self.server.worker_pids())


@contextmanager
def served(site: str, folder: Path, **environment: str) -> Iterator[Served]:
    """One of `SITES`, its files in `folder`; the rate of uploads is counted, as by default."""
    settings, application, person = SITES[site]
    folder.mkdir(parents=True)
    given: dict[str, Any] = {"application": application, "DJANGO_SETTINGS_MODULE": settings}
    given |= {"ROOM_PHOTO_UPLOADS_PER_10_MINUTES": "300", **environment}
    with running_server(folder, f"sqlite:///{folder / 'db.sqlite3'}", **given) as server:
        printed, complaint = server.start_python(person).communicate()
        assert printed, complaint
        yield Served(server, *printed.split())


def _cpu_s(pid: int) -> float:
    # The name, in brackets, may hold spaces; user and system ticks are fields 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
