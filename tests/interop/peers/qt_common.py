"""What the three windows share: options, and the report of what is on the screen."""

import argparse
import pathlib
import sys

import numpy as np
from PySide6.QtGui import QImage

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import barcode


def options(default_port):
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=default_port,
                        help="0: any free one; it is printed")
    parser.add_argument("--report", help="file to append the number of each displayed picture to")
    return parser.parse_args()


def announce(server):
    print(f"listening on 127.0.0.1:{server.serverPort()}", flush=True)


def report(path, label):
    """Reads the number off what the label shows now."""
    if path is None:
        return
    image = label.pixmap().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    rgb = rows[:, :image.width() * 3].reshape(image.height(), image.width(), 3)
    with open(path, "a", encoding="ascii") as out:
        print(barcode.read(rgb[:, :, ::-1]), file=out)
