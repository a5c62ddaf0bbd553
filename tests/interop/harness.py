"""Programs, the X server and the viewer, as the tests see them.

Everything waits for a condition, with a limit after which the test fails and says what it had
been waiting for.
"""

import json
import os
import pathlib
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
from Xlib import X, display

import barcode

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEERS = HERE / "peers"
# A machine with two busy cores: how long anything may take before a test gives up on it.
PATIENCE = float(os.environ.get("OKNO_PATIENCE", "30"))
# The viewer ends within a second; the rest is for a busy machine.
CLOSING = 3


# One look counts for so many seconds at most: a machine that stood still for half a minute has
# looked once in it.
LONGEST_LOOK = 3


def wait_for(condition, what, limit=PATIENCE, every=0.05):
    """What `condition` returns once it is true. `what` names it for the failure; a function is
    called to tell more."""
    waited = 0.0
    while True:
        begin = time.monotonic()
        value = condition()
        if value:
            return value
        if waited > limit:
            raise AssertionError(f"after {limit:.0f} s: no {what() if callable(what) else what}")
        time.sleep(every)
        waited += min(time.monotonic() - begin, LONGEST_LOOK)


def find_program(variable, name):
    """A program of the project: from the variable, or where cargo puts it."""
    path = pathlib.Path(os.environ.get(variable) or ROOT / "target/release" / name)
    if not path.is_file():
        raise AssertionError(f"{path} is missing: build it, or say in {variable} where it is")
    return str(path.resolve())


def need(program, package):
    if shutil.which(program) is None:
        raise AssertionError(f"{program} is missing: apt-get install {package}")


class Program:
    """A running program whose output is kept in files, so that no full pipe can stop it."""

    def __init__(self, arguments, folder, name, stdin=subprocess.DEVNULL, **environment):
        self.name = name
        self.out_path = folder / f"{name}.out"
        self.err_path = folder / f"{name}.err"
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.process = subprocess.Popen(
                [str(a) for a in arguments], stdin=stdin, stdout=out, stderr=err,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment})

    @property
    def output(self):
        return self.out_path.read_text(errors="replace") + self.err_path.read_text(errors="replace")

    def line(self, pattern, limit=PATIENCE):
        """The first match of `pattern` in what the program has printed."""
        def look():
            match = re.search(pattern, self.output)
            if match is None and self.process.poll() is not None:
                raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{self.output}")
            return match
        return wait_for(look, lambda: f"line {pattern!r} from {self.name}:\n{self.output}", limit)

    def wait(self, limit=PATIENCE):
        """Its exit code."""
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end:\n{self.output}") from None

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode


class Screen:
    """An X server without a screen, and what is to be seen on it."""

    def __init__(self, folder, width=1920, height=1080):
        need("Xvfb", "xvfb")
        reader, writer = os.pipe()
        self.log = open(folder / "xvfb.log", "wb")
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24",
             "-nolisten", "tcp"], pass_fds=[writer], stdout=self.log, stderr=self.log)
        os.close(writer)
        with selectors.DefaultSelector() as selector, os.fdopen(reader) as numbers:
            selector.register(numbers, selectors.EVENT_READ)
            assert selector.select(PATIENCE), "Xvfb did not start"
            self.name = f":{int(numbers.readline())}"
        self.display = display.Display(self.name)

    def picture(self):
        """The whole screen, BGR."""
        root = self.display.screen().root
        size = root.get_geometry()
        image = root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
        pixels = np.frombuffer(image.data, np.uint8).reshape(size.height, size.width, 4)
        return pixels[:, :, :3]

    def numbers(self):
        """The numbered pictures on the screen, {stream: frame}."""
        return barcode.find(self.picture())

    def stop(self):
        self.display.close()
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Viewer:
    """The real viewer, its statistics and its window."""

    def __init__(self, screen, folder, *arguments, port=0, name="okno", **environment):
        self.screen = screen
        self.stats_path = folder / f"{name}.json"
        self.stats_path.unlink(missing_ok=True)
        settings = folder / f"{name}-home"
        settings.mkdir(exist_ok=True)
        self.program = Program(
            [find_program("OKNO_BIN", "okno"), "--listen", f"127.0.0.1:{port}",
             "--stats-json", self.stats_path, *arguments], folder, name,
            **{"DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "HOME": str(settings),
               "XDG_CONFIG_HOME": str(settings), "XDG_DATA_HOME": str(settings), **environment})
        found = self.program.line(r"listening on 127\.0\.0\.1:(\d+)")
        self.port = int(found[1])

    def stats(self):
        """The newest complete line of the statistics."""
        try:
            lines = self.stats_path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return None
        return json.loads(lines[-2]) if len(lines) > 1 else None

    def streams(self):
        stats = self.stats()
        return stats["streams"] if stats else []

    def stream(self, format, ready=lambda stream: True, limit=PATIENCE):
        """The newest stream of a format, once `ready` says so."""
        def look():
            found = [s for s in self.streams() if s["format"] == format]
            return found[-1] if found and ready(found[-1]) else None
        return wait_for(look, lambda: f"{format} stream as wanted: {self.streams()}\n"
                                      f"{self.program.output}", limit)

    def shows(self, stream, frame, limit=PATIENCE):
        """Waits until a numbered picture is on the screen."""
        wait_for(lambda: self.screen.numbers().get(stream) == frame,
                 lambda: f"picture {frame} of stream {stream} on the screen: "
                         f"{self.screen.numbers()}, {self.streams()}\n{self.program.output}", limit)

    def stop(self, number=signal.SIGTERM):
        return self.program.stop(number)


def keys(screen, viewer, *names):
    """Presses keys, in the viewer's window; "type:..." types text."""
    need("xdotool", "xdotool")
    environment = {**os.environ, "DISPLAY": screen.name}
    window = wait_for(
        lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--pid",
                                str(viewer.program.process.pid)], env=environment,
                               capture_output=True, text=True).stdout.split(), "window of Okno")
    # There is no window manager that would give it the keyboard.
    subprocess.run(["xdotool", "windowfocus", "--sync", window[-1]], env=environment, check=True)
    for name in names:
        command = ["type", name[5:]] if name.startswith("type:") else ["key", name]
        subprocess.run(["xdotool", *command], env=environment, check=True)


def peer(name, folder, *arguments, label=None, **options):
    """Starts one of the Python programs in peers/."""
    return Program([sys.executable, PEERS / f"{name}.py", *arguments], folder,
                   label or f"{name}-{time.monotonic_ns()}", **options)


def opencv_client(folder, wire, port, *arguments):
    return peer("opencv_client", folder, "--wire", wire, "--port", port, *arguments,
                label=f"client-{wire}-{time.monotonic_ns()}")


class Piped:
    """A program that encodes what peers/raw_frames.py writes."""

    def __init__(self, command, folder, name, *arguments):
        number = time.monotonic_ns()
        reader, writer = os.pipe()
        self.program = Program(command, folder, f"{name}-{number}", stdin=reader)
        os.close(reader)
        with open(folder / f"frames-{number}.err", "wb") as err:
            self.frames = subprocess.Popen(
                [sys.executable, str(PEERS / "raw_frames.py"), *map(str, arguments)],
                stdin=subprocess.DEVNULL, stdout=writer, stderr=err)
        os.close(writer)

    def wait(self, limit=PATIENCE):
        self.frames.wait(limit)
        return self.program.wait(limit)

    def stop(self):
        self.frames.kill()
        self.frames.wait()
        return self.program.stop()


def ffmpeg(folder, port, *arguments, size="640x480"):
    """One thread: with more, ffmpeg keeps a picture a thread until its input ends."""
    need("ffmpeg", "ffmpeg")
    return Piped(
        ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pixel_format", "bgr24",
         "-video_size", size, "-framerate", "30", "-i", "-", "-threads", "1", "-q:v", "3", "-f", "mjpeg",
         f"tcp://127.0.0.1:{port}"], folder, "ffmpeg", "--size", size, *arguments)


def gstreamer(folder, port, *arguments, size="640x480"):
    need("gst-launch-1.0", "gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good")
    width, height = size.split("x")
    return Piped(
        ["gst-launch-1.0", "-q", "fdsrc", "!", "rawvideoparse", "format=bgr", f"width={width}",
         f"height={height}", "framerate=30/1", "!", "videoconvert", "!", "jpegenc", "!",
         "tcpclientsink", "host=127.0.0.1", f"port={port}", "sync=false"],
        folder, "gstreamer", "--size", size, *arguments)
