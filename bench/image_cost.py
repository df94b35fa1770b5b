"""One contender, one photo, one fresh process: prints what it cost as JSON. Started by `image_work`.

Loading code and codecs is not counted: a tiny photo goes through first. Then the photo goes through twice:
as the first of a process, which has to ask the kernel for all its memory, and as in a server that has run
for a while.
"""

import importlib
import json
import sys
import time
from pathlib import Path

from bench.contenders import Outputs, Wanted


def main(contender: str, photo: str, tiny_photo: str, wanted_json: str, keep: str) -> None:
    make_outputs = importlib.import_module(f"bench.contenders.{contender}").make_outputs
    wanted = Wanted(*json.loads(wanted_json))
    make_outputs(Path(tiny_photo), wanted._replace(master_px=160, sides_px=(80, 40, 20)))
    # Peak memory counts from here on (and not from what imports once needed).
    Path("/proc/self/clear_refs").write_text("5")
    cost: dict[str, object] = {"before_mb": status_mb("self", "VmRSS")}
    for which in ("first_", ""):
        began_s = time.process_time()
        outputs: Outputs = make_outputs(Path(photo), wanted)
        cost[f"{which}cpu_s"] = time.process_time() - began_s
        cost[f"{which}peak_mb"] = status_mb("self", "VmHWM")
    cost["bytes"] = {side_px: len(outputs[side_px]) for side_px in wanted.kinds}
    print(json.dumps(cost))
    if keep:
        Path(keep).mkdir(parents=True)
        for side_px, output in outputs.items():
            Path(keep, str(side_px)).write_bytes(output)


def status_mb(pid: int | str, field: str) -> float:
    """`VmRSS` (resident memory) or `VmHWM` (its peak) in MB of 1,000,000 bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    main(*sys.argv[1:])
