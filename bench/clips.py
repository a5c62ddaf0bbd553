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


def film(size, count):
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


def jpegs(size, quality, count=300):
    """Path of a file with `count` numbered JPEGs."""
    return wall(size, quality, 1, count)[0]


def wall(size, quality, streams, count):
    """Paths of one file for each stream, which show the same film at different places. Streams
    from 16 on have 512 added to their frame numbers, since a strip has room for 16 streams."""
    import cv2
    paths = [cache_folder() / f"{size}-q{quality}-s{stream}-{count}.jpegs"
             for stream in range(streams)]
    if not all(path.exists() for path in paths):
        print(f"   encoding {size} at quality {quality} for {streams} streams", flush=True)
        pictures = list(film(SIZES[size], count))
    for stream, path in enumerate(paths):
        if path.exists():
            continue

        def encoded():
            for i in range(count):
                picture = pictures[(i + 31 * stream) % count].copy()
                barcode.burn(picture, i + 512 * (stream // 16), stream % 16)
                yield cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        _write(path, encoded())
    return paths


def load(path):
    """The bytes of a file and the places of its items."""
    path = pathlib.Path(path)
    return path.read_bytes(), json.loads(path.with_suffix(".json").read_text())
