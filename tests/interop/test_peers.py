"""The peers themselves: do they send and show what the original programs do?

Without the viewer. A connection is cut into pictures here by the plainest means, so that a peer
and the viewer can't be wrong in the same way.
"""

import http.client
import socket
import struct
import threading

import cv2
import numpy as np
import pytest

import barcode
import harness
import pictures


class Receiver:
    """Accepts one connection and reads it to its end."""

    def __init__(self, answer=b""):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(harness.PATIENCE)
        self.port = self.listener.getsockname()[1]
        self.answer = answer
        self.data = b""
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        connection, _ = self.listener.accept()
        with connection, self.listener:
            while piece := connection.recv(1 << 16):
                self.data += piece
                if self.answer and self.data.endswith(b"0\r\n\r\n"):
                    connection.sendall(self.answer)
                    return

    def everything(self):
        self.thread.join(harness.PATIENCE)
        assert not self.thread.is_alive(), "the peer keeps its connection open"
        return self.data


def field_1(message):
    """The picture in a message of one field, and what stands behind it."""
    assert message[0] == 0x0A
    length = shift = 0
    for at in range(1, 6):
        length |= (message[at] & 127) << shift
        shift += 7
        if message[at] < 128:
            break
    return message[at + 1:at + 1 + length], message[at + 1 + length:]


def split_raw(data):
    while data:
        picture, data = field_1(data)
        yield picture


def split_sized(data, prefix):
    size = struct.calcsize(prefix)
    while data:
        (length,) = struct.unpack(prefix, data[:size])
        picture, rest = field_1(data[size:size + length])
        assert rest == b""
        data = data[size + length:]
        yield picture


def split_jpegs(data):
    """Right for pictures without a thumbnail, as all of these are."""
    while data:
        assert data[:2] == b"\xff\xd8"
        end = data.index(b"\xff\xd9") + 2
        yield data[:end]
        data = data[end:]


def numbers_of(jpegs):
    decoded = (cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) for jpeg in jpegs)
    return [barcode.read(picture) for picture in decoded]


@pytest.mark.parametrize("wire, split", [
    ("raw", split_raw),
    ("be32", lambda data: split_sized(data, ">I")),
    ("le64", lambda data: split_sized(data, "<q")),
    ("le32", lambda data: split_sized(data, "<i")),
    ("mjpeg", split_jpegs),
])
def test_opencv_client(tmp_path, wire, split):
    receiver = Receiver()
    client = harness.opencv_client(tmp_path, wire, receiver.port, "--frames", 20)
    assert numbers_of(split(receiver.everything())) == list(range(20))
    assert client.wait() == 0, client.output


@pytest.mark.parametrize("start", [harness.ffmpeg, harness.gstreamer])
def test_ffmpeg_and_gstreamer(tmp_path, start):
    receiver = Receiver()
    sender = start(tmp_path, receiver.port, "--frames", 20)
    assert numbers_of(split_jpegs(receiver.everything())) == list(range(20)), sender.program.output
    assert sender.wait() == 0, sender.program.output


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("lengths", [[], ["--lengths"]])
def test_http_push(tmp_path, method, lengths):
    receiver = Receiver(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    sender = harness.peer("http_push", tmp_path, "--port", receiver.port, "--frames", 5,
                          "--method", method, *lengths)
    head, _, body = receiver.everything().partition(b"\r\n\r\n")
    assert head.startswith(f"{method} /camera HTTP/1.1\r\n".encode())
    assert b"multipart/x-mixed-replace; boundary=okno-test" in head
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole += body[:int(size, 16)]
        body = body[int(size, 16) + 2:]
    parts = whole.split(b"--okno-test")
    assert parts[-1] == b"--\r\n"
    jpegs = [part.partition(b"\r\n\r\n")[2][:-2] for part in parts[1:-1]]
    assert numbers_of(jpegs) == list(range(5))
    assert sender.wait() == 0, sender.output


@pytest.mark.parametrize("dialect", ["lengths", "bare", "wrong"])
def test_mjpeg_server(tmp_path, stop_later, dialect):
    server = stop_later(harness.peer("mjpeg_server", tmp_path, "--frames", 5, "--fps", 0,
                                     "--dialect", dialect))
    port = int(server.line(r"serving on http://127.0.0.1:(\d+)/stream")[1])
    camera = http.client.HTTPConnection("127.0.0.1", port, timeout=harness.PATIENCE)
    camera.request("GET", "/stream")
    answer = camera.getresponse()
    assert answer.getheader("Content-Type") == "multipart/x-mixed-replace; boundary=camera"
    parts = answer.read().split(b"--camera\r\n")[1:]
    assert numbers_of(part.partition(b"\r\n\r\n")[2][:-2] for part in parts) == list(range(5))
    assert (b"Content-Length" in parts[0]) == (dialect != "bare")


@pytest.mark.parametrize("wire", ["raw", "be32", "le64"])
def test_a_window_shows_its_own_client(tmp_path, screen, stop_later, wire):
    """One picture after another, each sent when the one before is on the screen: nothing here
    depends on how the originals fail when they are hurried."""
    report = tmp_path / "report"
    window = stop_later(harness.peer(f"qt_{wire}", tmp_path, "--port", 0, "--report", report,
                                     DISPLAY=screen.name, QT_QPA_PLATFORM="xcb"))
    port = int(window.line(r"listening on 127.0.0.1:(\d+)")[1])
    client = stop_later(harness.opencv_client(tmp_path, wire, port, "--frames", 30, "--fps", 10,
                                              "--hold", "--size", "400x400"))
    harness.wait_for(lambda: report.exists() and report.read_text().split()[-1:] == ["29"],
                     lambda: f"picture 29: {report.read_text().split()}\n{window.output}")
    shown = [int(number) for number in report.read_text().split()]
    assert shown == sorted(set(shown)) and len(shown) >= 28, client.output
    harness.wait_for(lambda: screen.numbers().get(0) == 29, "picture 29 on the screen")


def test_the_bar_code_is_found_in_tiles_scaled_and_not_when_cut():
    screen = np.full((1080, 1920, 3), 30, np.uint8)
    tiles = list(pictures.numbered(6, 640, 480, first=1000))
    for stream, picture in enumerate(tiles):
        barcode.burn(picture, 1000 + stream, stream)
        small = cv2.resize(picture, (600, 450), interpolation=cv2.INTER_AREA)
        x, y = 20 + stream % 3 * 620, 30 + stream // 3 * 500
        screen[y:y + 450, x:x + 600] = small
    assert barcode.find(screen) == {stream: 1000 + stream for stream in range(6)}
    # The lower part of the first tile is still that of the picture before.
    before = barcode.burn(tiles[0].copy(), 999, 0)
    screen[255:480, 20:620] = cv2.resize(before, (600, 450))[225:]
    assert barcode.find(screen) == {stream: 1000 + stream for stream in range(1, 6)}
