#!/bin/sh
# qmllint over every QML file, against the mocks. Ends with 1 if it says anything.
cd "$(dirname "$0")/../.." || exit 2
lint=${QMLLINT:-$(command -v qmllint6 || echo /usr/lib/qt6/bin/qmllint)}
bad=0
for file in $(find qml tests/qml -name '*.qml' ! -name Broken.qml | sort); do
    "$lint" -I qml/mocks -I qml "$file" 2>/tmp/okno-lint.$$ || bad=1
    grep -q . /tmp/okno-lint.$$ && { cat /tmp/okno-lint.$$; bad=1; }
done
rm -f /tmp/okno-lint.$$
exit $bad
