#!/bin/sh
# test-programs.sh [PYTEST OPTION...]: the tests with real programs, windows and peers.
#
# Without options they run in two halves at once, since most of the time they wait. What fails gets
# one more try, alone: limits of a second or two break on a machine that is busy with something
# else. Failing twice is failing.
set -u
cd "$(dirname "$0")/.." || exit 2
python=${PYTHON:-.venv/bin/python}
unset DISPLAY WAYLAND_DISPLAY
export LANG=C.UTF-8 OKNO_LOG=info

half() {
    number=$1
    shift
    "$python" -m pytest -o "cache_dir=.pytest_cache/$number" "$@"
}

# The files of one half: every second one.
files() {
    ls tests/interop/test_*.py | awk -v half="$1" 'NR % 2 == half'
}

if [ $# -gt 0 ]; then
    half all tests/interop "$@" && exit 0
    echo "== once more, those that failed, alone"
    half all tests/interop --last-failed --last-failed-no-failures none "$@"
    exit
fi
log=$(mktemp)
# shellcheck disable=SC2046
half 0 $(files 0) >"$log" 2>&1 &
other=$!
# shellcheck disable=SC2046
half 1 $(files 1)
first=$?
echo "== the other half"
wait "$other"
second=$?
cat "$log"
rm -f "$log"
[ "$first" = 0 ] || {
    echo "== once more, those that failed, alone"
    # shellcheck disable=SC2046
    half 1 $(files 1) --last-failed --last-failed-no-failures none || exit
}
[ "$second" = 0 ] || {
    echo "== once more, those of the other half that failed, alone"
    # shellcheck disable=SC2046
    half 0 $(files 0) --last-failed --last-failed-no-failures none || exit
}
