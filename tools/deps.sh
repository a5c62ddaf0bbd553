#!/bin/sh
# deps.sh GROUP...: installs Debian packages that are missing, and does nothing, without network,
# when none is. Groups: build, run, test, bench, headless.
set -eu

build="build-essential pkg-config qt6-base-dev qt6-declarative-dev libgl-dev lld
    libturbojpeg0-dev libopencv-dev libclang-dev clang protobuf-compiler cmake
    libasound2-dev"
run="qml6-module-qtquick qml6-module-qtquick-window qml6-module-qtquick-controls
    qml6-module-qtquick-layouts qml6-module-qtquick-templates
    qml6-module-qtqml qml6-module-qtqml-workerscript qml6-module-qtqml-models
    qml6-module-qt-labs-settings
    qt6-qpa-plugins libqt6svg6 libgl1-mesa-dri xvfb xauth"
test="qml6-module-qttest qml-qt6 qt6-declarative-dev-tools qt6-l10n-tools xdotool python3 python3-venv
    ffmpeg gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
    libxcb-cursor0 libegl1 libxkbcommon-x11-0 procps dbus-daemon at-spi2-core gir1.2-atspi-2.0 python3-gi openbox
    pulseaudio pulseaudio-utils zbar-tools"
bench="mpv gstreamer1.0-x gstreamer1.0-plugins-bad"
headless="build-essential pkg-config libturbojpeg0-dev libopencv-dev libclang-dev clang
    protobuf-compiler cmake"

wanted=
for group in "$@"; do
    case $group in
        build | run | test | bench | headless) eval "wanted=\"\$wanted \$$group\"" ;;
        *) echo "deps.sh: no group $group" >&2; exit 2 ;;
    esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is no Debian system, so nothing is installed. Okno needs what these packages hold:" >&2
    echo "$wanted" | tr -s ' \n' ' ' | fold -s -w 90 >&2
    echo >&2
    exit 0
fi

missing=
for package in $wanted; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "== these packages are missing and will be installed:"
echo "$missing" | fold -s -w 90
as_root=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Neither root nor sudo. Ask an administrator to run:" >&2
        echo "    apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
    as_root=sudo
fi
log=$(mktemp)
for step in update install; do
    echo "== apt-get $step ..."
    case $step in
        update) set -- update ;;
        install) set -- install -y --no-install-recommends $missing ;;
    esac
    if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        echo "deps.sh: apt-get $step failed; the lines above say why." >&2
        echo "Is there a network, and a package source in /etc/apt/sources.list? Then try again." >&2
        exit 1
    fi
done
rm -f "$log"
