"""Sends numbered pictures in one HTTP request, PUT or POST, as multipart/x-mixed-replace."""

import argparse
import http.client
import pathlib
import signal
import sys

import cv2

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pictures

BOUNDARY = "okno-test"


def parts(options):
    source = pictures.numbered(options.frames, *options.size, options.stream)
    for picture in pictures.paced(source, options.fps):
        jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
        length = f"Content-Length: {len(jpeg)}\r\n" if options.lengths else ""
        head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\n{length}\r\n"
        yield head.encode() + jpeg + b"\r\n"
    print("sent", flush=True)
    if options.hold:
        signal.pause()
    yield f"--{BOUNDARY}--\r\n".encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", choices=("PUT", "POST"), default="PUT")
    parser.add_argument("--path", default="/camera")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--fps", type=float, default=0)
    parser.add_argument("--size", type=pictures.size, default=(640, 480))
    parser.add_argument("--stream", type=int, default=0)
    parser.add_argument("--lengths", action="store_true", help="with Content-Length in each part")
    parser.add_argument("--hold", action="store_true")
    options = parser.parse_args()
    connection = http.client.HTTPConnection(options.host, options.port)
    # No length is known beforehand: the body goes out in chunks.
    connection.request(options.method, options.path, body=parts(options), encode_chunked=True,
                       headers={"Content-Type": f"multipart/x-mixed-replace; boundary={BOUNDARY}",
                                "Transfer-Encoding": "chunked"})
    print("answer", connection.getresponse().status, flush=True)


if __name__ == "__main__":
    main()
