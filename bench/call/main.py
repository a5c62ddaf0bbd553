"""Mouth to ear and picture against sound, of calls between two real windows.

    bench/call/run.sh --out docs/benchmarks-call.md

In: programs that are built already (environment: BIN, VENV, BENCH_CACHE). Out: a Markdown file, or
standard output, and a line of JSON for each call in the cache folder. Needs root, for namespaces
and for the tap on the camera's connection.
"""

import argparse
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import clips  # noqa: E402
import bench  # noqa: E402
import page  # noqa: E402
from machine import go_first  # noqa: E402
from measure import measure  # noqa: E402

# Round trip in ms, loss in percent, whether the link falls to a fifth.
CASES = ((0, 0, False), (50, 0, False), (50, 1, False), (50, 0, True))


def cases(only):
    """Those that are wanted."""
    wanted = only.split(",")
    name = lambda case: f"{case[0]}/{case[1]}" + ("/falls" if case[2] else "")  # noqa: E731
    return [case for case in CASES if not only or name(case) in wanted]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30, help="of each call, after it settled")
    parser.add_argument("--reps", type=int, default=2, help="calls of each kind")
    parser.add_argument("--only", default="", help="of these kinds only, such as 50/1,50/0/falls")
    parser.add_argument("--note", default="", help="what to say about the machine, such as load")
    parser.add_argument("--out", type=pathlib.Path, help="the file to write")
    options = parser.parse_args()
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        sys.exit("this benchmark needs root and /dev/net/tun: it makes a link of its own")
    # What it runs in its own session inherits this.
    go_first(os.getpid())
    folder = clips.cache_folder()
    rows = []
    for _ in range(options.reps):
        for round_trip, loss, falls in cases(options.only):
            try:
                row = measure(round_trip, loss, falls, options.seconds, str(folder / "watch"))
            except AssertionError as error:
                row = {"round_trip_ms": round_trip, "loss_percent": loss, "falls": falls,
                       "error": str(error)}
            rows.append(row)
            with open(folder / "call.jsonl", "a", encoding="utf-8") as out:
                out.write(json.dumps(row) + "\n")
            print("  ", " ".join(f"{key}={round(value, 1) if isinstance(value, float) else value}"
                                 for key, value in row.items()), flush=True)
    text = page.text(rows, bench.machine(), options)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
        print(f"wrote {options.out}")
    else:
        print(text)


if __name__ == "__main__":
    main()
