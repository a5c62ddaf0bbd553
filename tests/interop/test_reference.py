"""Every screen against the picture that is kept of it in reference/.

In: reference/Screens.qml, which shows the screens on mocks, with the fonts that ship. What differs
is left as pictures in the folder that the message names. After a change that is meant:

    pytest tests/interop/test_reference.py --update-reference

and then look at what git shows.
"""

import os
import pathlib
import shutil
import subprocess

import cv2
import numpy as np
import pytest

import harness

FOLDER = harness.HERE / "reference"
# A pixel differs when a channel does by more; edges of letters do, from one library to the next.
CHANNEL = 24
# So many of the pixels may, before the screens are different ones.
PART = 0.005


def coarse(picture):
    """With fewer colours, which makes the files a third as large; by less than counts."""
    return (picture & 0xF0) | 0x08


@pytest.fixture(scope="module")
def screens(tmp_path_factory):
    """Folder with a fresh picture of each screen."""
    folder = tmp_path_factory.mktemp("screens")
    program = shutil.which("qml6") or "/usr/lib/qt6/bin/qml"
    done = subprocess.run(
        [program, "-I", harness.ROOT / "qml/mocks", "-I", harness.ROOT / "qml",
         FOLDER / "Screens.qml", "--", f"out={folder}"],
        capture_output=True, text=True, timeout=harness.PATIENCE * 4,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software",
             "QT_FONT_DPI": "96", "QT_SCALE_FACTOR": "1", "LANG": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stderr and "can't write" not in done.stderr, done.stderr
    return folder


def differing(one, other):
    """Which pixels differ; all, if the sizes do."""
    if one is None or one.shape != other.shape:
        return np.ones(other.shape[:2], bool)
    return np.abs(one.astype(int) - other).max(axis=2) > CHANNEL


def test_every_screen_looks_as_it_did(screens, tmp_path, request):
    fresh = {path.name: coarse(cv2.imread(str(path))) for path in sorted(screens.glob("*.png"))}
    assert len(fresh) > 10
    if request.config.getoption("--update-reference"):
        for old in FOLDER.glob("*.png"):
            old.unlink()
        for name, picture in fresh.items():
            cv2.imwrite(str(FOLDER / name), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        return
    kept = {path.name for path in FOLDER.glob("*.png")}
    assert kept == set(fresh), f"other screens than are kept: {kept ^ set(fresh)}"
    faults = []
    for name, picture in fresh.items():
        different = differing(cv2.imread(str(FOLDER / name)), picture)
        if different.mean() >= PART:
            stem = pathlib.Path(name).stem
            cv2.imwrite(str(tmp_path / f"{stem}-actual.png"), picture)
            marked = picture // 3
            marked[different] = (0, 0, 255)
            cv2.imwrite(str(tmp_path / f"{stem}-diff.png"), marked)
            faults.append(f"{name}: {different.mean():.2%} of the pixels")
    assert not faults, "\n".join([*faults, f"see {tmp_path}; if it is meant so, --update-reference"])


def test_a_changed_colour_is_seen():
    """The comparison itself: a button of another colour is more than the tolerance."""
    picture = cv2.imread(str(FOLDER / "first-frame.png"))
    changed = picture.copy()
    changed[480:510, 280:430] = (60, 60, 220)
    assert differing(picture, picture).mean() == 0
    assert differing(picture, changed).mean() >= PART
