"""Processes, the X server and its watcher, as the benchmarks see them.

In: command lines. Out: CPU time and memory of whole process trees from /proc, and when each
numbered picture was on the screen. Never measures anything by asking the program itself.
"""

import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time

TICK = os.sysconf("SC_CLK_TCK")
now = time.monotonic_ns

# A picture whose halves are of two frames for longer than this was shown torn. Shorter, the X
# server may just be copying: a look in between sees the upper half new and the lower old.
TORN_NS = 8_000_000

NICE = -15


def family(pid):
    """A process and all that it started."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += family(int(child))
    except OSError:
        pass
    return found


def _cpu(pid, own_only=False):
    """Seconds of user and system time; with children that ended and were waited for."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13 if own_only else 15])) / TICK


def _status_kb(pid, name):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def machine_cpu():
    """Seconds that all processors were busy since the start."""
    fields = list(map(int, pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]))
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / TICK


def go_first(pid):
    """Gives a program that was just started precedence over what else runs, if we may. Linux
    shares the cores between sessions first ("autogroup"), and a nice value counts only within
    one: each session that we start needs the word. The same for everything measured."""
    if os.geteuid() == 0:
        try:
            os.setpriority(os.PRIO_PROCESS, pid, NICE)
            pathlib.Path(f"/proc/{pid}/autogroup").write_text(str(NICE))
        except OSError:
            pass


class Running:
    """A command and everything it starts."""

    def __init__(self, command, folder, name, env=None, stdin=subprocess.DEVNULL, stdout=None,
                 cwd=None, prefix=()):
        if isinstance(command, str):
            command = shlex.split(command)
        self.name = name
        self.log = pathlib.Path(folder) / f"{name}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*prefix, *map(str, command)], env=env, cwd=cwd, stdin=stdin,
                stdout=stdout or log, stderr=log, start_new_session=True)
        self.pid = self.process.pid
        self.started = now()
        go_first(self.pid)
        self.last_cpu = 0.0

    def cpu(self):
        """Seconds used by the tree so far. After its end: the last that was seen."""
        if self.process.poll() is None:
            self.last_cpu = max(self.last_cpu, sum(map(_cpu, family(self.pid))))
        return self.last_cpu

    def memory(self):
        """Peak and present memory in MB, of the tree."""
        pids = family(self.pid)
        return tuple(sum(_status_kb(pid, name) for pid in pids) / 1024
                     for name in ("VmHWM:", "VmRSS:"))

    def alive(self):
        return self.process.poll() is None

    def signal(self, number):
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass

    def stop(self, patience=3):
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.alive():
                break
            self.signal(number)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        # What it started may outlive it.
        self.signal(signal.SIGKILL)
        return self.process.returncode

    def said(self, length=400):
        return self.log.read_text(errors="replace")[-length:]


def _listening_ports(pid="self"):
    """As seen from a process: it may be in a network namespace of its own."""
    ports = set()
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A":
                ports.add(int(fields[1].split(":")[1], 16))
    return ports


def wait_listening(port, program, patience=30):
    """Waits until something listens on the port; says what went wrong otherwise."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not program.alive():
            break
        if port in _listening_ports(program.pid):
            return
        time.sleep(0.01)
    raise RuntimeError(f"{program.name} does not listen on {port}: {program.said()}")


def free_ports(count=1):
    """Ports in a row that nobody listens on."""
    taken = _listening_ports()
    first = 20000 + os.getpid() % 200 * 50
    while any(port in taken for port in range(first, first + count)):
        first += count
    return first


class Screen:
    """Xvfb with a frame buffer that can be mapped, and the program that watches it."""

    def __init__(self, folder, watch, pictures=1, size="2560x1440", every_us=250):
        # In memory: a frame buffer in a file on a disk would cost the X server its write-backs.
        shared = "/dev/shm" if os.path.isdir("/dev/shm") else folder
        self.folder = tempfile.mkdtemp(prefix="okno-screen-", dir=shared)
        reader, writer = os.pipe()
        with open(os.path.join(folder, "xvfb.log"), "wb") as log:
            self.server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-fbdir",
                 self.folder, "-nolisten", "tcp", "-noreset", "-ac"],
                pass_fds=[writer], stdout=log, stderr=log, start_new_session=True)
        os.close(writer)
        go_first(self.server.pid)
        with os.fdopen(reader) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb does not start")
        self.name = f":{number}"
        self.file = os.path.join(self.folder, "Xvfb_screen0")
        self.log = os.path.join(folder, "watch.log")
        with open(self.log, "wb") as log:
            self.watch = subprocess.Popen([watch, self.file, str(every_us), str(pictures)],
                                          stdin=subprocess.PIPE, stdout=log)
            go_first(self.watch.pid)

    def cpu(self):
        """Seconds of the X server, and of the watcher."""
        return _cpu(self.server.pid), _cpu(self.watch.pid)

    def settle(self, quiet=0.5, patience=15):
        """Waits until the pictures stop changing."""
        end, last, since = time.monotonic() + patience, -1, time.monotonic()
        while time.monotonic() < end:
            size = os.path.getsize(self.log)
            if size != last:
                last, since = size, time.monotonic()
            elif time.monotonic() - since > quiet:
                return
            time.sleep(0.05)

    def save(self, path):
        """A picture of the screen, for a person who wonders what was measured."""
        import cv2
        import numpy as np
        raw = pathlib.Path(self.file).read_bytes()
        word = [int.from_bytes(raw[i:i + 4], "big") for i in range(0, 100, 4)]
        start = word[0] + 12 * word[19]
        rows = np.frombuffer(raw, np.uint8, word[12] * word[5], start).reshape(word[5], -1, 4)
        cv2.imwrite(str(path), rows[:, :word[4], :3])

    def finish(self):
        """Ends the watcher and reads what it saw."""
        if self.watch.poll() is None:
            self.watch.stdin.close()
            self.watch.wait(5)
        return Seen(self.log)

    def stop(self):
        if self.watch.poll() is None:
            self.watch.kill()
            self.watch.wait()
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Stage:
    """A screen, a folder for logs, and programs, all of which end with it. What goes wrong is
    noted in the run's row: the other runs go on."""

    def __init__(self, row, watch, pictures=1, every_us=250):
        self.row, self.parts = row, []
        self.folder = tempfile.mkdtemp(prefix="okno-bench-")
        self.screen = Screen(self.folder, watch, pictures, every_us=every_us)

    def __enter__(self):
        return self

    def add(self, part):
        """Has a program stopped at the end; those that were added last first."""
        self.parts.append(part)
        return part

    def __exit__(self, kind, error, _):
        for part in reversed(self.parts):
            part.stop()
        self.screen.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        if isinstance(error, (RuntimeError, IndexError, TypeError, KeyError)):
            self.row["error"] = f"{kind.__name__}: {error}"
            return True
        return False


class Seen:
    """What the watcher saw: for each stream when each frame was complete for the first time."""

    def __init__(self, log):
        self.places, self.shown, self.torn, self.backwards = {}, {}, 0, 0
        self.order, self.whole = [], {}
        reads, end = {}, now()
        with open(log, encoding="ascii") as lines:
            for line in lines:
                kind, *numbers = line.split()
                numbers = [int(n) for n in numbers]
                if kind == "place" and len(numbers) == 6:
                    self.places[numbers[1]] = numbers[2:]
                elif kind == "read" and len(numbers) == 6:
                    reads.setdefault(numbers[1], []).append((numbers[0], *numbers[2:]))
                elif kind == "end":
                    end = numbers[0]
        for place, entries in reads.items():
            # By where they were instead: a sender of the test picture counts to 1023.
            self.whole[place] = [(t, frame) for t, stream, frame, *lower in entries
                                 if frame >= 0 and lower == [stream, frame]]
            self._picture(entries, end)

    def _picture(self, entries, end):
        newest = {}
        for i, (t, stream, frame, low_stream, low_frame) in enumerate(entries):
            until = entries[i + 1][0] if i + 1 < len(entries) else end
            if frame < 0:
                continue
            # Sixteen stream numbers are not enough for 25: frame numbers from 512 on say "16 more".
            key, number = stream + 16 * (frame >> 9), frame & 511
            if (stream, frame) == (low_stream, low_frame):
                times = self.shown.setdefault(key, {})
                times.setdefault(number, t)
                if number < newest.get(key, 0):
                    self.backwards += 1
                newest[key] = number
                self.order.append((t, key, number))
            elif low_frame >= 0 and until - t > TORN_NS:
                self.torn += 1


class Sampler(threading.Thread):
    """Notes the CPU time of some programs ten times a second, to be read off afterwards."""

    def __init__(self, **programs):
        super().__init__(daemon=True)
        self.programs, self.rows, self.over = programs, [], threading.Event()
        self.note()
        self.start()

    def note(self):
        row = {name: program.cpu() for name, program in self.programs.items()}
        self.rows.append((now(), row, machine_cpu()))

    def run(self):
        while not self.over.wait(0.1):
            self.note()

    def finish(self):
        self.over.set()
        self.join()
        self.note()

    def _at(self, t, value):
        before = None
        for row in self.rows:
            if row[0] >= t:
                if before is None:
                    return value(row)
                part = (t - before[0]) / max(1, row[0] - before[0])
                return value(before) + part * (value(row) - value(before))
            before = row
        return value(self.rows[-1])

    def used(self, name, begin, end=None, part=None):
        """CPU seconds of a program between two times."""
        def value(row):
            return row[1][name] if part is None else row[1][name][part]
        return self._at(end or self.rows[-1][0], value) - self._at(begin, value)

    def others(self, begin, end=None):
        """Cores that were busy with anything not sampled here."""
        end = end or self.rows[-1][0]
        ours = 0.0
        for name, first in self.rows[0][1].items():
            parts = range(len(first)) if isinstance(first, tuple) else [None]
            ours += sum(self.used(name, begin, end, part) for part in parts)
        whole = self._at(end, lambda r: r[2]) - self._at(begin, lambda r: r[2])
        return max(0.0, whole - ours) / max(1e-9, (end - begin) / 1e9)


def percentile(values, part):
    """Linear between ranks; None of nothing."""
    if not values:
        return None
    values = sorted(values)
    at = (len(values) - 1) * part
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)
