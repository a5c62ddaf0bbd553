"""A link of given rate, delay and loss between two network namespaces, over TUN devices.

    link.py MEGABITS ONE_WAY_MS LOSS_PERCENT

Prints the names of the two namespaces (10.99.0.1 and 10.99.0.2) once they are there, carries
packets until its standard input ends, and takes the namespaces away. A number of megabits on its
standard input is the rate from then on. The queue before the link holds 100 ms, as a router's does;
what does not fit is lost. Needs root.
"""

import fcntl
import heapq
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

# <linux/if_tun.h>
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 1, 0x1000
QUEUE_SECONDS = 0.1
PACKET = 2048


def run(*words):
    subprocess.run(words, check=True)


def end_of_link(namespace, device, address, peer):
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", device.encode(), IFF_TUN | IFF_NO_PI))
    run("ip", "netns", "add", namespace)
    run("ip", "link", "set", device, "netns", namespace)
    inside = ("ip", "-n", namespace)
    run(*inside, "link", "set", "lo", "up")
    run(*inside, "addr", "add", address, "peer", peer, "dev", device)
    run(*inside, "link", "set", device, "mtu", "1400", "txqueuelen", "100", "up")
    return tun


def carry(ends, rate, delay, loss):
    chance = random.Random(1)
    other = {ends[0]: ends[1], ends[1]: ends[0]}
    free = dict.fromkeys(ends, 0.0)
    waiting, count = [], 0
    while True:
        t = time.monotonic()
        while waiting and waiting[0][0] <= t:
            _, _, end, packet = heapq.heappop(waiting)
            try:
                os.write(end, packet)
            except OSError:
                pass  # A full device loses packets too.
        wait = max(0.0, waiting[0][0] - t) if waiting else 0.2
        ready = select.select([*ends, sys.stdin], [], [], wait)[0]
        if sys.stdin in ready:
            line = os.read(sys.stdin.fileno(), 64)
            if not line:
                return
            rate = float(line) * 1e6
        for end in ends:
            while end in ready:
                try:
                    packet = os.read(end, PACKET)
                except BlockingIOError:
                    break
                t = time.monotonic()
                free[end] = max(free[end], t)
                if free[end] - t > QUEUE_SECONDS:
                    continue
                free[end] += len(packet) * 8 / rate
                if chance.random() >= loss:
                    count += 1
                    heapq.heappush(waiting, (free[end] + delay, count, other[end], packet))


def main():
    megabits, delay, loss = map(float, sys.argv[1:])
    # The namespaces have to go whatever ends this program.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    names = [f"okno{os.getpid()}{side}" for side in "ab"]
    try:
        ends = [end_of_link(names[0], names[0], "10.99.0.1", "10.99.0.2"),
                end_of_link(names[1], names[1], "10.99.0.2", "10.99.0.1")]
        print(*names, flush=True)
        carry(ends, megabits * 1e6, delay / 1e3, loss / 100)
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL)


main()
