"""Two real windows call each other through a real relay.

Pictures are read off the pixels of two screens, sound is found in what comes out of the other's
speaker. OKNO_CALL_SECONDS sets how long the call is held.
"""

import os
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

import harness
import sound

SECONDS = float(os.environ.get("OKNO_CALL_SECONDS", "12"))
# The picture leaves bars at its sides, in which one's own picture has room.
WIDTH, HEIGHT = 1280, 560
OWN = {"a": 3, "b": 4}
# What each is called.
NAMES = {"a": "Ada Lovelace", "b": "Beata Kowalska"}
CLIP_SECONDS = 7


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Relay:
    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.runs = 0
        self.program = None
        self.start()

    def start(self):
        self.runs += 1
        self.program = harness.Program(
            [harness.find_program("OKNO_RELAY_BIN", "okno-relay"), "--listen",
             f"127.0.0.1:{self.port}", "--state", self.folder / "relay"],
            self.folder, f"relay-{self.runs}")
        harness.wait_for(self.answers, lambda: f"relay: {self.program.output}")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self, number=signal.SIGTERM):
        self.program.stop(number)


class Tap:
    """Passes connections on to the relay and keeps every byte."""

    def __init__(self, port):
        self.to = port
        self.bytes = bytearray()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.sockets = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                caller, _ = self.listener.accept()
                relay = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            self.sockets += [caller, relay]
            for one, other in ((caller, relay), (relay, caller)):
                threading.Thread(target=self.copy, args=(one, other), daemon=True).start()

    def copy(self, one, other):
        try:
            while data := one.recv(65536):
                self.bytes += data
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def stop(self):
        self.listener.close()
        for one in self.sockets:
            one.close()


class Caller:
    """A window on a screen of its own, with a test picture and a clip for a microphone."""

    def __init__(self, label, screen, folder, port, call, camera=None, microphone=None):
        self.label, self.screen = label, screen
        self.clip = sound.clip(CLIP_SECONDS, OWN[label])
        sound.write(folder / f"{label}-says.wav", self.clip)
        self.heard_path = folder / f"{label}-hears.wav"
        settings = folder / f"{label}-home/okno"
        settings.mkdir(parents=True)
        (settings / "interface.ini").write_text("[interface]\ncallSelfSize=96\n")
        self.viewer = harness.Viewer(
            screen, folder, "--view-size", f"{WIDTH}x{HEIGHT}",
            "--relay", f"127.0.0.1:{port}", "--name", NAMES[label],
            "--camera", camera or f"test:640x360@15?barcode=1&stream={OWN[label]}",
            "--microphone", microphone or folder / f"{label}-says.wav",
            "--speaker", self.heard_path, "--raw-sound", "--call", call, name=label)
        self.program = self.viewer.program

    def figures(self):
        return (self.viewer.stats() or {}).get("call") or {}

    def comes_to(self, limit=harness.PATIENCE, **wanted):
        """Waits until the statistics say this of the call; a function decides where one is
        given."""
        def look():
            now = self.figures()
            ok = all(value(now[key]) if callable(value) else now[key] == value
                     for key, value in wanted.items()) if now else False
            return now if ok else None
        return harness.wait_for(look, lambda: f"{self.label}: {wanted}: {self.figures()}\n"
                                              f"{self.program.output}", limit)

    def key(self, *keys):
        environment = {**os.environ, "DISPLAY": self.screen.name}
        window = subprocess.run(["xdotool", "search", "--pid", str(self.program.process.pid)],
                                env=environment, capture_output=True, text=True, check=True)
        subprocess.run(["xdotool", "windowfocus", "--sync", window.stdout.split()[-1],
                        "key", *keys], env=environment, check=True, timeout=harness.PATIENCE)

    def heard(self):
        return sound.read(self.heard_path)

    def stop(self):
        return self.viewer.stop()


@pytest.fixture(scope="module")
def screens(tmp_path_factory):
    harness.need("xdotool", "xdotool")
    pair = [harness.Screen(tmp_path_factory.mktemp(name), WIDTH, HEIGHT) for name in "ab"]
    yield pair
    for screen in pair:
        screen.stop()


@pytest.fixture
def relay(tmp_path, stop_later):
    return stop_later(Relay(tmp_path))


def link_of(caller):
    return caller.program.line(r"okno://call\?\S+")[0]


@pytest.fixture
def call(screens, relay, tmp_path, stop_later):
    """Begins a call: both callers, in it. `through`: the port that the first one knows."""
    def begin(through=None):
        port = through or relay.port
        a = stop_later(Caller("a", screens[0], tmp_path, port, "start"))
        b = stop_later(Caller("b", screens[1], tmp_path, port, link_of(a)))
        for caller in (a, b):
            caller.comes_to(state="active")
        return a, b
    return begin


def sees(caller, other, limit=harness.PATIENCE):
    """Waits until the screen shows two different pictures of the other one."""
    seen = set()

    def look():
        number = caller.screen.numbers().get(OWN[other.label])
        if number is not None:
            seen.add(number)
        return len(seen) > 1
    harness.wait_for(look, lambda: f"moving picture of {other.label} at {caller.label}: {seen}, "
                                   f"{caller.figures()}\n{caller.program.output}", limit)


def hears(caller, other, since, limit=harness.PATIENCE):
    """Waits until two seconds of the other's clip are in what was heard after `since` samples.
    Their place in the recording."""
    part = other.clip[:2 * sound.RATE]

    def look():
        likeness, at = sound.find(part, caller.heard()[since:])
        return since + at if likeness > 0.5 else None
    return harness.wait_for(look, lambda: f"clip of {other.label} in {caller.heard_path}: "
                                          f"{sound.find(part, caller.heard()[since:])}, "
                                          f"{caller.figures()}\n{caller.program.output}",
                            limit, every=0.5)


def test_two_people_see_and_hear_each_other(call):
    a, b = call()
    end = time.monotonic() + SECONDS
    places = {}
    for one, other in ((a, b), (b, a)):
        sees(one, other)
        places[one.label] = hears(one, other, 0)
    while time.monotonic() < end:
        sees(a, b)
        sees(b, a)
    for caller in (a, b):
        assert caller.figures()["state"] == "active"
        # The tail may be the program's last buffer.
        whole = caller.heard()[places[caller.label]:-sound.RATE // 2]
        assert sound.longest_gap(whole) <= 0.04, f"{caller.label}: {caller.figures()}"


def test_mute_and_camera_off_are_seen_and_heard_on_the_other_side(call):
    a, b = call()
    sees(b, a)
    hears(b, a, 0)
    a.key("m")
    b.comes_to(peer_muted=True)
    begin = len(b.heard()) + sound.RATE // 2
    harness.wait_for(lambda: len(b.heard()) > begin + sound.RATE, "a second of sound")
    silence = b.heard()[begin:begin + sound.RATE]
    assert sound.longest_gap(silence) > 0.9, "something is heard of somebody who is muted"
    a.key("v")
    b.comes_to(peer_camera_on=False)
    harness.wait_for(lambda: OWN["a"] not in b.screen.numbers(), "picture that goes away")
    sees(a, b)
    a.key("m")
    a.key("v")
    b.comes_to(peer_muted=False, peer_camera_on=True)
    sees(b, a)
    hears(b, a, len(b.heard()))


def test_hanging_up_ends_it_for_both(call):
    a, b = call()
    b.key("Escape", "Escape")
    a.comes_to(state="active")
    b.key("ctrl+d")
    b.comes_to(state="ended", end="hung-up")
    a.comes_to(state="ended", end="peer-hung-up")


def test_who_listens_on_the_way_finds_neither_picture_nor_sound(call, relay, stop_later):
    tap = stop_later(Tap(relay.port))
    a, b = call(through=tap.port)
    sees(b, a)
    sees(a, b)
    hears(b, a, 0)
    seen = bytes(tap.bytes)
    assert len(seen) > 100_000
    # Long enough not to be in sealed bytes by chance.
    for marker in (b"JFIF\x00\x01", *(name.encode() for name in NAMES.values())):
        assert marker not in seen
    # Whole tables of a JPEG, and samples of the clip as they are.
    assert not re.search(rb"\xff\xd8\xff[\xdb\xe0\xc0-\xc4]", seen)
    for at in range(0, len(a.clip) - 32, sound.RATE // 7):
        assert a.clip[at:at + 32].tobytes() not in seen


def test_a_wrong_code_ends_the_call_for_both(screens, relay, tmp_path, stop_later):
    a = stop_later(Caller("a", screens[0], tmp_path, relay.port, "start"))
    code = re.search(r"code=(\S+)", link_of(a))[1]
    number, *words = code.split("-")
    wrong = "-".join([number, *reversed(words)])
    b = stop_later(Caller("b", screens[1], tmp_path, relay.port, wrong))
    a.comes_to(state="ended", end="wrong-code")
    b.comes_to(state="ended", end=lambda end: end in ("wrong-code", "peer-hung-up"))


def test_without_camera_and_microphone_the_call_works(screens, relay, tmp_path, stop_later):
    a = stop_later(Caller("a", screens[0], tmp_path, relay.port, "start",
                          camera="none", microphone="none"))
    b = stop_later(Caller("b", screens[1], tmp_path, relay.port, link_of(a)))
    b.comes_to(state="active", peer_camera_on=False, peer_muted=True)
    sees(a, b)
    hears(a, b, 0)


def test_a_relay_that_is_killed_and_comes_back(call, relay):
    a, b = call()
    sees(a, b)
    hears(b, a, 0)
    relay.stop(signal.SIGKILL)
    for caller in (a, b):
        caller.comes_to(state="reconnecting")
    time.sleep(5)
    relay.start()
    for caller, other in ((a, b), (b, a)):
        caller.comes_to(state="active", resumed=lambda times: times > 0)
    since = len(b.heard())
    hears(b, a, since)
    sees(a, b)
    sees(b, a)


def test_no_relay_is_said_at_once(screens, tmp_path, stop_later):
    a = stop_later(Caller("a", screens[0], tmp_path, free_port(), "start"))
    a.comes_to(state="ended", end="unreachable")
