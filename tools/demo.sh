#!/bin/sh
# Shows a real video in the Okno window: the viewer and the sender, as two programs. On a desktop
# it runs until the window is closed; without a display it runs under Xvfb, takes a picture of
# the window once the video moves, and ends.
set -eu
cd "$(dirname "$0")/.."
bin=${BIN:-target/release}
clip=assets/bigbuckbunny.mp4

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ -z "${OKNO_DEMO_INSIDE:-}" ]; then
    echo "== no display here: running under Xvfb"
    OKNO_DEMO_INSIDE=1 exec tools/with-screen.sh "$0"
fi

work=$(mktemp -d)
viewer=
sender=
finish() {
    [ -z "$sender" ] || kill "$sender" 2>/dev/null || true
    [ -z "$viewer" ] || kill "$viewer" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "demo: $1" >&2
    echo "--- what okno said" >&2
    cat "$work/okno.log" >&2
    echo "--- what opencv-sender said" >&2
    cat "$work/sender.log" 2>/dev/null >&2 || true
    exit 1
}

# Waits until a command succeeds: attempts of 0.1 s, and the programs must live meanwhile.
wait_until() {
    what=$1
    tries=0
    shift
    until "$@"; do
        tries=$((tries + 1))
        kill -0 "$viewer" 2>/dev/null || fail "okno ended before there was $what"
        [ $tries -lt 300 ] || fail "no $what within 30 s"
        sleep 0.1
    done
}
listening() { grep -q 'listening on' "$work/okno.log"; }
moving() {
    shown=$(tail -n 1 "$work/stats.json" 2>/dev/null | sed -n 's/.*"shown":\([0-9]*\).*/\1/p')
    [ "${shown:-0}" -ge 30 ]
}

echo "== opening the window"
# Port 0 takes a free one, so that the demo runs beside another Okno.
"$bin/okno" --listen 127.0.0.1:0 --stats-json "$work/stats.json" 2>"$work/okno.log" &
viewer=$!
wait_until "an open port" listening
address=$(sed -n 's/.*listening on \([0-9.:]*\).*/\1/p' "$work/okno.log" | head -n 1)

echo "== sending $clip to it:"
echo "   opencv-sender -i $clip --loop --to tcp://$address"
"$bin/opencv-sender" -i "$clip" --loop --to "tcp://$address" -n 'Big Buck Bunny' 2>"$work/sender.log" &
sender=$!
wait_until "video in the window" moving

if [ -n "${OKNO_DEMO_INSIDE:-}" ]; then
    picture=${OKNO_DEMO_PICTURE:-$PWD/demo.png}
    "$bin/okno-screenshot" "$picture" || fail "no picture of the window"
    echo "== a picture of the window is in $picture"
else
    echo "== the video is in the window; close it to end the demo"
    wait "$viewer" || true
    viewer=
fi
