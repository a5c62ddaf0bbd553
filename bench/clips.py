"""Numbered pictures of a real film, encoded beforehand.

In: size, quality, stream. Out: a file of JPEGs one after another and their places, kept from run
to run. A camera's noise is added, without which JPEGs would be smaller than a camera's.
"""

import json
import os
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/interop"))

import barcode  # noqa: E402

SIZES = {"360p": (640, 360), "720p": (1280, 720), "1080p": (1920, 1080)}
FILM = ROOT / "assets/bigbuckbunny.mp4"
# Standard deviation of the noise, in steps of 255; a good webcam in daylight.
NOISE = 3.0
# Pictures of the film that are read; played to and fro.
READ = 120


def cache_folder():
    folder = pathlib.Path(os.environ.get("BENCH_CACHE", ROOT / "target/bench-cache"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _film(size, count):
    """The film's pictures at a size, forth and back, with noise of a fixed seed."""
    import cv2
    film = cv2.VideoCapture(str(FILM))
    pictures = []
    while len(pictures) < READ:
        ok, picture = film.read()
        if not ok:
            break
        pictures.append(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    random = np.random.default_rng(20)
    noise = [random.normal(0, NOISE, (size[1], size[0], 1)).astype(np.int16) for _ in range(4)]
    turn = 2 * len(pictures) - 2
    for i in range(count):
        at = i % turn
        picture = pictures[at if at < len(pictures) else turn - at]
        shifted = np.roll(noise[i % 4], i * 37 % size[0], axis=1)
        yield np.clip(picture + shifted, 0, 255).astype(np.uint8)


def _write(path, items):
    """Writes byte strings one after another, and their places beside them."""
    places, at = [], 0
    temporary = path.with_suffix(".new")
    with open(temporary, "wb") as out:
        for item in items:
            out.write(item)
            places.append((at, len(item)))
            at += len(item)
    path.with_suffix(".json").write_text(json.dumps(places))
    temporary.rename(path)


def jpegs(size, quality, stream=0, count=300):
    """Path of a file with `count` numbered JPEGs. Streams from 16 on have 512 added to their
    frame numbers, since a strip has room for 16 streams."""
    import cv2
    path = cache_folder() / f"{size}-q{quality}-s{stream}-{count}.jpegs"
    if not path.exists():
        print(f"   encoding {path.name}", flush=True)

        def encoded():
            for i, picture in enumerate(_film(SIZES[size], count)):
                barcode.burn(picture, i + 512 * (stream // 16), stream % 16)
                yield cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        _write(path, encoded())
    return path


def raw(size, count=90):
    """Path of a file of BGR pictures without numbers, for stand-in cameras."""
    path = cache_folder() / f"{size}-{count}.bgr"
    if not path.exists():
        print(f"   decoding {path.name}", flush=True)
        _write(path, (picture.tobytes() for picture in _film(SIZES[size], count)))
    return path


def load(path):
    """The bytes of a file and the places of its items."""
    path = pathlib.Path(path)
    return path.read_bytes(), json.loads(path.with_suffix(".json").read_text())
