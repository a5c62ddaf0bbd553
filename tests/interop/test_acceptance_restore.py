"""Acceptance, point 29: what comes back at the next start (docs/acceptance.md)."""

import pytest

import desk as desks
import harness
from test_acceptance_wall import sender


def light(desk):
    """The theme, by what the screen shows of it."""
    return desk.picture()[-40:, -40:].mean() > 128


def test_size_place_theme_and_page_come_back(screen, bus, tmp_path, stop_later):
    """29. Two streams, of which one was made large."""
    desk = stop_later(desks.Desk(screen, bus, tmp_path, size=None,
                                 settings={"announce": "false", "fitWindow": "false"}))
    desk.move_window(150, 120)
    desk.resize(1016, 616)
    harness.wait_for(lambda: desk.geometry() == (150, 120, 1016, 616),
                     lambda: f"place and size: {desk.geometry()}")
    desk.keys("ctrl+k", "type:next theme", "Return")
    harness.wait_for(lambda: light(desk), "light theme")
    for name in ("door", "garden"):
        stop_later(sender(tmp_path, desk.viewer.port, name))
        desk.heard(name)
    desk.click_on("door", times=2)
    desk.heard("Picture of door")
    port = desk.viewer.port
    file = tmp_path / "okno-home/okno/interface.ini"
    harness.wait_for(lambda: "width=1016" in file.read_text() and "x=150" in file.read_text()
                     and "door" in file.read_text(), lambda: f"settings: {file.read_text()}")
    assert desk.stop() in (0, 143)

    again = stop_later(desks.Desk(screen, bus, tmp_path, "--listen", f"127.0.0.1:{port}"))
    assert again.geometry() == (150, 120, 1016, 616)
    again.heard("Picture of door")
    again.heard("door", "image")
    harness.wait_for(lambda: len(again.viewer.streams()) == 2, "both streams")
    again.keys("i")
    again.heard("Copy as JSON")
    assert light(again) or again.picture()[60, 700].mean() > 100, "the theme is the light one"
    again.keys("Escape", "Escape")
    harness.wait_for(lambda: len(again.tiles()) == 2, "wall")
    again.silent("Picture of door")
    harness.wait_for(lambda: "largeStream=\n" in file.read_text() + "\n"
                     or 'largeStream=""' in file.read_text(), lambda: file.read_text())
    assert again.stop() in (0, 143)

    # The wall was the last page.
    last = stop_later(desks.Desk(screen, bus, tmp_path, "--listen", f"127.0.0.1:{port}"))
    harness.wait_for(lambda: len(last.tiles()) == 2, "wall")
    assert last.find("Picture of door") is None


@pytest.mark.parametrize("x, y", [(5000, 300), (-3000, 10), (400, 9000)])
def test_place_on_a_screen_that_is_gone(screen, bus, tmp_path, stop_later, x, y):
    """29: the second screen was unplugged."""
    folder = tmp_path / "okno-home/okno"
    folder.mkdir(parents=True)
    (folder / "interface.ini").write_text(f"[window]\nx={x}\ny={y}\nwidth=900\nheight=500\n")
    desk = stop_later(desks.Desk(screen, bus, tmp_path))
    left, top, width, height = desk.geometry()
    assert (width, height) == (900, 500)
    assert 0 <= left < 1920 - 100 and 0 <= top < 1080 - 100, (left, top)
    desk.heard("Waiting for the first frame")
