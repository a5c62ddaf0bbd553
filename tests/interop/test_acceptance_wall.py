"""Acceptance, points 5 to 9: the wall and the large picture, in the real window
(docs/acceptance.md)."""

import itertools
import signal
import time

import numpy as np
import pytest

import desk as desks
import feed
import harness

SIZE = (320, 180)


def sender(folder, port, name, picture="test:320x180@10?barcode=1&stream=1"):
    return harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i", picture, "-n", name,
         "--to", f"tcp://127.0.0.1:{port}"], folder, f"sender-{name}-{time.monotonic_ns()}")


def overlap(a, b):
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def largest(width, height, count, aspect, gap):
    """Area of a tile in the best grid of all, computed here on its own."""
    best = 0
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        wide = (width - gap * (columns + 1)) / columns
        high = (height - gap * (rows + 1)) / rows
        if wide > 0 and high > 0:
            best = max(best, min(wide * wide / aspect, high * high * aspect))
    return best


def check_layout(tiles, width, height, aspect):
    count = len(tiles)
    for x, y, wide, high in tiles:
        assert x >= 0 and y >= 0 and x + wide <= width and y + high <= height, "outside"
        if count > 1:
            assert abs(wide - high * aspect) <= 1 + aspect, f"shape of {wide} x {high}"
    for a, b in itertools.combinations(tiles, 2):
        assert not overlap(a, b), f"{a} and {b}"
    if count > 1:
        room = width * height
        used = sum(wide * high for _, _, wide, high in tiles)
        assert used >= count * largest(width, height, count, aspect, 4) - 0.05 * room
    else:
        assert tiles == [(0, 0, width, height)]


@pytest.fixture(scope="module")
def large_screen(tmp_path_factory):
    screen = harness.Screen(tmp_path_factory.mktemp("large"), 2560, 1440)
    yield screen
    screen.stop()


def test_layout_of_1_to_25_streams_in_both_sizes(large_screen, tmp_path, stop_later):
    """5. The places that a screen reader is told, in the real window."""
    bus = stop_later(desks.Bus(large_screen, tmp_path))
    desk = stop_later(desks.Desk(large_screen, bus, tmp_path))
    streams = 0
    for count in (1, 2, 3, 4, 5, 9, 16, 25):
        while streams < count:
            stop_later(feed.Stream(desk.viewer.port).send(feed.plain((90, 90, 90), *SIZE)))
            streams += 1
        for width, height in ((800, 600), (2560, 1440)):
            desk.resize(width, height)
            if count == 1:
                # A single stream is large at once; its picture is the window.
                name = harness.wait_for(desk.viewer.streams, "stream")[0]["name"]
                node = harness.wait_for(
                    lambda: (lambda node: node and desk.place(node)[2:] == (width, height)
                             and node)(desk.find(name)), "stream as large as the window")
                check_layout([desk.place(node)], width, height, SIZE[0] / SIZE[1])
                continue
            last = None

            def places():
                nonlocal last
                before, last = last, [desk.place(node) for node in desk.tiles().values()]
                # At rest, all there, and laid out for this size.
                return last == before and len(last) == count \
                    and max(y + high for _, y, _, high in last) > height / 2 \
                    and max(x + wide for x, _, wide, _ in last) <= width
            harness.wait_for(places, lambda: f"{count} tiles at rest: {last}")
            check_layout(last, width, height, SIZE[0] / SIZE[1])


def test_a_removed_stream_comes_back_by_undo_and_by_itself(screen, bus, tmp_path, stop_later):
    """One that is connected can be put away, too; it is received no further than it must."""
    desk = stop_later(desks.Desk(screen, bus, tmp_path))
    senders = {name: stop_later(sender(tmp_path, desk.viewer.port, name))
               for name in ("front", "back", "roof")}
    harness.wait_for(lambda: len(desk.tiles()) == 3, lambda: f"three tiles: {desk.tiles()}")
    order = list(desk.tiles())
    middle = order[1]
    desk.click(*desk.middle(desk.tiles()[middle]), button=2)
    harness.wait_for(lambda: list(desk.tiles()) == [order[0], order[2]], lambda: f"two: {desk.tiles()}")
    desk.press("Undo")
    harness.wait_for(lambda: list(desk.tiles()) == order, lambda: f"three again: {desk.tiles()}")
    desk.click(*desk.middle(desk.tiles()[middle]))
    desk.keys("Delete")
    harness.wait_for(lambda: middle not in desk.tiles(), lambda: f"two again: {desk.tiles()}")
    senders[middle].stop()
    stop_later(sender(tmp_path, desk.viewer.port, middle))
    harness.wait_for(lambda: list(desk.tiles()) == order, lambda: f"its old place: {desk.tiles()}")


def test_double_click_and_enter_and_back_to_the_same_place(screen, bus, tmp_path, stop_later):
    """6. On a wall that is longer than the window, scrolled."""
    desk = stop_later(desks.Desk(screen, bus, tmp_path))
    for _ in range(25):
        stop_later(feed.Stream(desk.viewer.port).send(feed.plain((90, 90, 90), *SIZE)))
    harness.wait_for(lambda: len(desk.viewer.streams()) == 25, "25 streams")
    desk.resize(640, 400)
    harness.wait_for(lambda: len(desk.tiles()) >= 6, "wall")
    desk.point(320, 200)
    desk.xdotool("click", "--repeat", 3, 5)

    def at_rest():
        before, after = ({name: desk.place(node) for name, node in desk.tiles().items()}
                         for _ in range(2))
        return before == after and min(y for _, y, _, _ in after.values()) < 0 and after
    scrolled = harness.wait_for(at_rest, "wall that is scrolled", every=0.3)
    wanted = next(name for name, (x, y, wide, high) in scrolled.items()
                  if y >= 0 and y + high <= 400 and x > 200)
    for open_it in (lambda: desk.click_on(wanted, times=2), lambda: desk.keys("Return")):
        open_it()
        # Both pages are never there at once.
        harness.wait_for(lambda: not desk.tiles() and desk.find(wanted), "large picture")
        assert desk.place(desk.find(f"Picture of {wanted}"))[2:] == (640, 400)
        desk.keys("Escape")
        back = harness.wait_for(at_rest, "wall as it was")
        assert back == scrolled
        assert desk.tiles()[wanted]["focused"], "the same one is selected"


def order(desk, count):
    """The names on the wall from the upper left, once they are all there and at rest."""
    def names():
        tiles = {name: desk.place(node) for name, node in desk.tiles().items()}
        again = {name: desk.place(node) for name, node in desk.tiles().items()}
        return tiles == again and len(tiles) == count and sorted(
            tiles, key=lambda name: (tiles[name][1], tiles[name][0]))
    return harness.wait_for(names, lambda: f"wall at rest: {list(desk.tiles())}")


def test_order_by_mouse_and_by_keys_survives_a_restart(screen, bus, tmp_path, stop_later):
    """7."""
    desk = stop_later(desks.Desk(screen, bus, tmp_path))
    for name in "ABC":
        stop_later(sender(tmp_path, desk.viewer.port, name))
        desk.heard(name)
    assert order(desk, 3) == ["A", "B", "C"]
    desk.drag(desk.middle(desk.find("C")), desk.middle(desk.find("A")))
    harness.wait_for(lambda: order(desk, 3) == ["C", "A", "B"], lambda: f"C first: {order(desk, 3)}")
    desk.click_on("A")
    desk.keys("alt+Right")
    harness.wait_for(lambda: order(desk, 3) == ["C", "B", "A"], lambda: f"A last: {order(desk, 3)}")
    assert desk.tiles()["A"]["focused"], "what was moved keeps the keyboard"
    port = desk.viewer.port
    assert desk.stop() in (0, 143)
    # They come back in whatever order their retries happen to be.
    again = stop_later(desks.Desk(screen, bus, tmp_path, "--listen", f"127.0.0.1:{port}"))
    assert order(again, 3) == ["C", "B", "A"]


def grey(picture):
    return picture.astype(float).mean(axis=2)


def test_killed_sender_and_a_sender_of_one_picture(screen, bus, tmp_path, stop_later):
    """8 and 9, side by side: what has stopped says so, and what rests doesn't."""
    desk = stop_later(desks.Desk(screen, bus, tmp_path))
    stop_later(feed.Stream(desk.viewer.port).send(feed.plain((60, 150, 60), *SIZE)))
    still = desk.viewer.stream("mjpeg", lambda s: s["shown"] == 1)["name"]
    began = time.monotonic()
    door = stop_later(sender(tmp_path, desk.viewer.port, "door"))
    desk.heard("door", "push button")
    words = lambda name: (desk.tiles().get(name) or {}).get("description", "")  # noqa: E731
    harness.wait_for(lambda: words("door") == "Live", lambda: f"live door: {words('door')}")
    # The pointer is elsewhere and the tools have gone.
    part = tuple(map(round, desk.place(desk.tiles()["door"])))
    live = desk.picture(*part)
    door.stop(signal.SIGKILL)
    died = time.monotonic()
    told = harness.wait_for(lambda: (words("door") if words("door") != "Live" else None),
                            "word that the door is gone", 3, every=0.02)
    assert time.monotonic() - died < 3
    assert told.startswith(("Offline for", "No frames for")), told
    pill = harness.wait_for(lambda: next(
        (node for node in desk.nodes() if node["role"] in ("label", "static", "text")
         and node["name"] == words("door")), None), "the same words on the picture")
    seconds = words("door")
    harness.wait_for(lambda: words("door") not in ("", seconds), "seconds that count")
    # The last frame, dimmed: the same picture but darker, where no words lie on it.
    gone = desk.picture(*part)
    body = np.s_[part[3] // 3:part[3] * 3 // 5, part[2] // 4:part[2] * 3 // 4]
    dark, light = grey(gone)[body], grey(live)[body]
    assert dark.std() > 5, "a picture, no plain ground"
    assert 0.3 < dark.mean() / light.mean() < 0.8
    assert desk.place(pill)[2] > desk.place(pill)[3] > 8, "the pill has room for shape and words"
    stop_later(sender(tmp_path, desk.viewer.port, "door"))
    since = time.monotonic()
    harness.wait_for(lambda: words("door") == "Live",
                     lambda: f"live door: {words('door')}", harness.PATIENCE, every=0.02)
    assert time.monotonic() - since < 2
    assert len(desk.tiles()) == 2, "it took its old place"
    # By now the one picture is old enough to be called stalled, if anything called it so.
    seen = set()

    def old():
        seen.add(words(still).split(" ")[0])
        return words(still).startswith("Updated") and time.monotonic() - began > 8
    harness.wait_for(old, lambda: f"quiet stream: {words(still)}", every=0.1)
    assert seen <= {"Live", "Updated"}, seen
    assert next(s for s in desk.viewer.streams() if s["name"] == still)["state"] == "quiet"
