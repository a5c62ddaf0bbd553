"""imagezmq_show.py raw|jpg PORT: a hub and a window for each sender."""

import sys

import cv2
import imagezmq
import numpy as np

kind, port = sys.argv[1:]
hub = imagezmq.ImageHub(open_port=f"tcp://127.0.0.1:{port}")
while True:
    if kind == "raw":
        name, frame = hub.recv_image()
    else:
        name, jpeg = hub.recv_jpg()
        frame = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    cv2.imshow(name, frame)
    cv2.waitKey(1)
    hub.send_reply(b"OK")
