#!/bin/sh
# Makes the pictures in docs/images anew, from the real programs under Xvfb.
set -eu
cd "$(dirname "$0")/.."
unset DISPLAY WAYLAND_DISPLAY
OKNO_DEMO_PICTURE=$PWD/docs/images/demo.png tools/demo.sh
