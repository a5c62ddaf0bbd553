"""A client as the original programs have it: OpenCV, imencode, a protobuf message, a socket.

What goes over the connection is byte for byte what the originals send: `raw` with nothing
before a message, `be32` with its length in 4 bytes big-endian, `le64` with struct.pack("l") as
Linux and macOS have it and `le32` as Windows has it. The latter two scale to 400x400 first, as
their original does.
"""

import argparse
import pathlib
import signal
import socket
import struct
import sys

import cv2

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pictures
import video_pb2

RAW_MESSAGE, BE32_MESSAGE, LE_MESSAGE = video_pb2.VideoFrame(), video_pb2.my_image(), video_pb2.Video()


def raw(jpeg):
    RAW_MESSAGE.frame_data = jpeg.tobytes()
    return RAW_MESSAGE.SerializeToString()


def be32(jpeg):
    BE32_MESSAGE.image = bytes(jpeg)
    serialized = BE32_MESSAGE.SerializeToString()
    return len(serialized).to_bytes(4, byteorder="big") + serialized


def le(jpeg, length_format):
    LE_MESSAGE.video_data = jpeg.tobytes()
    serialized = LE_MESSAGE.SerializeToString()
    return struct.pack(length_format, len(serialized)) + serialized


WIRES = {
    "raw": raw,
    "be32": be32,
    "le64": lambda jpeg: le(jpeg, "<q"),
    "le32": lambda jpeg: le(jpeg, "<i"),
    "mjpeg": lambda jpeg: jpeg.tobytes(),
}


def clip(path):
    capture = cv2.VideoCapture(path)
    if not capture.isOpened():
        sys.exit(f"opencv_client: cannot open {path}")

    def frames():
        while (read := capture.read())[0]:
            yield read[1]
    return frames()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wire", choices=WIRES, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clip", help="a file instead of numbered pictures")
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="number of the first picture")
    parser.add_argument("--fps", type=float, default=0, help="0: as fast as possible")
    parser.add_argument("--size", type=pictures.size, default=(640, 480))
    parser.add_argument("--stream", type=int, default=0, help="number in the bar code")
    parser.add_argument("--hold", action="store_true",
                        help="keep the connection open after the last picture, until killed")
    options = parser.parse_args()

    source = clip(options.clip) if options.clip else pictures.numbered(
        options.frames, *options.size, options.stream, options.first)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as viewer:
        viewer.connect((options.host, options.port))
        for frame in pictures.paced(source, options.fps):
            if options.wire in ("le64", "le32"):
                frame = cv2.resize(frame, (400, 400), interpolation=cv2.INTER_AREA)
            _, jpeg = cv2.imencode(".jpg", frame)
            viewer.sendall(WIRES[options.wire](jpeg))
        print("sent", flush=True)
        if options.hold:
            signal.pause()


if __name__ == "__main__":
    main()
