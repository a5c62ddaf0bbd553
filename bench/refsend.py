"""The reference sender: JPEGs that were encoded beforehand go out at exact times.

    refsend.py --wire be32 --fps 30 --log FILE PORT:JPEGS [PORT:JPEGS ...]

Connects, prints "ready", waits for a line on its standard input, sends, and prints "done". The log
has a line "stream frame due sent" for each frame (CLOCK_MONOTONIC, ns). Latency counts from `due`,
so a receiver that makes the sender late is charged with it. Costs nearly no CPU itself.
"""

import argparse
import gc
import json
import pathlib
import socket
import sys
import threading
import time

MAGIC = b"\x89OKNO\r\n\x01"


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(tag, data):
    """A protobuf field of bytes."""
    return varint(tag << 3 | 2) + varint(len(data)) + data


def hello(stream):
    clock = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip().encode()
    message = (b"\x08\x01" + field(2, b"bench %d" % stream) + field(7, b"refsend")
               + field(8, clock))
    envelope = field(2, message)
    return MAGIC + varint(len(envelope)) + envelope


def around(wire, length, number, due):
    """What a receiver of this format expects before and after a JPEG."""
    head = b"\x0a" + varint(length)
    if wire == "raw":
        return head, b""
    if wire == "be32":
        return (len(head) + length).to_bytes(4, "big") + head, b""
    if wire == "le64":
        return (len(head) + length).to_bytes(8, "little") + head, b""
    if wire == "length":
        return length.to_bytes(4, "big"), b""
    if wire == "mjpeg":
        return b"", b""
    if wire == "okno":
        tail = b"\x10" + varint(number) + b"\x19" + due.to_bytes(8, "little")
        frame = b"\x0a" + varint(len(head) + length + len(tail))
        whole = len(frame) + len(head) + length + len(tail)
        return varint(whole) + frame + head, tail
    raise ValueError(wire)


class Stream(threading.Thread):
    def __init__(self, number, target, options):
        super().__init__(daemon=True)
        self.number, self.options = number, options
        port, path = target.split(":", 1)
        path = pathlib.Path(path)
        self.data = memoryview(path.read_bytes())
        self.places = json.loads(path.with_suffix(".json").read_text())
        self.lines, self.start_at = [], 0.0
        end = time.monotonic() + 20
        while True:
            try:
                self.socket = socket.create_connection((options.host, int(port)))
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if options.wire == "okno":
            self.socket.sendall(hello(number))
            threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        """A viewer of Okno's format talks back; here nobody minds what it says."""
        try:
            while self.socket.recv(65536):
                pass
        except OSError:
            pass

    def send(self, parts):
        """All of it, with as few system calls as the socket allows."""
        sent = self.socket.sendmsg(parts)
        if sent < sum(map(len, parts)):
            self.socket.sendall(b"".join(parts)[sent:])

    def run(self):
        options = self.options
        try:
            end = time.monotonic() + options.seconds if options.seconds else float("inf")
            for k in range(sys.maxsize if options.seconds else options.frames):
                if time.monotonic() > end:
                    break
                due = self.start_at + k / options.fps if options.fps else time.monotonic()
                wait = due - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                at, length = self.places[k % len(self.places)]
                due_ns = int(due * 1e9)
                head, tail = around(options.wire, length, k, due_ns)
                begun = time.monotonic_ns()
                self.send([part for part in (head, self.data[at:at + length], tail) if part])
                self.lines.append(f"{self.number} {k} {due_ns} {begun}\n")
        except OSError as error:
            print(f"stream {self.number}: {error}", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wire", required=True)
    parser.add_argument("--fps", type=float, default=30, help="0: as fast as they are taken")
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--seconds", type=float, help="send for so long instead of --frames")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--log", required=True)
    parser.add_argument("target", nargs="+")
    options = parser.parse_args()
    streams = [Stream(i, target, options) for i, target in enumerate(options.target)]
    gc.disable()
    sys.setswitchinterval(0.0005)
    print("ready", flush=True)
    if not sys.stdin.readline():
        return
    start = time.monotonic() + 0.05
    for i, stream in enumerate(streams):
        # Cameras are not in step with each other.
        stream.start_at = start + (i / options.fps / len(streams) if options.fps else 0)
        stream.start()
    for stream in streams:
        stream.join()
    with open(options.log, "w", encoding="ascii") as log:
        for stream in streams:
            log.writelines(stream.lines)
    print("done", flush=True)
    # The connections stay until nobody watches any more.
    sys.stdin.readline()


main()
