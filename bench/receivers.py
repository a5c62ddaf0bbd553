"""The receivers that are compared, with the command line and the format of each.

`{port}` and so on are filled in. What a program needs beside Debian is in VENV (the interop
tests' environment) or in GUI_VENV (opencv-python with its own window, imagezmq, VidGear; it can't
share an environment with PySide6, whose Qt plugins get mixed up with OpenCV's).
"""

import dataclasses
import os
import pathlib
import shutil

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PEERS = ROOT / "tests/interop/peers"

GSTREAMER = ("gst-launch-1.0 -q tcpserversrc host=127.0.0.1 port={port} ! "
             "image/jpeg,framerate=30/1 ! jpegparse ! jpegdec ! videoconvert ! "
             "ximagesink sync=false")
FFPLAY = ("ffplay -v error -fflags nobuffer -flags low_delay -framerate 30 -f mjpeg "
          "tcp://127.0.0.1:{port}?listen=1")
MPV = ("mpv --no-config --profile=low-latency --untimed --no-cache --really-quiet --vo=x11 "
       "--demuxer-lavf-format=mjpeg tcp://127.0.0.1:{port}?listen=1")


@dataclasses.dataclass(frozen=True)
class Receiver:
    """A program that shows what it is sent."""
    name: str
    command: str
    wire: str
    environment: tuple = ()
    # Window sizes that are not the picture's are not comparable 1:1.
    note: str = ""
    python: bool = False


def _venv(variable):
    path = pathlib.Path(os.environ.get(variable, "")) / "bin/python"
    return str(path) if path.is_file() else None


def programs():
    """Where the project's own programs are."""
    folder = pathlib.Path(os.environ.get("BIN", ROOT / "target/release"))
    return {"okno": str((folder / "okno").resolve()),
            "sender": str((folder / "opencv-sender").resolve()),
            "venv": _venv("VENV"), "gui": _venv("GUI_VENV"), "peers": str(PEERS),
            "here": str(HERE)}


def all_receivers():
    """Those that can run here, and a line for each that can't."""
    known = programs()
    okno = "{okno} --listen 127.0.0.1:{port} --stats-json {folder}/okno.json"
    qt = "{venv} {peers}/qt_%s.py --port {port}"
    wanted = [
        Receiver("okno", okno, "be32"),
        Receiver("original raw (PySide6)", qt % "raw", "raw", python=True),
        Receiver("original be32 (PySide6)", qt % "be32", "be32", python=True),
        Receiver("original le64 (PySide6)", qt % "le64", "le64", note="always 800x600",
                 python=True),
        Receiver("socket + cv2.imshow", "{gui} {here}/peers/socket_imshow.py {port}", "length",
                 python=True),
        Receiver("GStreamer ximagesink", GSTREAMER, "mjpeg"),
        Receiver("mpv low-latency x11", MPV, "mjpeg"),
        Receiver("ffplay software", FFPLAY, "mjpeg", (("SDL_RENDER_DRIVER", "software"),)),
    ]
    usable, missing = [], []
    for receiver in wanted:
        first = receiver.command.split()[0]
        name = first.strip("{}")
        there = known.get(name) if first.startswith("{") else shutil.which(first)
        if there and os.path.exists(there):
            usable.append(receiver)
        else:
            missing.append(f"{receiver.name}: no {name} on this machine")
    return usable, missing


def fill(command, **values):
    return command.format(**{**programs(), **values})


def environment(display, folder, extra=()):
    """What programs with a window get: a display, a home of their own, no desktop's habits."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("QT_", "QSG_", "OKNO_", "WAYLAND_", "PYTHON"))}
    home = os.path.join(folder, "home")
    os.makedirs(home, exist_ok=True)
    return {**kept, "DISPLAY": display, "HOME": home, "XDG_CONFIG_HOME": home,
            "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home, "XDG_RUNTIME_DIR": home,
            "QT_QPA_PLATFORM": "xcb", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8", **dict(extra)}
