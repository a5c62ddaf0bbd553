"""Snapshots, recordings, look-back, replay and files, in the real window.

A camera of this file's own numbers its frames and remembers every JPEG that it sent, so that what
is in a file is compared byte by byte, and what is on the screen is read off the pixels.
"""

import json
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

import cv2
import numpy as np
import pytest

import desk as desks
import harness
import pictures
from harness import keys

FPS = 20
STREAM = 5


class Camera:
    """Sends numbered JPEGs of 640x480, one behind the other, and keeps each."""

    def __init__(self, port, stream=STREAM):
        self.sent = []
        self.times = []
        self.running = threading.Event()
        self.running.set()
        self.ended = False
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.thread = threading.Thread(target=self._run, args=[stream])
        self.thread.start()

    def _run(self, stream):
        for picture in pictures.numbered(1000, 640, 480, stream):
            # Every fourth frame comes late: the rate varies.
            time.sleep((2 if len(self.sent) % 4 == 3 else 2 / 3) / FPS)
            self.running.wait()
            if self.ended:
                return
            jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
            try:
                self.socket.sendall(jpeg)
            except OSError:
                return
            self.times.append(time.monotonic())
            self.sent.append(jpeg)

    def stop(self):
        self.ended = True
        self.running.set()
        self.thread.join()
        self.socket.close()


@pytest.fixture
def camera(viewer, screen, stop_later):
    camera = stop_later(Camera(viewer.port))
    harness.wait_for(lambda: screen.numbers().get(STREAM) is not None,
                     lambda: f"first picture: {viewer.program.output}")
    return camera


def home(tmp_path):
    return tmp_path / "okno-home"


def files(tmp_path, folder, pattern):
    return sorted((home(tmp_path) / folder / "Okno").glob(pattern))


def one_file(tmp_path, folder, pattern, viewer):
    """The only file there, once it is there."""
    found = harness.wait_for(lambda: files(tmp_path, folder, pattern),
                             lambda: f"{pattern} in {folder}: {viewer.program.output}")
    assert len(found) == 1, found
    return found[0]


def probe(path):
    """Times and sizes of a video's frames, and its length if it says one."""
    harness.need("ffprobe", "ffmpeg")
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries",
         "packet=pts_time,size:format=duration:stream=codec_name,width,height", "-of", "json", path],
        capture_output=True, text=True, timeout=harness.PATIENCE)
    return json.loads(done.stdout or "{}"), done.stderr


def whole(path):
    """Whether a recording is finished: its length is filled in."""
    return probe(path)[0].get("format", {}).get("duration") is not None


def recorded(path, camera):
    """The first frame's place in what was sent, and how many follow; each byte is compared."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-c", "copy", "-f", "mjpeg", "-"],
                          capture_output=True, timeout=harness.PATIENCE)
    sizes = [int(packet["size"]) for packet in probe(path)[0]["packets"]]
    assert sizes, done.stderr
    content, at = [], 0
    for size in sizes:
        content.append(done.stdout[at:at + size])
        at += size
    assert at == len(done.stdout)
    first = camera.sent.index(content[0])
    assert content == camera.sent[first:first + len(content)], "frames are missing or changed"
    return first, len(content)


def held(screen, viewer, camera):
    """Stops the camera; the number of its last frame, which is on the screen."""
    camera.running.clear()
    time.sleep(4 / FPS)
    last = len(camera.sent) - 1
    viewer.shows(STREAM, last)
    return last


def test_a_snapshot_is_the_frame_on_the_screen_as_it_was_sent(viewer, screen, tmp_path, camera):
    last = held(screen, viewer, camera)
    keys(screen, viewer, "s")
    path = one_file(tmp_path, "Pictures", "*.jpg", viewer)
    harness.wait_for(lambda: path.read_bytes() == camera.sent[last], "the frame's very bytes")
    assert path.name.startswith("mjpeg from 127.0.0.1 20"), path
    # Again in the same second or later: nothing is replaced.
    keys(screen, viewer, "s")
    harness.wait_for(lambda: len(files(tmp_path, "Pictures", "*.jpg")) == 2, "second snapshot")


def test_a_snapshot_of_a_held_picture_is_of_that_picture(viewer, screen, tmp_path, camera):
    harness.wait_for(lambda: len(camera.sent) > 2 * FPS, "two seconds of frames")
    keys(screen, viewer, "space", "comma", "comma", "comma")
    time.sleep(0.5)
    number = screen.numbers()[STREAM]
    assert number < len(camera.sent) - 5
    keys(screen, viewer, "s")
    path = one_file(tmp_path, "Pictures", "*.jpg", viewer)
    harness.wait_for(lambda: path.read_bytes() == camera.sent[number], "the held frame's bytes")


def test_stepping_goes_frame_by_frame(viewer, screen, camera):
    harness.wait_for(lambda: len(camera.sent) > 2 * FPS, "two seconds of frames")
    keys(screen, viewer, "space")
    time.sleep(0.5)
    number = screen.numbers()[STREAM]
    for step in range(1, 4):
        keys(screen, viewer, "comma")
        viewer.shows(STREAM, number - step)
    for step in range(2, 0, -1):
        keys(screen, viewer, "period")
        viewer.shows(STREAM, number - step)
    # Frames are received and kept all the while.
    stream = viewer.stream("mjpeg", lambda s: s["received"] > number + 3)
    assert stream["kept"]["frames"] > FPS
    keys(screen, viewer, "l")
    harness.wait_for(lambda: screen.numbers().get(STREAM, 0) >= len(camera.sent) - 5, "the present")


def test_replay_shows_the_last_seconds_again_and_returns(viewer, screen, camera):
    harness.wait_for(lambda: len(camera.sent) > 6 * FPS, "six seconds of frames")
    keys(screen, viewer, "shift+Left")
    pressed = len(camera.sent)
    seen = harness.wait_for(
        lambda: (n := screen.numbers().get(STREAM)) is not None and n < pressed - 3 * FPS and n,
        lambda: f"old picture: {screen.numbers()}, {pressed} were sent")
    # It plays: later pictures follow, and stay behind.
    later = harness.wait_for(lambda: (n := screen.numbers().get(STREAM, 0)) > seen + FPS and n,
                             "the pictures after it")
    assert later < len(camera.sent) - 3 * FPS, "it stays five seconds behind"
    keys(screen, viewer, "space")
    time.sleep(0.5)
    still = screen.numbers()[STREAM]
    time.sleep(0.5)
    assert screen.numbers()[STREAM] == still, "held"
    keys(screen, viewer, "l")
    harness.wait_for(lambda: screen.numbers().get(STREAM, 0) >= len(camera.sent) - 5, "the present")


def at_rest(screen):
    """The number of the picture that is held."""
    seen = [None]

    def same():
        seen.append(screen.numbers().get(STREAM))
        return seen[-1] is not None and seen[-1] == seen[-2]
    harness.wait_for(same, "picture at rest", every=0.3)
    return seen[-1]


def local_sender(folder, port):
    return harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i",
         f"test:640x480@25?barcode=1&stream={STREAM}", "-n", "door",
         "--to", f"tcp://127.0.0.1:{port}"], folder, "sender")


def test_a_local_stream_is_kept_from_when_it_is_asked_for(viewer, screen, tmp_path, stop_later):
    """It comes uncompressed; the key that goes back has it come as JPEG."""
    stop_later(local_sender(tmp_path, viewer.port))
    viewer.stream("okno", lambda s: s["shared_memory"] and s["shown"] > 50)
    keys(screen, viewer, "space")
    keys(screen, viewer, "space")
    assert viewer.stream("okno")["shared_memory"], "holding a picture asks for nothing"
    assert viewer.stream("okno")["kept"]["frames"] == 0
    keys(screen, viewer, "shift+Left")
    viewer.stream("okno", lambda s: not s["shared_memory"] and s["kept"]["frames"] > 3 * 25)
    received = viewer.stream("okno")["received"]
    keys(screen, viewer, "shift+Left")
    # Past the oldest, so that there is something before it.
    harness.wait_for(lambda: (n := screen.numbers().get(STREAM)) and n < received - 25,
                     lambda: f"old picture: {screen.numbers()}, {received} came")
    oldest = screen.numbers()[STREAM]
    harness.wait_for(lambda: screen.numbers().get(STREAM, 0) > oldest + 5, "it plays")
    keys(screen, viewer, "space")
    number = at_rest(screen)
    keys(screen, viewer, "comma")
    viewer.shows(STREAM, number - 1)
    viewer.stream("okno", lambda s: s["received"] > received + 25)
    keys(screen, viewer, "l")
    harness.wait_for(lambda: screen.numbers().get(STREAM, 0) > number + 2 * 25, "the present")
    # A recording begins before the key now, too.
    keys(screen, viewer, "r")
    path = one_file(tmp_path, "Videos", "*.mkv", viewer)
    keys(screen, viewer, "r")
    harness.wait_for(lambda: whole(path), lambda: f"end of the recording: {probe(path)}")
    assert float(probe(path)[0]["format"]["duration"]) > 2


def test_local_streams_are_kept_if_that_was_chosen(screen, tmp_path, stop_later):
    settings = tmp_path / "okno-home" / "okno" / "interface.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text("[interface]\nkeepLocal=true\n")
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    stop_later(local_sender(tmp_path, viewer.port))
    viewer.stream("okno", lambda s: s["kept"]["frames"] > 2 * 25 and not s["shared_memory"])


def test_save_as_writes_the_frame_of_the_key_and_replaces_nothing(viewer, screen, tmp_path, camera):
    last = held(screen, viewer, camera)
    keys(screen, viewer, "ctrl+s")
    # While a name is being thought of, other pictures come.
    camera.running.set()
    harness.wait_for(lambda: len(camera.sent) > last + FPS, "later frames")
    (tmp_path / "there.jpg").write_text("mine")
    keys(screen, viewer, "ctrl+a", f"type:{tmp_path / 'there.jpg'}", "Return")
    viewer.program.line("there.jpg already; choose another name")
    keys(screen, viewer, "ctrl+a", f"type:{tmp_path / 'new' / 'door.jpg'}", "Return")
    path = tmp_path / "new" / "door.jpg"
    harness.wait_for(lambda: path.exists() and path.read_bytes() == camera.sent[last],
                     lambda: f"the frame's very bytes: {viewer.program.output}")
    assert (tmp_path / "there.jpg").read_text() == "mine"
    # The sheet is gone, and keys mean what they did.
    keys(screen, viewer, "s")
    one_file(tmp_path, "Pictures", "*.jpg", viewer)


def test_the_picture_is_dragged_to_another_program(screen, bus, tmp_path, stop_later):
    desk = stop_later(desks.Desk(screen, bus, tmp_path, size=(640, 480)))
    camera = stop_later(Camera(desk.viewer.port))
    harness.wait_for(lambda: screen.numbers().get(STREAM) is not None, "first picture")
    last = held(screen, desk.viewer, camera)
    target = stop_later(harness.peer("drop_target", tmp_path, 1000, 200, 400, 400, tmp_path,
                                     label="target", DISPLAY=screen.name, QT_QPA_PLATFORM="xcb"))
    target.line("ready")
    left, top, *_ = desk.geometry()
    desk.drag((300, 200), (1200 - left, 400 - top), steps=40)
    path = pathlib.Path(target.line("dropped (.+)")[1])
    assert (tmp_path / "dropped").read_bytes() == camera.sent[last]
    assert target.wait() == 0
    # A picture that is larger than the window is pushed instead, and the drag is over.
    desk.keys("plus", "plus", "plus")
    enlarged = desk.settled()
    desk.drag((300, 200), (200, 150))
    harness.wait_for(lambda: (desk.picture() != enlarged).mean() > 0.1, "picture that was pushed")
    assert len(list(path.parent.iterdir())) == 1
    desk.viewer.stop()
    assert not path.parent.exists(), "lent for as long as the program runs"


def test_a_recording_begins_before_the_key_and_holds_what_was_sent(viewer, screen, tmp_path, camera):
    harness.wait_for(lambda: len(camera.sent) > 6 * FPS, "six seconds of frames")
    keys(screen, viewer, "r")
    pressed = len(camera.sent)
    harness.wait_for(lambda: len(camera.sent) > pressed + 2 * FPS, "two seconds more")
    keys(screen, viewer, "r")
    path = one_file(tmp_path, "Videos", "*.mkv", viewer)
    harness.wait_for(lambda: whole(path), lambda: f"end of the recording: {probe(path)}")
    about, errors = probe(path)
    assert errors == ""
    stream = about["streams"][0]
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("mjpeg", 640, 480)
    first, count = recorded(path, camera)
    assert pressed - 6.5 * FPS < first < pressed - 3 * FPS, "five seconds before the key"
    assert first + count > pressed + FPS
    # Its times are those of the frames, within what two busy processes are apart.
    times = np.array([float(packet["pts_time"]) for packet in about["packets"]])
    sent = np.array(camera.times[first:first + count])
    apart = np.abs((times - times[0]) - (sent - sent[0]))
    assert np.median(apart) < 0.02 and np.all(np.diff(times) > 0), apart
    assert abs(float(about["format"]["duration"]) - times[-1]) < 0.5


def test_a_recording_can_be_played_after_kill_9(screen, tmp_path, stop_later):
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    camera = stop_later(Camera(viewer.port))
    harness.wait_for(lambda: screen.numbers().get(STREAM) is not None, "first picture")
    keys(screen, viewer, "r")
    path = one_file(tmp_path, "Videos", "*.mkv", viewer)
    size = harness.wait_for(lambda: path.stat().st_size > 1_000_000 and path.stat().st_size,
                            "a megabyte of recording")
    viewer.stop(signal.SIGKILL)
    assert path.stat().st_size >= size
    first, count = recorded(path, camera)
    assert count > FPS and first + count > FPS
    assert not whole(path), "it was killed in the middle"


def full(viewer, path, camera):
    """The recording has ended by itself, said so, and can be played."""
    viewer.program.line("Recording: (the disk is full|files in .* may not become larger)")
    harness.wait_for(lambda: whole(path), lambda: f"finished file: {probe(path)}")
    _, count = recorded(path, camera)
    assert count > 5 and probe(path)[1] == ""
    number = len(camera.sent)
    harness.wait_for(lambda: viewer.stream("mjpeg")["received"] > number, "frames after it")


def test_a_file_that_may_not_grow_ends_the_recording_and_nothing_else(viewer, screen, tmp_path, camera):
    subprocess.run(["prlimit", "--pid", str(viewer.program.process.pid), "--fsize=1000000:"],
                   check=True)
    keys(screen, viewer, "r")
    path = one_file(tmp_path, "Videos", "*.mkv", viewer)
    full(viewer, path, camera)
    assert path.stat().st_size <= 1_000_000


def test_a_full_disk_ends_the_recording_and_nothing_else(viewer, screen, tmp_path, camera):
    folder = home(tmp_path) / "Videos"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "okno-test", folder],
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no disk of its own: {mounted.stderr.strip()}")
    try:
        keys(screen, viewer, "r")
        path = one_file(tmp_path, "Videos", "*.mkv", viewer)
        full(viewer, path, camera)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_frame_on_the_clipboard_has_all_its_pixels(viewer, screen, tmp_path, camera):
    last = held(screen, viewer, camera)
    keys(screen, viewer, "ctrl+c")
    paste = [sys.executable, harness.PEERS / "clipboard.py", tmp_path]
    environment = {"DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "PATH": "/usr/bin:/bin"}
    harness.wait_for(lambda: subprocess.run(paste, env=environment, timeout=20).returncode == 0,
                     lambda: f"picture on the clipboard: {viewer.program.output}", every=0.5)
    assert (tmp_path / "clipboard.jpeg").read_bytes() == camera.sent[last]
    png = cv2.imread(str(tmp_path / "clipboard.png")).astype(int)
    sent = cv2.imdecode(np.frombuffer(camera.sent[last], np.uint8), cv2.IMREAD_COLOR)
    # Two decoders of JPEG may differ by rounding.
    assert png.shape == sent.shape and np.abs(png - sent).mean() < 1


def add_source(screen, viewer, path):
    keys(screen, viewer, "ctrl+o")
    time.sleep(0.5)
    keys(screen, viewer, f"type:{path}", "Return")


def test_a_picture_and_a_video_open_and_others_say_why_not(screen, tmp_path, stop_later):
    viewer = stop_later(harness.Viewer(screen, tmp_path))
    picture = tmp_path / "still.png"
    cv2.imwrite(str(picture), next(pictures.numbered(1, 640, 480, 7, first=123)))
    add_source(screen, viewer, picture)
    viewer.shows(7, 123)
    clip = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter_fourcc(*"MJPG"), 20, (640, 480))
    for frame in pictures.numbered(40, 640, 480, 8):
        writer.write(frame)
    writer.release()
    add_source(screen, viewer, clip)
    first = harness.wait_for(lambda: screen.numbers().get(8), lambda: f"the clip: {viewer.program.output}")
    harness.wait_for(lambda: screen.numbers().get(8, first) != first, "it moves")
    names = [stream["name"] for stream in viewer.streams()]
    assert names == ["still.png", "clip.avi"]
    for name, content, reason in (("notes.txt", b"hello", "neither a picture nor a video"),
                                  ("broken.jpg", b"hello", "can't be read as a picture"),
                                  ("broken.mp4", b"hello" * 100, "broken.mp4: .+")):
        (tmp_path / name).write_bytes(content)
        add_source(screen, viewer, tmp_path / name)
        viewer.program.line(f"{name}: .*{reason}" if name != "broken.mp4" else reason)
    children = subprocess.run(["pgrep", "-P", str(viewer.program.process.pid)],
                              capture_output=True, text=True).stdout.split()
    assert len(children) == 1, "the clip's sender"
    viewer.stop()
    harness.wait_for(lambda: not pathlib.Path("/proc", children[0]).exists(), "end of the clip's sender")


def test_stages_add_up_to_the_whole_way(viewer, screen, tmp_path, stop_later):
    stop_later(harness.Program(
        [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i", "test:640x480@30",
         "--to", f"tcp://127.0.0.1:{viewer.port}"], tmp_path, "sender"))
    seen = viewer.stream("okno", lambda s: s["shown"] > 60 and s["latency_ms"])
    stages = {name: stage["mean"] for name, stage in seen["stages_ms"].items()}
    assert set(stages) == {"encode", "network", "queue", "decode", "present"}
    assert sum(stages.values()) == pytest.approx(seen["latency_ms"]["mean"], rel=0.1), seen
