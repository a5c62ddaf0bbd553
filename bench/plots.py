"""Bar charts as SVG, by hand: no library, and text that can be diffed."""

WIDTH, LEFT, RIGHT, ROW, TOP = 720, 190, 150, 26, 46
OURS, THEIRS, FLOOR = "#d97706", "#64748b", "#94a3b8"


def _escape(text):
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bars(title, unit, rows):
    """`rows`: (label, value, second value or None). The second is drawn as a thin line from the
    bar's end: a 95th percentile, for instance. Ours is orange."""
    rows = [row for row in rows if row[1] is not None]
    most = max((max(value, more or 0) for _, value, more in rows), default=1) or 1
    scale = (WIDTH - LEFT - RIGHT) / most
    height = TOP + ROW * len(rows) + 12
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
           f'font-family="sans-serif" font-size="13" role="img">',
           f"<title>{_escape(title)}</title>",
           f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
           f'<text x="12" y="26" font-size="15" font-weight="bold">{_escape(title)}</text>']
    for i, (label, value, more) in enumerate(rows):
        y = TOP + ROW * i
        colour = OURS if label.startswith("okno") else FLOOR if "floor" in label else THEIRS
        end = LEFT + value * scale
        out.append(f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{_escape(label)}</text>')
        out.append(f'<rect x="{LEFT}" y="{y + 3}" width="{max(1, value * scale):.1f}" height="16" '
                   f'fill="{colour}"/>')
        words = f"{value:.3g}"
        if more is not None:
            tip = LEFT + more * scale
            out.append(f'<path d="M{end:.1f} {y + 11}H{tip:.1f}M{tip:.1f} {y + 6}v10" '
                       f'stroke="{colour}" fill="none"/>')
            end, words = max(end, tip), f"{value:.3g} / {more:.3g}"
        out.append(f'<text x="{end + 6:.1f}" y="{y + 15}">{words} {_escape(unit)}</text>')
    return "\n".join(out + ["</svg>", ""])


def line(title, x_unit, y_unit, points):
    """`points`: (x, y), joined by a line, from zero."""
    high, bottom = 260, 230
    x_most = max((x for x, _ in points), default=1) or 1
    y_most = max((y for _, y in points), default=1) or 1
    across, up = (WIDTH - 110) / x_most, (bottom - TOP) / y_most
    path = "L".join(f"{60 + x * across:.1f} {bottom - y * up:.1f}" for x, y in points)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high}" '
        f'font-family="sans-serif" font-size="13" role="img">',
        f"<title>{_escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{high}" fill="#ffffff"/>',
        f'<text x="12" y="26" font-size="15" font-weight="bold">{_escape(title)}</text>',
        f'<path d="M60 {TOP}V{bottom}H{WIDTH - 50}" stroke="{FLOOR}" fill="none"/>',
        f'<path d="M{path}" stroke="{OURS}" stroke-width="2" fill="none"/>',
        f'<text x="54" y="{TOP + 5}" text-anchor="end">{y_most:.0f} {_escape(y_unit)}</text>',
        f'<text x="54" y="{bottom}" text-anchor="end">0</text>',
        f'<text x="{WIDTH - 50}" y="{bottom + 18}" text-anchor="end">{x_most:.0f} '
        f'{_escape(x_unit)}</text>', "</svg>", ""])
