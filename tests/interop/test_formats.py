"""Every kind of sender against the real viewer: nothing lost, nothing invalid, the right picture
on the screen at the end."""

import os
import time

import cv2
import pytest

import harness

FRAMES = 300
# Full speed, and a camera's pace.
PACES = pytest.mark.parametrize("fps", [0, 30], ids=["full-speed", "30fps"])


def check(viewer, format, stream, frames=FRAMES, limit=harness.PATIENCE):
    """All frames arrived, none was invalid, and the last one is on the screen."""
    seen = viewer.stream(format, lambda s: s["received"] >= frames, limit)
    assert seen["received"] == frames, seen
    assert seen["invalid"] == 0, seen
    viewer.shows(stream, frames - 1)
    assert viewer.stream(format)["received"] == frames


@PACES
@pytest.mark.parametrize("wire", ["raw", "be32", "le64", "le32", "mjpeg"])
def test_300_frames(viewer, tmp_path, stop_later, wire, fps):
    client = stop_later(harness.opencv_client(
        tmp_path, wire, viewer.port, "--frames", FRAMES, "--fps", fps, "--hold", "--stream", 3))
    check(viewer, wire, 3)
    client.line("sent")


@pytest.mark.parametrize("start", [harness.ffmpeg, harness.gstreamer])
def test_300_frames_of_ffmpeg_and_gstreamer(viewer, tmp_path, stop_later, start):
    """The pipe stays open, so the last picture must come out with its last byte."""
    sender = stop_later(start(tmp_path, viewer.port, "--frames", FRAMES, "--fps", 60,
                              "--stream", 4, "--hold"))
    check(viewer, "mjpeg", 4)
    sender.frames.kill()
    assert sender.wait() == 0, sender.program.output


def test_a_clip(viewer, tmp_path, stop_later):
    """The clip that ships with the project, sent by the plainest client."""
    clip = harness.ROOT / "assets/bigbuckbunny.mp4"
    frames = int(cv2.VideoCapture(str(clip)).get(cv2.CAP_PROP_FRAME_COUNT))
    stop_later(harness.opencv_client(tmp_path, "raw", viewer.port, "--clip", clip, "--hold"))
    seen = viewer.stream("raw", lambda s: s["received"] >= frames)
    assert (seen["received"], seen["invalid"]) == (frames, 0)
    assert seen["width"] > 0 and seen["height"] > 0


@pytest.mark.parametrize("method, lengths", [("PUT", []), ("POST", ["--lengths"])])
def test_http_push(viewer, tmp_path, stop_later, method, lengths):
    stop_later(harness.peer("http_push", tmp_path, "--port", viewer.port, "--method", method,
                            "--frames", FRAMES, "--hold", "--stream", 6, *lengths))
    check(viewer, "multipart", 6)


@pytest.mark.parametrize("dialect", ["lengths", "bare", "wrong"])
def test_pull(screen, tmp_path, stop_later, dialect):
    camera = stop_later(harness.peer("mjpeg_server", tmp_path, "--frames", 60, "--fps", 30,
                                     "--dialect", dialect, "--hold", "--stream", 7))
    url = camera.line(r"serving on (\S+)")[1]
    viewer = stop_later(harness.Viewer(screen, tmp_path, "--pull", url))
    check(viewer, "multipart", 7, 60)


def test_six_kinds_at_once(screen, tmp_path, stop_later):
    seconds = int(os.environ.get("OKNO_SOAK_SECONDS", "60"))
    frames, fps = seconds * 15, 15
    viewer = stop_later(harness.Viewer(screen, tmp_path, "--view-size", "1500x900"))
    foreign = ["raw", "be32", "le64", "le32"]
    for stream, wire in enumerate(foreign):
        stop_later(harness.opencv_client(tmp_path, wire, viewer.port, "--frames", frames,
                                         "--fps", fps, "--hold", "--stream", stream))
    stop_later(harness.ffmpeg(tmp_path, viewer.port, "--frames", frames, "--fps", fps, "--hold",
                              "--stream", 4))
    stop_later(harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i",
         f"test:640x480@{fps}?barcode=1&stream=5", "--to", f"tcp://127.0.0.1:{viewer.port}"],
        tmp_path, "opencv-sender"))

    kinds = {*foreign, "mjpeg", "okno"}
    live = lambda: {s["format"] for s in viewer.streams() if s["state"] == "live"}
    harness.wait_for(lambda: live() == kinds, lambda: f"six live streams: {viewer.streams()}")
    begin = time.monotonic()
    harness.wait_for(lambda: set(screen.numbers()) == set(range(6)),
                     lambda: f"all six in the window: {screen.numbers()}", every=0.3)
    picture = os.environ.get("OKNO_PICTURES", str(tmp_path)) + "/six-kinds.png"
    assert cv2.imwrite(picture, screen.picture()), f"cannot write {picture}"

    while time.monotonic() < begin + seconds * 0.8:
        assert live() == kinds, viewer.streams()
        time.sleep(1)
    # Nothing is lost of what the foreign senders sent, however long it takes.
    for format in [*foreign, "mjpeg"]:
        viewer.stream(format, lambda s: s["received"] == frames)
    assert {s["format"]: s["invalid"] for s in viewer.streams()} == dict.fromkeys(kinds, 0)
    assert len(viewer.streams()) == 6
