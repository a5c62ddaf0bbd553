"""Broken, slow, silent and hostile peers: each ends its own connection at most, and a stream
beside it does not notice."""

import json
import re
import socket
import struct
import time

import cv2
import numpy as np
import pytest

import harness
import pictures


def jpeg(number=0, stream=9):
    (picture,) = pictures.numbered(1, 320, 240, stream, number)
    return cv2.imencode(".jpg", picture)[1].tobytes()


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out) + bytes([n])


def be32(picture):
    message = b"\x0a" + varint(len(picture)) + picture
    return struct.pack(">I", len(message)) + message


def raw(picture):
    return b"\x0a" + varint(len(picture)) + picture


def connect(viewer):
    return socket.create_connection(("127.0.0.1", viewer.port), harness.PATIENCE)


def closed(connection):
    """Waits until the other side closes."""
    connection.settimeout(harness.PATIENCE)
    try:
        while connection.recv(4096):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        raise AssertionError("the viewer keeps the connection open") from None


@pytest.fixture
def steady(viewer, tmp_path, stop_later):
    """A good stream, `le64` at 30 fps, that must come through the test unharmed: checked at the
    end on every line of the statistics since it was live."""
    stop_later(harness.opencv_client(tmp_path, "le64", viewer.port, "--frames", 100_000,
                                     "--fps", 30, "--stream", 1))
    ready = viewer.stream("le64", lambda s: s["state"] == "live" and s["shown"] > 5)
    yield viewer
    before = viewer.stream("le64")["received"]
    viewer.stream("le64", lambda s: s["received"] > before + 15)
    figures = []
    for line in viewer.stats_path.read_text().splitlines()[:-1]:
        figures += [s for s in json.loads(line)["streams"] if s["id"] == ready["id"]]
    figures = [s for s in figures if s["received"] >= ready["received"]]
    assert {s["state"] for s in figures} == {"live"}
    assert figures[-1]["invalid"] == 0
    for earlier, later in zip(figures, figures[1:]):
        assert later["received"] > earlier["received"] and later["shown"] > earlier["shown"]


def said(viewer, *words):
    """Waits for a line in the log that has all the words."""
    harness.wait_for(
        lambda: any(all(w in line for w in words) for line in viewer.program.output.splitlines()),
        lambda: f"line with {words}:\n{viewer.program.output}")


def peer_of(connection):
    return "127.0.0.1:%d" % connection.getsockname()[1]


def test_a_stream_that_turns_invalid(steady):
    with connect(steady) as peer:
        good = b"".join(be32(jpeg(n)) for n in range(3))
        peer.sendall(good + b"\0\0\x20\0" + b"this is no protobuf message " * 1000)
        closed(peer)
        said(steady, peer_of(peer), "be32", "expected")
        place = re.search(r"be32 stream at byte (\d+)", steady.program.output)
        # Inside the bad message, wherever in it the error shows.
        assert len(good) <= int(place[1]) <= len(good) + 0x2004, steady.program.output
    assert steady.stream("be32")["received"] == 3


@pytest.mark.parametrize("start", [
    pytest.param(b"\x80\x04\x95" + b"x" * 100, id="pickle"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: okno\r\n\r\n", id="http-get"),
    pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="tls"),
    pytest.param(bytes(range(256)) * 100, id="garbage"),
    pytest.param(b"\xff\xff\xff\xff\x0a\xfa\xff\xff\xff\x0f\xff\xd8", id="4-gib"),
    pytest.param(b"\0\0\0\0\x01\0\0\0\x0a\xfa\xff\xff\xff\x0f\xff\xd8", id="4-gib-le64"),
])
def test_what_is_no_stream(viewer, start):
    with connect(viewer) as peer:
        peer.sendall(start)
        closed(peer)
        said(viewer, peer_of(peer))
    assert viewer.streams() == []


def test_a_length_of_4_gib_in_a_running_stream(steady):
    memory = steady.stats()["rss_bytes"]
    with connect(steady) as peer:
        peer.sendall(raw(jpeg()) + b"\x0a\x80\x80\x80\x80\x10\xff\xd8")
        closed(peer)
        said(steady, peer_of(peer), "4294967296", "limit")
    lines = steady.stats_path.read_text().count("\n")
    harness.wait_for(lambda: steady.stats_path.read_text().count("\n") >= lines + 2, "statistics")
    assert steady.stats()["rss_bytes"] < memory + (64 << 20)


def test_a_picture_of_60000_by_60000_pixels(steady):
    """The size stands in the frame header; nobody may believe it before checking it."""
    bomb = jpeg()
    at = bomb.index(b"\xff\xc0") + 5
    bomb = bomb[:at] + struct.pack(">HH", 60_000, 60_000) + bomb[at + 4:]
    memory = steady.stats()["rss_bytes"]
    with connect(steady) as peer:
        peer.sendall(be32(jpeg()) + be32(bomb) * 5)
        harness.wait_for(
            lambda: steady.stream("be32")["invalid"] > 0, lambda: f"invalid: {steady.streams()}")
        assert steady.stats()["rss_bytes"] < memory + (64 << 20)


def test_pictures_that_are_none(steady):
    """Well framed, but not decodable: counted, and the stream's good pictures go on."""
    broken = b"\xff\xd8" + bytes(np.random.default_rng(1).integers(0, 254, 5000, np.uint8))
    with connect(steady) as peer:
        for number in range(5):
            peer.sendall(be32(jpeg(number)) + be32(broken))
            time.sleep(0.1)
        peer.sendall(be32(jpeg(77)))
        harness.wait_for(lambda: steady.stream("be32")["invalid"] > 0,
                         lambda: f"invalid: {steady.streams()}")
        steady.shows(9, 77)


def test_a_sender_that_stops_in_the_middle_of_a_frame(steady):
    with connect(steady) as quiet, connect(steady) as gone:
        quiet.sendall(be32(jpeg()) + be32(jpeg())[:700])
        gone.sendall(raw(jpeg()) + raw(jpeg())[:700])
        steady.stream("raw", lambda s: s["received"] == 1)
        gone.shutdown(socket.SHUT_WR)
        closed(gone)
        said(steady, peer_of(gone), "closed the connection in the middle of a frame")
        steady.stream("be32", lambda s: s["received"] == 1)
        # The one that is merely quiet is given up after a while, by its own clock.
        closed(quiet)
        said(steady, peer_of(quiet), "stopped in the middle of a frame")


def test_one_byte_at_a_time(steady):
    stream = be32(jpeg()) + be32(jpeg())
    with connect(steady) as peer:
        peer.settimeout(harness.PATIENCE)
        peer.sendall(stream[:16])
        for byte in stream[16:24]:
            peer.sendall(bytes([byte]))
            time.sleep(1)


def test_200_connections_that_say_nothing(steady, tmp_path, stop_later):
    silent = [connect(steady) for _ in range(200)]
    try:
        stop_later(harness.opencv_client(tmp_path, "raw", steady.port, "--frames", 50,
                                         "--fps", 25, "--stream", 2, "--hold"))
        seen = steady.stream("raw", lambda s: s["received"] >= 50)
        assert (seen["received"], seen["invalid"]) == (50, 0)
        steady.shows(2, 49)
    finally:
        for connection in silent:
            connection.close()


def test_a_sender_that_never_reads_does_not_hold_the_viewers_end(screen, tmp_path, stop_later):
    """Closing takes a second at most even with a peer that neither reads nor writes."""
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    with connect(viewer) as peer:
        peer.sendall(b"\x89OKNO\r\n\x01\x04\x12\x02\x08\x01")
        harness.wait_for(lambda: viewer.stream("okno"), "okno stream")
        viewer.program.process.terminate()
        assert viewer.program.wait(harness.CLOSING) in (0, 143), viewer.program.output
