"""What a screen reader finds in a program's window: one JSON object a line, with role, name,
description, states and place. With --press NAME it presses what has that name instead; with
--serve it stays, and answers each line of its input ("read", "focused" or "press NAME") with one
line of JSON.

In: the program's name on the accessibility bus of DBUS_SESSION_BUS_ADDRESS. Needs the system's
Python with gir1.2-atspi-2.0, so it is started with /usr/bin/python3.
"""

import argparse
import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

# A window's tree is some levels deep; a loop in a broken one must end.
DEEPEST = 40

STATES = {name: getattr(Atspi.StateType, name.upper())
          for name in ("focused", "focusable", "showing", "checked", "enabled", "modal")}


def nodes(node, depth=0):
    if node is None or depth > DEEPEST:
        return
    yield node, depth
    for at in range(node.get_child_count()):
        yield from nodes(node.get_child_at_index(at), depth + 1)


def program(name):
    """The program's node, or None and the names of those that are there."""
    desktop = Atspi.get_desktop(0)
    # Each look is a fresh one: what the library keeps of a tree is not always told of changes.
    desktop.set_cache_mask(Atspi.Cache.NONE)
    there = [desktop.get_child_at_index(at) for at in range(desktop.get_child_count())]
    named = [one for one in there if one and one.get_name() == name]
    return (named[-1] if named else None), [one.get_name() for one in there if one]


def told(node, depth):
    states = node.get_state_set()
    place = node.get_extents(Atspi.CoordType.SCREEN) if node.get_component_iface() else None
    actions = [node.get_action_name(at).lower() for at in range(node.get_n_actions())] \
        if node.get_action_iface() else []
    return {"role": node.get_role_name(), "name": node.get_name(),
            "description": node.get_description(), "depth": depth, "actions": actions,
            "place": place and [place.x, place.y, place.width, place.height],
            **{name: states.contains(state) for name, state in STATES.items()}}


def seen(root):
    """All that is visible. Things come and go while they are read; what went is left out."""
    for node, depth in nodes(root):
        try:
            if node.get_state_set().contains(Atspi.StateType.VISIBLE):
                yield node, depth
        except GLib.Error:
            continue


def read(root):
    found = []
    for node, depth in seen(root):
        try:
            found.append(told(node, depth))
        except GLib.Error:
            continue
    return found


def focused(node, depth=0):
    """What has the keyboard: the innermost, and the last of those."""
    states = node.get_state_set()
    # The window itself is told to be focused as well, so that what is below counts.
    for at in reversed(range(node.get_child_count() if depth < DEEPEST else 0)):
        child = node.get_child_at_index(at)
        found = child and focused(child, depth + 1)
        if found:
            return found
    return told(node, depth) if depth > 1 and states.contains(Atspi.StateType.FOCUSED) else None


def press(root, name):
    for node, _ in seen(root):
        if node.get_name() != name or node.get_action_iface() is None:
            continue
        for at in range(node.get_n_actions()):
            if node.get_action_name(at).lower() == "press":
                node.do_action(at)
                return True
    return False


ANSWERS = {"read": lambda root, _: read(root), "press": press,
           "focused": lambda root, _: focused(root)}


def serve(name):
    for line in sys.stdin:
        word, _, rest = line.rstrip("\n").partition(" ")
        root, _ = program(name)
        try:
            answer = None if root is None else ANSWERS[word](root, rest)
        except GLib.Error:
            answer = None
        print(json.dumps(answer), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--press", metavar="NAME")
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    Atspi.init()
    if options.serve:
        serve(options.program)
        return
    root, there = program(options.program)
    if root is None:
        sys.exit(f"screen_reader: {options.program} is not among {there}")
    if options.press is None:
        for line in read(root):
            print(json.dumps(line))
    elif not press(root, options.press):
        sys.exit(f"screen_reader: nothing called {options.press!r} can be pressed")


if __name__ == "__main__":
    main()
