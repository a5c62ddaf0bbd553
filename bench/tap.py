"""Reads the senders' own stamps off the wire: when each frame of an Okno sender was captured.

In: the packets of one TCP connection on the loopback device, which only root may see. Out:
{sequence: captured_ns}, or the pictures with their times. Nobody on the connection notices. Without root there is no tap, and the
viewer's own figure has to do.
"""

import ctypes
import socket
import struct
import threading

ALL_PROTOCOLS = 3
CLONE_NEWNET = 0x40000000
OUTGOING = 4
MAGIC = b"\x89OKNO\r\n\x01"
# Linux's SO_RCVBUFFORCE: larger than the system's limit.
RECEIVE_BUFFER_FORCE = 33


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _fields(data, at, end):
    """(number, value or range) of each field of a protobuf message."""
    while at < end:
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
        elif kind == 1:
            value, at = int.from_bytes(data[at:at + 8], "little"), at + 8
        elif kind == 2:
            length, at = _varint(data, at)
            value, at = (at, at + length), at + length
        else:
            value, at = None, at + 4
        yield tag >> 3, value


def _packet_socket(namespace):
    """A socket that sees all packets, in a network namespace. A thread that has entered one ends
    there; the socket stays."""
    made = []

    def make():
        if namespace:
            with open(f"/var/run/netns/{namespace}", "rb") as file:
                ctypes.CDLL(None).setns(file.fileno(), CLONE_NEWNET)
        made.append(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS)))
    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    return made[0]


class Tap(threading.Thread):
    """Listens from its making on. Without a port: to the first sender of Okno that begins."""

    def __init__(self, port=None, device="lo", namespace=None):
        super().__init__(daemon=True)
        self.port, self.pieces, self.over = port, [], False
        self.socket = _packet_socket(namespace)
        self.socket.setsockopt(socket.SOL_SOCKET, RECEIVE_BUFFER_FORCE, 64 << 20)
        self.socket.bind((device, 0))
        self.socket.settimeout(0.2)
        self.start()

    def run(self):
        while not self.over:
            try:
                packet, (_, _, kind, *_) = self.socket.recvfrom(1 << 17)
            except TimeoutError:
                continue
            if kind == OUTGOING or len(packet) < 54 or packet[12:14] != b"\x08\x00" \
                    or packet[23] != socket.IPPROTO_TCP:
                continue
            tcp = 14 + (packet[14] & 15) * 4
            to, sequence = struct.unpack("!HI", packet[tcp + 2:tcp + 8])
            end = 14 + struct.unpack("!H", packet[16:18])[0]
            # A length of 0 stands for more than 65,535 bytes.
            end = len(packet) if end == 14 else end
            data = packet[tcp + (packet[tcp + 12] >> 4) * 4:end]
            if self.port is None and data.startswith(MAGIC):
                self.port = to
            if to == self.port and data:
                self.pieces.append((sequence, data))

    def stamps(self):
        """Ends the tap. {} if packets are missing."""
        return {frame.get(2, 0): frame[3] for frame, _ in self._frames() if 3 in frame}

    def pictures(self):
        """Ends the tap. (captured_ns, JPEG) of each frame; nothing if packets are missing."""
        return [(frame[3], bytes(stream[slice(*frame[1])]))
                for frame, stream in self._frames() if 1 in frame and 3 in frame]

    def _frames(self):
        """({field: value}, the stream) of each frame's message."""
        self.over = True
        self.join()
        self.socket.close()
        stream = bytearray()
        base = None
        for sequence, data in self.pieces:
            base = sequence if base is None else base
            at = (sequence - base) & 0xFFFFFFFF
            if at > len(stream):
                return
            stream[at:at + len(data)] = data
        if not stream.startswith(MAGIC):
            return
        at = len(MAGIC)
        try:
            while at < len(stream):
                length, at = _varint(stream, at)
                for number, value in _fields(stream, at, at + length):
                    if number == 1:
                        yield dict(_fields(stream, *value)), stream
                at += length
        except IndexError:
            pass
