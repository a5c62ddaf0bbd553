"""What every test can ask for."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import desk
import harness


def pytest_addoption(parser):
    parser.addoption("--update-reference", action="store_true",
                     help="keep the screens as they are now, in reference/")


@pytest.fixture(scope="session")
def screen(tmp_path_factory):
    screen = harness.Screen(tmp_path_factory.mktemp("screen"))
    yield screen
    screen.stop()


@pytest.fixture
def stop_later():
    """A function that takes a program and has it stopped when the test ends."""
    programs = []

    def remember(program):
        programs.append(program)
        return program

    yield remember
    for program in reversed(programs):
        program.stop()


@pytest.fixture
def viewer(screen, tmp_path):
    """A viewer of this test's own. It must live through the test and end when asked to."""
    viewer = harness.Viewer(screen, tmp_path)
    yield viewer
    died = viewer.program.process.poll()
    code = viewer.stop()
    assert died is None, f"the viewer ended with {died} during the test:\n{viewer.program.output}"
    assert code in (0, 143), f"the viewer ended with {code}:\n{viewer.program.output}"


@pytest.fixture(scope="session")
def bus(screen, tmp_path_factory):
    """A session bus with accessibility, on the tests' screen."""
    bus = desk.Bus(screen, tmp_path_factory.mktemp("bus"))
    yield bus
    bus.stop()
