#!/bin/sh
# Everything that can be checked of the interface without building the program.
# Packages: qt6-declarative-dev-tools qml6-module-qttest qt6-l10n-tools python3, and the QML modules
# that docs/customising.md names.
cd "$(dirname "$0")/../.." || exit 2
runner=${QMLTESTRUNNER:-$(command -v qmltestrunner6 || echo /usr/lib/qt6/bin/qmltestrunner)}
bad=0
step() {
    echo "== $1"
    shift
    "$@" || bad=1
}
step "qmllint" tests/qml/lint.sh
step "rules of the files" python3 tests/qml/literals.py
step "mocks against the real types" python3 tests/qml/contract.py
step "pages of the types" python3 tools/qml-api.py --check
step "translations" python3 tests/qml/translations.py
step "Qt Quick Test" env QT_QPA_PLATFORM=offscreen LANG=C.UTF-8 "$runner" -silent -import qml/mocks -import qml -input tests/qml
step "room for words" python3 tests/qml/fit.py
exit $bad
