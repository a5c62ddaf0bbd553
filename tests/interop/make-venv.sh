#!/bin/sh
# make-venv.sh DIR: a Python environment with the peers' libraries in DIR, and the Python
# classes of the original programs' messages in it. Does nothing, and needs no network, when DIR
# is already what requirements.txt and proto/video.proto ask for.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: make-venv.sh DIR" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
proto=$here/../../proto
python=${PYTHON:-python3}
dir=$1

wanted=$( (cat "$here/requirements.txt" "$proto/video.proto"; "$python" --version) | sha256sum)
if [ -x "$dir/bin/python" ] && [ "$(cat "$dir/okno-stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

if ! "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "make-venv.sh: need Python 3.10 or newer with venv: apt-get install python3-venv" >&2
    exit 1
fi
echo "making the Python environment of the interoperability tests in $dir"
rm -rf "$dir"
"$python" -m venv "$dir"
if ! "$dir/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
        -r "$here/requirements.txt"; then
    echo "make-venv.sh: pip could not get the packages; the first run needs a network." >&2
    exit 1
fi
packages=$("$dir/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
"$dir/bin/python" -m grpc_tools.protoc -I "$proto" --python_out="$packages" video.proto
printf '%s\n' "$wanted" > "$dir/okno-stamp"
