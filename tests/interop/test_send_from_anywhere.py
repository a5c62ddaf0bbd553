"""Every block of docs/send-from-anywhere.md, run as it stands there against the real viewer.

Only the port is another one. `clip.mp4` and the pictures that the page speaks of are numbered,
so that the window can be asked which picture it shows.
"""

import os
import pathlib
import re
import subprocess
import sys

import cv2
import pytest

import harness
import pictures

PAGE = (harness.ROOT / "docs/send-from-anywhere.md").read_text()
FRAMES = 40


def blocks(heading):
    """The code blocks under a heading: (language, text)."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)[1]
    return re.findall(r"^```(\w+)\n(.*?)^```", section, re.M | re.S)


CASES = [(heading, text) for heading in re.findall(r"^## (.*)$", PAGE, re.M)
         for language, text in blocks(heading) if language == "sh"]


@pytest.fixture(scope="session")
def material(tmp_path_factory):
    folder = tmp_path_factory.mktemp("material")
    for number, picture in enumerate(pictures.numbered(FRAMES, 640, 480, 8)):
        assert cv2.imwrite(str(folder / f"{number:03}.jpg"), picture)
    harness.need("ffmpeg", "ffmpeg")
    subprocess.run(["ffmpeg", "-v", "error", "-framerate", "25", "-i", folder / "%03d.jpg",
                    "-c", "copy", folder / "clip.mp4"], check=True)
    return folder


def test_the_page_has_what_it_promises():
    assert [heading for heading, _ in CASES] == [
        "Python", "C++", "ffmpeg", "ffmpeg", "GStreamer", "A shell"]
    (language, python), *_ = blocks("Python")
    assert language == "python" and len(python.splitlines()) <= 6


@pytest.mark.parametrize("heading, commands", CASES,
                         ids=[re.match(r"[\w-]+|C\+\+", text)[0] + f"-{n}"
                              for n, (_, text) in enumerate(CASES)])
def test_block(viewer, material, tmp_path, stop_later, heading, commands):
    folder = tmp_path / "here"
    folder.mkdir()
    for file in material.iterdir():
        (folder / file.name).symlink_to(file)
    port = str(viewer.port)
    for language, text in blocks(heading):
        if language != "sh":
            name = {"python": "send.py", "cpp": "send.cpp"}[language]
            (folder / name).write_text(text.replace("12345", port))
    # python3 with OpenCV is that of the tests.
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    script = f"set -e; cd '{folder}'\n" + commands.replace("12345", port)
    sender = stop_later(harness.Program(["bash", "-c", script], tmp_path, "sender", PATH=path))

    format = "multipart" if "mpjpeg" in commands else "mjpeg"
    seen = viewer.stream(format, lambda s: s["received"] >= FRAMES, 90)
    assert (seen["received"], seen["invalid"]) == (FRAMES, 0), sender.output
    assert sender.wait() == 0, sender.output
    viewer.shows(8, FRAMES - 1)
