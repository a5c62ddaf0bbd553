"""Unplug and return: whoever is killed and started again, the picture is back soon after both
are up."""

import os
import signal
import time

import pytest

import harness

# From both programs being up to the picture on the screen, in seconds.
SOON = float(os.environ.get("OKNO_RETURN_SECONDS", "2"))


def sender(folder, port, stream, wire="okno"):
    return harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i",
         f"test:640x480@30?barcode=1&stream={stream}", "--wire", wire, "-n", "door",
         "--to", f"tcp://127.0.0.1:{port}"], folder, f"sender-{time.monotonic_ns()}")


def moves(screen, stream, since, limit=SOON):
    """The picture is there, and it is a live one: its number changes."""
    left = limit - (time.monotonic() - since)
    first = harness.wait_for(lambda: screen.numbers().get(stream) is not None and screen.numbers(),
                             lambda: f"stream {stream} on the screen: {screen.numbers()}",
                             max(left, 0.1), every=0.02)[stream]
    harness.wait_for(lambda: screen.numbers().get(stream, first) != first,
                     "new picture of the stream", 5)


@pytest.mark.parametrize("wire", ["okno", "be32"])
def test_sender_killed_and_started_again(viewer, screen, tmp_path, stop_later, wire):
    first = stop_later(sender(tmp_path, viewer.port, 1, wire))
    moves(screen, 1, time.monotonic(), harness.PATIENCE)
    first.stop(signal.SIGKILL)
    again = stop_later(sender(tmp_path, viewer.port, 2, wire))
    moves(screen, 2, time.monotonic())
    assert again.process.poll() is None
    # It took the place of the one that it was before. Figures come once a second: the last ones
    # may be from before there was any stream.
    before = viewer.stats()
    after = harness.wait_for(lambda: viewer.stats() != before and viewer.stats(), "newer figures")
    assert len(after["streams"]) == 1, after["streams"]


@pytest.mark.parametrize("wire", ["okno", "be32"])
def test_viewer_killed_and_started_again(screen, tmp_path, stop_later, wire):
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    stop_later(sender(tmp_path, viewer.port, 1, wire))
    moves(screen, 1, time.monotonic(), harness.PATIENCE)
    viewer.stop(signal.SIGKILL)
    # Long enough that the sender's pauses have grown.
    time.sleep(3)
    stop_later(harness.Viewer(screen, tmp_path, port=viewer.port, name="again"))
    moves(screen, 1, time.monotonic())


def test_sender_first(screen, tmp_path, stop_later):
    viewer = harness.Viewer(screen, tmp_path)
    port = viewer.port
    viewer.stop()
    stop_later(sender(tmp_path, port, 1))
    time.sleep(1)
    stop_later(harness.Viewer(screen, tmp_path, port=port, name="later"))
    moves(screen, 1, time.monotonic())


@pytest.mark.parametrize("first", ["sender", "viewer"])
def test_both_killed(screen, tmp_path, stop_later, first):
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    old = stop_later(sender(tmp_path, viewer.port, 1))
    moves(screen, 1, time.monotonic(), harness.PATIENCE)
    viewer.stop(signal.SIGKILL)
    old.stop(signal.SIGKILL)
    if first == "sender":
        stop_later(sender(tmp_path, viewer.port, 2))
        stop_later(harness.Viewer(screen, tmp_path, port=viewer.port, name="again"))
    else:
        stop_later(harness.Viewer(screen, tmp_path, port=viewer.port, name="again"))
        stop_later(sender(tmp_path, viewer.port, 2))
    moves(screen, 2, time.monotonic())


def test_a_foreign_client_that_comes_back(viewer, screen, tmp_path, stop_later):
    for stream in (1, 2):
        client = stop_later(harness.opencv_client(
            tmp_path, "raw", viewer.port, "--frames", 1000, "--fps", 30, "--stream", stream))
        since = time.monotonic()
        # Python with OpenCV takes its time to start.
        moves(screen, stream, since, harness.PATIENCE)
        client.stop(signal.SIGKILL)
    assert len(viewer.streams()) == 1, viewer.streams()
