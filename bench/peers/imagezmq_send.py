"""imagezmq_send.py raw|jpg CLIP PORT: request and reply, as in the package's own examples."""

import sys

import cv2
import imagezmq

from camera import Camera

kind, clip, port = sys.argv[1:]
camera = Camera(clip)
sender = imagezmq.ImageSender(connect_to=f"tcp://127.0.0.1:{port}")
while True:
    ok, frame = camera.read()
    if not ok:
        break
    if kind == "raw":
        sender.send_image("camera", frame)
    else:
        sender.send_jpg("camera", cv2.imencode(".jpg", frame)[1])
