"""Makes docs/benchmarks.md and its plots of the results file.

In: one JSON object a run. Out: medians, ratios to the best peer and to the floors of the same
series, and for each aim whether it is met. Never invents a figure: what was not measured is "-".
"""

import json
import statistics

import more
import plots
import stages
from aims import aims
from text import ROOT, markdown, number, write_plot

# Runs during which other programs used more cores than this count as disturbed.
BUSY = 0.6


class Table:
    """All runs, and medians of them."""

    def __init__(self, path):
        self.rows = [json.loads(line) for line in open(path, encoding="utf-8")]

    def machine(self):
        return [row for row in self.rows if row["part"] == "machine"][-1]

    def find(self, part, **wanted):
        return [row for row in self.rows if row["part"] == part
                and all(row.get(k) == v for k, v in wanted.items())]

    def names(self, part, **wanted):
        return list(dict.fromkeys(row["name"] for row in self.find(part, **wanted)))

    def median(self, figure, part, **wanted):
        """Median over the runs; None if nothing was measured."""
        rows = self.find(part, **wanted)
        values = [row[figure] for row in rows
                  if isinstance(row.get(figure), (int, float))]
        return statistics.median(values) if values else None

    def spread(self, figure, part, **wanted):
        """Half the range over the median: how far a figure moves from run to run. None of one
        run, which says nothing about the next."""
        values = [row[figure] for row in self.find(part, **wanted)
                  if isinstance(row.get(figure), (int, float))]
        middle = statistics.median(values) if len(values) > 1 else 0
        return (max(values) - min(values)) / 2 / middle if middle else None

    def disturbed(self):
        """Whether other programs ran during most runs."""
        others = [row["others"] for row in self.rows if isinstance(row.get("others"), float)]
        return bool(others) and statistics.median(others) > BUSY

    def floor(self, step, size, quality=95):
        """Milliseconds of a step without which no program can do."""
        file = size if step == "draw" else f"{size}-q{quality}-s0-300"
        return self.median("ms", "floors", file=file, step=step)


def floors_section(t):
    rows = []
    for step, label in (("decode", "libjpeg-turbo decode to BGRX"), ("draw", "one Qt Quick draw"),
                        ("encode q95", "libjpeg-turbo encode, quality 95"),
                        ("encode q80", "libjpeg-turbo encode, quality 80"),
                        ("copy", "one copy of the BGRX picture")):
        rows.append([label, *(number(t.floor(step, size), 2) for size in ("360p", "720p", "1080p"))])
    return ("## Floors\n\nCPU ms a frame, quality 95, 30 times a second, each alone.\n\n"
            + markdown(["step", "360p", "720p", "1080p"], rows))


def receivers_section(t):
    out = ["## One stream at 30 frames a second\n",
           "The reference sender, quality 95, on loopback. `shown` of the frames sent; latency from "
           "the moment a frame was due to its last pixel in the X server; CPU of the process tree "
           "for each frame shown, without the X server's (0.5 to 2 ms, much the same for all). The "
           "last column: half the range of the runs, CPU / p50; nothing can be said of one run.\n"]
    for size in ("360p", "720p", "1080p"):
        names = t.names("receive", size=size)
        if not names:
            continue
        def get(figure, name):
            return t.median(figure, "receive", size=size, name=name)
        ours = get("cpu_ms", "okno")
        floor = None
        if t.floor("decode", size) and t.floor("draw", size):
            floor = t.floor("decode", size) + t.floor("draw", size)
        rows = []
        for name in names:
            cpu = get("cpu_ms", name)
            frames = get("frames", name)
            noise = [t.spread(f, "receive", size=size, name=name) for f in ("cpu_ms", "p50")]
            rows.append([
                f"**{name}**" if name == "okno" else name,
                f"{number(get('shown', name), 0)} of {number(frames, 0)}",
                f"{number(get('p50', name))} / {number(get('p95', name))} / {number(get('p99', name))}",
                len(t.find("receive", size=size, name=name)), number(cpu, 2), number(ours / cpu if ours and cpu else None, 2),
                number(get("peak_mb", name), 0), number(get("torn", name), 0),
                " / ".join("-" if n is None else f"{n * 100:.0f} %" for n in noise)])
        if floor:
            rows.append(["floor: decode + draw", "", number(floor, 1), "", number(floor, 2),
                         number(ours / floor if ours else None, 2), "", "", ""])
        out.append(f"### {size}\n")
        out.append(markdown(["receiver", "shown", "latency p50 / p95 / p99 ms", "runs", "CPU ms",
                             "okno : it", "peak MB", "torn", "noise"], rows))
        chart = [(name, get("cpu_ms", name), None) for name in names]
        if floor:
            chart.append(("floor: decode + draw", floor, None))
        write_plot(f"bench-cpu-{size}.svg", plots.bars(f"CPU for each frame shown, {size}", "ms", chart))
        write_plot(f"bench-latency-{size}.svg", plots.bars(
            f"Send to pixels, {size} at 30 fps, p50 / p95", "ms",
            [(name, get("p50", name), get("p95", name)) for name in names]))
        out.append(f"![CPU](images/bench-cpu-{size}.svg)\n![latency](images/bench-latency-{size}.svg)\n")
    return "\n".join(out)


def fast_section(t):
    out = ["## As fast as the receiver takes them\n",
           "A receiver that shows every frame falls behind by what its and the kernel's buffers "
           "hold; one that keeps the newest shows fewer and stays current. Latency here counts from "
           "the moment a frame was given to the socket.\n"]
    for size in ("360p", "720p", "1080p"):
        rows = []
        for name in t.names("fast", size=size):
            def get(figure):
                return t.median(figure, "fast", size=size, name=name)
            rows.append([f"**{name}**" if name == "okno" else name,
                         f"{number(get('shown'), 0)} of {number(get('frames'), 0)}",
                         number(get("rate"), 0), f"{number(get('p50'))} / {number(get('p95'))}",
                         number(get("cpu_ms"), 2)])
        if rows:
            out.append(f"### {size}\n")
            out.append(markdown(["receiver", "shown", "shown a second", "latency p50 / p95 ms",
                                 "CPU ms"], rows))
    return "\n".join(out) if len(out) > 2 else ""


def repetitions(t):
    """How often runs were repeated: not all parts are the same."""
    counts = [len(t.find(part, name=name, size=size, wire=wire)) for part, name, size, wire in
              {(row["part"], row["name"], row.get("size"), row.get("wire"))
               for row in t.find("receive") + t.find("chains")}]
    least, most = min(counts, default=0), max(counts, default=0)
    return f"{most} repetitions" if least == most else f"{least} to {most} repetitions"


def assembled(t):
    """Says so if the series is not one run of `make bench`."""
    notes = [row["text"] for row in t.find("note")]
    return "".join(f"\n> {note}\n" for note in notes)


def introduction(t):
    m = t.machine()
    others = [row["others"] for row in t.rows if isinstance(row.get("others"), float)]
    over = sum(value > BUSY for value in others)
    busy = (f"While it ran, other programs on the machine used {statistics.median(others):.2f} cores "
            f"(median; at most {max(others):.2f});\n  in {over} of {len(others)} runs more than {BUSY}. They share caches and\n  "
            "execution units with what is measured, which makes everything up to half again as\n  "
            "dear from one run to the next: on a busy machine, ratios of single runs mean little below\n  "
            "1.5 : 1, and p95, p99 and torn pictures are noise.") if others else ""
    idle = [part for part in ("floors", "receive", "fast", "chains", "walls", "memory", "stall",
                              "link", "start", "micro") if not t.find(part)]
    ran = f"\n- not run in this series: {', '.join(idle)}" if idle else ""
    missing = ran + "".join(f"\n- left out: {line}" for line in m["missing"])
    return f"""# Benchmarks

Measured on {m['when']}. `make bench` makes this page anew; `make bench QUICK=1` does so in about
five minutes, `MINUTES=45` all of it less often. Compare within one series only: other machines and other days give other times.
{assembled(t)}
- **Machine**: {m['cores']} cores of {m['cpu']}, {'a' if m['gpu'] else 'no'} GPU, Linux {m['kernel']}, Xvfb with
  24 bits. {'Everything measured had precedence over other programs (nice -15).' if m['root'] else ''}
- **Runs**: {m['frames']} frames, medians of {repetitions(t)}, interleaved; the first 30 frames of each are left out.
- **Noise**: {busy}
- **Pictures**: Big Buck Bunny with a camera's noise, numbered by strips at the upper and lower
  edge. A program that makes no X request reads the numbers out of the X server's memory, 4,000
  times a second: a frame is shown when both strips have its number.{missing}

"""


def write(path):
    t = Table(path)
    sections = [introduction(t), aims(t), stages.section(t), floors_section(t), receivers_section(t),
                fast_section(t)]
    sections += more.sections(t)
    (ROOT / "docs/benchmarks.md").write_text("\n".join(s for s in sections if s))
    print("== docs/benchmarks.md is written")
