#!/usr/bin/env python3
"""Makes the README's pictures of the window: wall, large picture, statistics, another theme.

In: the real viewer and the real sender, by OKNO_BIN and OKNO_SENDER_BIN. Out: docs/images/*.png.
Runs under an X server of its own, with the drivers of the tests (tests/interop), and presses the
keys that a person would. tools/pictures.sh starts it.
"""

import contextlib
import pathlib
import struct
import sys
import tempfile
import time
import zlib

import cv2
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/interop"))

import desk as desks  # noqa: E402
import harness  # noqa: E402

SIZE = (1280, 800)
# As they stand in the README; larger ones only make it slow to load.
SHOWN = (960, 600)
COLOURS = 200
MOST_BYTES = 300_000


def palette(picture):
    """The picture's colours, few, and which of them each pixel has."""
    sample = picture.reshape(-1, 3)[::37].astype(np.float32)
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    _, _, colours = cv2.kmeans(sample, COLOURS, None, stop, 1, cv2.KMEANS_PP_CENTERS)
    colours = np.rint(colours).astype(np.uint8)
    # Each pixel by its colour in steps of 4, so that the nearest is only looked for once.
    steps, which = np.unique((picture // 4).reshape(-1, 3), axis=0, return_inverse=True)
    nearest = [int(np.square(colours.astype(int) - (step.astype(int) * 4 + 2)).sum(axis=1).argmin())
               for step in steps]
    return colours, np.array(nearest, np.uint8)[which].reshape(picture.shape[:2])


def write(path, picture):
    """A PNG with a palette (PNG specification, colour type 3)."""
    colours, pixels = palette(picture)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width = pixels.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), pixels]).tobytes()
    data = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
            + chunk(b"PLTE", colours[:, ::-1].tobytes()) + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))
    if len(data) > MOST_BYTES:
        sys.exit(f"{path.name} has {len(data)} bytes; at most {MOST_BYTES} are wanted")
    path.write_bytes(data)
    print(f"   {path.relative_to(ROOT)}: {len(data) // 1024} kB")


def senders(stack, folder, port):
    clip = ROOT / "assets/bigbuckbunny.mp4"
    for name, source in (("Big Buck Bunny", clip), ("workshop", "test:1280x720@15"), ("garden", clip),
                         ("printer", "test:1280x720@10")):
        loop = ["--loop"] if source == clip else []
        program = harness.Program(
            [harness.find_program("OKNO_SENDER_BIN", "opencv-sender"), "-i", source, *loop, "-n", name,
             "--to", f"tcp://127.0.0.1:{port}"], folder, f"sender-{name.replace(' ', '-')}")
        stack.callback(program.stop)
        # Not the same moment of the same clip twice.
        time.sleep(1.2)


def main():
    images = ROOT / "docs/images"
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        screen = harness.Screen(folder, *SIZE)
        stack.callback(screen.stop)
        bus = desks.Bus(screen, folder)
        stack.callback(bus.stop)
        desk = desks.Desk(screen, bus, folder, size=SIZE, settings={"announce": "false", "badges": "true"})
        stack.callback(desk.stop)
        senders(stack, folder, desk.viewer.port)
        harness.wait_for(lambda: len(desk.viewer.streams()) == 4 and all(
            s["state"] == "live" and s["shown"] > 20 for s in desk.viewer.streams()), "four live streams")

        def keep(name):
            # Figures are told once a second.
            time.sleep(1.5)
            write(images / f"{name}.png", cv2.resize(desk.picture(), SHOWN, interpolation=cv2.INTER_AREA))

        desk.point(640, 300)
        desk.point(*desk.middle(desk.heard("Fill the tiles")))
        keep("wall")
        desk.keys("1")
        desk.point(640, 300)
        desk.point(*desk.middle(desk.heard("Mirror")))
        keep("large")
        desk.point(640, 300)
        desk.keys("i")
        desk.heard("Copy as JSON")
        time.sleep(8)
        keep("statistics")
        desk.keys("Escape", "Escape")
        desk.keys("ctrl+k", "type:next theme", "Return")
        desk.keys("ctrl+comma")
        desk.heard("Fewer movements")
        keep("light")


if __name__ == "__main__":
    main()
