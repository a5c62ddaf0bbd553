"""The way between two callers: two network namespaces and what joins them.

In: round trip, loss. Out: the namespaces' names; the second one's address is FAR. Never: the
machine's own network. Needs root.
"""

import os
import pathlib
import subprocess
import sys

from machine import Running

BENCH = pathlib.Path(__file__).resolve().parents[1]
NEAR, FAR = "10.99.0.1", "10.99.0.2"
# More than a call wants, so that nothing queues: what is measured is delay, not a full link.
MEGABITS = 100
# A link that carries what a call wants, until it falls to a fifth.
BEFORE, AFTER = 10, 2


class Wire:
    """A pair of virtual network devices: no delay but the kernel's."""

    def __init__(self):
        self.names = [f"okno{os.getpid()}{side}" for side in "cd"]
        for name in self.names:
            _ip("netns", "add", name)
        near, far = self.names
        _ip("link", "add", "near", "netns", near, "type", "veth",
            "peer", "name", "far", "netns", far)
        for name, device, address in ((near, "near", NEAR), (far, "far", FAR)):
            _ip("-n", name, "link", "set", "lo", "up")
            _ip("-n", name, "addr", "add", f"{address}/24", "dev", device)
            _ip("-n", name, "link", "set", device, "up")

    def stop(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)


class Link:
    """link.py: delay, loss and rate."""

    def __init__(self, folder, round_trip_ms, loss_percent, megabits=MEGABITS):
        self.program = Running(
            [sys.executable, BENCH / "link.py", megabits, round_trip_ms / 2, loss_percent],
            folder, "link", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.names = self.program.process.stdout.readline().decode().split()
        if len(self.names) != 2:
            raise RuntimeError(f"no link: {self.program.said()}")

    def fall(self):
        self.program.process.stdin.write(f"{AFTER}\n".encode())
        self.program.process.stdin.flush()

    def stop(self):
        # At the end of its input it takes the namespaces away.
        self.program.process.stdin.close()
        try:
            self.program.process.wait(5)
        except subprocess.TimeoutExpired:
            self.program.stop()


def way(folder, round_trip_ms, loss_percent, falls):
    """Whatever is simplest for these figures."""
    if falls:
        return Link(folder, round_trip_ms, loss_percent, BEFORE)
    if round_trip_ms or loss_percent:
        return Link(folder, round_trip_ms, loss_percent)
    return Wire()


def _ip(*words):
    subprocess.run(["ip", *words], check=True)
