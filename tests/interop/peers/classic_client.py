"""A client of the original call program, without its window, camera and microphone.

What goes over the two connections is byte for byte what the original sends: the length of the
session code (int32) and the code; then, on the video connection, uint32 size and a pickle of
protocol 0 of the encoded picture (a numpy array), on the audio connection 1,024 samples of 16
bits at a time. As in the original, a thread each sends and receives video and audio, and what is
received is unpickled and decoded (these peers only ever meet each other in tests).

Everything that was sent and received is written to --report as JSON when the other side leaves
or this one is done: the numbers read off the pictures, digests of every frame and chunk. With
--live it says each picture as it comes, and the call goes on until somebody leaves.
"""

import argparse
import contextlib
import hashlib
import json
import pathlib
import pickle
import socket
import struct
import sys
import threading
import time
import wave

import cv2
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import barcode
import pictures

RATE = 44_100
CHUNK = 1_024
# The last chunk, so that the other side knows when it has all: neither tone nor silence.
LAST = b"\x7f" * (2 * CHUNK)


def connect(address, code):
    host, port = address.rsplit(":", 1)
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((host, int(port)))
    encoded = code.encode()
    sock.sendall(struct.pack("i", len(encoded)) + encoded)
    return sock


def receive_exactly(sock, count):
    data = b""
    while len(data) < count:
        part = sock.recv(min(4096, count - len(data)))
        if not part:
            return None
        data += part
    return data


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


class Client:
    def __init__(self, options):
        self.options = options
        self.video = connect(options.video, options.code)
        self.audio = connect(options.audio, options.code)
        self.report = {"sent_frames": [], "frames": [], "numbers": [], "sent_audio": [], "audio": []}

    def wait_for_go(self):
        while self.options.go and not pathlib.Path(self.options.go).exists():
            time.sleep(0.01)

    def send_frames(self):
        source = pictures.numbered(self.options.frames, *self.options.size, self.options.stream)
        for picture in pictures.paced(source, self.options.fps):
            _, jpeg = cv2.imencode(".jpg", picture, [int(cv2.IMWRITE_JPEG_QUALITY), 80])
            data = pickle.dumps(jpeg, 0)
            self.report["sent_frames"].append(digest(data))
            self.video.sendall(struct.pack("I", len(data)) + data)

    def receive_frames(self):
        while True:
            head = receive_exactly(self.video, struct.calcsize("I"))
            if head is None:
                return
            data = receive_exactly(self.video, struct.unpack("I", head)[0])
            if data is None:
                self.report["half_frame"] = True
                return
            picture = cv2.imdecode(pickle.loads(data), cv2.IMREAD_COLOR)
            self.report["frames"].append(digest(data))
            found = barcode.find(picture)
            self.report["numbers"].append(found)
            if self.options.live:
                print("sees", found, flush=True)
            if self.options.frames - 1 in found.values():
                return

    def says(self, number):
        """The samples of one chunk: a tone, or the file again and again."""
        at = np.arange(number * CHUNK, (number + 1) * CHUNK)
        if self.options.sound is None:
            return (12_000 * np.sin(2 * np.pi * self.options.tone * at / RATE)).astype("<i2")
        return self.options.sound[at % len(self.options.sound)]

    def send_audio(self):
        start = time.monotonic()
        for number in range(self.options.chunks):
            last = number + 1 == self.options.chunks
            data = LAST if last else self.says(number).tobytes()
            self.report["sent_audio"].append(digest(data))
            self.audio.sendall(data)
            ahead = start + (number + 1) * CHUNK / RATE - time.monotonic()
            if self.options.fps and ahead > 0:
                time.sleep(ahead)

    def receive_audio(self):
        while True:
            data = receive_exactly(self.audio, 2 * CHUNK)
            if data is None:
                return
            self.report["audio"].append(digest(data))
            if self.options.heard:
                self.options.heard.write(data)
                self.options.heard.flush()
            if data == LAST:
                return

    def left(self):
        return bool(self.options.leave) and pathlib.Path(self.options.leave).exists()

    def until_closed(self, work):
        with contextlib.suppress(OSError):
            work()

    def hold(self, threads):
        """Until somebody leaves. To close both connections is all that the original says then."""
        while all(thread.is_alive() for thread in threads) and not self.left():
            time.sleep(0.01)
        for sock in (self.video, self.audio):
            self.until_closed(lambda: sock.shutdown(socket.SHUT_RDWR))

    def run(self):
        print("connected", flush=True)
        self.wait_for_go()
        works = (self.send_frames, self.receive_frames, self.send_audio, self.receive_audio)
        if self.options.live:
            threads = [threading.Thread(target=self.until_closed, args=(work,)) for work in works]
        else:
            threads = [threading.Thread(target=work) for work in works]
        for thread in threads:
            thread.start()
        if self.options.live:
            self.hold(threads)
        for thread in threads:
            thread.join()
        pathlib.Path(self.options.report).write_text(json.dumps(self.report))
        print("done", flush=True)
        while self.options.leave and not self.options.live and not self.left():
            time.sleep(0.01)


def samples(path):
    """Those of a WAV file that the original could have sent."""
    with wave.open(path) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2), path
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--video", required=True, help="HOST:PORT")
    parser.add_argument("--audio", required=True, help="HOST:PORT")
    parser.add_argument("--code", default="ABC123")
    parser.add_argument("--report", required=True)
    parser.add_argument("--go", help="start sending when this file is there")
    parser.add_argument("--leave", help="stay connected until this file is there")
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--chunks", type=int, default=86)
    parser.add_argument("--fps", type=float, default=30, help="0: as fast as possible")
    parser.add_argument("--size", type=pictures.size, default=(320, 240))
    parser.add_argument("--stream", type=int, default=0)
    parser.add_argument("--tone", type=float, default=440)
    parser.add_argument("--sound", type=samples, help="WAV file to say in place of the tone")
    parser.add_argument("--heard", type=argparse.FileType("wb"), help="write the sound that comes here")
    parser.add_argument("--live", action="store_true", help="go on until somebody leaves")
    Client(parser.parse_args()).run()


if __name__ == "__main__":
    main()
