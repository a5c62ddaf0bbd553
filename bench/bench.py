"""Side-by-side benchmarks of whole programs; see `--help` and docs/benchmarks.md.

In: programs that are built already (environment: BIN, VENV, GUI_VENV, BENCH_CACHE, FLOORS). Out:
a line of JSON for each run in a results file, and the report made of them. Repetitions are
interleaved, every program once and then again, so that a busy minute hits all alike.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import chains
import clips
import receive
import receivers
import report
import stalls
import walls
from machine import Screen

PARTS = ["floors", "receive", "fast", "chains", "walls", "stall", "link", "start"]
# What the quick mode compares with.
QUICK = ("okno", "original be32 (PySide6)", "socket + cv2.imshow", "GStreamer ximagesink")
QUALITY = 95


class Results:
    """Appends each run to the file at once: an interrupted benchmark keeps what it has."""

    def __init__(self, path):
        self.path, self.rows = path, []

    def add(self, part, row):
        row = {"part": part, **row}
        self.rows.append(row)
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
        shown = {k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()
                 if k not in ("okno", "place", "per_stream", "said")}
        print("  ", " ".join(f"{k}={v}" for k, v in shown.items() if v is not None), flush=True)


def machine():
    """Which machine this is, as far as figures depend on it."""
    cpu = next((line.split(":", 1)[1].strip()
                for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    gpu = any(name.startswith("renderD") for name in os.listdir("/dev/dri")) \
        if os.path.isdir("/dev/dri") else False
    return {"cpu": cpu, "cores": os.cpu_count(), "gpu": gpu, "kernel": platform.release(),
            "root": os.geteuid() == 0, "when": datetime.date.today().isoformat()}


def floors(results, options):
    """Decoding and encoding with libjpeg-turbo, and one draw with Qt, alone."""
    targets = []
    for size in options.sizes:
        width, height = clips.SIZES[size]
        targets += [str(clips.jpegs(size, QUALITY)), f"{width}x{height}"]
    out = subprocess.run([os.environ["FLOORS"], *targets], check=True, capture_output=True,
                         text=True).stdout
    for line in out.splitlines():
        results.add("floors", json.loads(line))
    folder = clips.cache_folder()
    screen = Screen(str(folder), str(folder / "watch"))
    try:
        for size in options.sizes:
            width, height = clips.SIZES[size]
            run = subprocess.run([folder / "draw", str(width), str(height), "90"], check=True,
                                 env=receivers.environment(screen.name, str(folder)),
                                 capture_output=True, text=True)
            results.add("floors", {"file": size, "step": "draw", "ms": float(run.stdout)})
    finally:
        screen.stop()


def receiver_runs(results, options, usable):
    for repetition in range(options.reps):
        for size in options.sizes:
            for receiver in usable:
                if receiver.wire == "le64" and size != "720p":
                    continue
                results.add("receive", {"rep": repetition, **receive.receive(
                    receiver, size, QUALITY, 30, options.frames, options.watch)})


def fast_runs(results, options, usable):
    for repetition in range(options.reps):
        for size in options.sizes if not options.quick else ["720p"]:
            for receiver in usable:
                # Both are out of step for good after a few frames that arrive together.
                if receiver.wire == "le64" or receiver.name.startswith("ffplay"):
                    continue
                results.add("fast", {"rep": repetition, **receive.receive(
                    receiver, size, QUALITY, 0, options.frames, options.watch)})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under five minutes")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--reps", type=int, help="repetitions (3; quick: 1)")
    parser.add_argument("--frames", type=int, help="frames of a run (300; quick: 150)")
    parser.add_argument("--only", help="receivers whose names begin so, separated by commas")
    parser.add_argument("--keep", action="store_true", help="add to the results of the last run")
    parser.add_argument("--report", action="store_true", help="only write the report anew")
    options = parser.parse_args()
    options.reps = options.reps or (1 if options.quick else 3)
    options.frames = options.frames or (150 if options.quick else 300)
    options.sizes = ["720p", "1080p"] if options.quick else list(clips.SIZES)
    options.parts = options.parts.split(",")
    options.watch = str(clips.cache_folder() / "watch")
    return options


def main():
    options = arguments()
    path = clips.cache_folder() / "results.jsonl"
    if options.report:
        report.write(path)
        return
    if not options.keep:
        path.unlink(missing_ok=True)
    results = Results(path)
    if os.geteuid() == 0:
        # What else runs on the machine disturbs less; the same for everything measured.
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    usable, missing = receivers.all_receivers()
    for line in missing:
        print(f"   left out: {line}")
    if options.quick:
        usable = [r for r in usable if r.name in QUICK]
    if options.only:
        usable = [r for r in usable if r.name.startswith(tuple(options.only.split(",")))]
    results.add("machine", {**machine(), "missing": missing, "quick": options.quick,
                            "reps": options.reps, "frames": options.frames})
    run = {"floors": lambda: floors(results, options),
           "receive": lambda: receiver_runs(results, options, usable),
           "fast": lambda: fast_runs(results, options, usable),
           "chains": lambda: chains.runs(results, options),
           "walls": lambda: walls.runs(results, options),
           "stall": lambda: stalls.stopped(results, options),
           "link": lambda: stalls.slow_link(results, options),
           "start": lambda: stalls.start(results, options)}
    for part in options.parts:
        print(f"== {part}", flush=True)
        run[part]()
    report.write(path)


if __name__ == "__main__":
    main()
