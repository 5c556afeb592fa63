"""One engine in a process of its own.

    python -m aicc.benchmarking.worker ENGINE MODEL FEEDS THREADS

FEEDS is an .npz of arrays in the order of the names in its member `names`. One JSON line is written
once the model has run for the first time, with the seconds that took, `compile` of them before the
run; then one per line read: `{"seconds": s}` runs for about s seconds and gives every run's time,
`{"outputs": path}` saves the outputs as .npz. The end of input ends the process.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from aicc.benchmarking.engines import Run, load


def main() -> None:
    """Load, then answer."""
    engine, path, feeds_path, threads = sys.argv[1:5]
    feeds = read_arrays(feeds_path)
    # what engines print must not mix with the answers
    answers, sys.stdout = sys.stdout, sys.stderr
    try:
        start = time.perf_counter()
        run = load(engine, path, feeds, int(threads))
        loaded = time.perf_counter()
        run()
        end = time.perf_counter()
        ready: dict[str, Any] = {"compile": loaded - start, "ready": end - start}
    except Exception as error:
        ready = {"error": f"{type(error).__name__}: {str(error).strip()[:500]}"}
    print(json.dumps(ready), file=answers, flush=True)
    if "error" in ready:
        return
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line), run)), file=answers, flush=True)


def _answer(request: dict[str, Any], run: Run) -> dict[str, Any]:
    if "outputs" in request:
        save_arrays(request["outputs"], run())
        return {}
    return {"times": _times(run, request["seconds"]), "peak_bytes": _peak_bytes()}


def _times(run: Run, seconds: float) -> list[float]:
    """Seconds of each run, after one that wakes caches and workers."""
    run()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return times


def _peak_bytes() -> int:
    """Of this program alone: getrusage counts that of the process which started it as well."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def read_arrays(path: str) -> dict[str, Any]:
    """What `save_arrays` wrote."""
    with np.load(path, allow_pickle=False) as loaded:
        return {str(n): loaded[f"array_{i}"] for i, n in enumerate(loaded["names"])}


def save_arrays(path: str, arrays: dict[str, Any]) -> None:
    """Named arrays as .npz, whatever characters the names hold."""
    numbered: dict[str, Any] = {f"array_{i}": np.asarray(a) for i, a in enumerate(arrays.values())}
    np.savez(path, names=np.array(list(arrays)), **numbered)


if __name__ == "__main__":
    main()
