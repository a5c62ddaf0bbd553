"""What designers get, in the real window: files of their own that are shown as they are saved,
packs, and the files to begin with.

What is saved is looked for on the screen, or where a screen reader finds it.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time

import numpy as np
import pytest
from Xlib import error

import desk as tables
import harness

# A part of the window that only the picture covers: left of the figures, over the tools.
PICTURE = (20, 180, 400, 300)
OVERLAY = "Okno/Overlays/StatsOverlay.qml"
DARK = "Okno/Theme/tokens/dark/Tokens.qml"
# The ground of the figures, in the file and in the tokens.
GROUND = "    color: Theme.scrim\n"
SCRIM = 'scrim: "#f014161a"'
QML = "/usr/lib/qt6/bin/qml"
# RSS may grow by so much in a hundred saves, in bytes.
GROWTH = 20e6


def okno(*arguments):
    return subprocess.run([harness.find_program("OKNO_BIN", "okno"), *map(str, arguments)],
                          capture_output=True, text=True, timeout=harness.PATIENCE,
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})


@pytest.fixture
def tree(tmp_path):
    """The interface's files, as the program writes them."""
    folder = tmp_path / "mine"
    done = okno("--export-qml", folder)
    assert done.returncode == 0, done.stderr
    return folder


class Seat(tables.Desk):
    """Its window may be replaced by another one."""

    def geometry(self):
        try:
            return super().geometry()
        except (error.BadDrawable, error.BadWindow):
            self.id = harness.wait_for(self._find, lambda: f"window: {self.viewer.program.output}")
            return super().geometry()


@pytest.fixture
def sit(screen, bus, tmp_path, stop_later):
    """Sits down before a viewer with these arguments."""
    return lambda *arguments, **how: stop_later(
        Seat(screen, bus, tmp_path, *arguments, **how))


def colour(number):
    """A colour that nothing else has: as QML writes it, and as it is on the screen."""
    red, green, blue = 200 - number % 100, 13 + number // 100, 77
    return f"#{red:02x}{green:02x}{blue:02x}", (blue, green, red)


def covered(desk, bgr):
    """Pixels of the window that have exactly this colour."""
    return int((desk.picture() == np.array(bgr, np.uint8)).all(axis=2).sum())


def shown(desk, bgr, least=2000):
    """Waits until a colour is on the screen. The seconds that it took."""
    start = time.monotonic()
    harness.wait_for(lambda: covered(desk, bgr) >= least,
                     lambda: f"{least} pixels of {bgr}: {covered(desk, bgr)}\n"
                             f"{desk.viewer.program.output}", every=0.02)
    return time.monotonic() - start


def replace(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1, f"{path}: {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new))


def alert(desk, words, limit=harness.PATIENCE):
    """What a screen reader says first, once these words are in it."""
    def look():
        return next((node["name"] for node in desk.nodes()
                     if node["role"] in ("alert", "notification") and words in node["name"]), None)
    return harness.wait_for(look, lambda: f"alert with {words!r}: {desk.nodes()}\n"
                                          f"{desk.viewer.program.output}", limit)


def no_alert(desk):
    def alerts():
        return [node["name"] for node in desk.nodes() if node["role"] in ("alert", "notification")]
    harness.wait_for(lambda: not alerts(),
                     lambda: f"end of alerts: {alerts()}\n{desk.viewer.program.output[-2000:]}")


def unlike(one, other):
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def zoomed(desk, folder, stop_later):
    """A still picture of a sender that stays, enlarged, beside the figures. Gives the picture."""
    stop_later(harness.opencv_client(folder, "raw", desk.viewer.port, "--frames", 1, "--hold"))
    desk.viewer.stream("raw", lambda s: s["shown"] > 0)
    whole = desk.settled(*PICTURE)
    desk.keys("plus", "plus", "plus", "plus", "i")
    desk.heard("Statistics")
    harness.wait_for(lambda: unlike(desk.picture(*PICTURE), whole) > 5, "enlarged picture")
    return desk.settled(*PICTURE)


def untouched(desk, picture):
    """The same picture at the same place, from the same connection, beside the same figures."""
    desk.heard("Statistics")
    harness.wait_for(lambda: unlike(desk.picture(*PICTURE), picture) < 2,
                     lambda: f"the picture as it was: {unlike(desk.picture(*PICTURE), picture)}")
    stream, = desk.viewer.streams()
    assert stream["received"] == 1 and stream["state"] != "gone", stream


def test_a_token_and_another_file_are_shown_as_they_are_saved(sit, tree, tmp_path, stop_later):
    desk = sit("--qml-dir", tree)
    picture = zoomed(desk, tmp_path, stop_later)
    first = desk.id
    text, bgr = colour(1)
    replace(tree / DARK, SCRIM, f'scrim: "{text}"')
    print(f"token: {shown(desk, bgr):.3f} s")
    untouched(desk, picture)

    text, bgr = colour(2)
    replace(tree / OVERLAY, GROUND, f'    color: "{text}"\n')
    print(f"another file: {shown(desk, bgr):.3f} s")
    untouched(desk, picture)
    assert desk._find() == first, "the window stays"

    # What lives as long as the engine needs a new one, and a window that looks the same.
    text, bgr = colour(3)
    replace(tree / OVERLAY, f'"{colour(2)[0]}"', "Theme.scrim")
    replace(tree / "Okno/Theme/Theme.qml", '_color("scrim", "#f014161a")', f'_color("none", "{text}")')
    print(f"the theme itself: {shown(desk, bgr):.3f} s")
    untouched(desk, picture)


def test_keys_load_anew(sit, tree, tmp_path, stop_later):
    desk = sit("--qml-dir", tree)
    picture = zoomed(desk, tmp_path, stop_later)
    desk.keys("ctrl+r")
    untouched(desk, picture)
    first = desk._find()
    desk.keys("ctrl+shift+r")
    desk.id = harness.wait_for(lambda: desk._find() not in (None, first) and desk._find(),
                               "another window")
    untouched(desk, picture)
    desk.focus()
    desk.keys("i")
    desk.silent("Statistics")


@pytest.mark.parametrize("name", [OVERLAY, "Okno/Shell/Shell.qml", DARK, "Okno/Theme/Theme.qml"])
def test_a_syntax_error_leaves_what_is_there(sit, tree, tmp_path, stop_later, name):
    desk = sit("--qml-dir", tree)
    picture = zoomed(desk, tmp_path, stop_later)
    path = tree / name
    good = path.read_text()
    lines = good.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("    "))
    path.write_text("".join(lines[:at] + ["    width: @\n"] + lines[at:]))
    told = alert(desk, str(path))
    assert f"{path}:{at + 1}:12: " in told, told
    untouched(desk, picture)
    path.write_text(good)
    no_alert(desk)
    untouched(desk, picture)


def test_the_file_of_an_error_opens_in_its_editor(sit, tree, tmp_path):
    """The desktop's own way of opening a file is played by a program of this test."""
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    opener.chmod(0o755)
    desk = sit("--qml-dir", tree, PATH=f"{opener.parent}:{os.environ['PATH']}")
    desk.heard("Waiting for the first frame")
    path = tree / "Okno/Shell/Shell.qml"
    path.write_text(path.read_text().replace("{", "{\n    width: @\n", 1))
    alert(desk, str(path))
    desk.press("Open in editor")
    opened = tmp_path / "opened"
    harness.wait_for(lambda: opened.exists() and opened.read_text().strip(),
                     lambda: f"opened file: {desk.viewer.program.output}")
    assert opened.read_text().split() == [f"file://{path}"]


@pytest.mark.parametrize("name", [OVERLAY, "Okno/Shell/Shell.qml", DARK, "Okno/Theme/Theme.qml"])
def test_a_start_with_a_broken_file(sit, tree, name):
    path = tree / name
    good = path.read_text()
    path.write_text(good.replace("{", "{\n    width: @\n", 1))
    line = good[:good.index("{")].count("\n") + 2
    desk = sit("--qml-dir", tree)
    assert f"{path}:{line}:12: " in alert(desk, str(path))
    desk.heard("Waiting for the first frame")
    path.write_text(good)
    harness.wait_for(desk._find, "window")
    no_alert(desk)


def rss(desk):
    pid = desk.viewer.program.process.pid
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_hundred_saves(sit, tree, tmp_path, stop_later):
    desk = sit("--qml-dir", tree)
    picture = zoomed(desk, tmp_path, stop_later)
    old = "Theme.scrim"
    sizes, times = [], []
    for number in range(100):
        text, bgr = colour(100 + number)
        if number % 10 == 9:
            # As careful editors save: a new file, renamed.
            fresh = tree / "Okno/Overlays/.new"
            fresh.write_text((tree / OVERLAY).read_text().replace(f"    color: {old}\n", f'    color: "{text}"\n'))
            fresh.rename(tree / OVERLAY)
        else:
            replace(tree / OVERLAY, f"    color: {old}\n", f'    color: "{text}"\n')
        old = f'"{text}"'
        times.append(shown(desk, bgr))
        sizes.append(rss(desk))
    untouched(desk, picture)
    print(f"saves seen after: median {np.median(times):.3f} s, most {max(times):.3f} s; "
          f"RSS {sizes[0] / 1e6:.0f} MB after the first, {sizes[-1] / 1e6:.0f} MB after the last")
    # The first few fill caches that stay as large.
    assert sizes[-1] - sizes[4] < GROWTH, sizes


def test_a_link_out_of_the_folder_is_refused(sit, tree, tmp_path):
    text, bgr = colour(4)
    outside = tmp_path / "outside.qml"
    outside.write_text((tree / OVERLAY).read_text().replace(GROUND, f'    color: "{text}"\n'))
    (tree / OVERLAY).unlink()
    (tree / OVERLAY).symlink_to(outside)
    desk = sit("--qml-dir", tree)
    desk.viewer.program.line("StatsOverlay.qml: a link that leads out of")
    desk.keys("i")
    desk.heard("Statistics")
    desk.settled(*PICTURE)
    assert covered(desk, bgr) == 0
    no_alert(desk)
    (tree / OVERLAY).unlink()
    (tree / OVERLAY).write_text(outside.read_text())
    shown(desk, bgr)


def test_the_network_is_refused(sit, tree):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        replace(tree / OVERLAY, GROUND, GROUND + f'    Image {{ source: "http://127.0.0.1:{port}/spy.png" }}\n')
        desk = sit("--qml-dir", tree)
        desk.keys("i")
        desk.viewer.program.line(rf"may not use the network: http://127\.0\.0\.1:{port}/spy\.png")
        desk.heard("Statistics")
        with pytest.raises(BlockingIOError):
            server.accept()


def test_no_folder_to_edit(tmp_path):
    done = okno("--qml-dir", tmp_path / "nowhere")
    assert done.returncode == 1 and "nowhere" in done.stderr, done
    done = okno("--qml-dir", tmp_path)
    assert done.returncode == 1 and "--export-qml" in done.stderr, done


# ---- The files to begin with --------------------------------------------------------------


def test_what_is_exported_runs_without_the_program(screen, tree, tmp_path, stop_later):
    harness.need(QML, "qml-qt6")
    for start, title, *words in (("gallery/Gallery.qml", "Okno gallery"),
                                 ("Okno/Host/Main.qml", "Okno", "--", "scenario=wall4")):
        run = stop_later(harness.Program(
            [QML, "-I", tree / "mocks", "-I", tree, tree / start, *words], tmp_path, f"qml-{title}",
            DISPLAY=screen.name, QT_QPA_PLATFORM="xcb", HOME=str(tmp_path)))

        def window():
            assert run.process.poll() is None, run.output
            return subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--pid", str(run.process.pid), "--name", f"^{title}$"],
                env={**os.environ, "DISPLAY": screen.name}, capture_output=True, text=True).stdout
        harness.wait_for(window, lambda: f"window {title}: {run.output}")

        def colours():
            return len(np.unique(screen.picture().reshape(-1, 3), axis=0))
        harness.wait_for(lambda: colours() > 40, lambda: f"colours: {colours()}\n{run.output}")
        for bad in ("rror", "not a type", "unavailable", "undefined"):
            assert bad not in run.output, run.output
        run.stop()


def test_nothing_is_written_over_without_force(tree):
    tokens = tree / DARK
    shipped = tokens.read_text()
    tokens.write_text("mine")
    done = okno("--export-qml", tree)
    assert done.returncode == 1 and "--force" in done.stderr, done
    assert tokens.read_text() == "mine"
    done = okno("--export-qml", tree, "--force")
    assert done.returncode == 0, done
    assert tokens.read_text() == shipped
    assert shipped == (harness.ROOT / "qml" / DARK).read_text()
    assert (tree / "README-designers.md").is_file()
    assert not (tree / "Okno/Backend").exists()


# ---- Packs -----------------------------------------------------------------------------------


def home(tmp_path):
    return tmp_path / "okno-home" / "okno"


def pack(tmp_path, name, kind, files, title="Sepia"):
    """Puts a pack where a person's packs are."""
    for path, text in {**files, "pack.json": json.dumps(
            {"name": title, "author": "Ada", "apiVersion": 1, "kind": kind})}.items():
        target = home(tmp_path) / "packs" / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return home(tmp_path) / "packs" / name


def tokens(surface):
    return ('import QtQuick\n\nQtObject {\n'
            f'    readonly property color surfaceRaised: "{surface}"\n}}\n')


def test_a_theme_pack_is_there_at_once(sit, tmp_path):
    desk = sit()
    desk.keys("ctrl+comma")
    desk.heard("Settings")
    assert desk.find("Use the theme Sepia") is None
    text, bgr = colour(5)
    where = "Okno/Theme/tokens/sepia/Tokens.qml"
    folder = pack(tmp_path, "brown", "theme", {where: tokens(text)})
    desk.press("Use the theme Sepia")
    shown(desk, bgr)
    # It can be edited while it is worn, and a mistake in it changes nothing.
    text, bgr = colour(6)
    (folder / where).write_text(tokens(text))
    shown(desk, bgr)
    (folder / where).write_text(tokens(text).replace("}", "width: @\n}"))
    assert f"{folder / where}:5:8: " in alert(desk, str(folder))
    assert covered(desk, bgr) > 2000
    (folder / where).write_text(tokens(text))
    no_alert(desk)
    desk.stop()

    # It is still worn after a restart, and not with --no-packs.
    desk = sit()
    desk.keys("ctrl+comma")
    shown(desk, bgr)
    desk.stop()
    desk = sit("--no-packs")
    desk.keys("ctrl+comma")
    desk.heard("Settings")
    desk.settled(*PICTURE)
    assert covered(desk, bgr) == 0 and desk.find("Use the theme Sepia") is None


def test_an_icon_of_a_theme(sit, tmp_path):
    text, bgr = colour(7)
    plate = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" fill="{text}"/></svg>'
    pack(tmp_path, "brown", "theme", {"Okno/Theme/tokens/sepia/Tokens.qml": 'import QtQuick\nQtObject {\n'
         f'    readonly property color text: "{text}"\n    readonly property real iconM: 40\n}}\n',
                                      "Okno/Theme/icons/palette.svg": plate})
    desk = sit()
    desk.keys("ctrl+comma")
    desk.press("Use the theme Sepia")
    # The icon of Appearance, filled; icons that the pack lacks are the shipped ones, which are lines.
    shown(desk, bgr, least=1500)


def shell_of(tree, text):
    """The shipped Shell with a plate of a colour in it."""
    shell = (tree / "Okno/Shell/Shell.qml").read_text()
    end = shell.rindex("}")
    return shell[:end] + f'\n    Rectangle {{\n        z: 9\n        width: 60\n        height: 60\n        color: "{text}"\n    }}\n}}\n'


def test_a_pack_with_an_interface(sit, tree, tmp_path):
    text, bgr = colour(8)
    pack(tmp_path, "plate", "ui", {"Okno/Shell/Shell.qml": shell_of(tree, text)}, title="Plate")
    desk = sit()
    desk.keys("ctrl+comma")
    desk.press("Designer")
    assert covered(desk, bgr) == 0
    first = desk._find()
    desk.press("Use the interface Plate")
    desk.id = harness.wait_for(lambda: desk._find() not in (None, first) and desk._find(),
                               "another window")
    desk.focus()
    # The settings are open as before, and darken what is behind them.
    desk.heard("Use the interface Plate")
    desk.keys("Escape")
    shown(desk, bgr, least=1000)
    harness.wait_for(lambda: (home(tmp_path) / "active-pack").exists(), "choice that is kept")
    desk.stop()
    desk = sit()
    shown(desk, bgr, least=1000)
    desk.keys("ctrl+comma")
    desk.press("Designer")
    desk.press("Use the interface As shipped")
    harness.wait_for(lambda: (home(tmp_path) / "active-pack").read_text() == "\n", "choice")
    desk.stop()
    desk = sit()
    desk.heard("Waiting for the first frame")
    assert covered(desk, bgr) == 0


BROKEN = {
    "syntax": {"Okno/Shell/Shell.qml": "import QtQuick\nItem {\n    width: @\n}\n"},
    "type": {"Okno/Shell/Shell.qml": "import QtQuick\nItem {\n    Nonsense {}\n"
             "    property size firstPicture\n}\n"},
    "page": {"Okno/Wall/WallPage.qml": "import QtQuick\nItem {\n    width: @\n}\n"},
    "theme": {"Okno/Theme/Theme.qml": "pragma Singleton\nimport QtQuick\nQtObject {\n    width: @\n}\n"},
    "object": {"Okno/Shell/Shell.qml": "import QtQuick\nItem {\n    required property int missing\n}\n"},
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_pack_does_not_prevent_a_start(sit, tmp_path, how):
    folder = pack(tmp_path, "bad", "ui", BROKEN[how], title="Bad pack")
    (home(tmp_path) / "active-pack").write_text("bad\n")
    desk = sit()
    told = alert(desk, "Bad pack")
    name, text = next(iter(BROKEN[how].items()))
    line = 1 + next(n for n, line in enumerate(text.splitlines())
                    if any(bad in line for bad in ("@", "Nonsense", "required")))
    assert f"{folder / name}:{line}" in told, told
    desk.heard("Waiting for the first frame")
    desk.press("Close")
    no_alert(desk)
    desk.stop()
    desk = sit("--no-packs")
    desk.heard("Waiting for the first frame")
    no_alert(desk)


def test_a_broken_pack_that_is_chosen_leaves_the_one_before(sit, tmp_path):
    folder = pack(tmp_path, "bad", "ui", BROKEN["syntax"], title="Bad pack")
    desk = sit()
    desk.keys("ctrl+comma")
    desk.press("Designer")
    first = desk._find()
    desk.press("Use the interface Bad pack")
    assert f"{folder}/Okno/Shell/Shell.qml:3:12: " in alert(desk, "Bad pack")
    assert desk._find() == first
    assert desk.find("Settings"), "the sheet is still open"
    assert not (home(tmp_path) / "active-pack").exists()


def test_a_pack_that_never_ends_is_left_alone_the_next_time(sit, screen, tmp_path, stop_later):
    pack(tmp_path, "bad", "ui", {"Okno/Shell/Shell.qml":
         "import QtQuick\nItem {\n    Component.onCompleted: { while (true) ; }\n}\n"}, title="Bad pack")
    (home(tmp_path) / "active-pack").write_text("bad\n")
    stuck = stop_later(harness.Viewer(screen, tmp_path))
    mark = tmp_path / "okno-home/.local/state/okno/starting-pack"
    harness.wait_for(mark.exists, "mark")
    # Nothing else can be done with such a program.
    stuck.stop(signal.SIGKILL)
    desk = sit()
    alert(desk, "Bad pack: its loading did not come to an end")
    desk.heard("Waiting for the first frame")
    assert not mark.exists()


def test_a_pack_that_is_none(sit, tmp_path):
    (home(tmp_path) / "packs" / "empty").mkdir(parents=True)
    pack(tmp_path, "later", "theme", {"pack.json": json.dumps(
        {"name": "Later", "apiVersion": 2, "kind": "theme"})})
    (home(tmp_path) / "packs" / "later" / "pack.json").write_text(
        json.dumps({"name": "Later", "apiVersion": 2, "kind": "theme"}))
    desk = sit()
    desk.keys("ctrl+comma")
    desk.press("Designer")
    alert(desk, "pack.json")
    alert(desk, "version 2")
