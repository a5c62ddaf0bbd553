"""A call is offered, and its invitation is taken as a person would: off the screen and off the
clipboard."""

import subprocess

import cv2
import pytest

import desk
import harness
from test_call import Relay


@pytest.fixture
def offer(screen, bus, tmp_path, stop_later):
    """A window that waits for the other person, and the link that it says in its log."""
    relay = stop_later(Relay(tmp_path))
    window = stop_later(desk.Desk(screen, bus, tmp_path, "--relay", f"127.0.0.1:{relay.port}",
                                  "--camera", "none", "--microphone", "none", "--call", "start"))
    link = window.viewer.program.line(r"okno://call\?\S+")[0]
    window.heard("QR code of the link")
    return window, link


def test_a_qr_code_on_a_screenshot_reads_back(offer, tmp_path):
    harness.need("zbarimg", "zbar-tools")
    window, link = offer

    def read():
        cv2.imwrite(str(tmp_path / "screen.png"), window.picture())
        found = subprocess.run(["zbarimg", "--quiet", "--raw", tmp_path / "screen.png"],
                               capture_output=True, text=True, timeout=harness.PATIENCE)
        return found.stdout.strip()
    assert harness.wait_for(read, lambda: "no QR code on the screen") == link


def test_code_and_link_are_copied(offer):
    window, link = offer
    window.press("Copy the link")
    harness.wait_for(lambda: desk.clipboard(window.screen) == link, lambda: "the link is not copied")
    window.press("Copy the code")
    harness.wait_for(lambda: desk.clipboard(window.screen) != link, lambda: "the code is not copied")
    code = desk.clipboard(window.screen)
    # What the link says is the code's number and words.
    assert code.split("-")[0].isdigit() and len(code.split("-")) == 4
    assert code in link
