"""`python -m bench`: makes the photos, measures, prints the tables, writes JSON into `bench/results/`.

A missed target is printed as FAIL and not hidden, but on a busy machine it is no error: the status is 0.
"""

import argparse
import json
import logging
import os
import platform
import shutil
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import django
from django.core.management import call_command

django.setup()
logging.getLogger("pyvips").setLevel(logging.WARNING)

from bench import cleanup_work, crowd_work, gallery_work, image_work, list_work, page_work

FOLDER: Final = Path(__file__).parent
PACKAGES: Final = ("Django", "pillow", "pyvips", "pyvips-binary", "django-pictures", "wagtail", "Willow")
# What measures each table, and with how many rounds and photos by default.
TABLES: Final[dict[str, Any]] = {
    "images": (image_work.run, 3, 6),
    "gallery": (gallery_work.run, 3, 10),
    "cleanup": (cleanup_work.run, 15, 0),
    "list": (list_work.run, 5, 0),
    "crowd": (crowd_work.run, 1, 10),
    "shrink": (page_work.run_shrink, 1, 10),
    "story": (page_work.run_story, 1, 10),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--rounds", type=int, help="measured rounds")
    parser.add_argument("--photos", type=int, help="photos of each round")
    parser.add_argument("--only", choices=TABLES, help="one table only")
    arguments = parser.parse_args()
    shutil.rmtree(FOLDER / "work", ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    machine = {"Python": platform.python_version(), "CPUs": os.cpu_count(), "load": os.getloadavg()[0]}
    results: dict[str, Any] = {"machine": machine | {name: version(name) for name in PACKAGES}}
    print(results["machine"], end="\n\n", flush=True)
    for name in [arguments.only] if arguments.only else TABLES:
        run, rounds, photos = TABLES[name]
        results[name] = run(arguments.rounds or rounds, arguments.photos or photos, FOLDER / "work" / name)
    path = FOLDER / "results" / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, indent=1))
    print("Written:", path)


if __name__ == "__main__":
    main()
