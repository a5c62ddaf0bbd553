"""Somebody on the way between a window and the relay, who does what nobody on the way should.

In: connections of one window, without TLS, as on one machine. Out: the same records to the real
relay and back, but for those that `down` (to the window) and `up` (to the relay) change: each is
given a record and gives the records to pass on in its place. Opens nothing: it has no key.

docs/call-protocol.md describes records and messages, docs/call-security.md what is in them.
"""

import queue
import socket
import struct
import threading
import time

MESSAGE, AUDIO, CONTROL, VIDEO = range(4)
MAGIC = b"\x89OKNC\r\n\x01"
HEADER = struct.Struct(">BBHHI")
# Records that wait for the window: seconds of a call.
MOST_LATE = 512
# First bytes of what a control record holds, protobuf tags of CallControl.
COMMITMENT, SHARE, REVEAL, CONFIRMATION, SEALED = (number << 3 | 2 for number in range(1, 6))


def record(kind, payload, flags=0, frame=0, length=None):
    """A record; `length`: what it says of itself, if that is not so."""
    return HEADER.pack(kind, flags, 0, len(payload) if length is None else length, frame) + payload


class Record:
    def __init__(self, data):
        self.bytes = data
        self.kind = data[0]
        self.payload = data[HEADER.size:]

    def is_media(self):
        """Sealed: sound, a picture, or a message of the callers. The key agreement is not."""
        return self.kind in (AUDIO, VIDEO) or (
            self.kind == CONTROL and self.payload[:1] == bytes([SEALED]))


def honest(it):
    return [it.bytes]


class Altering:
    """Flips a bit in the middle of each sealed record of a kind."""

    def __init__(self, kind):
        self.kind = kind

    def __call__(self, it):
        if it.kind != self.kind or not it.is_media():
            return honest(it)
        data = bytearray(it.bytes)
        data[HEADER.size + len(it.payload) // 2] ^= 0x10
        return [bytes(data)]


class Replaying:
    """Sends each sealed record once more, when five others of its kind have gone by."""

    def __init__(self):
        self.old = {}
        self.added = 0

    def __call__(self, it):
        if not it.is_media():
            return honest(it)
        old = self.old.setdefault(it.kind, [])
        old.append(it.bytes)
        if len(old) <= 5:
            return [it.bytes]
        self.added += 1
        return [it.bytes, old.pop(0)]


class Swapping:
    """Sends sealed records of sound and of messages in pairs, the second one first."""

    def __init__(self):
        self.held = {}
        self.swapped = 0

    def __call__(self, it):
        if not it.is_media() or it.kind == VIDEO:
            return honest(it)
        first = self.held.pop(it.kind, None)
        if first is None:
            self.held[it.kind] = it.bytes
            return []
        self.swapped += 1
        return [it.bytes, first]


class Inserting:
    """Puts something before each sealed record, `most` times."""

    def __init__(self, what, most):
        self.what, self.left = what, most

    def __call__(self, it):
        if not it.is_media() or self.left == 0:
            return honest(it)
        self.left -= 1
        return [self.what, it.bytes]


class Flooding:
    """Repeats sealed records of sound, so many a second."""

    def __init__(self, a_second):
        self.each = a_second // 50
        self.added = 0

    def __call__(self, it):
        if it.kind != AUDIO:
            return honest(it)
        self.added += self.each
        return [it.bytes * (1 + self.each)]


class Exchanging:
    """Puts something in the place of one message of the key agreement."""

    def __init__(self, tag, change):
        self.tag, self.change = tag, change
        self.exchanged = 0

    def __call__(self, it):
        if it.kind != CONTROL or it.payload[:1] != bytes([self.tag]):
            return honest(it)
        self.exchanged += 1
        return [record(CONTROL, self.change(it.payload))]


class Meddler:
    """See the module. `hold` is for how many seconds each record to the window is kept; while
    `reading` is clear nothing is read from either side."""

    def __init__(self, port, buffer=None):
        self.to, self.buffer = port, buffer
        self.down = self.up = honest
        self.hold = 0
        self.reading = threading.Event()
        self.reading.set()
        self.sockets = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                window, _ = self.listener.accept()
                relay = socket.socket()
                for one in (window, relay) if self.buffer else ():
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.buffer)
                relay.connect(("127.0.0.1", self.to))
            except OSError:
                return
            self.sockets += [window, relay]
            late = queue.Queue(MOST_LATE)
            for work in ((self.pass_on, window, relay, MAGIC, lambda it: self.up(it),
                          relay.sendall),
                         (self.pass_on, relay, window, b"", lambda it: self.down(it),
                          lambda data, window=window, late=late: self.give(data, window, late)),
                         (self.deliver, late, window)):
                threading.Thread(target=work[0], args=work[1:], daemon=True).start()

    def give(self, data, window, late):
        # Nothing overtakes what is held. What need not be held is not kept: a flood would be.
        if self.hold or late.unfinished_tasks:
            late.put((time.monotonic() + self.hold, data))
        else:
            window.sendall(data)

    def pass_on(self, source, target, begin, change, give):
        try:
            if begin:
                give(exactly(source, len(begin)))
            while True:
                self.reading.wait()
                head = exactly(source, HEADER.size)
                whole = head + exactly(source, HEADER.unpack(head)[3])
                for piece in change(Record(whole)):
                    give(piece)
        except (OSError, EOFError):
            give_up(source, target)

    def deliver(self, late, window):
        try:
            while True:
                due, data = late.get()
                time.sleep(max(0.0, due - time.monotonic()))
                window.sendall(data)
                late.task_done()
        except OSError:
            pass

    def stop(self):
        self.reading.set()
        self.listener.close()
        for one in self.sockets:
            give_up(one)


def exactly(source, count):
    data = b""
    while len(data) < count:
        part = source.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def give_up(*sockets):
    """Ends connections, and whoever waits for them."""
    for one in sockets:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        one.close()
