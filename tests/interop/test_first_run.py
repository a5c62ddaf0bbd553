"""The first run: the real sender and the real viewer, as a new user starts them.

The numbers are read off the pixels of the window, so that a counter that lies is caught.
"""

import json
import signal
import socket
import time

import pytest
from Xlib import X, protocol

import harness

FRAMES = 300


def sender(folder, port, *arguments, name="opencv-sender"):
    return harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "--to",
         f"tcp://127.0.0.1:{port}", *arguments], folder, name)


def last_report(program):
    lines = [line for line in program.out_path.read_text().splitlines() if line.startswith("{")]
    return json.loads(lines[-1])


def watch(screen, stream, ended):
    """The numbers on the screen until `ended`, looked at some ten times a second: looking costs
    the machine more than showing."""
    numbers = []
    deadline = time.monotonic() + 60
    while not ended():
        assert time.monotonic() < deadline, f"no end: {numbers}"
        number = screen.numbers().get(stream)
        if number is not None and numbers[-1:] != [number]:
            numbers.append(number)
        time.sleep(0.07)
    return numbers


def test_ten_seconds_of_720p_at_30_fps(screen, tmp_path, stop_later):
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    program = stop_later(sender(tmp_path, viewer.port, "-i",
                                "test:1280x720@30?barcode=1&stream=3", "--frames", FRAMES,
                                "--json"))
    numbers = watch(screen, 3, lambda: program.process.poll() is not None)
    assert program.wait() == 0, program.output
    sent = last_report(program)["sent"]
    assert sent == FRAMES
    seen = viewer.stream("okno", lambda s: s["received"] == sent and s["state"] == "gone")
    assert seen["invalid"] == 0
    assert (seen["width"], seen["height"]) == (1280, 720)
    assert seen["shown"] >= 0.95 * FRAMES, seen
    assert seen["latency_ms"]["p50"] > 0
    assert len(numbers) > 20 and numbers[-1] > FRAMES - 15, numbers
    assert all(a < b for a, b in zip(numbers, numbers[1:])), f"went back: {numbers}"


def test_the_clip_that_ships(viewer, screen, tmp_path):
    """At its own rate, every frame; the picture that is left is the clip's last one."""
    program = sender(tmp_path, viewer.port, "-i", harness.ROOT / "assets/bigbuckbunny.mp4",
                     "--json")
    assert program.wait(60) == 0, program.output
    sent = last_report(program)["sent"]
    assert sent > 100
    seen = viewer.stream("okno", lambda s: s["received"] == sent)
    assert (seen["invalid"], seen["width"], seen["height"]) == (0, 1280, 720)


def okno_window(screen):
    def find(window):
        name = window.get_wm_class()
        if name and name[1].lower() == "okno":
            return window
        return next(filter(None, map(find, window.query_tree().children)), None)
    return harness.wait_for(lambda: find(screen.display.screen().root), "window of Okno")


def close_window(screen, viewer):
    window = okno_window(screen)
    display = screen.display
    event = protocol.event.ClientMessage(
        window=window, client_type=display.intern_atom("WM_PROTOCOLS"),
        data=(32, [display.intern_atom("WM_DELETE_WINDOW"), X.CurrentTime, 0, 0, 0]))
    window.send_event(event)
    display.flush()


ENDS = {
    "window": (close_window, 0),
    "ctrl-c": (lambda screen, viewer: viewer.program.process.send_signal(signal.SIGINT), 130),
    "sigterm": (lambda screen, viewer: viewer.program.process.send_signal(signal.SIGTERM), 143),
}


@pytest.mark.parametrize("how", ENDS)
def test_ends_within_a_second(screen, tmp_path, stop_later, how):
    """With a sender connected that neither reads nor writes any more, and one in mid-frame."""
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    frozen = stop_later(sender(tmp_path, viewer.port, "-i", "test:640x480@30"))
    viewer.stream("okno", lambda s: s["shown"] > 10)
    frozen.process.send_signal(signal.SIGSTOP)
    with socket.create_connection(("127.0.0.1", viewer.port)) as half:
        half.sendall(bytes.fromhex("0a904e ffd8 ffdb"))
        end, code = ENDS[how]
        end(screen, viewer)
        assert viewer.program.wait(1.0) == code, viewer.program.output
    frozen.process.send_signal(signal.SIGCONT)
    assert "panicked" not in viewer.program.output


def test_a_port_that_is_taken_leaves_the_window_running(screen, tmp_path, stop_later):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        viewer = stop_later(harness.Viewer(
            screen, tmp_path, "--listen", f"127.0.0.1:{port}"))
        line = viewer.program.line(f"port {port} is taken.*")[0]
        assert "--listen" in line, "the message names a way out"
        # The window is there, and the other port works.
        program = sender(tmp_path, viewer.port, "-i", "test:320x240@30?barcode=1", "--frames", 10)
        assert program.wait() == 0, program.output
        viewer.stream("okno", lambda s: s["received"] == 10)


def test_a_sender_killed_in_mid_frame_and_the_others_go_on(viewer, tmp_path, stop_later):
    steady = stop_later(sender(tmp_path, viewer.port, "-i", "test:320x240@30", "-n", "steady"))
    viewer.stream("okno", lambda s: s["shown"] > 5)
    with socket.create_connection(("127.0.0.1", viewer.port)) as half:
        half.sendall(bytes.fromhex("00010000 0a fcff03 ffd8"))
    viewer.program.line(r"in the middle of a frame, at byte 10")
    before = viewer.stream("okno")["received"]
    viewer.stream("okno", lambda s: s["received"] > before + 15 and s["state"] == "live")
    steady.stop()


def test_statistics_on_standard_output_and_the_end_by_the_clock(screen, tmp_path):
    program = harness.Program(
        [harness.find_program("OKNO_BIN", "okno"), "--listen", "127.0.0.1:0", "--stats-json", "-",
         "--exit-after", "1.5", "--test-pattern"], tmp_path, "okno",
        DISPLAY=screen.name, QT_QPA_PLATFORM="xcb", HOME=str(tmp_path))
    assert program.wait() == 0, program.output
    report = last_report(program)
    contract = {"id", "name", "peer", "format", "width", "height", "received", "decoded", "shown",
                "dropped", "invalid", "bytes", "state", "latency_ms"}
    assert contract <= set(report["streams"][0])
    assert report["streams"][0]["name"] == "test pattern"
    assert report["cpu_seconds"] > 0 and report["rss_bytes"] > 1 << 20


@pytest.mark.parametrize("arguments, code, words", [
    (["-i", "no-such-file.mp4"], 3, "no-such-file.mp4"),
    (["-i", "97"], 3, "97"),
    (["-i", "test:", "--to", "tcp://127.0.0.1:9", "--retry", "0"], 4, "127.0.0.1:9"),
    (["-i", "test:", "--to", "udp://127.0.0.1:5"], 2, "tcp://"),
    (["-q", "200"], 2, "200"),
])
def test_what_a_person_gets_wrong_is_said_in_words(tmp_path, arguments, code, words):
    program = harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "--retry", "0", *arguments]
        if "--retry" not in arguments else
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), *arguments],
        tmp_path, "opencv-sender")
    assert program.wait() == code, program.output
    assert words in program.err_path.read_text()
    assert "panicked" not in program.output


def test_an_empty_file(tmp_path):
    empty = tmp_path / "empty.mp4"
    empty.touch()
    program = harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i", empty, "--retry", "0"],
        tmp_path, "opencv-sender")
    assert program.wait() == 3, program.output
    assert "empty.mp4" in program.err_path.read_text()
