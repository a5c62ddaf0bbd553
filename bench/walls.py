"""Many streams at once: 720p at 30 frames a second, quality 80, from foreign and from own senders.

Out: frames a second of each stream, how evenly they are shared, latency and whether it grows,
cores and memory.
"""

import json
import math
import os
import pathlib
import shutil
import tempfile
import threading
import time

import clips
import receivers
from machine import Running, Sampler, Screen, Stage, free_ports, now, percentile, wait_listening
from receive import Sender, frames_shown

# Pictures of a stream, shown over and over.
PICTURES = 90
QUALITY = 80
WALL = (1920, 1080)
OKNO = ("{okno} --listen 127.0.0.1:{port} --view-size 1920x1080 --max-silent 64 "
        "--stats-json {folder}/okno.json")
GSTREAMER = "{venv} {here}/peers/gstreamer_wall.py %s {port} {streams} {columns} {width} {height}"


def place_windows(display_name, columns, width, height, over):
    """Puts each new window into the next place of a grid; there is no window manager."""
    from Xlib import X, display
    connection = display.Display(display_name)
    root, placed = connection.screen().root, {}
    while not over.wait(0.1):
        for window in root.query_tree().children:
            try:
                if window.get_attributes().map_state != X.IsViewable:
                    continue
                at = placed.setdefault(window.id, len(placed))
                window.configure(x=at % columns * width, y=at // columns * height)
            except Exception:  # A window that has just gone.
                continue
        connection.sync()
    connection.close()


def foreign(name, command, wire, streams, seconds, watch, save=None):
    """One run with the reference sender, which does not care what is shown."""
    paths = clips.wall("720p", QUALITY, streams, PICTURES)
    columns = math.ceil(math.sqrt(streams))
    width, height = WALL[0] // columns, WALL[1] // columns
    over = threading.Event()
    row = {"name": name, "streams": streams, "senders": "foreign"}
    with Stage(row, watch, streams, every_us=500) as stage:
        screen, folder = stage.screen, stage.folder
        port = free_ports(streams)
        program = stage.add(Running(
            receivers.fill(command, port=port, folder=folder, streams=streams, columns=columns,
                           width=width, height=height),
            folder, "receiver", receivers.environment(screen.name, folder)))
        own_port = wire == "mjpeg"
        ports = [port + i if own_port else port for i in range(streams)]
        for each in sorted(set(ports)):
            wait_listening(each, program)
        if "windows" in command:
            threading.Thread(target=place_windows, daemon=True,
                             args=(screen.name, columns, width, height, over)).start()
        sender = Sender(stage, wire, [f"{p}:{path}" for p, path in zip(ports, paths)], 30,
                        30 * seconds)
        time.sleep(1.0)
        sampler = Sampler(program=program, screen=screen, sender=sender.program)
        sender.go()
        begun = now()
        early = _memory_after(program, min(5, seconds / 2))
        row["sent_all"] = sender.done(seconds + 20)
        ended = now()
        row["peak_mb"], late = program.memory()
        row["growth_mb"] = late - early
        if save:
            screen.save(save)
        screen.settle()
        sampler.finish()
        over.set()
        seen = screen.finish()
        due = sender.due()
        shown = {s: frames_shown(seen, due.get(s, {}), s, PICTURES) for s in range(streams)}
        row.update(_figures(shown, due, seen, sampler, begun, ended))
    over.set()
    return row


def _memory_after(program, seconds):
    time.sleep(seconds)
    return program.memory()[1]


def _figures(shown, due, seen, sampler, begun, ended):
    since = begun + 2_000_000_000
    span = (ended - since) / 1e9
    rates = [sum(since <= t <= ended for t in frames.values()) / span for frames in shown.values()]
    ages = [[((t - due[s][k]) / 1e6, due[s][k]) for k, t in frames.items()
             if s in due and due[s][k] >= since] for s, frames in shown.items()]
    flat = sorted((age for stream in ages for age in stream), key=lambda pair: pair[1])
    third = len(flat) // 3
    def middle(part):
        return percentile([age for age, _ in part], 0.5)
    return {
        "fps_mean": sum(rates) / len(rates), "fps_min": min(rates), "fps_max": max(rates),
        "p50": percentile([age for age, _ in flat], 0.5),
        "p95": percentile([age for age, _ in flat], 0.95),
        "p50_first": middle(flat[:third]), "p50_last": middle(flat[-third:]) if third else None,
        "cores": sampler.used("program", since, ended) / span,
        "screen_cores": sampler.used("screen", since, ended, 0) / span,
        "torn": seen.torn, "others": sampler.others(since, ended),
    }


def own(streams, seconds, watch, fixed=False, save=None):
    """One run with Okno's senders, which are told at what size they are shown."""
    folder = tempfile.mkdtemp(prefix="okno-bench-")
    screen = Screen(folder, watch, streams, every_us=500)
    senders, program = [], None
    row = {"name": "okno", "streams": streams,
           "senders": "okno --fixed" if fixed else "okno"}
    try:
        port = free_ports()
        program = Running(receivers.fill(OKNO, port=port, folder=folder), folder, "receiver",
                          receivers.environment(screen.name, folder))
        wait_listening(port, program)
        for i in range(streams):
            command = ["{sender}", "-i", f"test:1280x720@30?barcode=1&stream={i % 16}", "-q",
                       str(QUALITY), "--to", f"tcp://127.0.0.1:{port}", "--name", f"camera {i}",
                       "--quiet"] + ["--fixed"] * fixed
            senders.append(Running([receivers.fill(word) for word in command], folder, f"send-{i}",
                                   receivers.environment(screen.name, folder)))
        # Programs start, connect, and are told what is wanted of them.
        time.sleep(3 + streams * 0.3)
        sampler = Sampler(program=program, screen=screen, senders=_All(senders))
        early = program.memory()[1]
        begun = now() - 2_000_000_000
        time.sleep(seconds)
        ended = now()
        row["peak_mb"], late = program.memory()
        row["growth_mb"] = late - early
        sampler.finish()
        if save:
            screen.save(save)
        seen = screen.finish()
        shown = {place: {i: t for i, (t, _) in enumerate(frames)}
                 for place, frames in seen.whole.items()}
        if len(shown) != streams:
            row["error"] = f"{len(shown)} of {streams} pictures were found"
        row.update(_figures(shown, {}, seen, sampler, begun, ended))
        row["sender_cores"] = sampler.used("senders", begun + 2_000_000_000, ended) / seconds
        row.update(_said(folder))
    except RuntimeError as error:
        row["error"] = str(error)
    finally:
        for part in [*senders, program]:
            if part:
                part.stop()
        screen.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return row


class _All:
    """Several programs as one."""

    def __init__(self, programs):
        self.programs = programs

    def cpu(self):
        return sum(program.cpu() for program in self.programs)


def _said(folder):
    """Latency by the stamps in the frames, as the viewer counts it: senders of our own log none."""
    lines = (pathlib.Path(folder) / "okno.json").read_text().splitlines()
    streams = json.loads(lines[-1])["streams"] if lines else []
    latencies = [s["latency_ms"] for s in streams if s["latency_ms"]]
    if not latencies:
        return {}
    return {"p50": percentile([l["p50"] for l in latencies], 0.5),
            "p95": max(l["p95"] for l in latencies), "own_word": True,
            "okno": {"stages_ms": streams[0]["stages_ms"]}}


def runs(results, options):
    seconds = 8 if options.quick else 10 if options.short else 15
    others = [("GStreamer, a window each", GSTREAMER % "windows"),
              ("GStreamer compositor", GSTREAMER % "compositor")]
    for repetition in range(1 if options.quick or options.short else min(2, options.reps)):
        for streams in options.streams:
            results.add("walls", {"rep": repetition, **foreign(
                "okno", OKNO, "be32", streams, seconds, options.watch)})
            for name, command in others[:1] if options.quick else others:
                if shutil.which("gst-launch-1.0"):
                    results.add("walls", {"rep": repetition, **foreign(
                        name, command, "mjpeg", streams, seconds, options.watch)})
            results.add("walls", {"rep": repetition, **own(streams, seconds, options.watch)})


def memory(results, options):
    """Sixteen foreign streams for long: memory of the viewer every few seconds."""
    streams, seconds = 16, max(20, round(options.memory_minutes * 60))
    paths = clips.wall("720p", QUALITY, streams, PICTURES)
    row = {"name": "okno", "streams": streams, "seconds": seconds}
    with Stage(row, options.watch, streams, every_us=500) as stage:
        port = free_ports()
        program = stage.add(Running(
            receivers.fill(OKNO, port=port, folder=stage.folder), stage.folder, "receiver",
            receivers.environment(stage.screen.name, stage.folder)))
        wait_listening(port, program)
        sender = Sender(stage, "be32", [f"{port}:{path}" for path in paths], 30, 30 * seconds)
        sender.go()
        begun, rss = time.monotonic(), []
        while (passed := time.monotonic() - begun) < seconds and program.alive():
            rss.append([round(passed, 1), round(program.memory()[1], 2)])
            time.sleep(min(5, seconds / 20))
        # The first minute is for buffers to get their size.
        settled = [mb for t, mb in rss if t >= min(60, seconds / 3)]
        row.update(rss=rss, alive=program.alive(), peak_mb=program.memory()[0],
                   growth_mb=settled[-1] - settled[0], range_mb=max(settled) - min(settled))
    results.add("memory", row)
