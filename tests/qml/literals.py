#!/usr/bin/env python3
"""Rules of the interface's files that qmllint does not know.

In: qml/Okno. Out: one line for each breach, exit code 1 if there is any.
 - colours, sizes and times are written in Theme only;
 - what a person reads goes through qsTr (forms hold sample words, which their users replace);
 - no shader, layer or effect (the software renderer draws none);
 - every module has a qmldir without `prefer` that names exactly its files;
 - every icon that is asked for is there, and none lies about unused.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2] / "qml" / "Okno"

COLOUR = re.compile(r'"#[0-9a-fA-F]{3,8}"|Qt\.(rgba|hsla|hsva)\(|color:\s*"(?!transparent")\w+"')
SIZE = re.compile(
    r"^\s*(?:\w+\.)?(?:width|height|implicitWidth|implicitHeight|spacing|padding|\w+Padding|margins|\w+Margin|radius"
    r"|pixelSize|pointSize|duration|interval|delay|timeout|size|border\.width)\s*:\s*-?([1-9]\d*(?:\.\d+)?|0?\.\d+)\s*$")
WORDS = re.compile(r'\b(?:text|title|explanation|placeholderText|accessibleName|actionText)\s*:\s*"[^"]*[A-Za-z]{2}')
EFFECT = re.compile(r"\b(ShaderEffect|MultiEffect|GraphicalEffects|layer\.enabled|layer\.effect)\b")
GLYPH = re.compile(r'\b(?:glyph:|Theme\.icon\()[^\n]*')


def lines(path):
    """Lines of a file without comments, with their numbers."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield number, re.sub(r"(^|\s)//.*", "", line)


def check_file(path, say):
    in_theme = "Theme" in path.parts
    form = path.name.endswith(".ui.qml")
    for number, line in lines(path):
        if not in_theme and COLOUR.search(line):
            say(path, number, "a colour; take one from Theme")
        if not in_theme and SIZE.search(line):
            say(path, number, "a size or time; take one from Theme")
        # A stand-in for an address is no language.
        if not form and not in_theme and WORDS.search(line) and "://" not in line:
            say(path, number, "words that can't be translated; use qsTr")
        if EFFECT.search(line):
            say(path, number, "an effect that the software renderer doesn't draw")


def check_module(folder, say):
    qmldir = folder / "qmldir"
    if not qmldir.exists():
        return say(folder, 0, "no qmldir")
    text = qmldir.read_text()
    if "prefer" in text:
        say(qmldir, 0, "`prefer` would keep edited files from being used")
    named = set(re.findall(r"\S+\.qml$", text, re.M))
    there = {p.name for p in folder.glob("*.qml")}
    for name in sorted(named ^ there):
        say(qmldir, 0, f"{name} is {'not there' if name in named else 'not named'}")


def check_icons(files, say):
    there = {p.stem for p in (ROOT / "Theme" / "icons").glob("*.svg")}
    asked = set()
    for path in files:
        for _, line in lines(path):
            if re.search(r"glyph|Theme\.icon", line):
                asked |= set(re.findall(r'"([a-z][a-z0-9-]*)"(?!:)', line))
    # Words in such a line that are no icons: values next to them.
    for name in sorted(asked - there):
        if not any(re.search(rf'(value|text)": "{name}"', p.read_text()) for p in files):
            say(ROOT / "Theme" / "icons", 0, f"no icon {name}")
    for name in sorted(there - asked):
        say(ROOT / "Theme" / "icons", 0, f"icon {name} is not used")


def main():
    breaches = []

    def say(path, number, what):
        breaches.append(f"{path.relative_to(ROOT.parents[1])}:{number}: {what}")

    files = sorted(ROOT.rglob("*.qml"))
    for path in files:
        check_file(path, say)
    for folder in sorted(p for p in ROOT.iterdir() if p.is_dir()):
        if any(folder.glob("*.qml")):
            check_module(folder, say)
    check_icons(files, say)
    print("\n".join(breaches) if breaches else f"{len(files)} files keep the rules")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
