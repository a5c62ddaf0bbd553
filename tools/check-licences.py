#!/usr/bin/env python3
"""Checks the licences of every crate that is linked on this platform.

Each must have a licence that lets Okno be given away: one of ALLOWED, or a choice that has one.
Needs no network once the crates are there.
"""

import json
import re
import subprocess
import sys

ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause",
    "BSL-1.0", "CC0-1.0", "CDLA-Permissive-2.0", "ISC", "MIT", "MIT-0", "MPL-2.0",
    "Unicode-3.0", "Unicode-DFS-2016", "Unlicense", "Zlib",
}


def tokens(expression):
    """Names and operators of an SPDX expression; crates of old write / for OR."""
    text = expression.replace("/", " OR ").replace(" WITH ", "@")
    return [t.replace("@", " WITH ") for t in re.findall(r"\(|\)|[\w.+@-]+", text)]


def allowed(expression):
    """Whether an SPDX expression can be met with ALLOWED; AND binds tighter than OR."""
    rest = tokens(expression)

    def either():
        met = both()
        while rest and rest[0] == "OR":
            rest.pop(0)
            met = both() or met
        return met

    def both():
        met = single()
        while rest and rest[0] == "AND":
            rest.pop(0)
            met = single() and met
        return met

    def single():
        token = rest.pop(0)
        if token != "(":
            return token in ALLOWED
        met = either()
        rest.pop(0)
        return met

    return either()


def main():
    host = next(line.split()[1] for line in
                subprocess.check_output(["rustc", "-vV"], text=True).splitlines()
                if line.startswith("host:"))
    metadata = subprocess.check_output(
        ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", host])
    packages = [p for p in json.loads(metadata)["packages"] if p["source"]]
    bad = [f'{p["name"]} {p["version"]}: {p["license"] or "no licence given"}'
           for p in packages if not (p["license"] and allowed(p["license"]))]
    if bad:
        sys.exit("these dependencies have licences that are not allowed:\n  " + "\n  ".join(bad))
    print(f"the licences of {len(packages)} crates are fine")


if __name__ == "__main__":
    assert allowed("MIT/Apache-2.0") and allowed("(MIT OR GPL-3.0) AND Zlib")
    assert not allowed("GPL-3.0-only") and not allowed("MIT AND GPL-2.0")
    main()
