#!/bin/sh
# with-screen.sh COMMAND...: runs a command under an X server without a screen, which gets a free
# display number and ends with the command.
set -eu
command -v Xvfb >/dev/null || { echo "Xvfb is missing: apt-get install xvfb" >&2; exit 1; }
number=$(mktemp)
Xvfb -displayfd 3 -screen 0 "${OKNO_SCREEN:-1600x1000x24}" -nolisten tcp 3>"$number" 2>/dev/null &
server=$!
trap 'kill $server 2>/dev/null || true; rm -f "$number"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
tries=0
until [ -s "$number" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 200 ] || ! kill -0 $server 2>/dev/null; then
        echo "Xvfb does not start; try it by hand: Xvfb :77" >&2
        exit 1
    fi
    sleep 0.05
done
DISPLAY=:$(cat "$number")
export DISPLAY
"$@"
