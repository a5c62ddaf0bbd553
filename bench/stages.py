"""Where the time of one frame goes, stage by stage.

In: the table of runs, in which Okno's viewer left the medians of its own stamps, and the watcher
of the X server the time to the pixels. Out: the report's section. Never estimates: what neither of
both saw is the rest, in one figure.
"""

import statistics

from text import markdown, number

STAGES = ("encode", "network", "queue", "decode", "present")
# What people do: its name, and where its runs are.
WAYS = (
    ("one stream of a foreign sender, JPEG at 95", "receive", {"size": "720p", "name": "okno"}),
    ("own chain, shared memory", "chains",
     {"size": "720p", "wire": "loopback", "name": "okno"}),
    ("own chain, loopback, JPEG at 95", "chains",
     {"size": "720p", "wire": "loopback", "name": "okno, JPEG at 95"}),
    ("own chain, 1 Gbit/s, JPEG at 95", "chains",
     {"size": "720p", "wire": "1 Gbit/s", "name": "okno, JPEG at 95"}),
)


def _stage(rows, name):
    """Median over the runs of a stage's own median, in ms; None where nobody stamped it."""
    values = [(row["okno"]["stages_ms"] or {}).get(name) for row in rows if row.get("okno")]
    values = [value["p50"] for value in values if value]
    return statistics.median(values) if values else None


def section(t):
    lines = []
    for label, part, wanted in WAYS:
        rows = t.find(part, **wanted)
        whole = t.median("p50", part, **wanted)
        stages = [_stage(rows, name) for name in STAGES]
        if whole is None or not any(stages):
            continue
        rest = whole - sum(value for value in stages if value)
        lines.append([label, *(number(value, 2) for value in stages), number(rest, 2),
                      number(whole, 1)])
    if not lines:
        return ""
    decode, draw = t.floor("decode", "720p"), t.floor("draw", "720p")
    if decode and draw:
        lines.append(["floor", "", "", "", number(decode, 2), number(draw, 2), "",
                      number(decode + draw, 1)])
    screen = t.median("screen_cpu_ms", "receive", size="720p", name="okno")
    wait = t.median("started_ms", "receive", size="720p", name="okno")
    known = ([f"the reference sender's waking up ({wait:.2f} ms)"] if wait is not None else [])
    known += ["a foreign sender's picture on its way through the kernel"]
    known += [f"the X server's copy ({screen:.1f} ms of its CPU)"] if screen else ["the X server"]
    return ("## Where the time goes\n\nMedians in ms at 720p30, by the viewer's stamps: encode is "
            "capture to encoded, network to received, queue until a thread takes it up, decode, "
            "present until drawn. Of shared memory encode is the copy into it and decode the copy out "
            f"of it. The rest, which nobody stamps: {', '.join(known)}, and 0.1 until the watcher "
            "looks.\n\n"
            + markdown(["", *STAGES, "rest", "to the pixels"], lines))
