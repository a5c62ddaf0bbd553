"""Two windows in a call, with a screen reader at each, for tests of what goes wrong in it.

The windows, the relay, cameras, microphones and speakers are those of test_call.py; speech is made
up, since only its place in time counts here. A `Meddler` may stand between the second window and
the relay.
"""

import re

import pytest

import desk
import harness
import pulse
import sound
from meddler import Meddler
from test_call import OWN, caller, link_of, relay, screens  # noqa: F401 (fixtures)

CLIP_SECONDS = 30


class Voices:
    """A sound server, and what each one says."""

    def __init__(self, folder):
        self.daemon = pulse.Daemon(folder, "ab")
        self.clips = {label: sound.made_up_voice(CLIP_SECONDS, OWN[label]) for label in "ab"}

    def stop(self):
        self.daemon.stop()


@pytest.fixture(scope="module")
def sounds(tmp_path_factory):
    voices = Voices(tmp_path_factory.mktemp("sounds"))
    yield voices
    voices.stop()


@pytest.fixture(scope="module")
def buses(screens, tmp_path_factory):  # noqa: F811
    pair = [desk.Bus(screen, tmp_path_factory.mktemp("bus")) for screen in screens]
    yield pair
    for bus in pair:
        bus.stop()


class Person:
    """Who looks at a caller's window, by a screen reader, and reads its log."""

    def __init__(self, caller, bus):  # noqa: F811
        self.caller = caller
        self.reader = desk.Reader(bus)

    def __getattr__(self, name):
        return getattr(self.caller, name)

    def nodes(self):
        return [node for node in self.reader.ask("read") or [] if node["showing"]]

    def told(self, words):
        return any(words in node["name"] for node in self.nodes())

    def reads(self, *words, limit=harness.PATIENCE):
        """Waits until one of these is on the screen."""
        harness.wait_for(
            lambda: any(map(self.told, words)),
            lambda: f"{self.label}: {words} on the screen: {[n['name'] for n in self.nodes()]}, "
                    f"{self.figures()}\n{self.program.output}", limit)

    def logs(self, *words):
        """Waits for a line in the log that has all the words."""
        harness.wait_for(
            lambda: any(all(word in line for word in words)
                        for line in self.program.output.splitlines()),
            lambda: f"{self.label}: line with {words}:\n{self.program.output}")

    def presses(self, name):
        self.reads(name)
        assert self.reader.ask(f"press {name}"), f"{name!r} can't be pressed"

    def goes_on(self):
        """After the call the window takes part in life: the person returns to the first page."""
        self.presses("Another call")
        self.reads("Call an original client")
        assert self.program.process.poll() is None, self.program.output

    def stop(self):
        self.reader.stop()


@pytest.fixture
def person(caller, buses, stop_later):  # noqa: F811
    """Starts one caller with somebody who looks at it."""
    def begin(label, call, through=None, **how):
        bus = buses["ab".index(label)]
        return stop_later(Person(caller(label, call, through, **{**bus.environment, **how}), bus))
    return begin


@pytest.fixture
def meddler(relay, stop_later):  # noqa: F811
    return stop_later(Meddler(relay.port))


@pytest.fixture
def party(person, meddler):
    """A call, and the meddler that the second one's window takes for its relay."""
    a = person("a", "start")
    b = person("b", code_of(a), meddler.port)
    for one in (a, b):
        one.comes_to(state="active")
    return a, b, meddler


def code_of(one):
    return re.search(r"code=(\S+)", link_of(one))[1]
