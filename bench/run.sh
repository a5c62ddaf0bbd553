#!/bin/sh
# run.sh: builds what measures, runs the benchmarks, writes docs/benchmarks.md and
# docs/benchmarks-call.md. `make bench` calls it. QUICK=1 takes about seven minutes, with fewer
# receivers and one run of each; MINUTES=45 runs everything, less often. Words on the command line
# go to bench.py (--help lists them).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}
: "${BIN:=$target/release}" "${VENV:=$root/.venv}"
: "${BENCH_CACHE:=$root/target/bench-cache}" "${GUI_VENV:=$BENCH_CACHE/venv}"
export BIN VENV GUI_VENV BENCH_CACHE
mkdir -p "$BENCH_CACHE"

# OpenCV with a window of its own, imagezmq and VidGear. Without network they are left out, and
# the report says so.
stamp=$GUI_VENV/okno-stamp
if ! cmp -s "$here/requirements.txt" "$stamp"; then
    echo "== a Python environment for the peers in $GUI_VENV"
    rm -rf "$GUI_VENV"
    if python3 -m venv "$GUI_VENV" && "$GUI_VENV/bin/pip" install --quiet \
            --disable-pip-version-check --only-binary :all: -r "$here/requirements.txt"; then
        cp "$here/requirements.txt" "$stamp"
    else
        echo "run.sh: pip could not get the packages; these peers are left out" >&2
        rm -rf "$GUI_VENV"
    fi
fi

echo "== building what measures"
cc -O2 -o "$BENCH_CACHE/watch" "$here/watch.c"
# shellcheck disable=SC2046
c++ -O2 -fPIC -o "$BENCH_CACHE/draw" "$here/floors/draw.cpp" $(pkg-config --cflags --libs Qt6Quick)
"${CARGO:-cargo}" build --release --locked --quiet -p okno-media --example floors

quick=
[ -z "${QUICK:-}" ] || quick=--quick
[ -z "${MINUTES:-}" ] || quick="--minutes $MINUTES"
FLOORS=$target/release/examples/floors "$VENV/bin/python" "$here/bench.py" ${quick:+$quick} "$@"

# Calls have a page of their own; words on the command line are about this one only.
if [ $# -eq 0 ]; then
    if [ "$(id -u)" = 0 ]; then
        few=
        [ -z "${QUICK:-}" ] || few="--seconds 10 --reps 1"
        # shellcheck disable=SC2086
        "$here/call/run.sh" $few --out docs/benchmarks-call.md
    else
        echo "run.sh: calls are left out: their link needs root" >&2
    fi
fi
