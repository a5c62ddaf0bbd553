"""Two real windows in a call, and something breaks in the middle of it: nobody takes what is sent,
the other window hangs, a sound device, the sound server or the camera's program goes away.

The call goes on, the screen says what is missing and the log why; what was missing is taken back.
Nothing old is shown or heard afterwards.
"""

import contextlib
import os
import re
import signal
import subprocess
import time
import urllib.request

import pytest

import barcode
import harness
import sound
from meddler import Meddler
from party import buses, code_of, person, screens, sounds  # noqa: F401
from test_call import OWN, Relay, ages, caller, hears, sees  # noqa: F401

# So little room makes the relay's own buffer the one that runs full.
SMALL = 4096
# Sound and pictures that are older than this come from before a standstill, which is longer.
OLD_SECONDS, STANDSTILL = 1.0, 2.5
FPS = 15


@pytest.fixture
def relay(tmp_path, stop_later):
    return stop_later(Relay(tmp_path, "--metrics", "127.0.0.1:0"))


@pytest.fixture
def meddler(relay, stop_later):
    return stop_later(Meddler(relay.port, SMALL))


def meet(person, **how):  # noqa: F811
    a = person("a", "start", **how)
    b = person("b", code_of(a), **how)
    for one, other in ((a, b), (b, a)):
        one.comes_to(state="active")
        sees(one, other)
        hears(one, other)
    return a, b


@pytest.fixture
def pair(person, relay):  # noqa: F811
    """A call, with notes over the pictures."""
    return meet(person, bare=False)


def dropped(relay):
    """Packets of sound that the relay had no room for."""
    address = relay.program.line(r"figures on (\S+)")[1]
    text = urllib.request.urlopen(address, timeout=harness.PATIENCE).read().decode()
    return int(re.search(r'^okno_relay_dropped_total\{what="audio packet"\} (\d+)$', text,
                         re.MULTILINE)[1])


def comes_back(a, b, last, mark):
    """Sound and picture of `a` come back to `b` after a standstill, and nothing old of them.
    `last` is what `b` saw then, `mark` the picture at its end."""
    begin = time.monotonic()
    looks = []

    def look():
        number = b.screen.numbers().get(OWN["a"])
        # The picture from before may stay until there is another one.
        if number not in (None, last, *looks[-1:]):
            looks.append(number)
        return len(looks) > 5
    harness.wait_for(look, lambda: f"{last}, {looks}, {b.figures()}\n{b.program.output}",
                     every=0.1)
    seen = [last, *looks]
    assert all((new - old) % 1024 < 512 for old, new in zip(seen, seen[1:])), seen
    old = [number for number in looks if OLD_SECONDS * FPS < (mark - number) % 1024 < 512]
    # One may have been on its way from the decoder to the screen.
    assert len(old) <= 1, (last, mark, looks)
    hears(b, a, len(b.ear.samples()))
    # What was old would come first. The buffer that had run dry stretches some of it, which can't
    # be told then.
    harness.wait_for(lambda: time.monotonic() > begin + 8, "eight seconds of sound")
    found, unknown = ages(b, a, begin, begin + 8)
    print(f"sound is back after {found[0][0] - begin:.2f} s" if found else "nothing", unknown)
    assert found and all(age <= OLD_SECONDS for _, age in found), found
    assert 4 * len(found) > unknown, (found, unknown)
    for one in (a, b):
        one.comes_to(state="active")


def own_number(a):
    """The picture that `a` sees of itself now."""
    return harness.wait_for(lambda: barcode.find(a.screen.picture()[:, ::-1]).get(OWN[a.label]),
                            f"number of {a.label}'s own picture")


def test_a_buffer_that_is_full_and_empties(person, meddler, relay):  # noqa: F811
    """Between the relay and the second window nothing is read any more."""
    a = person("a", "start")
    b = person("b", code_of(a), meddler.port)
    sees(b, a)
    hears(b, a)
    meddler.reading.clear()
    harness.wait_for(lambda: dropped(relay) > 50 * STANDSTILL / 2,
                     lambda: f"sound dropped by the relay: {dropped(relay)}")
    last = b.screen.numbers().get(OWN["a"])
    # The first one's window says it: nothing is confirmed.
    a.reads("Poor network: what you send does not get through fast enough.", "Reconnecting")
    mark = own_number(a)
    meddler.reading.set()
    comes_back(a, b, last, mark)


def test_a_window_that_hangs_and_goes_on(person):  # noqa: F811
    a, b = meet(person)
    process = b.program.process.pid
    os.kill(process, signal.SIGSTOP)
    try:
        began = len(a.ear.samples())
        harness.wait_for(lambda: len(a.ear.samples()) > began + (STANDSTILL + 1) * sound.RATE,
                         "sound of a window that hangs")
        silence = a.ear.samples()[-int(STANDSTILL / 2 * sound.RATE):]
        assert sound.longest_gap(silence) > STANDSTILL / 4
        last, mark = b.screen.numbers().get(OWN["a"]), own_number(a)
    finally:
        os.kill(process, signal.SIGCONT)
    comes_back(a, b, last, mark)
    hears(a, b, len(a.ear.samples()))


def hears_at(recorder, one, other):
    """What `other` says sounds at a recorder that has no other source: half a second without a
    pause."""
    harness.wait_for(
        lambda: len(recorder.samples()) > sound.RATE
        and sound.longest_gap(recorder.samples()[-sound.RATE // 2:]) < 0.1,
        lambda: f"sound of {other.label}: {one.figures()}\n{one.program.output}", every=0.2)


@contextlib.contextmanager
def away(daemon, name):
    """A device is gone, and comes back."""
    module = daemon.take_away(name)
    try:
        yield
    finally:
        daemon.give_back(module)


@pytest.fixture
def spare(sounds):  # noqa: F811
    """Another microphone and speaker, which the system offers if one asks for none."""
    module = sounds.daemon.control("load-module", "module-null-sink", "sink_name=spare",
                                   "sink_properties=device.description=spare").strip()
    sounds.daemon.control("set-default-sink", "spare")
    sounds.daemon.control("set-default-source", "spare.monitor")
    recorder = sounds.daemon.heard_at("spare.monitor")
    yield recorder
    recorder.stop()
    sounds.daemon.control("unload-module", module)


def test_a_speaker_goes_and_comes_back(pair, sounds, spare, stop_later):  # noqa: F811
    a, b = pair
    with away(sounds.daemon, "ear-b"):
        b.reads("ear-b is gone; now using spare")
        b.logs("speaker ear-b does not work", "spare is used instead")
        hears_at(spare, b, a)
    b.logs("speaker ear-b is in use")
    hears_at(stop_later(sounds.daemon.heard("b")), b, a)
    for one, other in ((a, b), (b, a)):
        one.comes_to(state="active")
        sees(one, other)


def test_a_microphone_goes_and_comes_back(pair, sounds, spare):  # noqa: F811
    a, b = pair
    with away(sounds.daemon, "microphone-b"):
        b.reads("is gone; now using Monitor of spare")
        b.logs("microphone ", "does not work", "Monitor of spare is used instead")
    b.logs("microphone ", "is in use")
    hears(a, b, len(a.ear.samples()))
    for one, other in ((a, b), (b, a)):
        one.comes_to(state="active")
        sees(one, other)


def test_a_sound_server_that_is_killed_and_comes_back(pair, sounds, stop_later):  # noqa: F811
    a, b = pair
    sounds.daemon.program.stop(signal.SIGKILL)
    b.reads("is gone")
    for what in ("microphone", "speaker"):
        b.logs(what, "does not work", "the call goes on without")
    for one, other in ((a, b), (b, a)):
        one.comes_to(state="active")
        sees(one, other)
    sounds.daemon.start()
    for one in (a, b):
        for what in ("microphone", "speaker"):
            one.logs(what, "is in use")
    stop_later(sounds.daemon.says("a", a.clip))
    hears_at(stop_later(sounds.daemon.heard("b")), b, a)


def test_a_camera_whose_program_dies_is_started_again(pair):
    a, b = pair
    of_a = subprocess.run(["pgrep", "-P", str(a.program.process.pid), "-f", "opencv-sender"],
                          capture_output=True, text=True, check=True)
    os.kill(int(of_a.stdout.split()[0]), signal.SIGKILL)
    a.reads("is gone")
    a.logs("camera", "ended")
    b.comes_to(peer_camera_on=True)
    sees(b, a)
    hears(b, a, len(b.ear.samples()))
