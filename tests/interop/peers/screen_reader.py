"""What a screen reader finds in a program's window: one JSON object a line, with role, name,
description and states. With --press NAME it presses what has that name instead.

In: the program's name on the accessibility bus of DBUS_SESSION_BUS_ADDRESS. Needs the system's
Python with gir1.2-atspi-2.0, so it is started with /usr/bin/python3.
"""

import argparse
import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

# A window's tree is some levels deep; a loop in a broken one must end.
DEEPEST = 40


def nodes(node, depth=0):
    if node is None or depth > DEEPEST:
        return
    yield node
    for at in range(node.get_child_count()):
        yield from nodes(node.get_child_at_index(at), depth + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--press", metavar="NAME")
    options = parser.parse_args()
    Atspi.init()
    desktop = Atspi.get_desktop(0)
    programs = [desktop.get_child_at_index(at) for at in range(desktop.get_child_count())]
    found = [program for program in programs if program and program.get_name() == options.program]
    if not found:
        sys.exit(f"screen_reader: {options.program} is not among "
                 f"{[program.get_name() for program in programs if program]}")
    for node in nodes(found[0]):
        states = node.get_state_set()
        if not states.contains(Atspi.StateType.VISIBLE):
            continue
        if options.press is None:
            print(json.dumps({
                "role": node.get_role_name(), "name": node.get_name(),
                "description": node.get_description(),
                "focused": states.contains(Atspi.StateType.FOCUSED),
                "focusable": states.contains(Atspi.StateType.FOCUSABLE)}))
        elif node.get_name() == options.press and node.get_action_iface() is not None:
            for at in range(node.get_n_actions()):
                if node.get_action_name(at).lower() == "press":
                    node.do_action(at)
                    return
    if options.press is not None:
        sys.exit(f"screen_reader: nothing called {options.press!r} can be pressed")


if __name__ == "__main__":
    main()
