#!/bin/sh
# Says how to get a Rust toolchain if there is none, or if it is too old.
set -eu
cd "$(dirname "$0")/.."
needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
help="Install one with rustup, as https://rustup.rs says, or, with rustup there: rustup update stable"

if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
    echo "There is no Rust toolchain (cargo, rustc); Okno needs version $needed or newer." >&2
    echo "$help" >&2
    exit 1
fi
found=$(rustc --version | sed 's/^rustc \([0-9.]*\).*/\1/')
oldest=$(printf '%s\n%s\n' "$needed" "$found" | sort -V | head -n 1)
if [ "$oldest" != "$needed" ]; then
    echo "The Rust toolchain is version $found; Okno needs $needed or newer." >&2
    echo "$help" >&2
    exit 1
fi
