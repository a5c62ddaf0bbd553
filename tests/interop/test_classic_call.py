"""Two clients of the original call program call each other through `okno-relay --classic`."""

import contextlib
import json
import re
import socket
import struct
import urllib.request

import pytest

import harness

FRAMES, CHUNKS = 60, 86  # two seconds of each


@pytest.fixture
def relay(tmp_path, stop_later):
    program = stop_later(harness.Program(
        [harness.find_program("OKNO_RELAY_BIN", "okno-relay"), "--listen", "127.0.0.1:0",
         "--classic-video", "127.0.0.1:0", "--classic-audio", "127.0.0.1:0",
         "--metrics", "127.0.0.1:0", "--state", tmp_path / "state"], tmp_path, "relay"))
    found = program.line(r"classic video on (\S+), classic audio on (\S+)")
    program.video, program.audio = found[1], found[2]
    program.figures = program.line(r"figures on (\S+)")[1]
    yield program
    assert program.process.poll() is None, program.output
    assert program.stop() == 143, program.output


def client(relay, folder, name, **options):
    report = folder / f"{name}.json"
    program = harness.peer(
        "classic_client", folder, "--video", relay.video, "--audio", relay.audio,
        "--report", report, "--go", folder / "go", "--leave", folder / "leave",
        *(str(x) for key, value in options.items() for x in (f"--{key.replace('_', '-')}", value)),
        label=name)
    program.report = lambda: json.loads(report.read_text())
    return program


def connect(address, code):
    host, port = address.rsplit(":", 1)
    sock = socket.create_connection((host, int(port)), harness.PATIENCE)
    sock.sendall(struct.pack("<i", len(code)) + code)
    return sock


def receive(sock, count):
    data = b""
    while len(data) < count:
        part = sock.recv(count - len(data))
        assert part, f"closed after {len(data)} of {count} bytes"
        data += part
    return data


def call(relay, folder, stop_later, one=(), two=()):
    """Two clients that have finished a whole call: their reports."""
    a = stop_later(client(relay, folder, "a", stream=1, tone=440, **dict(one)))
    a.line("connected")
    b = stop_later(client(relay, folder, "b", stream=2, tone=660, **dict(two)))
    b.line("connected")
    for media in ("Video", "Audio"):
        relay.line(rf"classic {media}: joined")
    (folder / "go").touch()
    a.line("done")
    b.line("done")
    (folder / "leave").touch()
    assert (a.wait(), b.wait()) == (0, 0), a.output + b.output
    return a.report(), b.report()


def dropped(relay):
    """Frames and chunks that the relay dropped because a client was too slow for them."""
    text = urllib.request.urlopen(relay.figures, timeout=harness.PATIENCE).read().decode()
    return {what: int(count) for what, count in re.findall(
        r'^okno_relay_classic_dropped_total\{what="([^"]*)"\} (\d+)$', text, re.MULTILINE)}


def in_order(received, sent):
    """Whether all of `received` was sent, in this order, each at most once."""
    rest = iter(sent)
    return all(item in rest for item in received)


def check(relay, a, b):
    """What arrived is what was sent, less what the relay says it dropped."""
    missing = {"video frame": 0, "audio chunk": 0}
    for sender, receiver, stream in ((a, b, 1), (b, a, 2)):
        assert len(sender["sent_frames"]) == FRAMES and len(sender["sent_audio"]) == CHUNKS
        assert in_order(receiver["frames"], sender["sent_frames"])
        assert in_order(receiver["audio"], sender["sent_audio"])
        assert all(list(found) == [str(stream)] for found in receiver["numbers"])
        assert receiver["numbers"][-1] == {str(stream): FRAMES - 1}
        missing["video frame"] += FRAMES - len(receiver["frames"])
        missing["audio chunk"] += CHUNKS - len(receiver["audio"])
    assert missing == dropped(relay)


def test_frames_and_sound_arrive_byte_for_byte_both_ways(relay, tmp_path, stop_later):
    a, b = call(relay, tmp_path, stop_later)
    check(relay, a, b)
    # Were the two directions the same, the test would not see a relay that sends an echo.
    assert a["frames"] != b["frames"] and a["audio"] != b["audio"]


def test_silent_clients_do_not_stop_others(relay, tmp_path, stop_later):
    with contextlib.ExitStack() as silent:
        for address in (relay.video, relay.audio):
            host, port = address.rsplit(":", 1)
            for start in (b"", b"\x06\x00", b"\x06\x00\x00\x00ABC"):
                sock = silent.enter_context(socket.create_connection((host, int(port))))
                sock.sendall(start)
        a, b = call(relay, tmp_path, stop_later)
        check(relay, a, b)


def test_when_one_leaves_the_other_is_closed_and_the_code_is_free_again(relay):
    for address in (relay.video, relay.audio):
        for data in (b"first call", b"second call"):
            one, two = connect(address, b"ABC123"), connect(address, b"ABC123")
            framed = struct.pack("<I", len(data)) + data
            one.sendall(framed)
            assert receive(two, len(framed)) == framed
            one.close()
            assert two.recv(1) == b""
            two.close()


def test_a_caller_that_left_while_it_waited_is_forgotten(relay):
    gone = connect(relay.video, b"left")
    relay.line("classic Video: waits")
    gone.close()
    relay.line("classic Video: closed its connection")
    one, two = connect(relay.video, b"left"), connect(relay.video, b"left")
    one.sendall(struct.pack("<I", 2) + b"ok")
    assert receive(two, 6)[4:] == b"ok"


@pytest.mark.parametrize("length", [0, -1, 1025, 0x7FFFFFFF])
def test_a_code_of_an_impossible_length_ends_that_connection_alone(relay, length):
    host, port = relay.video.rsplit(":", 1)
    with socket.create_connection((host, int(port)), harness.PATIENCE) as bad:
        bad.sendall(struct.pack("<i", length))
        assert bad.recv(1) == b""
    relay.line(rf"a session code of {length} bytes; 1 to 1024 are allowed")


def test_a_frame_of_four_gigabytes_ends_its_pair_alone(relay):
    one, two = connect(relay.video, b"big"), connect(relay.video, b"big")
    relay.line("classic Video: joined")
    others = connect(relay.video, b"other"), connect(relay.video, b"other")
    one.sendall(b"\xff\xff\xff\xff and more")
    assert two.recv(1) == b""
    relay.line("a video frame of 4294967295 bytes announced at byte 0")
    others[0].sendall(struct.pack("<I", 2) + b"ok")
    assert receive(others[1], 6)[4:] == b"ok"
