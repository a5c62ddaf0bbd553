"""Small parts of the report: numbers, tables, files of pictures."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]


def number(value, digits=1):
    """A figure, or a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def markdown(head, rows):
    """A table; the first column is text, the others are figures."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def write_plot(name, svg):
    """Puts a plot beside the report."""
    folder = ROOT / "docs/images"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(svg)
