"""One receiver, one stream: pictures shown, latency, CPU, memory.

In: a receiver, what it is sent. Out: a dictionary of figures for one run.
"""

import bisect
import json
import pathlib
import subprocess
import sys
import time

import clips
import receivers
from machine import Running, Sampler, Stage, free_ports, now, percentile, wait_listening

HERE = pathlib.Path(__file__).resolve().parent
# Frames at the start of a paced run that figures leave out: windows open, buffers grow.
WARM = 30
# How long an unpaced run sends. A number of frames would be gone in a tenth of a second for a
# receiver that reads all that comes.
FAST_SECONDS = 3
# Different pictures of a stream.
PICTURES = 300


class Sender:
    """The reference sender, ready to go."""

    def __init__(self, stage, wire, targets, fps, frames, host="127.0.0.1", prefix=(),
                 seconds=0):
        self.log = pathlib.Path(stage.folder) / "sent.log"
        self.program = stage.add(Running(
            [sys.executable, HERE / "refsend.py", "--wire", wire, "--fps", fps, "--frames",
             frames, "--host", host, "--seconds", seconds, "--log", self.log, *targets],
            stage.folder, "refsend", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            prefix=prefix))
        self._expect("ready")

    def _expect(self, word):
        line = self.program.process.stdout.readline().decode().strip()
        if line != word:
            raise RuntimeError(f"reference sender: {line!r} instead of {word}: "
                               f"{self.program.said()}")

    def go(self):
        self.program.process.stdin.write(b"go\n")
        self.program.process.stdin.flush()

    def done(self, patience):
        """Waits for the end; False if the receiver held it up for too long."""
        import select
        output = self.program.process.stdout
        if not select.select([output], [], [], patience)[0]:
            return False
        return output.readline().strip() == b"done"

    def due(self):
        """{stream: {frame: ns}} of what was sent."""
        times = {}
        for stream, frame, due, _ in self._sent():
            times.setdefault(stream, {})[frame] = due
        return times

    def started_ms(self):
        """How long after it was due a frame was given to the socket: median."""
        return percentile([(begun - due) / 1e6 for _, _, due, begun in self._sent()], 0.5)

    def _sent(self):
        """(stream, frame, due, begun) of what was sent; the log is written at the end."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [tuple(map(int, line.split())) for line in lines]


def stages(folder):
    """What okno itself says of where its time goes: the last line of its statistics in which a
    stream was live."""
    try:
        lines = (pathlib.Path(folder) / "okno.json").read_text().splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        try:
            streams = json.loads(line)["streams"]
        except ValueError:
            continue
        if streams and streams[0]["state"] == "live":
            return {"stages_ms": streams[0]["stages_ms"], "latency_ms": streams[0]["latency_ms"]}
    return None


def start_receiver(stage, receiver):
    """A receiver that listens, and on which port; its log is named after what it is here."""
    port = free_ports()
    environment = receivers.environment(stage.screen.name, stage.folder, receiver.environment)
    program = stage.add(Running(
        receivers.fill(receiver.command, port=port, folder=stage.folder), stage.folder, "receiver",
        environment))
    return program, port


def receive(receiver, size, quality, fps, frames, watch, save=None):
    """One run. `fps` of 0: as fast as the receiver takes it."""
    path = clips.jpegs(size, quality, PICTURES)
    row = {"name": receiver.name, "size": size, "quality": quality, "fps": fps}
    with Stage(row, watch) as stage:
        program, port = start_receiver(stage, receiver)
        wait_listening(port, program)
        sender = Sender(stage, receiver.wire, [f"{port}:{path}"], fps, frames,
                        seconds=0 if fps else FAST_SECONDS)
        time.sleep(1.0)
        sampler = Sampler(program=program, screen=stage.screen, sender=sender.program)
        begun = now()
        sender.go()
        sent_all = sender.done(frames / fps + 5 if fps else FAST_SECONDS + 10)
        over = now()
        stage.screen.settle()
        row["peak_mb"] = program.memory()[0]
        sampler.finish()
        if save:
            stage.screen.save(save)
        seen = stage.screen.finish()
        row.update(_figures(seen, sender.due().get(0, {}), sampler, begun, over, fps, frames))
        row.update(started_ms=sender.started_ms(), sent_all=sent_all, alive=program.alive(),
                   place=seen.places.get(0))
        if receiver.name == "okno":
            row["okno"] = stages(stage.folder)
        if not row["shown"]:
            row["said"] = program.said()
    return row


def frames_shown(seen, due, stream=0, pictures=PICTURES):
    """{frame: ns} of a stream when the sender went through its pictures more than once: a number
    on the screen belongs to the last frame of that number that was sent before."""
    times = {}
    for k, t in due.items():
        times.setdefault(k % pictures, []).append((t, k))
    shown = {}
    for t, of, number in seen.order:
        if of != stream:
            continue
        sent = times.get(number, [])
        at = bisect.bisect_right(sent, (t, sys.maxsize)) - 1
        if at >= 0:
            shown.setdefault(sent[at][1], t)
    return shown


def _figures(seen, due, sampler, begun, over, fps, frames):
    shown = frames_shown(seen, due)
    warm = WARM if fps else 0
    late = [(t - due[k]) / 1e6 for k, t in shown.items() if k >= warm]
    counted = [k for k in shown if k >= warm]
    since = due.get(warm, begun)
    last = max(shown.values(), default=over)
    cpu = sampler.used("program", since)
    return {
        "frames": len(due) or frames, "shown": len(shown), "torn": seen.torn,
        "backwards": seen.backwards if fps else 0,
        "p50": percentile(late, 0.5), "p95": percentile(late, 0.95),
        "p99": percentile(late, 0.99),
        "cpu_ms": cpu * 1e3 / len(counted) if counted else None,
        "screen_cpu_ms": sampler.used("screen", since, part=0) * 1e3 / max(1, len(counted)),
        "rate": len(shown) / max(1e-3, (last - min(due.values(), default=begun)) / 1e9),
        "cores": cpu / max(1e-3, (last - since) / 1e9),
        "others": sampler.others(since),
    }
