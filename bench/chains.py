"""Whole chains: each program's own sender and receiver, from the camera to the pixels.

In: a clip that every sender reads with OpenCV, uncompressed, at 30 frames a second. Out: latency
from the moment the source handed a frame over, CPU of both sides.
"""

import dataclasses
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import clips
import receivers
from machine import Running, Sampler, Screen, free_ports, now, percentile, wait_listening
from receive import WARM, stages
from tap import Tap


@dataclasses.dataclass(frozen=True)
class Chain:
    """A sender and a receiver that belong together."""
    name: str
    show: str
    send: str


OKNO_SHOW = "{okno} --listen 127.0.0.1:{port} --stats-json {folder}/okno.json"
# What a person types: shared memory where both are on one machine.
OKNO_SEND = "{sender} -i {clip} --fps 30 --to tcp://127.0.0.1:{port} --quiet"
OKNO_JPEG = OKNO_SEND + " --codec jpeg -q %d"
OKNO_UNTOUCHED = OKNO_SEND.replace("{clip}", "{mjpeg}")
CHAINS = [
    Chain("okno", OKNO_SHOW, OKNO_SEND),
    Chain("okno, JPEG at 95", OKNO_SHOW, OKNO_JPEG % 95),
    Chain("okno, JPEG at 80", OKNO_SHOW, OKNO_JPEG % 80),
    Chain("okno, source's JPEG", OKNO_SHOW, OKNO_UNTOUCHED),
    Chain("originals raw", "{venv} {peers}/qt_raw.py --port {port}",
          "{venv} {here}/peers/original_send.py raw {clip} {port}"),
    Chain("originals be32", "{venv} {peers}/qt_be32.py --port {port}",
          "{venv} {here}/peers/original_send.py be32 {clip} {port}"),
    Chain("imagezmq, JPEG", "{gui} {here}/peers/imagezmq_show.py jpg {port}",
          "{gui} {here}/peers/imagezmq_send.py jpg {clip} {port}"),
    Chain("imagezmq, uncompressed", "{gui} {here}/peers/imagezmq_show.py raw {port}",
          "{gui} {here}/peers/imagezmq_send.py raw {clip} {port}"),
    Chain("VidGear NetGear", "{gui} {here}/peers/netgear_show.py {port}",
          "{gui} {here}/peers/netgear_send.py {clip} {port}"),
]
QUICK = ("okno", "okno, JPEG at 95", "okno, source's JPEG", "originals be32",
         "imagezmq, uncompressed")


def clip(size, frames):
    """An uncompressed AVI of numbered pictures: reading it costs a sender little, and all the
    same."""
    path = clips.cache_folder() / f"{size}-{frames}.avi"
    if not path.exists():
        print(f"   writing {path.name}", flush=True)
        temporary = path.with_name("new.avi")
        _write_clip(size, frames, temporary)
        temporary.rename(path)
    return _in_memory(path)


def mjpeg(size, frames):
    """The same pictures as JPEGs of quality 95 in an AVI, as a camera or recorder makes them."""
    path = clips.cache_folder() / f"{size}-{frames}-mjpeg.avi"
    if not path.exists():
        temporary = path.with_name("new.avi")
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "mjpeg", "-framerate", "30", "-i",
                        str(clips.jpegs(size, 95, frames)), "-c", "copy", str(temporary)],
                       check=True)
        temporary.rename(path)
    return _in_memory(path)


def _write_clip(size, frames, path):
    import barcode
    width, height = clips.SIZES[size]
    writer = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pixel_format", "bgr24",
         "-video_size", f"{width}x{height}", "-framerate", "30", "-i", "-", "-c:v", "rawvideo",
         str(path)], stdin=subprocess.PIPE)
    for i, picture in enumerate(clips.film(clips.SIZES[size], frames)):
        writer.stdin.write(barcode.burn(picture, i).tobytes())
    writer.stdin.close()
    if writer.wait():
        raise RuntimeError("ffmpeg could not write the clip")


def _in_memory(path):
    """The path, with the file in the page cache: what is measured is no disk."""
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass
    return path


def _captured(folder, tap):
    """{frame: ns}: when the source handed it over."""
    log = pathlib.Path(folder) / "stamps"
    if log.exists():
        pairs = [line.split() for line in log.read_text().splitlines()]
        return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2}
    return tap.stamps() if tap else {}


class Gigabit:
    """A network namespace whose loopback is a wire of 1 Gbit/s with packets of 1,500 bytes."""

    def __enter__(self):
        self.name = f"okno{os.getpid()}w"
        for words in (f"ip netns add {self.name}", f"ip -n {self.name} link set lo up mtu 1500",
                      f"tc -n {self.name} qdisc add dev lo root tbf rate 1gbit burst 32kb "
                      "latency 200ms"):
            subprocess.run(words.split(), check=True)
        return self.name

    def __exit__(self, *_):
        subprocess.run(["ip", "netns", "del", self.name], check=False)


def run_chain(chain, size, frames, watch, namespace=None, save=None):
    """One run of a chain, in a network namespace if one is named."""
    prefix = ("ip", "netns", "exec", namespace) if namespace else ()
    folder = tempfile.mkdtemp(prefix="okno-bench-")
    screen = Screen(folder, watch)
    show = send = None
    row = {"name": chain.name, "size": size, "wire": "1 Gbit/s" if namespace else "loopback"}
    try:
        port = free_ports()
        values = {"port": port, "folder": folder, "clip": clip(size, frames)}
        if "{mjpeg}" in chain.send:
            values["mjpeg"] = mjpeg(size, frames)
        environment = receivers.environment(screen.name, folder)
        environment["BENCH_STAMPS"] = os.path.join(folder, "stamps")
        show = Running(receivers.fill(chain.show, **values), folder, "show", environment,
                       prefix=prefix)
        wait_listening(port, show)
        time.sleep(1.0)
        own = chain.name.startswith("okno")
        tap = Tap(port, namespace=namespace) if own and os.geteuid() == 0 else None
        send = Running(receivers.fill(chain.send, **values), folder, "send", environment,
                       prefix=prefix)
        sampler = Sampler(show=show, send=send, screen=screen)
        end = time.monotonic() + frames / 30 + 12
        # NetGear and imagezmq may wait for an answer for ever once the other side is busy.
        while send.alive() and time.monotonic() < end:
            time.sleep(0.02)
        finished = now()
        if save:
            screen.save(save)
        screen.settle()
        sampler.finish()
        row["memory_mb"] = show.memory()[0]
        seen = screen.finish()
        row.update(_figures(seen, _captured(folder, tap), sampler, frames, finished))
        if own:
            row["okno"] = stages(folder)
            _without_tap(row)
        if not row["shown"]:
            row["said"] = show.said() + send.said()
    except RuntimeError as error:
        row["error"] = str(error)
    finally:
        for part in (send, show):
            if part:
                part.stop()
        screen.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return row


def _figures(seen, captured, sampler, frames, finished):
    shown = seen.shown.get(0, {})
    late = [(t - captured[k]) / 1e6 for k, t in shown.items() if k in captured and k >= WARM]
    since = captured.get(WARM) or shown.get(WARM) or min(shown.values(), default=finished)
    # The sender's last figures are those of the moment before it ended.
    count = max(1, frames - WARM)
    return {
        "frames": frames, "shown": len(shown), "torn": seen.torn, "backwards": seen.backwards,
        "p50": percentile(late, 0.5), "p95": percentile(late, 0.95),
        "p99": percentile(late, 0.99),
        "show_cpu_ms": sampler.used("show", since) * 1e3 / count,
        "send_cpu_ms": sampler.used("send", since) * 1e3 / count,
        "others": sampler.others(since),
    }


def _without_tap(row):
    """Where nobody may read the wire: capture to the end of drawing, as the viewer says."""
    latency = (row.get("okno") or {}).get("latency_ms")
    if row["p50"] is None and latency:
        row.update(p50=latency["p50"], p95=latency["p95"], own_word=True)


def runs(results, options):
    """All chains at 720p, and capture alone."""
    sizes = ["720p"] if options.quick else [s for s in ("720p", "1080p") if s in options.sizes]
    for repetition in range(options.reps):
        for size in sizes:
            for untouched in (False, True):
                capture_alone(results, size, options.frames, repetition, untouched)
            for chain in CHAINS:
                if options.quick and chain.name not in QUICK:
                    continue
                if not options.quick and size == "1080p" and chain.name not in QUICK:
                    continue
                missing = "{gui}" in chain.show and not receivers.programs()["gui"]
                if not missing:
                    results.add("chains", {"rep": repetition, **run_chain(
                        chain, size, options.frames, options.watch)})
        gigabit(results, options, repetition)


def gigabit(results, options, repetition):
    """The chains that a network is for, over one."""
    if os.geteuid() != 0 or not shutil.which("tc") or options.quick:
        print("   chains over 1 Gbit/s are left out: they need root, tc, and the full mode")
        return
    with Gigabit() as namespace:
        for chain in CHAINS:
            if chain.name.startswith(("okno, JPEG", "imagezmq, JPEG", "VidGear")) and not (
                    "{gui}" in chain.show and not receivers.programs()["gui"]):
                results.add("chains", {"rep": repetition, **run_chain(
                    chain, "720p", options.frames, options.watch, namespace)})


def capture_alone(results, size, frames, repetition, untouched):
    """What capture alone costs Okno's sender, to be taken off: a viewer that does not look gets a
    frame a second, and all others are captured and dropped."""
    folder = tempfile.mkdtemp(prefix="okno-bench-")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def ignore():
        connection = listener.accept()[0]
        # Envelope 3 is feedback: field 2 is the window, 32; no size: hidden.
        connection.sendall(b"\x04\x1a\x02\x10\x20")
        while connection.recv(1 << 20):
            pass
    threading.Thread(target=ignore, daemon=True).start()
    clip_of = {"mjpeg": mjpeg(size, frames)} if untouched else {"clip": clip(size, frames)}
    command = OKNO_UNTOUCHED if untouched else OKNO_SEND
    program = Running(receivers.fill(command, port=port, **clip_of), folder, "capture")
    sampler = Sampler(send=program)
    try:
        program.process.wait(frames / 30 + 20)
    except subprocess.TimeoutExpired:
        program.stop()
    sampler.finish()
    listener.close()
    used = sampler.used("send", program.started + int((WARM / 30 + 0.2) * 1e9))
    results.add("chains", {"rep": repetition, "name": f"capture alone{', of JPEG' * untouched}", "size": size,
                           "wire": "loopback", "send_cpu_ms": used * 1e3 / max(1, frames - WARM)})
    shutil.rmtree(folder, ignore_errors=True)
