"""netgear_show.py PORT: VidGear's NetGear receiving, and a window."""

import sys

import cv2
from vidgear.gears import NetGear

receiver = NetGear(address="127.0.0.1", port=sys.argv[1], protocol="tcp", pattern=0,
                   receive_mode=True)
while True:
    frame = receiver.recv()
    if frame is None:
        break
    cv2.imshow("netgear", frame)
    cv2.waitKey(1)
receiver.close()
