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
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import chains
import clips
import receive
import receivers
import report
import stalls
import walls
from machine import Screen, go_first, machine_cpu

PARTS = ["floors", "receive", "fast", "chains", "walls", "memory", "stall", "link", "start",
         "micro"]
# Below so many minutes only what the aims need is run, once; below the second number everything
# is run, but less often and with shorter streams.
QUICK_MINUTES, SHORT_MINUTES = 15, 90
# What the quick mode compares with.
QUICK = ("okno", "original be32 (PySide6)", "socket + cv2.imshow", "GStreamer ximagesink")
QUALITY = 95
# Cores in use by anybody below which a run is begun at once.
CALM = 0.4


class Results:
    """Appends each run to the file at once: an interrupted benchmark keeps what it has. After
    each it waits for the machine to be calm, as long as there is patience left."""

    def __init__(self, path, patience):
        self.path, self.rows, self.patience = path, [], patience

    def calm(self):
        while self.patience > 0:
            begun, before = time.monotonic(), machine_cpu()
            time.sleep(0.5)
            passed = time.monotonic() - begun
            if (machine_cpu() - before) / passed < CALM:
                return
            self.patience -= passed

    def add(self, part, row):
        row = {"part": part, **row}
        self.rows.append(row)
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
        shown = {k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()
                 if k not in ("okno", "place", "per_stream", "said", "rss")}
        print("  ", " ".join(f"{k}={v}" for k, v in shown.items() if v is not None), flush=True)
        if "others" in row:
            self.calm()


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
        # What a machine takes for the same work changes within minutes: floors belong beside.
        if repetition and "floors" in options.parts:
            floors(results, options)
        for size in options.sizes:
            for receiver in usable:
                if receiver.wire == "le64" and size != "720p":
                    continue
                results.add("receive", {"rep": repetition, **receive.receive(
                    receiver, size, QUALITY, 30, options.frames, options.watch)})


def fast_runs(results, options, usable):
    for repetition in range(1 if options.short else options.reps):
        for size in options.sizes[:1] if options.quick else options.sizes:
            for receiver in usable:
                # Both are out of step for good after a few frames that arrive together.
                if receiver.wire == "le64" or receiver.name.startswith("ffplay"):
                    continue
                results.add("fast", {"rep": repetition, **receive.receive(
                    receiver, size, QUALITY, 0, options.frames, options.watch)})


def micro(results, options):
    """Okno's parts alone, by criterion."""
    if options.quick:
        return
    benches = {"wire": "wire", "net": "reader", "media": "media", "session": "session"}
    named = [word for crate, bench in benches.items()
             for word in ("-p", f"okno-{crate}", "--bench", bench)]
    subprocess.run([os.environ.get("CARGO", "cargo"), "bench", "--locked", "--quiet", *named],
                   cwd=clips.ROOT, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    folder = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", clips.ROOT / "target")) / "criterion"
    for path in sorted(folder.rglob("new/estimates.json")):
        benchmark = json.loads((path.parent / "benchmark.json").read_text())
        estimate = json.loads(path.read_text())["median"]["point_estimate"]
        results.add("micro", {"name": benchmark["full_id"], "ns": estimate})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about five minutes")
    parser.add_argument("--minutes", type=float,
                        help="how long it may take: 5 is --quick, 45 runs everything less often; "
                             "without it, about two hours")
    parser.add_argument("--memory-minutes", type=float,
                        help="length of the memory run (30; 3 with --minutes; quick: 0.5)")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--reps", type=int, help="repetitions (3; quick: 1)")
    parser.add_argument("--frames", type=int, help="frames of a run (300; quick: 150)")
    parser.add_argument("--sizes", help=f"of {', '.join(clips.SIZES)}, separated by commas")
    parser.add_argument("--streams", help="numbers of streams, separated by commas")
    parser.add_argument("--only", help="receivers whose names begin so, separated by commas")
    parser.add_argument("--patience", type=float,
                        help="seconds to wait, in all, for a calm machine (600; quick: 30)")
    parser.add_argument("--keep", action="store_true", help="add to the results of the last run")
    parser.add_argument("--report", action="store_true", help="only write the report anew")
    options = parser.parse_args()
    options.quick |= options.minutes is not None and options.minutes < QUICK_MINUTES
    options.short = options.minutes is not None and options.minutes < SHORT_MINUTES
    # Of the short run, what is compared at all sizes and paces takes most of the time.
    by_mode = lambda quick, short, full: quick if options.quick else short if options.short else full
    options.reps = options.reps or by_mode(1, 2, 3)
    options.frames = options.frames or by_mode(150, 180, 300)
    if options.patience is None:
        options.patience = by_mode(30, 120, 600)
    if options.memory_minutes is None:
        options.memory_minutes = by_mode(0.5, 3, 30)
    some = ["720p", "1080p"] if options.quick else list(clips.SIZES)
    options.sizes = options.sizes.split(",") if options.sizes else some
    some = [16] if options.quick else [1, 4, 9, 16, 25]
    options.streams = [int(n) for n in options.streams.split(",")] if options.streams else some
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
    results = Results(path, options.patience)
    # What it runs in its own session, the floors, inherits this.
    go_first(os.getpid())
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
           "memory": lambda: walls.memory(results, options),
           "stall": lambda: stalls.stopped(results, options),
           "link": lambda: stalls.slow_link(results, options),
           "start": lambda: stalls.start(results, options),
           "micro": lambda: micro(results, options)}
    for part in options.parts:
        print(f"== {part}", flush=True)
        run[part]()
    report.write(path)


if __name__ == "__main__":
    main()
