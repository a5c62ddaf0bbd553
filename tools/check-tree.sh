#!/bin/sh
# Rules of the tree that no compiler knows: no file that nobody can hold in their head, and a
# header in every source file.
set -eu
cd "$(dirname "$0")/.."
longest=600
bad=0
for file in $(git ls-files '*.rs' '*.cpp' '*.h' '*.qml' '*.py' '*.js' '*.sh' 2>/dev/null); do
    [ -f "$file" ] || continue
    lines=$(wc -l < "$file")
    if [ "$lines" -gt $longest ]; then
        echo "$file has $lines lines; split it (at most $longest)" >&2
        bad=1
    fi
    case $file in
        crates/*/src/*.rs | src/*.rs)
            if ! head -n 1 "$file" | grep -q '^//!'; then
                echo "$file: the first line must say what the file is for (//! ...)" >&2
                bad=1
            fi
            ;;
    esac
done
exit $bad
