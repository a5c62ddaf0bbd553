"""Acceptance, points 22, 23, 25 and 28: for people who don't see, don't use a mouse, or don't
tell colours apart (docs/acceptance.md). One window for all; each screen is walked in it."""

import collections
import itertools
import signal
import time

import numpy as np
import pytest

import desk as desks
import feed
import harness
from test_acceptance_wall import sender

# What a person can do something with, whatever the toolkit calls it.
ROLES = {"push button", "button", "toggle button", "check box", "radio button", "text", "entry",
         "slider", "menu item", "combo box", "page tab", "list item"}


def interactive(node):
    return node["role"] in ROLES or {"press", "toggle"} & set(node["actions"])


@pytest.fixture(scope="module")
def desk(screen, bus, tmp_path_factory):
    """A window with two resting pictures and a catalogue that isn't there."""
    desk = desks.Desk(screen, bus, tmp_path_factory.mktemp("access"), "--catalog",
                      "http://127.0.0.1:9", settings={"announce": "false"})
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def wall(desk):
    streams = [feed.Stream(desk.viewer.port).send(feed.plain((90, 90, 90))) for _ in range(3)]
    harness.wait_for(lambda: len(desk.tiles()) == 3, lambda: f"three tiles: {desk.viewer.streams()}")
    yield desk
    for stream in streams:
        stream.stop()


def tools(desk):
    desk.point(500, 200)
    desk.heard("Fill the tiles")
    # A pointer on the tools keeps them.
    desk.point(*desk.middle(desk.find("Fill the tiles")))


def large(desk):
    desk.keys("2")
    desk.point(500, 200)
    desk.point(*desk.middle(desk.heard("Mirror")))


def menu(desk):
    desk.click(250, 150, button=3)
    desk.heard("Remove the stream")


SECTIONS = {"Appearance": "Fewer movements", "Viewer": "Names and figures stay on",
            "Network": "Port to listen on", "Keys": "Single keys", "About": None}


def settings(section):
    def open_it(desk):
        desk.keys("ctrl+comma")
        desk.press(section)
        if SECTIONS[section]:
            desk.heard(SECTIONS[section])
    return open_it


def by_key(key, name):
    def open_it(desk):
        desk.keys(key)
        desk.heard(name)
    return open_it


# How to get to each screen; Esc leads back to the wall.
SCREENS = {
    "wall": tools,
    "large picture": large,
    "menu of a stream": menu,
    "settings, appearance": settings("Appearance"),
    "settings, viewer": settings("Viewer"),
    "settings, network": settings("Network"),
    "settings, keys": settings("Keys"),
    "settings, about": settings("About"),
    "shortcuts": by_key("F1", "Keyboard shortcuts"),
    "commands": by_key("ctrl+k", "What would you like to do?"),
    "add source": by_key("ctrl+o", "Address of the source"),
    "statistics": by_key("i", "Copy as JSON"),
    "products": by_key("ctrl+p", "Close products"),
    "call": by_key("ctrl+3", "Call an original client"),
}


def home(desk):
    """Back to the wall, whatever lies over it."""
    def there():
        nodes = desk.nodes()
        if any(node["name"] == "Close products" for node in nodes):
            # A panel beside the wall: Escape closes it only while the keyboard is in it.
            desk.keys("ctrl+p")
            return False
        if any(node["name"] == "Call an original client" for node in nodes):
            desk.keys("Escape")
            return False
        if any(node["role"] in ("dialog", "popup menu") or node["name"] == "Copy as JSON"
               or node["name"].startswith("Picture of") for node in nodes):
            desk.keys("Escape")
            return False
        return True
    harness.wait_for(there, lambda: f"wall, but {[key(node) for node in desk.nodes()]}", every=0.2)


def open_screen(desk, name):
    home(desk)
    desk.focus()
    SCREENS[name](desk)
    return at_rest(desk)


def shape(nodes):
    return [(node["role"], node["place"]) for node in nodes]


def at_rest(desk):
    """The tree once two looks at it find the same things in the same places."""
    last = desk.nodes()

    def same():
        nonlocal last
        before, last = last, desk.nodes()
        return shape(before) == shape(last)
    harness.wait_for(same, "tree at rest")
    return last


def top(nodes):
    """Of the screen, what a person can get at: a sheet or a menu keeps all else away."""
    for at, node in reversed(list(enumerate(nodes))):
        if node["role"] in ("dialog", "popup menu"):
            while at > 0 and nodes[at - 1]["role"] == node["role"]:
                at -= 1
            end = next((i for i in range(at + 1, len(nodes))
                        if nodes[i]["depth"] <= nodes[at]["depth"]), len(nodes))
            return nodes[at:end]
    return nodes


def check_names(nodes, size):
    """Point 22, for one screen."""
    found = [node for node in nodes if interactive(node)]
    assert found, "nothing to do here"
    nameless = [node for node in found if not node["name"].strip()]
    assert not nameless, nameless
    assert all(node["role"] not in ("unknown", "filler", "") for node in found)
    twice = [key for key, count in collections.Counter(
        (node["role"], node["name"]) for node in found).items() if count > 1]
    assert not twice, f"more than one is called {twice}"
    for node in found:
        x, y, width, height = node["place"]
        assert width > 0 and height > 0, node
        assert x < size[0] and y < size[1] and x + width > 0 and y + height > 0, \
            f"told, but not on the screen: {node}"


def test_names_on_the_first_screen(screen, bus, tmp_path, stop_later):
    """22, before there is a stream."""
    desk = stop_later(desks.Desk(screen, bus, tmp_path))
    desk.heard("Waiting for the first frame")
    check_names(at_rest(desk), (1000, 700))
    # It is for people who see just as much: everything can be reached by Tab.
    check_tab(desk, desk.nodes())


@pytest.mark.parametrize("name", SCREENS)
def test_names_and_tab_order(wall, name):
    """22 and 23."""
    nodes = top(open_screen(wall, name))
    check_names(nodes, (1000, 700))
    if name != "menu of a stream":
        check_tab(wall, nodes)


def key(node):
    return node["role"], node["name"]


# Off while there is nothing that they could do; this Qt does not tell a screen reader.
OFF = {"Fewer columns", "Listen", "Add", "Add product", "Join a call"}
# Arrows go on inside of these, as everywhere; Tab leads to the whole.
BY_ARROWS = ("list item", "menu item")


def check_tab(desk, nodes):
    """Point 23 for one screen: Tab gets to each control, in the order of lines, and round again."""
    wanted = {key(node): node for node in nodes if interactive(node)
              and node["name"] not in OFF and node["role"] not in BY_ARROWS}
    way = []
    # What lies further down the page is not on the list, but on the way.
    for _ in range(4 * len(wanted) + 60):
        desk.keys("Tab")
        node = desk.focused()
        # A list of choices has no name of its own in the count.
        if node is None:
            continue
        if len(way) > 1 and key(node) == key(way[0]) and len(way) >= len(wanted):
            break
        way.append(node)
    reached = {key(node) for node in way}
    missing = set(wanted) - reached
    assert not missing, f"Tab does not get to {missing}; it gets to {[key(n) for n in way]}"
    assert key(desk.focused()) == key(way[0]), f"no way round: {[key(node) for node in way]}"
    check_order([node for node in way if key(node) in wanted])
    # What has the keyboard is to be seen: lists scroll to it.
    frame = nodes[0]["place"] if nodes[0]["role"] == "dialog" else None
    for node in way:
        x, y, width, height = node["place"]
        assert frame is None or (y >= frame[1] and y + height <= frame[1] + frame[3]), \
            f"has the keyboard, out of sight: {node}"


def check_order(way):
    """Next on the same line to the right, or on a line below; one jump back to the beginning of
    each part (bars and panels are parts)."""
    jumps = 0
    for a, b in itertools.pairwise(way):
        ax, ay, aw, ah = a["place"]
        bx, by, bw, bh = b["place"]
        same_line = by < ay + ah and ay < by + bh
        forward = bx >= ax if same_line else by > ay
        # Columns: to the top of the next one on the right is forward too.
        jumps += not forward and not bx >= ax + aw
    assert jumps <= 2, [(key(node), node["place"]) for node in way]


FOCUS = (0xFF, 0xCB, 0x9C)  # Theme.focus of the dark theme, BGR


def luminance(colour):
    parts = [value / 255 for value in colour]
    blue, green, red = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a, b):
    one, two = sorted((luminance(a), luminance(b)))
    return (two + 0.05) / (one + 0.05)


@pytest.mark.parametrize("name", ["wall", "settings, viewer", "commands", "statistics",
                                  "add source", "products"])
def test_focus_ring_is_two_pixels_and_stands_out(wall, name):
    """23, in pixels: what changes where the keyboard goes."""
    desk = wall
    open_screen(desk, name)
    rings = 0
    for _ in range(12):
        desk.keys("Tab")
        node = desk.focused()
        if node is None or node["role"] not in ("push button", "check box", "text"):
            continue
        x, y, width, height = desk.place(node)
        if node["name"].startswith("mjpeg from"):
            continue
        harness.wait_for(lambda: ring(desk, x, y, height) >= 2,
                         lambda: f"ring around {key(node)}: {ring(desk, x, y, height)} pixels")
        picture = desk.picture()
        row = y + height // 2
        line = picture[row, max(0, x - 14):x + 6]
        at = [i for i in range(len(line)) if is_focus(line[i])]
        for beside in (at[0] - 1, at[-1] + 1):
            if 0 <= beside < len(line):
                assert contrast(FOCUS, line[beside]) >= 3, (key(node), line[beside])
        rings += 1
    assert rings >= 2, "some controls were looked at"


def is_focus(pixel):
    return np.abs(pixel.astype(int) - FOCUS).max() <= 12


def ring(desk, x, y, height):
    """Pixels of the ring's colour left of a control, one beside the other."""
    line = desk.picture()[y + height // 2, max(0, x - 14):x + 6]
    best = run = 0
    for pixel in line:
        run = run + 1 if is_focus(pixel) else 0
        best = max(best, run)
    return best


def tab_to(desk, beginning):
    """Tab, until something whose name begins so has the keyboard."""
    for _ in range(80):
        desk.keys("Tab")
        if (desk.focused() or {}).get("name", "").startswith(beginning):
            return
    raise AssertionError(f"Tab does not lead to {beginning!r}")


def test_without_a_mouse_from_the_first_frame_to_a_changed_setting(wall):
    """23: a whole way, by keys only."""
    desk = wall
    home(desk)
    desk.focus()
    desk.keys("ctrl+k", "type:settings", "Return")
    # The sheet comes back with the section that was last looked at.
    desk.heard("Appearance")
    tab_to(desk, "Appearance")
    desk.keys("space")
    tab_to(desk, "Theme: Light")
    desk.keys("space")
    # A place of the sheet below its sections, where nothing is written.
    harness.wait_for(lambda: desk.picture()[570, 220].min() > 200, "light theme")
    desk.keys("shift+Tab", "space")
    harness.wait_for(lambda: desk.picture()[570, 220].max() < 80, "dark theme")
    desk.keys("Escape")
    home(desk)


def test_tooltips_and_sheet_say_the_keys_that_are_in_force(wall):
    """28: as shipped, and after one was changed."""
    desk = wall
    change_pause(desk, "Space", None)
    try:
        change_pause(desk, "G", "g")
        home(desk)
        desk.keys("space")
        time.sleep(0.3)
        assert desk.find("Paused") is None, "the old key is free"
    finally:
        change_pause(desk, "Space", "space")


def change_pause(desk, name, pressed):
    """Gives Pause another key in the settings, and looks where it is told and what it does."""
    if pressed:
        open_screen(desk, "settings, keys")
        # It is far down; the page scrolls to what has the keyboard.
        tab_to(desk, "Keys for Pause, or go on")
        desk.keys("Return")
        desk.keys(pressed)
        desk.heard(f"Keys for Pause, or go on: {name}")
    home(desk)
    desk.focus()
    desk.keys("F1")
    desk.heard(f"Pause, or go on: {name}")
    home(desk)
    tools(desk)
    desk.point(*desk.middle(desk.heard("Pause all")))
    desk.heard(f"Pause all ({name})")
    desk.point(500, 200)
    desk.click(250, 150)
    desk.keys(name.lower())
    desk.heard("Paused")
    desk.keys(name.lower())
    desk.silent("Paused")


def test_single_keys_do_nothing_while_typing(wall):
    """28."""
    desk = wall
    home(desk)
    desk.focus()
    desk.keys("ctrl+o")
    desk.heard("Address of the source")
    desk.keys("type:finp123?[]")
    field = desk.heard("Address of the source")
    assert field["focused"]
    names = {node["name"] for node in desk.nodes()}
    assert not names & {"Copy as JSON", "Close products", "Keyboard shortcuts"}
    assert desk.geometry()[2:] == (1000, 700)
    home(desk)
    assert len(desk.tiles()) == 3, "none was made large"


def test_states_differ_without_colour(screen, bus, tmp_path, stop_later):
    """25: live, quiet, stalled and gone beside each other, in grey."""
    desk = stop_later(desks.Desk(screen, bus, tmp_path,
                                 settings={"announce": "false", "badges": "true"}))
    port = desk.viewer.port
    programs = {name: stop_later(sender(tmp_path, port, name, "test:320x180@10"))
                for name in ("live", "stalled", "gone")}
    still = stop_later(feed.Stream(port).send(feed.plain((90, 90, 90), 320, 180)))
    harness.wait_for(lambda: len(desk.tiles()) == 4, "four tiles")
    programs["stalled"].process.send_signal(signal.SIGSTOP)
    programs["gone"].stop(signal.SIGKILL)
    begins = {"live": "Live", "stalled": "No frames for", "gone": "Offline for",
              "mjpeg from 127.0.0.1": "Updated"}

    def told():
        tiles = desk.tiles()
        return all(tiles[name]["description"].startswith(words)
                   for name, words in begins.items()) and desk.nodes()
    try:
        nodes = harness.wait_for(told, lambda: f"{begins}: " + str(
            {name: node["description"] for name, node in desk.tiles().items()}))
        picture = desk.picture().astype(float).mean(axis=2)
        signs = {}
        for name, words in begins.items():
            tile = desk.tiles()[name]
            pill = next(node for node in nodes if node["role"] == "label"
                        and node["name"].startswith(words))
            assert tile["description"].startswith(words)
            x, y, width, height = desk.place(pill)
            # The sign is the first thing in the pill, on a ground of one colour.
            sign = picture[y + 2:y + height - 2, x + 6:x + 6 + 14]
            ground = np.median(sign)
            signs[words] = np.abs(sign - ground) > 30
            assert signs[words].sum() > 6, f"no sign beside {words!r}"
        for one, two in itertools.combinations(signs, 2):
            rows = min(len(signs[one]), len(signs[two]))
            different = (signs[one][:rows] != signs[two][:rows]).sum()
            assert different > 10, f"{one!r} and {two!r} look alike in grey"
    finally:
        programs["stalled"].process.send_signal(signal.SIGCONT)
        still.stop()
