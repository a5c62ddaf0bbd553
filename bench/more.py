"""The report's sections beyond single receivers: chains, walls, stops, the slow link, the start."""

from text import markdown, number, write_plot

import plots


def sections(t):
    """All of them; one whose part did not run is empty."""
    return [chains(t), walls(t), memory(t), stall(t), link(t), start(t), micro(t)]


def chains(t):
    out = ["## Whole chains\n",
           "Each program's own sender and receiver, 30 frames a second of an uncompressed clip. Latency from the moment the source handed a frame over to its pixels; for Okno that "
           "moment is read off the wire. CPU of the senders includes reading the clip; `capture "
           "alone` is Okno's sender when nobody looks. `okno` is what a person gets on one machine: no "
           "compression, shared memory. JPEGs of different quality are not the same "
           "work: imagezmq's and the originals' have OpenCV's 95, NetGear's its own default of 90.\n"]
    for size, wire in (("720p", "loopback"), ("720p", "1 Gbit/s"), ("1080p", "loopback")):
        rows = []
        for name in t.names("chains", size=size, wire=wire):
            def get(figure):
                return t.median(figure, "chains", size=size, wire=wire, name=name)
            rows.append([f"**{name}**" if name.startswith("okno") else name,
                         "" if name.startswith("capture alone") else
                         f"{number(get('shown'), 0)} of {number(get('frames'), 0)}",
                         "" if name.startswith("capture alone") else
                         f"{number(get('p50'))} / {number(get('p95'))} / {number(get('p99'))}",
                         number(get("show_cpu_ms"), 2), number(get("send_cpu_ms"), 2)])
        if rows:
            out.append(f"### {size}, {wire}\n")
            out.append(markdown(["chain", "shown", "latency p50 / p95 / p99 ms", "viewer CPU ms",
                                 "sender CPU ms"], rows))
            if wire != "loopback":
                continue
            names = [n for n in t.names("chains", size=size, wire=wire) if not n.startswith("capture alone")]
            write_plot(f"bench-chain-{size}.svg", plots.bars(
                f"Camera to pixels, {size} at 30 fps, p50 / p95", "ms",
                [(n, t.median("p50", "chains", size=size, wire=wire, name=n),
                  t.median("p95", "chains", size=size, wire=wire, name=n)) for n in names]))
            out.append(f"![latency](images/bench-chain-{size}.svg)\n")
    return "\n".join(out) if len(out) > 2 else ""


def walls(t):
    found = t.find("walls")
    if not found:
        return ""
    out = ["## Many streams\n",
           "720p at 30 frames a second each, quality 80, in 1920x1080. Foreign senders send what they "
           "send; Okno's are told at what size they are shown. Fairness: the slowest stream's rate "
           "over the fastest's. Growing: median latency of the last third of the run over the first "
           "third's. Of Okno's own senders latency is what the viewer counts from their stamps, the "
           "worst stream's p95.\n"]
    rows, chart = [], []
    for streams in sorted({row["streams"] for row in found}):
        for senders in ("foreign", "okno"):
            for name in t.names("walls", streams=streams, senders=senders):
                def get(figure):
                    return t.median(figure, "walls", streams=streams, senders=senders, name=name)
                first, last = get("p50_first"), get("p50_last")
                low, high = get("fps_min"), get("fps_max")
                label = f"{name}, own senders" if senders == "okno" else name
                rows.append([streams, f"**{label}**" if name == "okno" else label,
                             number(get("fps_mean")), number(low / high if high else None, 2),
                             f"{number(get('p50'), 0)} / {number(get('p95'), 0)}",
                             number(last / first if first and last else None, 1),
                             number(get("cores"), 2), number(get("sender_cores"), 2),
                             number(get("peak_mb"), 0), number(get("growth_mb"))])
                chart.append((f"{label[:24]}, {streams}", get("fps_mean"), None))
    out.append(markdown(["streams", "viewer", "fps a stream", "fairness", "latency p50 / p95 ms",
                         "growing", "cores", "senders' cores", "peak MB", "MB grown"], rows))
    write_plot("bench-wall.svg", plots.bars("Frames a second of each stream, 720p30", "fps", chart))
    out.append("![rates](images/bench-wall.svg)\n")
    return "\n".join(out)


def memory(t):
    rows = [row for row in t.find("memory") if "error" not in row]
    if not rows:
        return ""
    row = rows[-1]
    write_plot("bench-memory.svg", plots.line("Resident memory, sixteen 720p30 streams", "s", "MB",
                                              row["rss"]))
    return ("## Memory\n\nResident memory of the viewer with sixteen foreign streams, "
            f"{row['seconds'] / 60:.1f} minutes: {row['growth_mb']:+.1f} MB since it had settled, peak "
            f"{row['peak_mb']:.0f} MB.\n\n![memory](images/bench-memory.svg)\n")


def stall(t):
    rows = []
    for name in t.names("stall"):
        def get(figure):
            return t.median(figure, "stall", name=name)
        rows.append([f"**{name}**" if name == "okno" else name, number(get("recovered_ms"), 0),
                     number(get("old_shown"), 0), number(get("p50_after"), 0)])
    if not rows:
        return ""
    return ("## A viewer that is stopped for 10 s\n\nSIGSTOP in the middle of a 720p stream, then "
            "SIGCONT. Recovered: a frame not older than 200 ms is on the screen. Old: pictures shown "
            "after it went on that were older than that. The sender drops nothing: what was not "
            "taken, some 95 MB, comes first, and a program that only reads shows what that takes.\n\n"
            + markdown(["receiver", "recovered after ms", "old pictures shown",
                        "latency p50 at the end, ms"], rows))


def link(t):
    rows = []
    for row in sorted(t.find("link"), key=lambda row: (row["loss_percent"], row["name"])):
        if "error" in row:
            rows.append([f"{row['loss_percent']} %", row["error"], "", "", "", "", ""])
            continue
        rows.append([f"{row['loss_percent']} %", row["name"], number(row["offered_mbit"]),
                     number(row["rate_mbit"]), f"{row['used'] * 100:.0f} %",
                     f"{number(row['p50'], 0)} / {number(row['p95'], 0)} / {number(row.get('p99'), 0)} / "
                     f"{number(row['worst'], 0)}",
                     number(row["stages"]["network"]["p50"], 0)])
    if not rows:
        return ""
    return ("## A link with two thirds of the capacity\n\nOkno's sender and viewer, 720p30, 50 ms round "
            "trip, a router's queue of 100 ms. Age of frames when they are shown, by their stamps. With "
            "`--fixed` the sender goes on offering as much as at first; else it lowers the quality "
            "until frames fit, and uses less of the link.\n\n"
            + markdown(["loss", "sender", "offered Mbit/s", "link Mbit/s", "link used",
                        "age p50 / p95 / p99 / worst ms", "of it network p50"], rows))


def start(t):
    if not t.find("start"):
        return ""
    rows = [[label, number(t.median(figure, "start"), 0)] for label, figure in (
        ("launch to a painted window", "painted_ms"), ("launch to listening", "listening_ms"),
        ("first frame due to its pixels", "first_frame_ms"))]
    return "## Start\n\n" + markdown(["", "ms"], rows)


def micro(t):
    rows = [[row["name"], _time(row["ns"])] for row in t.find("micro")]
    if not rows:
        return ""
    return ("## Parts\n\nOkno's own building blocks, by criterion (`cargo bench`); wall time.\n\n"
            + markdown(["", "time"], rows))


def _time(ns):
    for unit, size in (("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.2f} {unit}"
    return f"{ns:.0f} ns"
