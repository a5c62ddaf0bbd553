#!/bin/sh
# run.sh: builds what watches the screen and measures calls; `make bench` calls it. The programs
# must be built. Words on the command line go to main.py (--help lists them).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
cd "$root"
: "${BIN:=${CARGO_TARGET_DIR:-target}/release}" "${VENV:=$root/.venv}"
: "${BENCH_CACHE:=$root/target/bench-cache}"
export BIN VENV BENCH_CACHE
mkdir -p "$BENCH_CACHE"
cc -O2 -o "$BENCH_CACHE/watch" bench/watch.c
exec "$VENV/bin/python" "$here/main.py" "$@"
