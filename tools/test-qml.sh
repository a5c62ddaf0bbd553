#!/bin/sh
# The interface without Rust: qmllint and the rules of its files, then Qt Quick Test on mocks.
set -eu
cd "$(dirname "$0")/.."
qt_bin=${QT_BIN:-/usr/lib/qt6/bin}
if [ ! -x "$qt_bin/qmltestrunner" ]; then
    echo "$qt_bin/qmltestrunner is missing: apt-get install qt6-declarative-dev-tools" >&2
    exit 1
fi
QMLLINT=$qt_bin/qmllint sh tests/qml/lint.sh
python3 tests/qml/literals.py
QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software \
    "$qt_bin/qmltestrunner" -import qml/mocks -import qml -input tests/qml
