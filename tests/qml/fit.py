#!/usr/bin/env python3
"""Nothing is cut off at Qt's scale factors, nor where words are longer or run from right to left.

In: qml/Okno and tests/qml/tst_fit.qml, which looks at every screen. Out: what it finds wrong; exit
code 1 if that is anything. The language is made up here: each string of the interface, longer by
four tenths, in letters with marks. Needs lupdate and lrelease (Debian: qt6-l10n-tools).
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

TOP = pathlib.Path(__file__).resolve().parents[2]


def tool(name):
    return shutil.which(name + "6") or f"/usr/lib/qt6/bin/{name}"


MARKED = str.maketrans("aeiouyAEIOUYcnsz", "\u00e5\u00e9\u00ee\u00f8\u00fc\u00fd\u00c5\u00c9\u00ce\u00d8\u00dc\u00dd\u00e7\u00f1\u0161\u017e")
DIRECTION = ("QGuiApplication", "QT_LAYOUT_DIRECTION",
             "Translate this string to the string 'LTR' in left-to-right languages or to 'RTL' in "
             "right-to-left languages (such as Hebrew and Arabic) to get proper widget layout.")


def longer(text):
    """The text, marked, and longer by four tenths. Places such as %1 stay as they are."""
    parts = text.split("%")
    marked = "%".join([parts[0].translate(MARKED)] + [
        part[:1] + part[1:].translate(MARKED) for part in parts[1:]])
    extra = round(0.4 * len(text))
    # In words, as a language would be: one long one could not be broken.
    return marked + "".join(" " if i % 6 == 0 else "\u00f8" for i in range(extra))


def language(folder, right_to_left):
    """A compiled translation of everything."""
    source = folder / "made-up.ts"
    subprocess.run([tool("lupdate"), "-silent", "-locations", "none", str(TOP / "qml" / "Okno"), "-ts",
                    str(source), "-target-language", "en"], check=True, stdout=subprocess.DEVNULL)
    tree = ET.parse(source)
    count = 0
    for message in tree.iter("message"):
        translation = message.find("translation")
        translation.attrib.pop("type", None)
        text = longer(message.find("source").text)
        forms = list(translation)
        for form in forms:
            form.text = text
        if not forms:
            translation.text = text
        count += 1
    if count < 100:
        sys.exit(f"fit.py: only {count} strings found; is lupdate there?")
    if right_to_left:
        context = ET.SubElement(tree.getroot(), "context")
        ET.SubElement(context, "name").text = DIRECTION[0]
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = DIRECTION[1]
        ET.SubElement(message, "comment").text = DIRECTION[2]
        ET.SubElement(message, "translation").text = "RTL"
    tree.write(source, encoding="utf-8", xml_declaration=True)
    compiled = folder / "made-up.qm"
    subprocess.run([tool("lrelease"), "-silent", str(source), "-qm", str(compiled)], check=True)
    return compiled


def run(title, *arguments, **environment):
    found = subprocess.run(
        [os.environ.get("QMLTESTRUNNER") or tool("qmltestrunner"), "-silent", "-import", str(TOP / "qml/mocks"),
         "-import", str(TOP / "qml"), "-input", str(TOP / "tests/qml/tst_fit.qml"), *map(str, arguments)],
        capture_output=True, text=True, errors="replace",
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8", **environment})
    print(f"{title}: {'fits' if found.returncode == 0 else 'does not fit'}")
    if found.returncode != 0:
        print(found.stdout, found.stderr)
    return found.returncode == 0


def main():
    with tempfile.TemporaryDirectory() as left, tempfile.TemporaryDirectory() as right, \
            concurrent.futures.ThreadPoolExecutor() as pool:
        # Side by side: they wait for pictures, most of the time.
        runs = [pool.submit(run, f"scale factor {factor}", QT_SCALE_FACTOR=factor) for factor in ("1.5", "2")]
        for folder, right_to_left, title in ((left, False, "longer words"), (right, True, "longer words, right to left")):
            runs.append(pool.submit(run, title, "-translation", language(pathlib.Path(folder), right_to_left)))
        good = [one.result() for one in runs]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
