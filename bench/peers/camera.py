"""The stand-in camera of the peers: cv2.VideoCapture on a clip, held to 30 frames a second.

A file would be read as fast as it can be; a camera gives a frame when it is due. Writes the moment
at which each frame was handed over to the file named by BENCH_STAMPS.
"""

import os
import sys
import time

import cv2


class Camera:
    def __init__(self, path, fps=30.0):
        self.clip, self.fps, self.count, self.first = cv2.VideoCapture(path), fps, 0, None
        if not self.clip.isOpened():
            sys.exit(f"camera: cannot open {path}")
        self.stamps = open(os.environ["BENCH_STAMPS"], "w", encoding="ascii", buffering=1)

    def read(self):
        ok, frame = self.clip.read()
        if not ok:
            return ok, frame
        self.first = self.first or time.monotonic()
        wait = self.first + self.count / self.fps - time.monotonic()
        if self.fps and wait > 0:
            time.sleep(wait)
        self.stamps.write(f"{self.count} {time.monotonic_ns()}\n")
        self.count += 1
        return ok, frame
