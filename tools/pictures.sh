#!/bin/sh
# Makes the pictures in docs/images anew, from the real programs under Xvfb.
set -eu
cd "$(dirname "$0")/.."
bin=${BIN:-target/release}
unset DISPLAY WAYLAND_DISPLAY
echo "== pictures of the window"
OKNO_BIN=$bin/okno OKNO_SENDER_BIN=$bin/opencv-sender LANG=C.UTF-8 \
    exec "${PYTHON:-.venv/bin/python}" tools/pictures.py
