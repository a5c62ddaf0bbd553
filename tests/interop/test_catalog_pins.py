"""Products pinned to streams in the real window, with the real catalogue: by the menu, by the
mouse, and after a search. What came of it is asked of the catalogue itself."""

import pytest

import desk as desks
import feed
import harness
from test_catalog_window import Catalogue, seen


@pytest.fixture
def desk(screen, bus, tmp_path, stop_later):
    """A window with two streams, its products open, and a catalogue of three."""
    catalogue = Catalogue(tmp_path)
    stop_later(catalogue)
    catalogue.start()
    for name, price in (("Blue cup", "0.1"), ("Red cup", "9.90"), ("Blanket", "120")):
        catalogue.add(name, price)
    desk = stop_later(desks.Desk(screen, bus, tmp_path, "--catalog", catalogue.address,
                                 settings={"announce": "false"}))
    desk.catalogue = catalogue
    for _ in range(2):
        stop_later(feed.Stream(desk.viewer.port).send(feed.plain((120, 90, 60))))
    harness.wait_for(lambda: len(desk.tiles()) == 2, "two tiles")
    desk.keys("ctrl+p")
    seen(desk.viewer, state=("ready", "back"), products=3)
    desk.heard("Red cup, 9.90")
    return desk


def pinned(desk, product, *streams):
    """Waits until the catalogue itself says so, and the window shows as many cards."""
    harness.wait_for(
        lambda: sorted(desk.catalogue.products()[product]["streams"]) == sorted(streams),
        lambda: f"{product} at {streams}: {desk.catalogue.products()}")
    for name in streams:
        desk.heard(f"Products at {name}")


@pytest.mark.parametrize("pointer", ["away", "where the menu opens"])
def test_by_the_menu_with_keys_and_by_a_screen_reader(desk, pointer):
    first, second = desk.tiles()
    desk.point(2, 2)
    # The list is next to the search; the key for menus opens what the pin's button opens.
    desk.keys("type:red")
    harness.wait_for(lambda: desk.find("Blue cup, 0.10") is None, "search")
    desk.keys("Down", "Menu")
    line = desk.heard(f"Pin to {first}")
    if pointer != "away":
        # One that rests there chooses nothing: the hand is at the keys.
        desk.keys("Escape")
        desk.point(*desk.middle(line))
        desk.keys("Menu")
        desk.heard(f"Pin to {first}")
    desk.keys("Down", "Return")
    pinned(desk, "Red cup", first)
    # Without keys: what is read out is pressed, or the pointer is led to it.
    desk.keys("Menu")
    desk.heard(f"Unpin from {first}")
    if pointer == "away":
        desk.press(f"Pin to {second}")
    else:
        # One that is moved there chooses.
        desk.point(*desk.middle(desk.heard(f"Pin to {second}")))
        desk.keys("Return")
    pinned(desk, "Red cup", first, second)
    if desk.find(f"Unpin from {first}") is None:
        desk.keys("Menu")
    desk.press(f"Unpin from {first}")
    pinned(desk, "Red cup", second)
    assert desk.catalogue.products()["Blue cup"]["streams"] == []


def test_by_the_mouse(desk):
    first, second = desk.tiles()
    onto = desk.middle(desk.tiles()[second])
    desk.drag(desk.middle(desk.heard("Blanket, 120.00")), onto, steps=12)
    pinned(desk, "Blanket", second)
    # Let go beside the pictures, it is pinned nowhere.
    cup = desk.middle(desk.heard("Blue cup, 0.10"))
    desk.drag(cup, (cup[0] - 20, cup[1]))
    desk.drag(desk.middle(desk.heard("Red cup, 9.90")), desk.middle(desk.tiles()[first]), steps=12)
    pinned(desk, "Red cup", first)
    assert desk.catalogue.products()["Blue cup"]["streams"] == []


def test_search_finds_and_says_when_there_is_nothing(desk):
    desk.keys("type:cup")
    harness.wait_for(lambda: desk.find("Blanket, 120.00") is None, "list of cups")
    desk.heard("Blue cup, 0.10")
    desk.heard("Red cup, 9.90")
    desk.keys("type:board")
    desk.heard("No product is called that.")
    desk.keys("ctrl+a", "BackSpace")
    desk.heard("Blanket, 120.00")
    # What is added elsewhere joins what is found, if it is called so.
    desk.keys("type:mug")
    desk.heard("No product is called that.")
    desk.catalogue.add("Green mug", "3")
    desk.heard("Green mug, 3.00")
