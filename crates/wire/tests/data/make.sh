#!/bin/sh
# Records the streams beside this file again: what each program really puts on a TCP connection
# or into a pipe. Needs ffmpeg, GStreamer 1.0 with jpegenc, and the Python of
# tests/interop/make-venv.sh as $PYTHON.
set -eu
cd "$(dirname "$0")"

ffmpeg -v error -y -f lavfi -i testsrc=size=64x48:rate=5 -frames:v 3 -f mjpeg ffmpeg.mjpeg
ffmpeg -v error -y -f lavfi -i testsrc=size=64x48:rate=5 -frames:v 3 -f mpjpeg ffmpeg.multipart
gst-launch-1.0 -q videotestsrc num-buffers=3 pattern=ball \
    ! video/x-raw,width=64,height=48 ! jpegenc ! filesink location=gstreamer.mjpeg
gst-launch-1.0 -q videotestsrc num-buffers=3 pattern=ball \
    ! video/x-raw,width=64,height=48 ! jpegenc ! multipartmux ! filesink location=gstreamer.multipart

"${PYTHON:-python3}" - <<'PY'
import struct
import cv2
import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

# message Video { bytes video_data = 1; int32 id = 2; }, without a protoc run.
file = descriptor_pb2.FileDescriptorProto(name="v.proto", syntax="proto3")
kind = file.message_type.add(name="Video")
kind.field.add(name="video_data", number=1, type=12, label=1)
kind.field.add(name="id", number=2, type=5, label=1)
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
Video = message_factory.GetMessageClass(pool.FindMessageTypeByName("Video"))

def pictures(*options):
    for n in range(3):
        picture = np.full((48, 64, 3), 40 + 60 * n, np.uint8)
        cv2.putText(picture, str(n), (16, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 3)
        yield cv2.imencode(".jpg", picture, list(options))[1].tobytes()

# The originals' client loops: one protobuf message a picture, with their prefixes before it.
for name, prefix, ids in [("raw", lambda n: b"", 0),
                          ("be32", lambda n: n.to_bytes(4, "big"), 0),
                          ("le64", lambda n: struct.pack("<q", n), 0),
                          ("le32", lambda n: struct.pack("<i", n), 0),
                          ("le64-id", lambda n: struct.pack("<q", n), 4711)]:
    with open(f"opencv.{name}", "wb") as out:
        for number, jpeg in enumerate(pictures()):
            message = Video(video_data=jpeg, id=ids and ids + number).SerializeToString()
            out.write(prefix(len(message)) + message)
with open("opencv-restart.mjpeg", "wb") as out:
    for jpeg in pictures(cv2.IMWRITE_JPEG_RST_INTERVAL, 1, cv2.IMWRITE_JPEG_QUALITY, 95):
        out.write(jpeg)
with open("opencv-progressive.mjpeg", "wb") as out:
    for jpeg in pictures(cv2.IMWRITE_JPEG_PROGRESSIVE, 1):
        out.write(jpeg)
PY
