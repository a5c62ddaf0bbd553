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
