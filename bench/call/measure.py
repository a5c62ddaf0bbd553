"""One call between two real windows, measured from mouth to ear and from camera to pixels.

In: how the way between them is. Sound is sent as the microphone gives it: cleaned speech is not
found again. Out: a dictionary of figures. One speaks, by a voice that never
pauses, before a camera of numbered pictures; the other's speaker is recorded and the screen is
watched. Never asks the programs how long anything took: their own figures are noted beside, to say
where the time goes.

All times are of one clock, CLOCK_MONOTONIC:

    mouth     when a sample came out of the sink whose monitor is the microphone
    ear       when the same sound came out of the speaker's sink, found by correlation
    captured  the camera's stamp of a picture, read off the wire between camera and window
    shown     when the picture was complete on the other's screen
"""

import bisect
import json
import pathlib
import re
import time

import clips  # noqa: F401 (knows where the tests' modules are)
import barcode
import harness
import pulse
import receivers
import sound
from machine import Running, Stage, machine_cpu, now, percentile, wait_listening
from tap import Tap

from ways import FAR, way

RELAY_PORT = 12350
CAMERA = "test:640x360@30"
STREAM = 3
# The picture leaves bars at its sides, in which one's own picture has room.
VIEW = "1280x560"
# A call finds its sizes, its buffers' levels and its round trip in this time.
SETTLING = 12
PATIENCE = 40
# What is searched for, how far apart the searches are, and how old sound can be.
PART, STEP, OLDEST = 0.4, 0.1, 1.5
# Shorter gaps are not noted each by itself.
HEARD_GAP = 0.03
# From this likeness on it is the same sound: other parts of the same voice reach 0.73, but for one
# in twenty.
ALIKE = 0.8
CLIP_SECONDS = 60
# Own figures that say where the time goes, means of the whole time.
FIGURES = ("round_trip_ms", "audio_buffer_ms", "audio_target_ms", "microphone_ms", "speaker_ms",
           "picture_leads_ms")
# ... and of the mouth's side.
SENT = ("microphone_ms", "video_height", "video_rate")
COUNTS = ("audio_missing", "device_slips", "lipsync_dropped", "video_received")


class Window:
    """A caller."""

    def __init__(self, stage, name, screen, namespace, daemon, camera, call):
        folder = pathlib.Path(stage.folder) / name
        environment = receivers.environment(screen, str(folder), daemon.environment.items())
        settings = folder / "home/okno/interface.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text("[interface]\ncallSelfSize=96\n")
        self.figures_path = folder / "okno.json"
        self.program = stage.add(Running(
            [receivers.programs()["okno"], "--listen", "127.0.0.1:0", "--view-size", VIEW,
             "--stats-json", self.figures_path, "--relay", f"{FAR}:{RELAY_PORT}", "--name", name,
             "--camera", camera, "--microphone", daemon.microphone(name),
             "--speaker", daemon.speaker(name), "--raw-sound", "--call", call],
            stage.folder, name, environment, prefix=("ip", "netns", "exec", namespace)))

    def figures(self):
        """What it says of the call, each line so far."""
        try:
            lines = self.figures_path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return []
        return [line["call"] for line in map(json.loads, lines) if line.get("call")]

    def link(self):
        return harness.wait_for(lambda: self._said(r"okno://call\?\S+"),
                                lambda: f"invitation: {self.program.said()}", PATIENCE)

    def _said(self, pattern):
        found = re.search(pattern, self.program.log.read_text(errors="replace"))
        return found and found[0]

    def wait_active(self):
        harness.wait_for(lambda: (self.figures() or [{}])[-1].get("state") == "active",
                         lambda: f"call at {self.program.name}: {self.program.said()}", PATIENCE)


def measure(round_trip_ms, loss_percent, falls, seconds, watch):
    """A whole call: its row of figures. `falls`: at the beginning of what is measured the link falls
    to a fifth of its rate."""
    row = {"round_trip_ms": round_trip_ms, "loss_percent": loss_percent, "falls": falls,
           "seconds": seconds}
    with Stage(row, watch, every_us=1000) as stage:
        folder = pathlib.Path(stage.folder)
        path = stage.add(way(folder, round_trip_ms, loss_percent, falls))
        near, far = path.names
        daemon = stage.add(pulse.Daemon(folder, ["ann", "ben"]))
        (folder / "screen").mkdir()
        other_screen = stage.add(harness.Screen(folder / "screen", 1280, 720))
        relay = stage.add(Running(
            [pathlib.Path(receivers.programs()["okno"]).with_name("okno-relay"),
             "--listen", f"{FAR}:{RELAY_PORT}", "--state", folder / "relay-state"],
            folder, "relay", prefix=("ip", "netns", "exec", far)))
        wait_listening(RELAY_PORT, relay)
        tap = Tap(namespace=near)
        ann = Window(stage, "ann", other_screen.name, near, daemon,
                     f"{CAMERA}?barcode=1&stream={STREAM}", "start")
        ben = Window(stage, "ben", stage.screen.name, far, daemon, CAMERA, ann.link())
        clip = sound.speech(CLIP_SECONDS, STREAM, folder)
        for window in (ann, ben):
            window.wait_active()
        mouth, ear = stage.add(daemon.spoken("ann")), stage.add(daemon.heard("ben"))
        stage.add(daemon.says("ann", clip))
        time.sleep(SETTLING)
        first, busy, begin = len(ben.figures()), machine_cpu(), now() / 1e9
        sent_before = ann.program.cpu(), ben.program.cpu()
        if falls:
            path.fall()
        time.sleep(seconds)
        end = now() / 1e9
        row["cores_busy"] = (machine_cpu() - busy) / (end - begin)
        row["cores_windows"] = (ann.program.cpu() + ben.program.cpu()
                                - sum(sent_before)) / (end - begin)
        time.sleep(2 * PART)
        own = ben.figures()[first:]
        row["own"] = _own(own, ann.figures()[first:])
        heard = _heard(mouth, ear, begin, end, row)
        stage.screen.finish()
        _pictures(stage.screen.log, tap.pictures(), heard, begin, end, row)
    return row


def _own(ear_side, mouth_side):
    """Means and increases of what the programs say themselves."""
    means = {}
    for name in dict.fromkeys(FIGURES + SENT):
        side = mouth_side if name in SENT else ear_side
        values = [line[name] for line in side if line.get(name) is not None]
        means[name] = sum(values) / len(values) if values else None
    for name in COUNTS:
        means[name] = ear_side[-1][name] - ear_side[0][name] if ear_side else None
    means["mouth_slips"] = (mouth_side[-1]["device_slips"] - mouth_side[0]["device_slips"]
                            if mouth_side else None)
    return means


def _heard(mouth, ear, begin, end, row):
    """[(moment at the ear, seconds since the mouth)], in order of time."""
    heard, said = ear.samples(), mouth.samples()
    found, unknown = [], 0
    part = round(PART * sound.RATE)
    at = ear.index(begin)
    while at + part <= min(len(heard), ear.index(end)):
        moment = ear.time_of(at)
        first = mouth.index(moment - OLDEST)
        alike, place = sound.find(heard[at:at + part], said[first:mouth.index(moment) + part])
        if alike > ALIKE:
            found.append((moment, moment - mouth.time_of(first + place)))
        else:
            unknown += 1
        at += round(STEP * sound.RATE)
    delays = [delay * 1000 for _, delay in found]
    gaps = sound.gaps(heard[ear.index(begin):ear.index(end)])
    row.update(sounds=len(found), sounds_unknown=unknown,
               gap_ms=max((length for _, length in gaps), default=0) * 1000,
               gaps=[(round(at, 2), round(length * 1000)) for at, length in gaps
                     if length >= HEARD_GAP],
               ear_p50=percentile(delays, 0.5), ear_p95=percentile(delays, 0.95),
               ear_worst=max(delays, default=None))
    return found


def _shown(log):
    """(moment, number) of each picture when it was complete, in order of time."""
    last = None
    with open(log, encoding="ascii") as lines:
        for line in lines:
            kind, *numbers = line.split()
            if kind != "read":
                continue
            t, _, stream, frame, low_stream, low_frame = map(int, numbers)
            if stream == STREAM and (stream, frame) == (low_stream, low_frame) and frame != last:
                last = frame
                yield t / 1e9, frame


def _pictures(log, sent, heard, begin, end, row):
    """Camera to pixels, and against the sound that was heard then."""
    import cv2
    import numpy as np
    captured = {}
    for stamp, jpeg in sent:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        number = barcode.read(picture) if picture is not None else None
        if number is not None:
            captured.setdefault(number, []).append(stamp / 1e9)
    moments = [moment for moment, _ in heard]
    delays, offsets = [], []
    for shown, number in _shown(log):
        # Numbers begin anew every half minute; a picture is younger than that.
        before = [stamp for stamp in captured.get(number, []) if stamp <= shown]
        if not before or not begin <= shown <= end:
            continue
        delay = shown - before[-1]
        delays.append(delay * 1000)
        at = bisect.bisect(moments, shown - PART / 2)
        near = [heard[i] for i in (at - 1, at) if 0 <= i < len(heard)
                and abs(heard[i][0] + PART / 2 - shown) < 0.5]
        if near:
            of_sound = min(near, key=lambda pair: abs(pair[0] + PART / 2 - shown))[1]
            offsets.append((delay - of_sound) * 1000)
    row.update(pictures=len(delays), pictures_sent=len(sent), rate=len(delays) / (end - begin),
               eye_p50=percentile(delays, 0.5), eye_p95=percentile(delays, 0.95),
               av_p5=percentile(offsets, 0.05), av_p50=percentile(offsets, 0.5),
               av_p95=percentile(offsets, 0.95),
               av_within=sum(-125 <= o <= 45 for o in offsets) / len(offsets) if offsets else None)
