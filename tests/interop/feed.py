"""Pictures for the viewer without a program of their own: one connection is one stream.

In: JPEGs, or numbers to draw. Out: raw JPEGs on a TCP connection, as the simplest sender sends
them. Does nothing by itself; a stream is what its test makes it.
"""

import socket

import cv2
import numpy as np


def jpeg(picture, quality=95):
    """The picture as JPEG, without thinning its colours out."""
    done, data = cv2.imencode(".jpg", picture, [
        cv2.IMWRITE_JPEG_QUALITY, quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444])
    assert done
    return data.tobytes()


def plain(colour, width=640, height=360):
    return np.full((height, width, 3), colour, np.uint8)


class Stream:
    """A connection that sends pictures when it is told to."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))

    def send(self, picture, quality=95):
        self.socket.sendall(jpeg(picture, quality))
        return self

    def stop(self):
        self.socket.close()
