"""Writes numbered pictures as raw BGR to standard output, for ffmpeg and GStreamer to encode."""

import argparse
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pictures

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--frames", type=int, default=300)
parser.add_argument("--fps", type=float, default=0)
parser.add_argument("--size", type=pictures.size, default=(640, 480))
parser.add_argument("--stream", type=int, default=0)
parser.add_argument("--hold", action="store_true", help="keep the pipe open at the end")
options = parser.parse_args()

source = pictures.numbered(options.frames, *options.size, options.stream)
for picture in pictures.paced(source, options.fps):
    sys.stdout.buffer.write(picture)
sys.stdout.buffer.flush()
if options.hold:
    signal.pause()
