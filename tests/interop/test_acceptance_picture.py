"""Acceptance, points 11 and 13: zoom, true pixels, and tools that hide, in the real window
(docs/acceptance.md)."""

import re
import subprocess
import time

import cv2
import numpy as np
import pytest

import desk as desks
import feed
import harness

CELL = 64
HIDES_AFTER = 2.5


def squares(width=1280, height=896):
    """Squares of CELL pixels, each of a colour of its own; no two neighbours are alike."""
    picture = np.zeros((height, width, 3), np.uint8)
    for row in range(height // CELL):
        for column in range(width // CELL):
            picture[row * CELL:(row + 1) * CELL, column * CELL:(column + 1) * CELL] = (
                40 + 11 * column % 200, 40 + 17 * row % 200, 220 if (row + column) % 2 else 60)
    return picture


def corner(picture, x, y, reach):
    """Where four squares meet, nearest to (x, y) of the window: the strongest corner of the red."""
    left, top = round(x - reach), round(y - reach)
    part = picture[top:top + 2 * reach, left:left + 2 * reach, 2].astype(float)
    # Light and dark change places from one square to the next: a saddle is where they meet.
    across = np.abs(np.diff((part > 140).astype(int), axis=1)).sum(axis=0)
    down = np.abs(np.diff((part > 140).astype(int), axis=0)).sum(axis=1)
    return left + int(across.argmax()) + 1, top + int(down.argmax()) + 1


@pytest.fixture(scope="module")
def desk(screen, bus, tmp_path_factory):
    """A window with one stream, whose picture is larger than the window."""
    desk = desks.Desk(screen, bus, tmp_path_factory.mktemp("picture"), settings={"announce": "false"})
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def sent(desk):
    picture = squares()
    stream = feed.Stream(desk.viewer.port).send(picture)
    desk.viewer.stream("mjpeg", lambda s: s["shown"] > 0)
    yield cv2.imdecode(np.frombuffer(feed.jpeg(picture), np.uint8), cv2.IMREAD_COLOR)
    stream.stop()


@pytest.fixture
def fitted(desk, sent):
    """The picture fitted, tools and pointer away."""
    desk.focus()
    desk.keys("0")
    yield desk
    desk.keys("0")


def at_rest(desk):
    """The picture after the tools have gone."""
    harness.wait_for(lambda: desk.find("Fit") is None, "tools to hide")
    return desk.settled()


def test_wheel_keeps_the_pixel_under_the_pointer(fitted):
    """11, zoom. The picture has the window's shape: one that leaves a bar stays in the middle for
    as long as it does."""
    desk = fitted
    picture = at_rest(desk)
    scale = desk.geometry()[2] / 1280
    at = corner(picture, 7 * CELL * scale, 8 * CELL * scale, round(CELL * scale * 0.45))
    desk.point(*at)
    desk.xdotool("click", "--repeat", 4, 4)
    desk.xdotool("mousemove_relative", "--", 0, 1, "mousemove_relative", "--", 0, -1)
    closer = at_rest(desk)
    again = corner(closer, *at, 30)
    assert abs(again[0] - at[0]) <= 1 and abs(again[1] - at[1]) <= 1, (at, again)
    # It is truly larger: 30 pixels to each side are still the same four squares.
    before = picture[at[1] - 29:at[1] + 29, at[0] - 29:at[0] + 29]
    after = closer[at[1] - 29:at[1] + 29, at[0] - 29:at[0] + 29]
    assert not np.array_equal(before, after) or scale * CELL > 60
    assert distinct(after) <= 4 + 1


def distinct(picture):
    """How many plain colours there are, as far as JPEG and smoothing leave them plain."""
    coarse, counts = np.unique((picture // 24).reshape(-1, 3), axis=0, return_counts=True)
    return int((counts > picture.shape[0] * picture.shape[1] * 0.05).sum())


def test_value_under_the_pointer_is_the_one_that_was_sent(fitted, sent):
    """11, values: those of the sender's own JPEG, pixel by pixel."""
    desk = fitted
    desk.keys("p")
    try:
        for x, y in ((130, 200), (400, 350), (777, 500)):
            desk.point(x, y)

            def told():
                found = [re.fullmatch(r"\((\d+), (\d+)\)\s+R (\d+)\s+G (\d+)\s+B (\d+)",
                                      node["name"]) for node in desk.nodes()]
                return next((list(map(int, match.groups())) for match in found if match), None)
            harness.wait_for(told, "value under the pointer")
            column, row, *value = harness.wait_for(
                lambda: (lambda one, two: one == two and one)(told(), (time.sleep(0.3), told())[1]),
                "value at rest")
            blue, green, red = map(int, sent[row, column])
            # Two JPEG decoders may round differently by one.
            assert max(abs(a - b) for a, b in zip(value, (red, green, blue))) <= 2, \
                ((column, row), value, (red, green, blue))
            # The place is right as well: the picture is fitted to the width.
            scale = desk.geometry()[2] / 1280
            assert abs(column - x / scale) <= 1.5
    finally:
        desk.keys("p")


@pytest.mark.parametrize("factor", ["1", "2"])
def test_actual_size_is_device_pixels(screen, bus, tmp_path, stop_later, factor):
    """11, 1:1: every pixel of the picture is one of the screen, also where Qt counts in others."""
    desk = stop_later(desks.Desk(
        screen, bus, tmp_path, size=(800 // int(factor), 600 // int(factor)),
        settings={"announce": "false"}, QT_SCALE_FACTOR=factor))
    desk.resize(800, 600)
    # Noise in grey: a pixel that is moved, smoothed or left out shows.
    noise = np.random.default_rng(1).integers(0, 256, (480, 640), np.uint8)
    data = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 100])[1].tobytes()
    stream = stop_later(feed.Stream(desk.viewer.port))
    stream.socket.sendall(data)
    desk.viewer.stream("mjpeg", lambda s: s["shown"] > 0)
    desk.keys("z")
    expected = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    shown = desk.settled()
    found = shown[60:540, 80:720].astype(int)
    different = np.abs(found - expected).max(axis=2)
    assert (different <= 2).all(), f"{(different > 2).mean():.1%} of the pixels differ"


# ---- 13 ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def managed(tmp_path_factory):
    """A screen with a window manager, which is what makes a window fill it."""
    harness.need("openbox", "openbox")
    folder = tmp_path_factory.mktemp("managed")
    screen = harness.Screen(folder, 1280, 800)
    manager = harness.Program(["openbox", "--sm-disable"], folder, "openbox", DISPLAY=screen.name,
                              HOME=str(folder))
    root = screen.display.screen().root
    supporting = screen.display.intern_atom("_NET_SUPPORTING_WM_CHECK")
    harness.wait_for(lambda: root.get_full_property(supporting, 0), "window manager")
    bus = desks.Bus(screen, folder)
    yield screen, bus
    bus.stop()
    manager.stop()
    screen.stop()


def test_tools_and_pointer_hide_in_full_screen(managed, tmp_path, stop_later):
    """13. And come back by a move or by Tab; and stay while they are used."""
    screen, bus = managed
    desk = stop_later(desks.Desk(screen, bus, tmp_path, settings={"announce": "false"}))
    stop_later(feed.Stream(desk.viewer.port).send(squares()))
    desk.viewer.stream("mjpeg", lambda s: s["shown"] > 0)
    desk.keys("f")
    harness.wait_for(lambda: desk.geometry() == (0, 0, 1280, 800),
                     lambda: f"window that fills the screen: {desk.geometry()}")
    gone = lambda: desk.find("Fit") is None  # noqa: E731
    desk.point(600, 300)
    desk.heard("Fit")
    moved = time.monotonic()
    assert desk.pointer_visible()
    harness.wait_for(gone, "tools to hide")
    assert time.monotonic() - moved > HIDES_AFTER - 0.5, "not under a hand that just moved"
    harness.wait_for(lambda: not desk.pointer_visible(), "pointer to hide")
    # A move.
    desk.point(620, 320)
    desk.heard("Fit")
    harness.wait_for(desk.pointer_visible, "pointer")
    harness.wait_for(gone, "tools to hide")
    # Tab, without a mouse. They stay for as long as one of them has the keyboard.
    desk.keys("Tab")
    desk.heard("Fit")
    desk.keys("Tab")
    stays(desk)
    assert any(node["focused"] and node["role"] == "push button" for node in desk.nodes())
    desk.click(600, 300)
    harness.wait_for(gone, "tools to hide")
    # The pointer on them.
    desk.point(600, 300)
    desk.point(*desk.middle(desk.heard("Fit")))
    stays(desk)
    desk.point(600, 300)
    # A menu.
    desk.click(600, 300, button=3)
    desk.heard("Pause, or go on")
    stays(desk, "Pause, or go on")
    desk.keys("Escape")
    desk.silent("Pause, or go on")
    harness.wait_for(gone, "tools to hide")
    desk.keys("f")
    harness.wait_for(lambda: desk.geometry()[2:] != (1280, 800), "window of its own size")


def stays(desk, name="Fit"):
    """For longer than it takes to hide."""
    end = time.monotonic() + HIDES_AFTER + 1
    while time.monotonic() < end:
        assert desk.find(name), f"{name} hid"
        time.sleep(0.2)
