"""gstreamer_wall.py compositor|windows PORT STREAMS COLUMNS WIDTH HEIGHT: one GStreamer process for
many streams, each on a port of its own, in one window or in a window each."""

import os
import sys

mode = sys.argv[1]
port, streams, columns, width, height = map(int, sys.argv[2:])
words = ["gst-launch-1.0", "-q"]
if mode == "compositor":
    words += ["compositor", "name=wall", "background=black"]
    for i in range(streams):
        words += [f"sink_{i}::xpos={i % columns * width}", f"sink_{i}::ypos={i // columns * height}",
                  f"sink_{i}::width={width}", f"sink_{i}::height={height}"]
    rows = -(-streams // columns)
    words += (f"! video/x-raw,width={columns * width},height={rows * height},framerate=30/1 "
              "! videoconvert ! ximagesink sync=false").split()
for i in range(streams):
    words += (f"tcpserversrc host=127.0.0.1 port={port + i} ! image/jpeg,framerate=30/1 ! jpegparse "
              "! jpegdec !").split()
    if mode == "compositor":
        words += f"queue max-size-buffers=2 ! wall.sink_{i}".split()
    else:
        words += (f"videoscale ! video/x-raw,width={width},height={height} ! videoconvert "
                  "! ximagesink sync=false").split()
os.execvp(words[0], words)
