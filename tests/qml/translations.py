#!/usr/bin/env python3
"""Every word of the interface is translated.

In: qml/Okno and qml/i18n/okno_*.ts. Out: one line for each string that a translation lacks, or
whose places (%1, %n) differ from the original's; exit code 1 if there is any. Needs lupdate
(Debian: qt6-l10n-tools). To bring the files up to date:

    lupdate -no-obsolete -locations none qml/Okno -ts qml/i18n/okno_ru.ts qml/i18n/okno_pl.ts
    (translate what is new)
    lrelease qml/i18n/okno_ru.ts -qm qml/Okno/Host/i18n/qml_ru.qm     (and pl)

The compiled files lie where QQmlApplicationEngine looks by itself: in i18n beside the first file.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

TOP = pathlib.Path(__file__).resolve().parents[2]
LUPDATE = shutil.which("lupdate6") or "/usr/lib/qt6/bin/lupdate"
LRELEASE = shutil.which("lrelease6") or "/usr/lib/qt6/bin/lrelease"


def places(text):
    return sorted(set(re.findall(r"%n|%\d", text)))


def faults(path):
    """What is wrong with one file, compared with the strings in the sources."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = pathlib.Path(folder) / path.name
        shutil.copy(path, fresh)
        subprocess.run([LUPDATE, "-silent", "-no-obsolete", "-locations", "none", str(TOP / "qml" / "Okno"),
                        "-ts", str(fresh)], check=True, stdout=subprocess.DEVNULL)
        for message in ET.parse(fresh).iter("message"):
            source = message.find("source").text
            translation = message.find("translation")
            texts = [form.text or "" for form in translation] or [translation.text or ""]
            if translation.get("type") == "unfinished" or not all(texts):
                yield f"not translated: {source!r}"
            elif any(places(text) != places(source) for text in texts):
                yield f"other places than the original: {source!r}"
        compiled = pathlib.Path(folder) / "fresh.qm"
        subprocess.run([LRELEASE, "-silent", str(path), "-qm", str(compiled)], check=True)
        shipped = TOP / "qml" / "Okno" / "Host" / "i18n" / path.with_suffix(".qm").name.replace("okno_", "qml_")
        if not shipped.exists() or shipped.read_bytes() != compiled.read_bytes():
            yield f"{shipped.relative_to(TOP)} is out of date; run lrelease"


def main():
    bad = [f"{path.name}: {fault}" for path in sorted((TOP / "qml" / "i18n").glob("*.ts")) for fault in faults(path)]
    print("\n".join(bad) if bad else "all is translated")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
