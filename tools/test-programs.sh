#!/bin/sh
# The tests with real programs, windows and peers. What fails gets one more try, alone: limits of
# a second or two break on a machine that is busy with something else. Failing twice is failing.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
unset DISPLAY WAYLAND_DISPLAY
export LANG=C.UTF-8 OKNO_LOG=info
if "$python" -m pytest tests/interop "$@"; then
    exit 0
fi
echo "== once more, those that failed, alone"
exec "$python" -m pytest tests/interop --last-failed --last-failed-no-failures none "$@"
