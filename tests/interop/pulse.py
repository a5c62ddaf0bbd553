"""PulseAudio without a sound card: microphones and speakers for tests and benchmarks.

In: names of people. Out: for each a microphone that gives what is played into their mouth, and a
speaker whose sound can be recorded at their ear, with times. The daemon is the test's own: own
folder, own socket, no sound card. Never: the machine's own sound server.

Times are CLOCK_MONOTONIC, as Okno's.
"""

import os
import re
import subprocess
import threading
import time

import numpy as np

import harness
import sound

RATE = sound.RATE
# Both recordings that are compared are made with this, so that it cancels out. More than Okno asks
# for: a shorter one would hurry the sinks, which no real listener does.
RECORDING_MS = 20
PIECE = 4096


class Daemon:
    """A sound server with a mouth and an ear for each of `people`."""

    def __init__(self, folder, people):
        harness.need("pulseaudio", "pulseaudio")
        harness.need("pacat", "pulseaudio-utils")
        self.folder = folder / "pulse"
        self.folder.mkdir()
        socket = self.folder / "native"
        modules = [f"module-native-protocol-unix auth-anonymous=1 socket={socket}"]
        for one in people:
            for end in ("mouth", "ear"):
                modules.append(f"module-null-sink sink_name={end}-{one} rate={RATE} channels=1 "
                               f"sink_properties=device.description={end}-{one}")
            modules.append(f"module-remap-source source_name=microphone-{one} "
                           f"master=mouth-{one}.monitor")
        loads = [word for module in modules for word in ("-L", module)]
        # Not looked at, but a client without one is shown out.
        cookie = self.folder / "cookie"
        cookie.write_bytes(bytes(256))
        self.environment = {"PULSE_SERVER": f"unix:{socket}", "PULSE_COOKIE": str(cookie)}
        self.command = [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            "--system=false", "--disable-shm=yes", "--log-target=stderr", *loads]
        self.start()

    def start(self):
        """Also anew, after it was killed."""
        home = str(self.folder)
        self.program = harness.Program(
            self.command, self.folder.parent, "pulseaudio", HOME=home, XDG_RUNTIME_DIR=home,
            PULSE_RUNTIME_PATH=home, XDG_CONFIG_HOME=home, PULSE_SERVER="")
        harness.wait_for(self.answers, lambda: f"sound server: {self.program.output}")

    def answers(self):
        return subprocess.run(["pactl", "info"], env=self.surroundings(),
                              capture_output=True).returncode == 0

    def control(self, *words):
        """`pactl`: devices come and go by it."""
        done = subprocess.run(["pactl", *words], env=self.surroundings(), capture_output=True,
                              text=True, timeout=harness.PATIENCE)
        assert done.returncode == 0, f"pactl {words}: {done.stderr}"
        return done.stdout

    def take_away(self, name):
        """A device disappears. What it takes to have it back."""
        lines = [line.split("\t") for line in self.control("list", "short", "modules").splitlines()]
        number, *module = next(line for line in lines
                               if re.search(rf"s(ink|ource)_name={name}( |$)", line[2]))
        self.control("unload-module", number)
        return [module[0], *module[1].split()]

    def give_back(self, module):
        self.control("load-module", *module)

    def surroundings(self):
        return {**os.environ, **self.environment}

    def microphone(self, one):
        """What `--microphone` takes."""
        return f"pulseaudio:microphone-{one}"

    def speaker(self, one):
        """What `--speaker` takes."""
        return f"pulseaudio:ear-{one}"

    def says(self, one, samples):
        return Player(self, f"mouth-{one}", samples)

    def spoken(self, one):
        return Recorder(self, f"mouth-{one}.monitor")

    def heard(self, one):
        return self.heard_at(f"ear-{one}.monitor")

    def heard_at(self, source):
        return Recorder(self, source)

    def stop(self):
        return self.program.stop()


class Player:
    """`paplay` playing sound into a sink, over and over until it is stopped."""

    def __init__(self, daemon, sink, samples):
        self.process = subprocess.Popen(
            ["paplay", "--raw", f"--rate={RATE}", "--channels=1", "--format=s16le",
             "--latency-msec=500", f"--device={sink}"],
            stdin=subprocess.PIPE, env=daemon.surroundings())
        self.thread = threading.Thread(target=self.write, args=(samples.tobytes(),), daemon=True)
        self.thread.start()

    def write(self, data):
        try:
            while True:
                for at in range(0, len(data), PIECE):
                    self.process.stdin.write(data[at:at + PIECE])
        except (BrokenPipeError, ValueError):
            pass  # It was stopped.

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.thread.join()


class Recorder:
    """`parecord` recording from a source. Pieces come late, never early, so the earliest piece
    tells when the recording began."""

    def __init__(self, daemon, source):
        self.process = subprocess.Popen(
            ["parecord", "--raw", f"--rate={RATE}", "--channels=1", "--format=s16le",
             f"--latency-msec={RECORDING_MS}", f"--device={source}"],
            stdout=subprocess.PIPE, env=daemon.surroundings())
        self.data, self.begin_ns = bytearray(), None
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while piece := os.read(self.process.stdout.fileno(), PIECE):
            now = time.monotonic_ns()
            with self.lock:
                self.data += piece
                begin = now - len(self.data) // 2 * 1_000_000_000 // RATE
                self.begin_ns = begin if self.begin_ns is None else min(begin, self.begin_ns)

    def samples(self):
        """What was recorded so far."""
        with self.lock:
            return np.frombuffer(bytes(self.data[:len(self.data) // 2 * 2]), "<i2")

    def time_of(self, sample):
        """When a sample was there, seconds."""
        return self.begin_ns / 1e9 + sample / RATE

    def index(self, seconds):
        """The sample of a moment; 0 for one before the recording."""
        return max(0, round((seconds - self.begin_ns / 1e9) * RATE))

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.thread.join()
