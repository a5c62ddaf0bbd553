"""What is on the screen never goes back in time and is never made of two frames: under load, with
senders that come and go, and after the viewer stood still."""

import itertools
import multiprocessing
import random
import signal
import socket
import threading
import time

import cv2
import numpy as np
import pytest
from Xlib import X

import barcode
import harness
import pictures

SECONDS = 15
FPS = 15
# Each start of a foreign sender begins so much higher than the one before.
LEAP = 300


class Crowd:
    """Nine senders, some of which are killed and started again."""

    FOREIGN = ["raw", "be32", "mjpeg", "be32", "raw"]
    OWN = 4

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.starts = [0] * len(self.FOREIGN)
        # The sender counts its test pictures from 0 each time: a start gets a number of its own.
        self.names = itertools.count(len(self.FOREIGN))
        self.foreign = [self._foreign(i) for i in range(len(self.FOREIGN))]
        self.own = [self._own(i) for i in range(self.OWN)]

    def _foreign(self, i):
        first = self.starts[i] * LEAP
        self.starts[i] += 1
        return harness.opencv_client(
            self.folder, self.FOREIGN[i], self.port, "--frames", LEAP - 1, "--first", first,
            "--fps", FPS, "--stream", i, "--hold")

    def _own(self, i):
        return harness.Program(
            [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i",
             f"test:640x480@{FPS}?barcode=1&stream={next(self.names)}", "-n", f"own {i}",
             "--to", f"tcp://127.0.0.1:{self.port}"], self.folder, f"own-{time.monotonic_ns()}")

    def change_one(self, chance):
        """Kills a sender and starts another one in its place; as often as there are numbers."""
        if chance.random() < 0.5:
            i = chance.choice([i for i, n in enumerate(self.starts) if n < 3])
            self.foreign[i].stop(signal.SIGKILL)
            self.foreign[i] = self._foreign(i)
        else:
            i = chance.randrange(self.OWN)
            self.own[i].stop(signal.SIGKILL)
            self.own[i] = self._own(i)

    def stop(self):
        for program in self.foreign + self.own:
            program.stop(signal.SIGKILL)


def burn_cpu():
    while True:
        pass


@pytest.fixture
def hog():
    process = multiprocessing.Process(target=burn_cpu, daemon=True)
    process.start()
    yield
    process.kill()
    process.join()


def test_nothing_torn_and_nothing_after_something_newer(screen, tmp_path, stop_later, hog):
    viewer = stop_later(harness.Viewer(screen, tmp_path, "--view-size", "1536x864"))
    crowd = stop_later(Crowd(tmp_path, viewer.port))
    harness.wait_for(lambda: set(screen.numbers()) >= set(range(9)),
                     lambda: f"nine streams: {screen.numbers()}, {viewer.streams()}", every=0.2)
    places = barcode.places(screen.picture()).values()
    assert len(places) == 9
    chance, newest, seen, changes = random.Random(4), {}, 0, 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if changes < 6 and time.monotonic() > end - SECONDS + 2 * (changes + 1):
            changes += 1
            crowd.change_one(chance)
        picture = screen.picture()
        for place in places:
            top, bottom = barcode.read_place(picture, place)
            # A place without a number has lost its sender, or shows its name just now.
            if not top or not bottom:
                continue
            assert top == bottom, "a picture of two frames"
            frame, stream = top
            assert frame >= newest.get(stream, 0), \
                f"stream {stream}: {frame} after {newest[stream]}"
            seen += newest.get(stream) != frame
            newest[stream] = frame
    # It was a moving picture that was looked at, of the first senders and of those after them.
    assert seen > 9 * SECONDS and len(newest) > 9, (seen, newest)
    assert all(s["invalid"] == 0 for s in viewer.streams()), viewer.streams()


class Camera:
    """A sender in this process that knows what it has sent. It falls behind when it is held up,
    and sends what it has missed as fast as it can, as the original programs do."""

    def __init__(self, port, fps=30):
        jpegs = [cv2.imencode(".jpg", picture)[1].tobytes()
                 for picture in pictures.numbered(400, 640, 480, 2)]
        self.sent, self.ended, self.fps = 0, threading.Event(), fps
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.thread = threading.Thread(target=self._run, args=(jpegs,))
        self.thread.start()

    def _run(self, jpegs):
        try:
            for number, jpeg in enumerate(pictures.paced(jpegs, self.fps)):
                if self.ended.is_set():
                    return
                self.socket.sendall(jpeg)
                self.sent = number
        except OSError:
            pass

    def stop(self):
        self.ended.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(harness.PATIENCE)
        self.socket.close()


def row(screen, y):
    """One row of the screen, BGR."""
    root = screen.display.screen().root
    image = root.get_image(0, y, screen.display.screen().width_in_pixels, 1, X.ZPixmap, 0xFFFFFFFF)
    return np.frombuffer(image.data, np.uint8).reshape(-1, 4)


def test_a_viewer_that_stood_still_shows_no_backlog(viewer, screen, stop_later):
    camera = stop_later(Camera(viewer.port))
    harness.wait_for(lambda: screen.numbers().get(2, 0) > 10,
                     lambda: f"moving pictures: {screen.numbers()}, {viewer.streams()}")
    tops, _ = barcode.strips(screen.picture())
    left, right, y, _ = tops[len(tops) // 2]
    shown = lambda: barcode.read_row(row(screen, y), left, right)

    viewer.program.process.send_signal(signal.SIGSTOP)
    stopped_at = harness.wait_for(shown, "number on the screen")[0]
    harness.wait_for(lambda: camera.sent > stopped_at + 100, "a hundred more frames sent")
    newest = camera.sent
    viewer.program.process.send_signal(signal.SIGCONT)
    order = [stopped_at]

    def is_live():
        # Between two of Qt's draws there may be none.
        code = shown()
        if code and code[0] != order[-1]:
            order.append(code[0])
        return order[-1] > newest + 10
    harness.wait_for(is_live, lambda: f"live picture: {order}", every=0)
    # The one that was in a decoder's hands may still come, once.
    old = [number for number in order[1:] if number < newest]
    assert order == sorted(order) and len(old) <= 1, f"{order}, {newest} had been sent"
    # Those that were in the sockets were received, and nobody decoded them.
    stream = viewer.stream("mjpeg", lambda s: s["received"] > newest)
    assert stream["dropped"] >= newest - stopped_at - 10, stream
