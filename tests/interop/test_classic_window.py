"""The real window calls a client of the original call program.

The person fills in the card of the call's first page by keys, as a screen reader tells it. The
client on the other side is peers/classic_client.py, which is byte for byte the original: it
unpickles with `pickle.loads`, decodes with OpenCV and reads the numbers off the pictures. Between
them is the real `okno-relay --classic`; where a server misbehaves, this test is the server.
"""

import re
import socket
import struct
import wave

import numpy as np
import pytest

import desk as desks
import harness
import sound
from test_classic_call import relay  # noqa: F401 (a fixture)

OKNO, ORIGINAL = 3, 5  # numbers of their pictures
CODE = "Kod 1&2"
CLIP_SECONDS = 8
ORIGINAL_RATE = 44_100
CHUNK = b"\x01" * 2048

# What the theme draws "Not encrypted" with, BGR: its letters, and the sign of an alarm.
LETTERS, SIGN = (0xF5, 0xF3, 0xF1), (0x00, 0x5E, 0xD5)


def port_of(address):
    return address.rsplit(":", 1)[1]


def resampled(samples, old, new):
    places = np.arange(0, len(samples) - 1, old / new)
    return np.interp(places, np.arange(len(samples)), samples).astype("<i2")


@pytest.fixture
def window(screen, bus, tmp_path, stop_later):
    """Opens the window, with a numbered test picture and somebody who speaks."""
    said = sound.speech(CLIP_SECONDS, OKNO, tmp_path)
    sound.write(tmp_path / "says.wav", said)

    def opened():
        desk = stop_later(desks.Desk(
            screen, bus, tmp_path, "--camera", f"test:640x360@15?barcode=1&stream={OKNO}",
            "--microphone", tmp_path / "says.wav", "--speaker", tmp_path / "hears.wav",
            "--raw-sound"))
        desk.said = said
        desk.keys("ctrl+3")
        desk.heard("Call an original client")
        return desk
    return opened


def tab_to(desk, name):
    """Tab, until that has the keyboard; what has it is to be seen."""
    for _ in range(30):
        node = desk.focused()
        if node and node["name"] == name:
            x, y, width, height = desk.place(node)
            wide, high = desk.geometry()[2:]
            assert 0 <= x and x + width <= wide and 0 <= y and y + height <= high, node
            return
        desk.keys("Tab")
    raise AssertionError(f"Tab does not lead to {name!r}")


def fill(desk, **fields):
    for name, text in fields.items():
        tab_to(desk, name.replace("_", " "))
        desk.keys("ctrl+a", "BackSpace", f"type:{text}")


def connect(desk, video, audio, code=CODE):
    """The person types where and what, and presses Connect."""
    fill(desk, Server="127.0.0.1", Session_code=code, Port_for_pictures=video, Port_for_sound=audio)
    tab_to(desk, "Connect")
    desk.keys("space")
    desk.heard(f"Before you call 127.0.0.1:{video}")


def begin(desk):
    """From the check of the devices into the call, which asks for nothing else."""
    harness.wait_for(lambda: (desk.focused() or {}).get("name") == "Connect",
                     lambda: f"Connect has the keyboard: {desk.focused()}")
    desk.keys("Return")


def call_of(desk):
    return (desk.viewer.stats() or {}).get("call") or {}


def comes_to(desk, state, end=None):
    harness.wait_for(lambda: (call_of(desk).get("state"), call_of(desk).get("end")) == (state, end),
                     lambda: f"{state}: {call_of(desk)}\n{desk.viewer.program.output}")


def pixels(picture, colour):
    return int((np.abs(picture.astype(int) - colour).max(axis=2) <= 24).sum())


def marked(desk):
    """A screen reader is told that the call is not encrypted, and it stands on the screen: the sign
    and letters of two words, in the place that the screen reader names."""
    node = desk.heard("Not encrypted", "label")
    x, y, width, height = desk.place(node)
    wide, high = desk.geometry()[2:]
    assert 0 <= x and x + width <= wide and 0 <= y and y + height <= high, node

    def drawn():
        picture = desk.picture(x, y, width, height)
        return pixels(picture, SIGN) >= 20 and pixels(picture, LETTERS) >= 60
    harness.wait_for(drawn, "Not encrypted, in pixels")


def sees(desk, limit=harness.PATIENCE):
    """Two different pictures of the original client are on the screen."""
    seen = set()

    def look():
        number = desk.screen.numbers().get(ORIGINAL)
        if number is not None:
            seen.add(number)
        return len(seen) > 1
    harness.wait_for(look, lambda: f"moving picture: {seen}, {call_of(desk)}\n"
                                   f"{desk.viewer.program.output}", limit)


def hears(clip, recording, who):
    """Two seconds of a clip are in what somebody hears."""
    part = clip[2 * sound.RATE:4 * sound.RATE]
    harness.wait_for(lambda: sound.find(part, recording())[0] > 0.75,
                     lambda: f"clip at {who}: likeness and place {sound.find(part, recording())}",
                     every=0.5)


class Original:
    """The other side: a window of the original program, as far as the network sees it."""

    def __init__(self, relay, folder, stop_later):  # noqa: F811
        self.heard_path, self.leave = folder / "original-hears.raw", folder / "leave"
        self.clip = sound.speech(CLIP_SECONDS, ORIGINAL, folder)
        with wave.open(str(folder / "original-says.wav"), "wb") as file:
            file.setparams((1, 2, ORIGINAL_RATE, 0, "NONE", None))
            file.writeframes(resampled(self.clip, sound.RATE, ORIGINAL_RATE).tobytes())
        self.program = stop_later(harness.peer(
            "classic_client", folder, "--live", "--video", relay.video, "--audio", relay.audio,
            "--code", CODE, "--report", folder / "original.json", "--leave", self.leave,
            "--stream", str(ORIGINAL), "--fps", "15", "--frames", "1000", "--chunks", "3000",
            "--sound", folder / "original-says.wav", "--heard", self.heard_path))
        self.program.line("connected")

    def heard(self):
        data = self.heard_path.read_bytes()
        samples = np.frombuffer(data[:len(data) // 2 * 2], "<i2")
        return resampled(samples, ORIGINAL_RATE, sound.RATE) if len(samples) > 1 else samples

    def sees(self):
        """Pictures of Okno, unpickled and decoded: their numbers, which go up."""
        def numbers():
            found = re.findall(rf"sees {{{OKNO}: (\d+)}}", self.program.output)
            return [int(number) for number in found]
        harness.wait_for(lambda: len(set(numbers())) >= 5,
                         lambda: f"pictures of Okno: {numbers()}\n{self.program.output}")
        seen = numbers()
        assert seen == sorted(set(seen)), seen


def test_they_see_and_hear_each_other_and_hang_up(window, relay, tmp_path, stop_later):  # noqa: F811
    desk = window()
    marked(desk)
    connect(desk, port_of(relay.video), port_of(relay.audio))
    marked(desk)
    desk.heard(f"The server answers at {relay.video}")
    begin(desk)
    desk.heard("Waiting for the other person…")
    marked(desk)

    original = Original(relay, tmp_path, stop_later)
    comes_to(desk, "active")
    marked(desk)
    assert desk.find("Safety code") is None and desk.find("Encrypted") is None
    sees(desk)
    original.sees()
    hears(original.clip, lambda: sound.read(tmp_path / "hears.wav"), "Okno")
    hears(desk.said, original.heard, "the original")

    # The mark stays: when the tools have gone, and behind the pictures of others.
    desk.silent("Hang up")
    marked(desk)
    desk.keys("ctrl+1")
    desk.heard("Back to the call, which is not encrypted")
    desk.keys("ctrl+3")
    marked(desk)

    desk.keys("ctrl+d")
    desk.heard("You hung up")
    comes_to(desk, "ended", "hung-up")
    original.program.line("done")
    assert original.program.wait() == 0, original.program.output


def test_the_other_side_leaves_and_may_be_called_again(window, relay, tmp_path, stop_later):  # noqa: F811
    desk = window()
    connect(desk, port_of(relay.video), port_of(relay.audio))
    begin(desk)
    original = Original(relay, tmp_path, stop_later)
    sees(desk)
    original.leave.touch()
    desk.heard("The other person hung up")
    desk.heard("Or the server closed the connection: original clients don't tell which.")
    comes_to(desk, "ended", "peer-hung-up")
    # The same again, from the button that has the keyboard.
    original.leave.unlink()
    desk.keys("Return")
    desk.heard(f"Before you call {relay.video}")
    marked(desk)
    begin(desk)
    Original(relay, tmp_path, stop_later)
    sees(desk)


def test_what_was_typed_is_judged_and_kept(window, relay):  # noqa: F811
    desk = window()
    # Nothing was typed: it is said what is missing, and the keyboard is there.
    tab_to(desk, "Connect")
    desk.keys("space")
    desk.heard("A server is a name or an IP address, such as example.org. Its ports have their own fields.")
    assert desk.focused()["name"] == "Server"
    fill(desk, Server="127.0.0.1", Port_for_pictures="70000")
    desk.heard("A port is a number from 1 to 65535.")
    fill(desk, Port_for_pictures=port_of(relay.video), Port_for_sound=port_of(relay.video))
    desk.keys("Return")
    desk.heard("Pictures and sound need two different ports.")
    assert call_of(desk) == {}, "nothing was called"
    connect(desk, port_of(relay.video), port_of(relay.audio))
    desk.keys("Escape")
    desk.heard("Call an original client")
    desk.stop()
    # The next time it is all there.
    desk = window()
    tab_to(desk, "Connect")
    desk.keys("space")
    desk.heard(f"Before you call {relay.video}")
    begin(desk)
    desk.heard(CODE)


# ---- Servers that are none -------------------------------------------------------------------


class Server:
    """This test in the place of the server, and of the client behind it."""

    def __init__(self):
        self.listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.video, self.audio = (one.getsockname()[1] for one in self.listeners)
        self.sockets = []

    def meet(self):
        """Both connections of a caller who has said the code; the look before the call says
        nothing."""
        hello = struct.pack("<i", len(CODE)) + CODE.encode()
        return [self.caller(listener, hello) for listener in self.listeners]

    def caller(self, listener, hello):
        listener.settimeout(harness.PATIENCE)
        while True:
            sock, _ = listener.accept()
            self.sockets.append(sock)
            sock.settimeout(harness.PATIENCE)
            if first := sock.recv(len(hello), socket.MSG_WAITALL):
                assert first == hello, first
                return sock

    def stop(self):
        for one in [*self.listeners, *self.sockets]:
            one.close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.stop()


def test_a_server_that_is_not_there(window):
    desk = window()
    closed = Server()
    closed.stop()
    connect(desk, closed.video, closed.audio)
    desk.heard(f"No server answers at 127.0.0.1:{closed.video}")
    begin(desk)
    desk.heard("There is no connection to the server")
    assert any(f"port {closed.video}" in node["name"] for node in desk.nodes())
    comes_to(desk, "ended", "unreachable")


def test_a_pickle_that_would_execute_something(window, server, tmp_path):
    """With pickle.loads in Okno's place the file would be there."""
    trace = tmp_path / "trace"
    evil = f"cposix\nsystem\np0\n(Vtouch {trace}\np1\ntp2\nRp3\n.".encode()
    desk = window()
    connect(desk, server.video, server.audio)
    begin(desk)
    video, audio = server.meet()
    audio.sendall(CHUNK)
    comes_to(desk, "active")
    marked(desk)
    video.sendall(struct.pack("<I", len(evil)) + evil)
    desk.heard("The other program sent what no original client sends")
    desk.heard("Nothing of it was executed or shown.")
    assert any("the name posix.system" in node["name"] for node in desk.nodes())
    comes_to(desk, "ended", "protocol")
    assert not trace.exists()
    for sock in (video, audio):
        while sock.recv(65536):
            pass
    desk.keys("ctrl+1", "ctrl+3")
    desk.heard("Call again")


@pytest.mark.parametrize("broken, words", [
    (b"\xff\xff\xff\xff", "a picture of 4294967295 bytes announced at byte 0 of the video"),
    (struct.pack("<I", 3) + b"(t.", "something that is no picture"),
    (struct.pack("<I", 0), "1 bytes announced, 0 left at byte 0 of a picture's pickle"),
])
def test_a_picture_that_is_none(window, server, broken, words):
    desk = window()
    connect(desk, server.video, server.audio)
    begin(desk)
    video, _ = server.meet()
    video.sendall(broken)
    desk.heard("The other program sent what no original client sends")
    harness.wait_for(lambda: any(words in node["name"] for node in desk.nodes()),
                     lambda: f"{words}: {[node['name'] for node in desk.nodes()]}")


@pytest.mark.parametrize("talked, words, end", [
    (False, "There is no connection to the server", "unreachable"),
    (True, "The other person hung up", "peer-hung-up"),
])
def test_a_server_that_closes(window, server, talked, words, end):
    desk = window()
    connect(desk, server.video, server.audio)
    begin(desk)
    video, audio = server.meet()
    if talked:
        audio.sendall(CHUNK)
        comes_to(desk, "active")
    video.close()
    desk.heard(words)
    comes_to(desk, "ended", end)


def test_a_server_that_says_nothing_keeps_nobody(window, server):
    """It may be silent for as long as it likes: the window goes on, and so can the person."""
    desk = window()
    connect(desk, server.video, server.audio)
    begin(desk)
    _, audio = server.meet()
    desk.heard("Waiting for the other person…")
    marked(desk)
    desk.press("Cancel")
    desk.heard("You hung up")
    while audio.recv(65536):
        pass
