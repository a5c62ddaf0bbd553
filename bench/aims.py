"""The aims of the live path, and whether the figures meet them."""


def aims(t):
    """The table of aims."""
    rows = []

    def add(what, aim, found, met):
        state = "not measured" if met is None else "met" if met else "**not met**"
        rows.append(f"| {what} | {aim} | {found} | {state} |")

    for size in ("720p", "1080p"):
        _viewer_cpu(t, size, add)
    _viewer_latency(t, add)
    head = "## Aims\n\n| what | aim | found | |\n|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _peers(t, part, figure, **wanted):
    """(best value, its name) among the others."""
    found = [(t.median(figure, part, name=name, **wanted), name)
             for name in t.names(part, **wanted) if not name.startswith("okno")]
    found = [pair for pair in found if pair[0] is not None]
    return min(found) if found else (None, None)


def _viewer_cpu(t, size, add):
    ours = t.median("cpu_ms", "receive", size=size, name="okno")
    decode, draw = t.floor("decode", size), t.floor("draw", size)
    if ours and decode and draw:
        ratio = ours / (decode + draw)
        add(f"viewer CPU a shown frame, {size}", "at most 1.15 x (decode + draw)",
            f"{ours:.2f} ms : {decode + draw:.2f} ms = {ratio:.2f}", ratio <= 1.15)
    pythons = [t.median("cpu_ms", "receive", size=size, name=name)
               for name in t.names("receive", size=size) if name.startswith("original")]
    pythons = [value for value in pythons if value]
    if ours and pythons:
        ratio = ours / min(pythons)
        add(f"the same, {size}", "at most 0.55 x the best original", f"{ratio:.2f}", ratio <= 0.55)
    best, name = _peers(t, "receive", "cpu_ms", size=size)
    if ours and best:
        add(f"the same, {size}", "less than every peer", f"{ours:.2f} ms; {name} {best:.2f} ms",
            ours < best)


def _viewer_latency(t, add):
    ours = [t.median(f, "receive", size="720p", name="okno") for f in ("p50", "p95")]
    if None in ours:
        return
    best = [_peers(t, "receive", f, size="720p") for f in ("p50", "p95")]
    if best[0][0]:
        add("send to pixels, 720p30, p50 / p95", "below every peer",
            f"{ours[0]:.1f} / {ours[1]:.1f} ms; best peers {best[0][0]:.1f} ({best[0][1]}) / "
            f"{best[1][0]:.1f} ms ({best[1][1]})", ours[0] < best[0][0] and ours[1] < best[1][0])
    decode, draw = t.floor("decode", "720p"), t.floor("draw", "720p")
    if decode and draw:
        over = [value - decode - draw for value in ours]
        add("the same", "within 1.5 / 4 ms of decode + draw", f"+{over[0]:.1f} / +{over[1]:.1f} ms",
            over[0] <= 1.5 and over[1] <= 4)
