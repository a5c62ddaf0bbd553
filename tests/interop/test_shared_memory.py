"""An Okno sender and the viewer on one machine: frames go uncompressed through shared memory, by
themselves, and either may be killed."""

import pathlib
import signal

import pytest

import harness


def sender(folder, port, *arguments, name="sender", stream=1):
    return harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i",
         f"test:640x480@25?barcode=1&stream={stream}", "-n", "door", "--json",
         "--to", f"tcp://127.0.0.1:{port}", *arguments], folder, name)


def moves(screen, stream):
    """Waits until three numbers of a stream were read off the screen, each above the last."""
    seen = []

    def look():
        number = screen.numbers().get(stream)
        if number is not None and (not seen or number != seen[-1]):
            assert not seen or number > seen[-1], seen
            seen.append(number)
        return len(seen) >= 3
    harness.wait_for(look, lambda: f"moving picture of stream {stream}: {seen}")


@pytest.mark.parametrize("codec, shared", [("auto", True), ("jpeg", False)])
def test_the_codec_is_chosen_and_said(viewer, screen, tmp_path, stop_later, codec, shared):
    program = stop_later(sender(tmp_path, viewer.port, "--codec", codec))
    found = viewer.stream("okno", lambda s: s["shown"] > 50 and s["shared_memory"] == shared)
    moves(screen, 1)
    before = viewer.stream("okno")["bytes"]
    viewer.stream("okno", lambda s: s["shown"] > found["shown"] + 25)
    assert (viewer.stream("okno")["bytes"] == before) == shared
    assert viewer.stream("okno")["invalid"] == 0
    program.stop(signal.SIGTERM)
    last = harness.wait_for(lambda: [line for line in program.output.splitlines()
                                     if '"final"' in line], "final figures")[-1]
    assert ('"shared":0,' in last) != shared, last


def shared_mappings(program):
    """The rings that a process has mapped."""
    maps = pathlib.Path(f"/proc/{program.process.pid}/maps").read_text()
    return maps.count("memfd:okno-frames")


def test_a_killed_sender_leaves_nothing_and_the_next_is_shown(viewer, screen, tmp_path,
                                                             stop_later):
    first = stop_later(sender(tmp_path, viewer.port))
    viewer.stream("okno", lambda s: s["shared_memory"] and s["shown"] > 10)
    moves(screen, 1)
    first.stop(signal.SIGKILL)
    viewer.stream("okno", lambda s: s["state"] == "gone")
    second = stop_later(sender(tmp_path, viewer.port, name="second", stream=2))
    viewer.stream("okno", lambda s: s["shared_memory"] and s["state"] == "live")
    moves(screen, 2)
    # The first one's memory is not held any more.
    harness.wait_for(lambda: shared_mappings(viewer.program) == 1,
                     lambda: f"one ring: {shared_mappings(viewer.program)}")
    assert shared_mappings(second) == 1


def test_a_killed_viewer_leaves_nothing_and_the_sender_finds_the_next(screen, tmp_path,
                                                                     stop_later):
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    program = stop_later(sender(tmp_path, viewer.port))
    viewer.stream("okno", lambda s: s["shared_memory"] and s["shown"] > 10)
    sockets = pathlib.Path("/proc/net/unix")
    mark = f"@okno-{viewer.program.process.pid}-"
    assert mark in sockets.read_text()
    viewer.stop(signal.SIGKILL)
    harness.wait_for(lambda: mark not in sockets.read_text(), "socket that is gone")
    harness.wait_for(lambda: shared_mappings(program) == 0, "memory that is given back")
    again = stop_later(harness.Viewer(screen, tmp_path, port=viewer.port, name="again"))
    again.stream("okno", lambda s: s["shared_memory"] and s["shown"] > 10)
    moves(screen, 1)
