"""A person at the viewer's window: eyes, mouse, keyboard, and a screen reader.

In: the real viewer on an X server of the tests. Out: what is on the screen (pixels, BGR) and what
a screen reader is told. Nothing is asked of the program itself, except what it writes for
everybody: its statistics.
"""

import json
import os
import subprocess
import threading

import numpy as np
from Xlib import X
from Xlib.ext import xfixes  # noqa: F401 (registers the extension)

import harness


class Bus:
    """A session bus with accessibility, for the programs that are started with `environment`.

    One for each X server: where it is is noted there, and a second one would not be found."""

    def __init__(self, screen, folder):
        harness.need("dbus-daemon", "dbus-daemon")
        self.program = harness.Program(
            ["dbus-daemon", "--session", "--nofork", "--print-address"], folder, "dbus",
            DISPLAY=screen.name)
        address = self.program.line(r"unix:\S+")[0]
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": address, "DISPLAY": screen.name,
                            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}

    def stop(self):
        return self.program.stop()


class Reader:
    """A screen reader that stays: peers/screen_reader.py."""

    def __init__(self, bus, program="okno"):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", harness.PEERS / "screen_reader.py", program, "--serve"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, **bus.environment})

    def ask(self, line):
        # A window that hangs must not hang the tests.
        alarm = threading.Timer(harness.PATIENCE, self.process.kill)
        alarm.start()
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        finally:
            alarm.cancel()
        assert answer, f"the window did not answer a screen reader: {line}"
        return json.loads(answer)

    def stop(self):
        self.process.kill()
        self.process.communicate()


class Desk:
    """The viewer's window, and a person before it. Ends its viewer and reader with stop()."""

    def __init__(self, screen, bus, folder, *arguments, name="okno", size=(1000, 700),
                 settings=None, **environment):
        """`size` and `settings` are what an earlier run left, unless there was one."""
        harness.need("xdotool", "xdotool")
        file = folder / f"{name}-home" / "okno" / "interface.ini"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            lines = ["[window]", f"width={size[0]}", f"height={size[1]}"] if size else []
            lines += ["[interface]"] + [f"{key}={value}" for key, value in (settings or {}).items()]
            file.write_text("\n".join(lines) + "\n")
        self.screen = screen
        self.folder = folder
        self.reader = None
        # Not where the test before left it.
        self.xdotool("mousemove", 9999, 9999)
        self.viewer = harness.Viewer(screen, folder, *arguments, name=name,
                                     **{**bus.environment, **environment})
        try:
            self.id = harness.wait_for(self._find, lambda: "window of Okno: "
                                       + self.viewer.program.output)
            self.reader = Reader(bus)
            self.focus()
        except BaseException:
            self.stop()
            raise

    def _find(self):
        found = self.xdotool("search", "--onlyvisible", "--pid",
                             self.viewer.program.process.pid, check=False).split()
        return int(found[-1]) if found else None

    def stop(self):
        if self.reader:
            self.reader.stop()
        return self.viewer.stop()

    # ---- hands --------------------------------------------------------------------------

    def xdotool(self, *arguments, check=True):
        return subprocess.run(["xdotool", *map(str, arguments)], check=check,
                              capture_output=True, text=True, timeout=harness.PATIENCE,
                              env={**os.environ, "DISPLAY": self.screen.name}).stdout

    def focus(self):
        """Without a window manager nobody gives the window the keyboard."""
        self.xdotool("windowfocus", "--sync", self.id)

    def keys(self, *names):
        """Keys by their X names; "type:words" types words."""
        for name in names:
            if name.startswith("type:"):
                self.xdotool("type", name[5:])
            else:
                self.xdotool("key", name)

    def resize(self, width, height):
        self.xdotool("windowsize", self.id, width, height)
        harness.wait_for(lambda: self.geometry()[2:] == (width, height),
                         lambda: f"window of {width} x {height}: {self.geometry()}")

    def move_window(self, x, y):
        self.xdotool("windowmove", self.id, x, y)

    def point(self, x, y):
        """The pointer, in the window; by two steps, since only a move wakes the tools."""
        left, top, *_ = self.geometry()
        self.xdotool("mousemove", left + round(x) - 1, top + round(y),
                     "mousemove", left + round(x), top + round(y))

    def click(self, x, y, button=1, times=1):
        self.point(x, y)
        self.xdotool("click", "--repeat", times, "--delay", 60, button)

    def drag(self, start, end, steps=8):
        """Presses at one point of the window, moves, lets go at another."""
        left, top, *_ = self.geometry()
        self.point(*start)
        moves = []
        for step in range(1, steps + 1):
            part = step / steps
            moves += ["mousemove", left + round(start[0] + (end[0] - start[0]) * part),
                      top + round(start[1] + (end[1] - start[1]) * part), "sleep", "0.03"]
        self.xdotool("mousedown", 1, "sleep", "0.05", *moves, "mouseup", 1)

    # ---- eyes ---------------------------------------------------------------------------

    @property
    def window(self):
        return self.screen.display.create_resource_object("window", self.id)

    def geometry(self):
        """x, y, width, height on the screen."""
        size = self.window.get_geometry()
        at = self.screen.display.screen().root.translate_coords(self.window, 0, 0)
        return at.x, at.y, size.width, size.height

    def picture(self, x=0, y=0, width=None, height=None):
        """What is in the window, or in a part of it."""
        left, top, wide, high = self.geometry()
        whole = self.screen.picture()[top:top + high, left:left + wide]
        return whole[y:y + (height or high), x:x + (width or wide)].copy()

    def settled(self, *part, looks=3, every=0.15):
        """The picture once several looks at it are the same."""
        seen = []

        def same():
            seen.append(self.picture(*part))
            return len(seen) >= looks and all(
                np.array_equal(seen[-1], other) for other in seen[-looks:-1])
        harness.wait_for(same, "window at rest", every=every)
        return seen[-1]

    def pointer_visible(self):
        """Whether the pointer has any pixel that is not clear."""
        display = self.screen.display
        display.xfixes_query_version()
        image = display.xfixes_get_cursor_image(display.screen().root)
        return any(pixel >> 24 for pixel in image.cursor_image)

    # ---- ears ---------------------------------------------------------------------------

    def nodes(self, showing=True):
        """What a screen reader finds: dicts, see peers/screen_reader.py."""
        found = self.reader.ask("read") or []
        return [node for node in found if node["showing"] or not showing]

    def focused(self):
        """What has the keyboard."""
        return self.reader.ask("focused")

    def find(self, name, role=None):
        return next((node for node in self.nodes()
                     if node["name"] == name and role in (None, node["role"])), None)

    def heard(self, name, role=None, limit=harness.PATIENCE):
        """The node of this name, once it shows."""
        return harness.wait_for(
            lambda: self.find(name, role),
            lambda: f"{name!r} for a screen reader: {sorted({n['name'] for n in self.nodes()})}\n"
                    f"{self.viewer.program.output}", limit)

    def silent(self, name, limit=harness.PATIENCE):
        harness.wait_for(lambda: self.find(name) is None, f"end of {name!r}", limit)

    def press(self, name):
        self.heard(name)
        assert self.reader.ask(f"press {name}"), f"{name!r} can't be pressed"

    def place(self, node):
        """Where a node is, in the window: x, y, width, height."""
        left, top, *_ = self.geometry()
        x, y, width, height = node["place"]
        return x - left, y - top, width, height

    def middle(self, node):
        x, y, width, height = self.place(node)
        return x + width / 2, y + height / 2

    def click_on(self, name, role=None, **how):
        self.click(*self.middle(self.heard(name, role)), **how)

    def tiles(self):
        """The tiles of the wall, {name: node}, in the order of the tree."""
        nodes = self.nodes()
        walls = [at for at, node in enumerate(nodes)
                 if node["role"] == "list" and node["name"] == "Streams"]
        if not walls:
            return {}
        found = {}
        for node in nodes[walls[0] + 1:]:
            if node["depth"] <= nodes[walls[0]]["depth"]:
                break
            if node["role"] in ("push button", "button") \
                    and node["depth"] == nodes[walls[0]]["depth"] + 1:
                found[node["name"]] = node
        return found


def clipboard(screen, limit=harness.PATIENCE):
    """What a program that pastes would get, as text."""
    display = screen.display
    window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    name, target, place = map(display.intern_atom, ("CLIPBOARD", "UTF8_STRING", "OKNO_PASTE"))
    window.convert_selection(name, target, place, X.CurrentTime)
    display.flush()

    def answered():
        while display.pending_events():
            event = display.next_event()
            if event.type == X.SelectionNotify and event.requestor == window:
                return event
        return None
    event = harness.wait_for(answered, "clipboard", limit)
    assert event.property != X.NONE, "the clipboard holds no text"
    text = window.get_full_property(place, target).value.decode()
    window.destroy()
    return text
