"""Okno's side of a call with a client of the original call program.

The other side unpickles with Python's own `pickle.loads`, decodes with OpenCV and reads numbers
off the pictures. `classic-echo` (an example of okno-call) sends back what comes, so that each
picture and chunk goes through Okno's reader and writer both.
"""

import hashlib
import re
import shutil
import socket
import struct
import subprocess

import pytest

import harness
from test_classic_call import CHUNKS, FRAMES, client, dropped, in_order
from test_classic_call import relay  # noqa: F401 (a fixture)

SILENCE = hashlib.sha256(bytes(2048)).hexdigest()[:16]


@pytest.fixture
def original(tmp_path, stop_later):
    """The server as the original is written: a process for each pair."""
    harness.need("g++", "g++")
    program = tmp_path / "fork_relay"
    source = harness.ROOT / "bench/relay/fork_relay.cpp"
    subprocess.run([shutil.which("g++"), "-O1", "-std=c++17", "-o", program, source], check=True)
    server = stop_later(harness.Program([program], tmp_path, "fork-relay"))
    found = server.line(r"video (\d+) audio (\d+)")
    server.video, server.audio = f"127.0.0.1:{found[1]}", f"127.0.0.1:{found[2]}"
    return server


def echo(server, folder, code="ABC123"):
    audio = server.audio.rsplit(":", 1)[1]
    link = f"okno://classic?server={server.video}&audio={audio}&code={code}"
    program = harness.find_program("OKNO_CLASSIC_BIN", "examples/classic-echo")
    return harness.Program([program, link], folder, "echo")


def call(server, folder, stop_later, okno_first):
    """A whole call of the original client with Okno: its report and what Okno said."""
    if okno_first:
        okno = stop_later(echo(server, folder))
        okno.line("phase: Waiting")
    original = stop_later(client(server, folder, "original", stream=3, tone=440))
    original.line("connected")
    if not okno_first:
        okno = stop_later(echo(server, folder))
        okno.line("phase: Waiting")
    (folder / "go").touch()
    okno.line("in the call, Pcm44")
    original.line("done")
    (folder / "leave").touch()
    assert original.wait() == 0, original.output
    okno.line("ended: peer-hung-up")
    assert okno.wait() == 0, okno.output
    return original.report(), okno.output


def check(report, output, lost):
    """What came back is what was sent, less what Okno and `lost` (the relay) say they dropped."""
    counted = {name: int(count) for name, count in re.findall(r"(\w+): (\d+)", output)}
    assert len(report["sent_frames"]) == FRAMES and len(report["sent_audio"]) == CHUNKS
    # Pictures: what the original client read off those that came back.
    numbers = [found["3"] for found in report["numbers"]]
    assert numbers == sorted(set(numbers)) and numbers[-1] == FRAMES - 1
    assert len(numbers) + counted["video_dropped"] + lost["video frame"] == FRAMES
    # Sound: byte for byte, but for the silence while nothing came.
    sound = [chunk for chunk in report["audio"] if chunk != SILENCE]
    assert in_order(sound, [chunk for chunk in report["sent_audio"] if chunk != SILENCE])
    assert sound[-1] == report["sent_audio"][-1]
    assert len(sound) + counted["audio_dropped"] + lost["audio chunk"] >= CHUNKS


@pytest.mark.parametrize("okno_first", [True, False])
def test_pictures_and_sound_go_both_ways_through_okno_relay(
        relay, tmp_path, stop_later, okno_first):  # noqa: F811
    check(*call(relay, tmp_path, stop_later, okno_first), dropped(relay))


@pytest.mark.parametrize("okno_first", [True, False])
def test_pictures_and_sound_go_both_ways_through_an_original_server(
        original, tmp_path, stop_later, okno_first):
    check(*call(original, tmp_path, stop_later, okno_first), {"video frame": 0, "audio chunk": 0})


def test_a_pickle_that_python_would_run_ends_the_call_with_words(
        relay, tmp_path, stop_later):  # noqa: F811
    """With pickle.loads in Okno's place the file would be there."""
    trace = tmp_path / "trace"
    evil = f"cposix\nsystem\np0\n(Vtouch {trace}\np1\ntp2\nRp3\n.".encode()
    okno = stop_later(echo(relay, tmp_path))
    okno.line("phase: Waiting")
    host, port = relay.video.rsplit(":", 1)
    with socket.create_connection((host, int(port)), harness.PATIENCE) as sock:
        sock.sendall(struct.pack("<i", 6) + b"ABC123")
        sock.sendall(struct.pack("<I", len(evil)) + evil)
        okno.line("ended: protocol the name posix.system")
    assert okno.wait() == 1 and not trace.exists()
