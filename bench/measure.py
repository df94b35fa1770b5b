"""One contender, one photo, one fresh process: prints what it cost as JSON.

Started by `image_work`. Loading code and codecs is not counted: a tiny photo goes through first. Then
the photo goes through twice: as the first of a process, which has to ask the kernel for all its memory,
and again, as in a server that has run for a while. Both are told, and so is the peak up to each.
"""

import argparse
import importlib
import json
import os
import time
from pathlib import Path

from bench.photos import FOLDER, make_photo
from bench.wanted import Outputs, Wanted

KIB_PER_MB = 1000 * 1000 / 1024
WARM_UP_PX = (320, 240)


def main() -> None:
    arguments = _read_arguments()
    make_outputs = importlib.import_module(f"bench.contenders.{arguments.contender}").make_outputs
    wanted = Wanted.from_json(arguments.wanted)
    small = Wanted(160, (80, 40, 20), 10**6, wanted.jpeg_quality, wanted.webp_quality, wanted.webp_method)
    make_outputs(_tiny_photo(), small)
    _forget_peak()
    before_mb = _status_mb("VmRSS")
    marks_s, peaks_mb, outputs = [time.process_time()], [], {}
    for _ in range(2):
        outputs = make_outputs(arguments.photo, wanted)
        marks_s.append(time.process_time())
        peaks_mb.append(_status_mb("VmHWM"))
    cost = {"first_cpu_s": marks_s[1] - marks_s[0], "cpu_s": marks_s[2] - marks_s[1]}
    cost |= {"first_peak_mb": peaks_mb[0], "peak_mb": peaks_mb[1], "before_mb": before_mb}
    print(json.dumps(cost | {"bytes": {side: len(output) for side, output in outputs.items()}}))
    if arguments.keep:
        _keep(outputs, arguments.keep)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contender")
    parser.add_argument("photo", type=Path)
    parser.add_argument("wanted", help="JSON of bench.wanted.Wanted")
    parser.add_argument("--keep", type=Path, help="folder for the outputs")
    return parser.parse_args()


def _tiny_photo() -> Path:
    path = FOLDER / "tiny.jpg"
    if not path.exists():
        path.write_bytes(make_photo(0, WARM_UP_PX))
    return path


def _forget_peak() -> None:
    """Peak memory counts from here on (and not from what imports once needed)."""
    Path(f"/proc/{os.getpid()}/clear_refs").write_text("5")


def _status_mb(field: str) -> float:
    """`VmRSS` or `VmHWM` of this process in MB of 1,000,000 bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / KIB_PER_MB
    raise LookupError(field)


def _keep(outputs: Outputs, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for side_px, output in outputs.items():
        (folder / str(side_px)).write_bytes(output)


if __name__ == "__main__":
    main()
