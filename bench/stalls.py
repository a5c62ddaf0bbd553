"""What goes wrong in real life: a viewer that is stopped, a link that is too slow, a cold start.

Out: how long until the newest frame is on the screen again, how old frames are on the slow link,
how long a start takes.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import clips
import receivers
from machine import Running, Stage, free_ports, now, percentile, wait_listening
from receive import PICTURES, Sender, frames_shown, start_receiver

HERE = pathlib.Path(__file__).resolve().parent
# A frame that is shown later than this after it was due counts as old.
OLD_MS = 200
# Numbers of the pictures that a stopped viewer is sent: as old as it can be, none is taken for one
# of the next round.
STALL_PICTURES = 450
READS_ONLY = "a program that only reads"
# The slow link: round trip, and how much of what is offered it carries.
ROUND_TRIP_MS = 50
CARRIES = 2 / 3


def _stop_in_the_middle(program, sender, seconds):
    """Stops a receiver with SIGSTOP in the middle of a stream and lets it go on. When that was."""
    sender.go()
    time.sleep(2.0)
    program.signal(signal.SIGSTOP)
    time.sleep(seconds)
    program.signal(signal.SIGCONT)
    continued = now()
    sender.done(seconds + 20)
    return continued


def stopped_once(receiver, seconds, watch):
    """A receiver that is stopped for a while: when it shows what is new again, and what is old."""
    row = {"name": receiver.name, "stopped_s": seconds}
    with Stage(row, watch) as stage:
        program, port = start_receiver(stage, receiver)
        wait_listening(port, program)
        frames = int(30 * (seconds + 6))
        sender = Sender(stage, receiver.wire, [f"{port}:{clips.jpegs('720p', 95, STALL_PICTURES)}"],
                        30, frames)
        time.sleep(1.0)
        continued = _stop_in_the_middle(program, sender, seconds)
        stage.screen.settle()
        seen, due = stage.screen.finish(), sender.due().get(0, {})
        shown = frames_shown(seen, due, pictures=STALL_PICTURES)
        after = sorted((t, (t - due[k]) / 1e6) for k, t in shown.items() if t > continued)
        fresh = [t for t, age in after if age < OLD_MS]
        row.update(recovered_ms=(fresh[0] - continued) / 1e6 if fresh else None,
                   old_shown=sum(age >= OLD_MS for _, age in after), shown_after=len(after),
                   p50_after=percentile([age for _, age in after[-60:]], 0.5))
    return row


def reading_alone(seconds, watch):
    """The same for a program that only reads: what the machine takes to carry what waited."""
    row = {"name": READS_ONLY, "stopped_s": seconds}
    with Stage(row, watch) as stage:
        port, log = free_ports(), pathlib.Path(stage.folder) / "read"
        program = stage.add(Running([sys.executable, HERE / "peers/reads_only.py", port, log],
                                    stage.folder, "reader"))
        wait_listening(port, program)
        sender = Sender(stage, "be32", [f"{port}:{clips.jpegs('720p', 95, STALL_PICTURES)}"],
                        30, int(30 * (seconds + 6)))
        continued = _stop_in_the_middle(program, sender, seconds)
        sent = [tuple(map(int, line.split()))[2:] for line in sender.log.read_text().splitlines()]
        fresh = min(begun for due, begun in sent if begun > continued and begun - due < OLD_MS * 1e6)
        idle = (int(line) for line in log.read_text().split())
        row["recovered_ms"] = (next(t for t in idle if t > fresh) - continued) / 1e6
    return row


def stopped(results, options):
    usable, _ = receivers.all_receivers()
    results.add("stall", reading_alone(10, options.watch))
    for receiver in usable:
        if receiver.name in ("okno", "socket + cv2.imshow", "GStreamer ximagesink",
                             "original be32 (PySide6)"):
            if options.quick and receiver.name != "okno":
                continue
            results.add("stall", stopped_once(receiver, 10, options.watch))


def slow_link(results, options):
    """Okno's sender and viewer over a link with two thirds of the capacity that is offered."""
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        print("   the slow link is left out: it needs root and /dev/net/tun")
        return
    for loss in (0,) if options.quick else (0, 1):
        for fixed in (True, False):
            results.add("link", _link_run(loss, 8 if options.quick else 15, options.watch, fixed))


def _link_run(loss, seconds, watch, fixed):
    """`fixed`: what is offered stays what it is; else the sender may lower the quality."""
    row = {"name": "okno --fixed" if fixed else "okno", "loss_percent": loss}
    with Stage(row, watch) as stage:
        folder = stage.folder
        # Offered: a 720p frame of the test picture at quality 95, 30 a second; measured first.
        offered = _offered_mbit(folder)
        rate = offered * CARRIES
        row.update(offered_mbit=offered, rate_mbit=rate)
        link = stage.add(Running([sys.executable, HERE / "link.py", rate, ROUND_TRIP_MS / 2, loss],
                                 folder, "link", stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        words = link.process.stdout.readline().decode().split()
        if len(words) != 2:
            raise RuntimeError(f"no link: {link.said()}")
        near, far = words
        environment = receivers.environment(stage.screen.name, folder)
        inside = ("ip", "netns", "exec")
        program = stage.add(Running(receivers.fill(
            "{okno} --listen 10.99.0.2:12345 --stats-json {folder}/okno.json", folder=folder),
            folder, "receiver", environment, prefix=(*inside, far)))
        wait_listening(12345, program)
        sender = stage.add(Running(receivers.fill(
            "{sender} -i test:1280x720@30?barcode=1&live=1 -q 95 "
            "--to tcp://10.99.0.2:12345 --quiet" + " --fixed" * fixed), folder, "sender", environment,
            prefix=(*inside, near)))
        time.sleep(seconds + 3)
        sender.stop()
        stage.screen.settle()
        lines = (pathlib.Path(folder) / "okno.json").read_text().splitlines()
        live = [s for line in lines for s in json.loads(line)["streams"] if s["state"] == "live"]
        late = live[-1]
        row.update(p50=late["latency_ms"]["p50"], p95=late["latency_ms"]["p95"],
                   p99=late["latency_ms"].get("p99"), worst=late["latency_ms"]["max"],
                   own_word=True, stages=late["stages_ms"],
                   used=(live[-1]["bytes"] - live[2]["bytes"]) * 8 / 1e6 / rate / (len(live) - 3))
        seen = stage.screen.finish()
        row.update(shown=sum(map(len, seen.shown.values())), torn=seen.torn)
    return row


def _offered_mbit(folder):
    """Megabits a second of the sender's test picture, by a receiver that takes everything."""
    import socket
    import threading
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    sender = Running(receivers.fill(
        "{sender} -i test:1280x720@30?barcode=1 -q 95 --wire mjpeg --frames 60 "
        "--to tcp://127.0.0.1:{port} --quiet", port=port), folder, "offered")
    count = 0

    def read():
        nonlocal count
        connection = listener.accept()[0]
        while data := connection.recv(1 << 20):
            count += len(data)
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    sender.process.wait(30)
    reader.join(5)
    listener.close()
    return count * 8 / 1e6 / 2


def start(results, options):
    """Launch to a painted window, and connection to the first frame on the screen."""
    usable, _ = receivers.all_receivers()
    okno = next(receiver for receiver in usable if receiver.name == "okno")
    for repetition in range(3 if options.quick else 5):
        results.add("start", {"rep": repetition, **_start(okno, options.watch)})


def _painted(screen):
    """Whether anything but one colour is on the screen: the root window is all black."""
    import mmap
    with open(screen.file, "rb") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pixels:
            start = int.from_bytes(pixels[:4], "big") + 12 * int.from_bytes(pixels[76:80], "big")
            row = int.from_bytes(pixels[48:52], "big")
            return any(pixels[at:at + row].strip(b"\0")
                       for at in range(start + 8 * row, len(pixels) - row, 64 * row))


def _start(receiver, watch):
    row = {"name": receiver.name}
    with Stage(row, watch) as stage:
        program, port = start_receiver(stage, receiver)
        end = time.monotonic() + 20
        while not _painted(stage.screen) and time.monotonic() < end:
            time.sleep(0.002)
        row["painted_ms"] = (now() - program.started) / 1e6
        wait_listening(port, program)
        row["listening_ms"] = (now() - program.started) / 1e6
        time.sleep(1.5)
        # Connects and sends at once: its first frame is due 50 ms after the word.
        sender = Sender(stage, receiver.wire, [f"{port}:{clips.jpegs('720p', 95, PICTURES)}"], 30,
                        30)
        sender.go()
        sender.done(20)
        stage.screen.settle()
        seen, due = stage.screen.finish(), sender.due().get(0, {})
        first = min(frames_shown(seen, due).values(), default=None)
        row["first_frame_ms"] = (first - due[0]) / 1e6 if first else None
    return row
