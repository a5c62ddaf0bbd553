#!/usr/bin/env python3
"""Writes docs/qml-api/: one page for each type of the module Okno.Backend.

In: the mocks in qml/mocks/Okno/Backend, which have the members of the real types, and the
sentences in docs/qml-api/words.json. Out: the pages. `--check` writes nothing and ends with 1 if
a page is out of date, a member has no sentence, or a sentence has no member.
"""
import json
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]
MOCKS = TOP / "qml" / "mocks" / "Okno" / "Backend"
OUT = TOP / "docs" / "qml-api"

PROPERTY = re.compile(r"^    (readonly |required )*property (\S+) (\w+)")
SIGNAL = re.compile(r"^    signal (\w+)(?:\(([^)]*)\))?")
FUNCTION = re.compile(r"^    function (\w+)\(([^)]*)\)(?:\s*:\s*(\w+))?")


def members(path):
    """Properties, methods, signals and enums of a mock, up to "Only in the mock"."""
    found = {"properties": [], "methods": [], "signals": [], "enums": []}
    lines = path.read_text().split("// ---- Only in the mock")[0].splitlines()
    enum = None
    for line in lines:
        if m := re.match(r"^    enum (\w+)", line):
            enum = (m[1], [])
            found["enums"].append(enum)
        elif enum and (m := re.match(r"^        (\w+),?$", line)):
            enum[1].append(m[1])
        elif enum and line.startswith("    }"):
            enum = None
        elif (m := PROPERTY.match(line)) and m[2] not in ("Timer",):
            found["properties"].append((m[3], m[2], "readonly" in line))
        elif m := SIGNAL.match(line):
            found["signals"].append((m[1], m[2] or ""))
        elif m := FUNCTION.match(line):
            found["methods"].append((m[1], m[2], m[3] or ""))
    return found


def page(name, words, found, faults):
    """The text of a page; adds what is missing to faults."""
    used = set()

    def say(member):
        used.add(member)
        if member not in words:
            faults.append(f"{name}.{member} has no sentence in words.json")
        return words.get(member, "")

    hidden = set(words.get("hidden", []))
    text = [f"# {name}", "", words["about"], "", "    import Okno.Backend", ""]
    if roles := words.get("roles"):
        text += ["## Roles", "", "| role | type | meaning |", "|---|---|---|"]
        text += [f"| `{role}` | {kind} | {meaning} |" for role, (kind, meaning) in roles.items()] + [""]
    rows = [(n, t, r) for n, t, r in found["properties"] if n not in hidden]
    if rows:
        text += ["## Properties", "", "| property | type | meaning |", "|---|---|---|"]
        text += [f"| `{n}` | {t} | {say(n)}{' Read-only.' if r else ''} |" for n, t, r in rows] + [""]
    if inherited := words.get("inherited"):
        text += ["## Properties of every list model used here", "", "| property | type | meaning |", "|---|---|---|"]
        text += [f"| `{n}` | {kind} | {meaning} |" for n, (kind, meaning) in inherited.items()] + [""]
    if found["enums"]:
        text += ["## Enums", ""]
        for enum, values in found["enums"]:
            text += ["| value | meaning |", "|---|---|"]
            text += [f"| `{name}.{v}` ({i}) | {say(v)} |" for i, v in enumerate(values)] + [""]
    rows = [(n, a, r) for n, a, r in found["methods"] if n not in hidden]
    if rows:
        text += ["## Methods", ""]
        for n, a, r in rows:
            text += [f"**`{n}({a})`**{f' gives `{r}`' if r else ''}: {say(n)}", ""]
    if found["signals"]:
        text += ["## Signals", ""]
        for n, a in found["signals"]:
            text += [f"**`{n}({a})`**: {say(n)}", ""]
    for extra in set(words) - used - {"about", "roles", "inherited", "hidden", "example"}:
        faults.append(f"words.json tells of {name}.{extra}, which isn't there")
    if "example" in words:
        text += ["## Example", ""] + ["    " + line for line in words["example"]] + [""]
    return "\n".join(text)


def main():
    check = "--check" in sys.argv[1:]
    words = json.loads((OUT / "words.json").read_text())
    faults = []
    for name, about in sorted(words.items()):
        text = page(name, about, members(MOCKS / f"{name}.qml"), faults)
        target = OUT / f"{name}.md"
        if not check:
            target.write_text(text)
        elif not target.exists() or target.read_text() != text:
            faults.append(f"{target.relative_to(TOP)} is out of date; run tools/qml-api.py")
    for path in MOCKS.glob("*.qml"):
        if path.stem not in words:
            faults.append(f"{path.stem} has no page")
    print("\n".join(faults) if faults else f"{len(words)} pages")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
