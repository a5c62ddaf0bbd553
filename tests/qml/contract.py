#!/usr/bin/env python3
"""The mocks have exactly the members of the real types.

In: qml/mocks/Okno/Backend, the bridges in src/bridge and the headers in cpp. Out: one line for
each member that only one side has, exit code 1 if there is any. Works on the sources, so that it
needs no build; Qt's own words for the types (roleNames, data, ...) are left out.
"""
import pathlib
import re
import runpy
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
MOCKS = TOP / "qml" / "mocks" / "Okno" / "Backend"
mock_members = runpy.run_path(str(TOP / "tools" / "qml-api.py"))["members"]

# What Qt's models have anyway, and signals that only serve properties.
QT = {"data", "roleNames", "rowCount", "index", "dataChanged", "stateChanged", "count", "chosenChanged",
      "devicesChanged", "levelsChanged"}
# Members of a mock that stand before its "Only in the mock" line but serve the mock itself.
SERVING = {"App": {"seconds", "sample", "tick"}, "StreamModel": {"revision", "late", "tick"}, "VideoView": {"row"}}
# Members that the interface uses as soon as the program has them; each leaves this list then.
PLANNED = {}


def camel(name):
    return re.sub(r"_(\w)", lambda m: m[1].upper(), name)


def rust_members(text, kind):
    """Names of the properties, signals and invokables of one type of a cxx-qt bridge."""
    found = set()
    block = re.search(r"((?:\s*#\[[^\n]*\n|\s*///[^\n]*\n)+)\s*type " + kind + r" = super::", text)
    automatic = "#[auto_cxx_name]" in text
    for item in re.finditer(r"#\[qproperty\(\s*[\w<>]+\s*,\s*(\w+)(?:[^\]]*?cxx_name\s*=\s*\"(\w+)\")?", block[1]):
        found.add(item[2] or (camel(item[1]) if automatic else item[1]))
    # Attributes of a function, then the function, whose receiver names the type.
    for item in re.finditer(r"((?:\s*#\[[^\n]*\n)+)\s*(?:unsafe )?fn (\w+)\(\s*self: (?:Pin<&mut (\w+)>|&(\w+))", text):
        attributes, name, one, two = item.groups()
        if (one or two) != kind or not re.search(r"qinvokable|qsignal", attributes):
            continue
        own = re.search(r"cxx_name = \"(\w+)\"", attributes)
        found.add(own[1] if own else camel(name) if automatic else name)
    return found


def cpp_members(text):
    """Names of the properties, invokables and enum values of a C++ class."""
    found = set(re.findall(r"Q_PROPERTY\(\S+ (\w+)", text)) | set(re.findall(r"Q_INVOKABLE \S+ (\w+)\(", text))
    for values in re.findall(r"enum \w+ \{(.*?)\};", text, re.S):
        found |= set(re.findall(r"^\s*(\w+)\b", re.sub(r"//.*", "", values), re.M))
    return found


def main():
    real = {}
    for path in (TOP / "src" / "bridge").glob("*.rs"):
        text = path.read_text()
        for kind in re.findall(r"type (\w+) = super::\w+Rust;", text):
            real[kind] = rust_members(text, kind)
    for name, kind in (("video_view.h", "VideoView"), ("stream_state.h", "StreamState"), ("catalog_state.h", "CatalogState")):
        text = (TOP / "cpp" / name).read_text()
        real[kind] = cpp_members(text)
    # One header with an enum in each of its namespaces.
    for block in (TOP / "cpp" / "call_state.h").read_text().split("\nnamespace ")[1:]:
        real[block.split()[0]] = cpp_members(block)

    faults = []
    for path in sorted(MOCKS.glob("*.qml")):
        kind = path.stem
        found = mock_members(path)
        mock = {entry[0] for group in ("properties", "methods", "signals") for entry in found[group]}
        mock |= {value for _, values in found["enums"] for value in values}
        mock -= SERVING.get(kind, set())
        theirs = real.get(kind, set()) - QT
        planned = PLANNED.get(kind, set())
        faults += [f"{kind}.{name}: only in the mock" for name in sorted(mock - theirs - planned)]
        faults += [f"{kind}.{name}: is there now, take it off PLANNED" for name in sorted(theirs & planned)]
        faults += [f"{kind}.{name}: not in the mock" for name in sorted(theirs - mock)]
    for kind, source, rows in (("StreamModel", "stream_model.rs", "function add("), ("Catalog", "catalog.rs", "function product(")):
        model = (TOP / "src" / "bridge" / source).read_text()
        mock = (MOCKS / f"{kind}.qml").read_text().split(rows)[1]
        for role in re.findall(r'^            "(\w+)":', mock, re.M):
            if f'"{role}"' not in model:
                faults.append(f"{kind}: role {role} only in the mock")
    print("\n".join(faults) if faults else f"{len(real)} types have the same members as their mocks")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
