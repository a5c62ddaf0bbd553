"""Sends as the original clients do: OpenCV, imencode, a protobuf message, a socket.

    original_send.py raw|be32 CLIP PORT
"""

import socket
import sys

import cv2
import video_pb2

from camera import Camera

wire, clip, port = sys.argv[1:]
message = video_pb2.VideoFrame() if wire == "raw" else video_pb2.my_image()
camera = Camera(clip)
connection = socket.create_connection(("127.0.0.1", int(port)))
while True:
    ok, frame = camera.read()
    if not ok:
        break
    jpeg = cv2.imencode(".jpg", frame)[1].tobytes()
    if wire == "raw":
        message.frame_data = jpeg
        connection.sendall(message.SerializeToString())
    else:
        message.image = jpeg
        data = message.SerializeToString()
        connection.sendall(len(data).to_bytes(4, "big") + data)
