"""Numbered pictures for the peers, and the pace to send them at."""

import time

import numpy as np

import barcode


def numbered(frames, width, height, stream=0, first=0):
    """BGR pictures with a moving bar and their number burned in."""
    rows, columns = np.mgrid[0:height, 0:width]
    ground = np.stack([rows * 255 // height, columns * 255 // width,
                       (rows + columns) % 256], axis=2).astype(np.uint8)
    for number in range(first, first + frames):
        picture = ground.copy()
        bar = number * 8 % width
        picture[:, bar:bar + max(4, width // 40)] = 255
        yield barcode.burn(picture, number, stream)


def paced(items, fps):
    """Hands out items at `fps` a second, late ones at once; 0 is as fast as they are taken."""
    begin = time.monotonic()
    for number, item in enumerate(items):
        if fps:
            time.sleep(max(0.0, begin + number / fps - time.monotonic()))
        yield item


def size(text):
    """WxH of a command line."""
    width, _, height = text.partition("x")
    return int(width), int(height)
