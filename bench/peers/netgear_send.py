"""netgear_send.py CLIP PORT: VidGear's NetGear with its defaults (JPEG, pair pattern)."""

import sys

from vidgear.gears import NetGear

from camera import Camera

clip, port = sys.argv[1:]
camera = Camera(clip)
sender = NetGear(address="127.0.0.1", port=port, protocol="tcp", pattern=0)
while True:
    ok, frame = camera.read()
    if not ok:
        break
    sender.send(frame)
sender.close()
