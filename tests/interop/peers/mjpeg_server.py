"""A camera that serves MJPEG over HTTP: each GET of /stream gets numbered pictures.

Prints "serving on http://HOST:PORT/stream". Dialects: `lengths` has a Content-Length in each
part, `bare` has none, `wrong` has one that is too small, as some boards send it.
"""

import argparse
import http.server
import pathlib
import signal
import sys

import cv2

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pictures

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--frames", type=int, default=300)
parser.add_argument("--fps", type=float, default=30)
parser.add_argument("--size", type=pictures.size, default=(640, 480))
parser.add_argument("--stream", type=int, default=0)
parser.add_argument("--dialect", choices=("lengths", "bare", "wrong"), default="lengths")
parser.add_argument("--hold", action="store_true", help="keep the answer open at the end")
options = parser.parse_args()


class Camera(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/stream":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=camera")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        source = pictures.numbered(options.frames, *options.size, options.stream)
        try:
            for picture in pictures.paced(source, options.fps):
                jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
                length = {"lengths": f"Content-Length: {len(jpeg)}\r\n", "bare": "",
                          "wrong": f"Content-Length: {len(jpeg) // 2}\r\n"}[options.dialect]
                head = f"--camera\r\nContent-Type: image/jpeg\r\n{length}\r\n"
                self.wfile.write(head.encode() + jpeg + b"\r\n")
            while options.hold:
                signal.sigtimedwait([], 3600)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, *_):
        pass


with http.server.ThreadingHTTPServer((options.host, options.port), Camera) as server:
    server.daemon_threads = True
    print(f"serving on http://{options.host}:{server.server_port}/stream", flush=True)
    server.serve_forever()
