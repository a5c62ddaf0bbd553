"""The textbook receiver: a length of 4 bytes, a JPEG, cv2.imdecode, cv2.imshow."""

import socket
import sys

import cv2
import numpy as np

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
stream = listener.accept()[0].makefile("rb")
while True:
    head = stream.read(4)
    if len(head) < 4:
        break
    jpeg = stream.read(int.from_bytes(head, "big"))
    cv2.imshow("camera", cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))
    cv2.waitKey(1)
