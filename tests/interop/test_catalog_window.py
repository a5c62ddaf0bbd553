"""Products in the real window: the real viewer beside the real catalogue.

What the window knows is read from its statistics; that a card is seen, from the pixels of the
screen. Keys come from xdotool, as a person's would.
"""

import json
import os
import signal
import socket
import subprocess

import numpy as np
import pytest

import harness
from harness import keys


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Catalogue:
    """A catalogue on a port and a database of its own, and its command line."""

    def __init__(self, folder):
        self.folder = folder
        self.program = None
        self.runs = 0
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.binary = harness.find_program("OKNO_CATALOG_BIN", "okno-catalog")

    def start(self):
        self.runs += 1
        self.program = harness.Program(
            [self.binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--db",
             self.folder / "catalog.db"], self.folder, f"catalog-{self.runs}")
        harness.wait_for(lambda: self.run("list", check=False).returncode == 0,
                         lambda: f"catalogue: {self.program.output}")
        return self

    def run(self, *arguments, check=True):
        done = subprocess.run([self.binary, arguments[0], *map(str, arguments[1:]), "--json",
                               "--server", self.address], capture_output=True, text=True,
                              timeout=harness.PATIENCE)
        assert not check or done.returncode == 0, done.stderr
        return done

    def add(self, name, price, description=""):
        """The new product's id."""
        added = json.loads(self.run("add", name, "--price", price,
                                    "--description", description).stdout)
        return added["id"]

    def products(self):
        return {p["name"]: p for p in map(json.loads, self.run("list").stdout.splitlines())}

    def stop(self, number=signal.SIGTERM):
        if self.program:
            self.program.stop(number)


@pytest.fixture
def catalogue(tmp_path):
    catalogue = Catalogue(tmp_path)
    yield catalogue
    catalogue.stop()


def seen(viewer, limit=harness.PATIENCE, **wanted):
    """Waits until the viewer's statistics say this of the catalogue."""
    def look():
        now = (viewer.stats() or {}).get("catalog")
        return now if now and all(now[key] in (value if isinstance(value, tuple) else (value,))
                                  for key, value in wanted.items()) else None
    return harness.wait_for(look, lambda: f"{wanted}: {(viewer.stats() or {}).get('catalog')}\n"
                                          f"{viewer.program.output}", limit)


IN_STEP = ("ready", "back")


def start(screen, folder, stop_later, catalogue, *arguments):
    return stop_later(harness.Viewer(screen, folder, "--catalog", catalogue.address, *arguments))


def test_what_another_client_adds_is_there_at_once(screen, tmp_path, stop_later, catalogue):
    catalogue.start()
    catalogue.add("Blue cup", "0.1")
    viewer = start(screen, tmp_path, stop_later, catalogue)
    seen(viewer, state=IN_STEP, products=1, cards=0)
    cup = catalogue.add("Red cup", "9.90")
    seen(viewer, products=2)
    catalogue.run("del", cup)
    seen(viewer, products=1)
    assert viewer.stop() in (0, 143), viewer.program.output


def test_absent_lost_and_back(screen, tmp_path, stop_later, catalogue):
    viewer = start(screen, tmp_path, stop_later, catalogue)
    seen(viewer, state="absent", products=0)
    catalogue.start()
    catalogue.add("Blue cup", "0.1")
    seen(viewer, state="ready", products=1)
    catalogue.stop(signal.SIGKILL)
    seen(viewer, state="lost", products=1)
    catalogue.start()
    seen(viewer, state="back", products=1)
    seen(viewer, state="ready", products=1)
    # A catalogue that is stopped in its tracks answers nothing, and closes nothing either.
    catalogue.program.process.send_signal(signal.SIGSTOP)
    seen(viewer, state="slow")
    seen(viewer, state="lost")
    catalogue.program.process.send_signal(signal.SIGCONT)
    seen(viewer, state=IN_STEP, products=1)
    catalogue.stop(signal.SIGKILL)
    seen(viewer, state="lost")
    # The window ends all the same, and at once.
    viewer.program.process.send_signal(signal.SIGTERM)
    assert viewer.program.wait(harness.CLOSING) == 143, viewer.program.output


def test_nothing_is_asked_before_the_products_are_opened(viewer):
    stats = harness.wait_for(viewer.stats, "statistics")
    assert stats["catalog"] is None


def test_an_address_that_is_none(screen, tmp_path, stop_later):
    viewer = stop_later(harness.Viewer(screen, tmp_path, "--catalog", "nowhere"))
    seen(viewer, state="absent")
    assert viewer.stop() in (0, 143), viewer.program.output


def test_added_edited_deleted_and_back_by_keyboard(screen, tmp_path, stop_later, catalogue):
    catalogue.start()
    viewer = start(screen, tmp_path, stop_later, catalogue)
    seen(viewer, state="ready", products=0)
    keys(screen, viewer, "ctrl+shift+p")
    # The panel has to be there before it can take letters.
    keys(screen, viewer, "type:Mug", "Tab", "type:0.1", "Return")
    added = harness.wait_for(lambda: catalogue.products().get("Mug"),
                             lambda: f"mug: {catalogue.products()}")
    assert added["price"] == 0.1, added
    seen(viewer, products=1)
    # From the editor the keyboard is back in the list.
    keys(screen, viewer, "Return", "type:Jug", "Return")
    changed = harness.wait_for(lambda: catalogue.products().get("Jug"),
                               lambda: f"jug: {catalogue.products()}")
    assert changed["id"] == added["id"]
    keys(screen, viewer, "Delete")
    seen(viewer, products=0)
    keys(screen, viewer, "Escape", "ctrl+z")
    seen(viewer, products=1)
    assert catalogue.products()["Jug"]["id"] == added["id"]


def window(screen):
    def find(window):
        name = window.get_wm_class()
        if name and name[1].lower() == "okno":
            return window
        return next(filter(None, map(find, window.query_tree().children)), None)
    return harness.wait_for(lambda: find(screen.display.screen().root), "window of Okno")


def cards_place(screen):
    """The window's upper right, where cards lie, and no words that come and go by themselves."""
    geometry = window(screen).get_geometry()
    picture = screen.picture()[:geometry.height // 2, :geometry.width]
    return picture[:, geometry.width * 2 // 3:].copy()


def settled(screen):
    """That place, once three looks at it are the same."""
    looks = []

    def look():
        looks.append(cards_place(screen))
        return len(looks) > 2 and all(np.array_equal(looks[-1], other) for other in looks[-3:-1])
    harness.wait_for(look, "screen at rest", every=0.5)
    return looks[-1]


def test_a_card_is_seen_on_the_picture(screen, tmp_path, stop_later, catalogue):
    catalogue.start()
    viewer = start(screen, tmp_path, stop_later, catalogue)
    seen(viewer, state="ready")
    stop_later(harness.opencv_client(tmp_path, "raw", viewer.port, "--frames", 1, "--hold"))
    name = viewer.stream("raw", lambda s: s["shown"] > 0)["name"]
    before = settled(screen)
    cup = catalogue.add("Blue cup", "0.1", "Stoneware")
    seen(viewer, products=1, cards=0)
    assert np.array_equal(settled(screen), before), "what is pinned nowhere is not shown"
    catalogue.run("pin", cup, name)
    seen(viewer, cards=1)
    harness.wait_for(lambda: not np.array_equal(cards_place(screen), before), "card on the screen")
    card = settled(screen)
    assert (card != before).any(axis=2).sum() > 2000, "a card is more than a line"
    catalogue.run("unpin", cup, name)
    seen(viewer, cards=0)
    harness.wait_for(lambda: np.array_equal(cards_place(screen), before), "the picture alone")


@pytest.fixture
def reader(bus, monkeypatch):
    """A screen reader's eyes, for programs started after."""
    for name, value in bus.environment.items():
        monkeypatch.setenv(name, value)

    def read(*arguments):
        return subprocess.run(
            ["/usr/bin/python3", harness.PEERS / "screen_reader.py", "okno", *arguments],
            capture_output=True, text=True, timeout=harness.PATIENCE,
            env=dict(os.environ))
    return read


def heard(reader, name, limit=harness.PATIENCE):
    """What a screen reader finds under this name, once it is there."""
    last = None

    def look():
        nonlocal last
        last = reader()
        found = [json.loads(line) for line in last.stdout.splitlines()]
        return next((node for node in found if node["name"] == name), None)
    return harness.wait_for(look, lambda: f"{name!r} for a screen reader: {last}", limit)


def test_a_screen_reader_finds_panel_card_and_state(screen, tmp_path, stop_later, catalogue, reader):
    viewer = start(screen, tmp_path, stop_later, catalogue)
    seen(viewer, state="absent")
    stop_later(harness.opencv_client(tmp_path, "raw", viewer.port, "--frames", 1, "--hold"))
    name = viewer.stream("raw", lambda s: s["shown"] > 0)["name"]
    keys(screen, viewer, "ctrl+p")
    assert heard(reader, f"There is no catalogue at {catalogue.address}.")["role"] == "alert"
    assert heard(reader, "Try again now")["focused"]
    catalogue.start()
    cup = catalogue.add("Blue cup", "0.1")
    assert heard(reader, "Blue cup, 0.10")["role"] == "list item"
    catalogue.run("pin", cup, name)
    seen(viewer, cards=1)
    heard(reader, f"Products at {name}")
    # Without a mouse and without keys: press what is read out.
    assert reader("--press", "Add product").returncode == 0
    assert heard(reader, "Name of the product")["focused"]
    catalogue.stop(signal.SIGKILL)
    heard(reader, "The catalogue is gone. The products are as they were last known.")
