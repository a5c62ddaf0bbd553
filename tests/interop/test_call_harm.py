"""Two real windows in a call that somebody wants to spoil: by the code, by keys, by what is on the
way, by too much of everything. Each has its words on the screen and its line in the log, the window
goes on, and nothing is shown that was not meant to be.

The one on the way is meddler.py, between the second window and the real relay.
"""

import hashlib
import time

import pytest

import desk
import harness
import meddler as way
from party import (buses, caller, code_of, meddler, party, person, relay,  # noqa: F401
                   screens, sounds)
from test_call import OWN, ages, hears, link_of, sees

# A point of the group that nobody in the call has chosen: its base point (RFC 8032, 5.1).
POINT = b"\x58" + b"\x66" * 31
QUIET = {"camera": "none", "microphone": "none"}
MIB = 1 << 20
# What is heard of somebody is never older than this.
OLD_SECONDS = 1.0


@pytest.fixture
def window(screen, bus, tmp_path, stop_later):
    """A third window, without camera and sound."""
    def opened(name, port, call):
        return stop_later(desk.Desk(
            screen, bus, tmp_path, "--relay", f"127.0.0.1:{port}", "--camera", "none",
            "--microphone", "none", "--speaker", "none", "--call", call, name=name))
    return opened


# ---- The code ----------------------------------------------------------------------------------


def test_a_wrong_code_is_said_on_both_screens(person):  # noqa: F811
    a = person("a", "start", **QUIET)
    number, *words = code_of(a).split("-")
    b = person("b", "-".join([number, *reversed(words)]), **QUIET)
    for one in (a, b):
        one.reads("The code was wrong")
        one.reads("A code has one try, so this one is gone.")
        one.logs("the call is over: wrong-code")
        one.comes_to(state="ended", end="wrong-code", audio_received=0, video_received=0)
    b.goes_on()


def ends(window, end):
    harness.wait_for(lambda: ((window.viewer.stats() or {}).get("call") or {}).get("end") == end,
                     lambda: f"{end}: {window.viewer.stats()}")


def test_a_third_caller_and_a_code_that_was_used(person, window, relay):  # noqa: F811
    a = person("a", "start", **QUIET)
    b = person("b", link_of(a), **QUIET)
    for one in (a, b):
        one.comes_to(state="active")
    third = window("third", relay.port, link_of(a))
    third.heard("There are two people in this call already")
    third.heard("If it was not you, ask for a new code: somebody else has it.")
    assert any("refused by the relay" in line for line in
               third.viewer.program.output.splitlines()), third.viewer.program.output
    ends(third, "call-full")
    third.stop()
    # The two don't notice.
    for one in (a, b):
        seconds = one.comes_to(state="active")["seconds"]
        one.comes_to(state="active", seconds=lambda now, then=seconds: now > then)
    a.key("ctrl+d")
    b.comes_to(state="ended", end="peer-hung-up")
    late = window("late", relay.port, link_of(a))
    late.heard("This code was used already")
    harness.wait_for(lambda: "refused by the relay" in late.viewer.program.output,
                     lambda: late.viewer.program.output)
    ends(late, "code-used")


# ---- Keys --------------------------------------------------------------------------------------


def commitment(_):
    share = hashlib.sha256(b"A" + POINT).digest()
    return bytes([way.COMMITMENT, len(share) + 4]) + b"\x08\x01\x12" + bytes([len(share)]) + share


def test_keys_that_are_swapped_on_the_way(person, meddler):  # noqa: F811
    """Each is given a key that is not the other's, and all that can be made to fit does."""
    down = [way.Exchanging(way.COMMITMENT, commitment),
            way.Exchanging(way.REVEAL, lambda old: old[:5] + POINT + old[5 + len(POINT):])]
    up = way.Exchanging(way.SHARE, lambda old: old[:-len(POINT)] + POINT)
    meddler.down = lambda it: [piece for first in down[0](it)
                               for piece in down[1](way.Record(first))]
    meddler.up = up
    a = person("a", "start", **QUIET)
    b = person("b", code_of(a), meddler.port, **QUIET)
    for one in (a, b):
        one.reads("The code was wrong")
        one.logs("the call is over: wrong-code")
    assert all(one.exchanged == 1 for one in [*down, up])


def test_one_key_that_is_swapped_on_the_way(person, meddler):  # noqa: F811
    meddler.down = way.Exchanging(way.REVEAL, lambda old: old[:5] + POINT + old[5 + len(POINT):])
    a = person("a", "start", **QUIET)
    b = person("b", code_of(a), meddler.port, **QUIET)
    b.reads("Somebody on the way changed the call")
    b.reads("Nothing of it was shown or played.")
    b.logs("a message of the key agreement was changed on the way")
    a.comes_to(state="ended")
    b.goes_on()


def test_a_relay_with_another_key_has_to_be_accepted(window, relay, tmp_path):  # noqa: F811
    known = tmp_path / "first-home/okno/known-relays"
    known.parent.mkdir(parents=True)
    known.write_text(f"127.0.0.1:{relay.port} {'5a' * 32}\n")
    first = window("first", relay.port, "start")
    first.heard("This is not the relay of the last time")
    fingerprint = relay.program.line(r"key fingerprint (\w+)")[1]
    shown = next(node["name"] for node in first.nodes() if node["name"].startswith("Its key now: "))
    assert shown.removeprefix("Its key now: ").replace(" ", "") in fingerprint
    assert "the relay's key is not the one that is expected" in first.viewer.program.output
    first.press("Use the new relay")
    first.press("Start the call")
    first.heard("QR code of the link")
    assert f"key={fingerprint}" in first.viewer.program.line(r"okno://call\?\S+")[0]
    assert fingerprint in known.read_text()


# ---- What is on the way ------------------------------------------------------------------------


@pytest.mark.parametrize("kind, name, received", [
    (way.AUDIO, "Audio", "audio_received"), (way.CONTROL, "Control", None)])
def test_what_is_altered_ends_the_call_in_words(party, kind, name, received):  # noqa: F811
    a, b, meddler = party  # noqa: F811
    sees(b, a)
    meddler.down = way.Altering(kind)
    before = b.figures()
    b.reads("Somebody on the way changed the call")
    b.reads("Nothing of it was shown or played.")
    b.logs(f"a packet ({name}) was changed or made up on the way; it was thrown away")
    b.logs("the call is over: tampered")
    after = b.comes_to(state="ended", end="tampered", forged=lambda count: count >= 32)
    if received:
        # What came before the figures were written.
        assert after[received] - before[received] <= 60, (before, after)
    assert OWN["a"] not in b.screen.numbers()
    a.comes_to(state="ended", end="peer-hung-up")
    b.goes_on()


def test_pictures_that_are_altered_are_not_shown(party):  # noqa: F811
    """Few are sent while none is confirmed: it takes long until they are enough to end it."""
    a, b, meddler = party  # noqa: F811
    sees(b, a)
    meddler.down = way.Altering(way.VIDEO)
    b.reads("Somebody on the way changes packets. They are thrown away.")
    b.logs("a packet (Video) was changed or made up on the way; it was thrown away")
    before = b.comes_to(state="active", trouble="tampering", forged=lambda count: count > 2)
    shown = b.screen.numbers().get(OWN["a"])
    hears(b, a, len(b.ear.samples()))
    after = b.comes_to(forged=lambda count: count > before["forged"])
    assert after["video_received"] == before["video_received"]
    assert b.screen.numbers().get(OWN["a"]) == shown
    meddler.down = way.honest
    sees(b, a)
    a.comes_to(state="active")


def goes_up(one, other, meddler, count):  # noqa: F811
    """Looks at the pictures until `count` records were meddled with: none is older than the one
    before it."""
    seen = []

    def look():
        number = one.screen.numbers().get(OWN[other.label])
        if number is not None:
            seen.append(number)
        return count() > 150
    harness.wait_for(look, lambda: f"{count()} records, {one.figures()}\n{one.program.output}")
    back = [(old, new) for old, new in zip(seen, seen[1:]) if (new - old) % 1024 > 512]
    assert len(set(seen)) > 1 and not back, seen


def test_what_is_repeated_or_swapped_is_thrown_away(party):  # noqa: F811
    a, b, meddler = party  # noqa: F811
    sees(b, a)
    meddler.down = way.Replaying()
    goes_up(b, a, meddler, lambda: meddler.down.added)
    b.reads("Somebody on the way changes packets. They are thrown away.")
    b.logs("was repeated or came far too late on the way; it was thrown away")
    now = b.comes_to(state="active", trouble="tampering", replayed=lambda count: count > 50)
    assert now["forged"] == 0
    hears(b, a, len(b.ear.samples()))
    meddler.down = way.Swapping()
    goes_up(b, a, meddler, lambda: meddler.down.swapped)
    hears(b, a, len(b.ear.samples()))
    assert b.comes_to(state="active")["forged"] == 0
    a.comes_to(state="active")


def test_sound_that_is_held_back_is_told_and_not_heard_late(party):  # noqa: F811
    a, b, meddler = party  # noqa: F811
    sees(b, a)
    hears(b, a)
    meddler.hold = 2 * OLD_SECONDS
    began = time.monotonic()
    b.reads("Poor network: what the other person sends does not get through.")
    b.logs("sound comes more than 500 ms late; it is thrown away")
    a.comes_to(state="active", trouble=lambda trouble: trouble is not None)
    found, _ = ages(b, a, began, time.monotonic())
    assert all(age <= OLD_SECONDS for _, age in found), found
    meddler.hold = 0
    sees(b, a)
    hears(b, a, len(b.ear.samples()))
    b.comes_to(state="active", trouble=lambda trouble: trouble != "receiving")


# ---- Too much ----------------------------------------------------------------------------------


def test_a_hundred_thousand_packets_a_second(party):  # noqa: F811
    a, b, meddler = party  # noqa: F811
    sees(b, a)
    memory = b.viewer.stats()["rss_bytes"]
    meddler.down = way.Flooding(100_000)
    b.reads("Somebody on the way changes packets. They are thrown away.",
            "The other program sends far more than a call needs. What is too much is thrown away.")
    b.logs("sends more than a call needs")
    # In the midst of it the window does what it is told.
    b.key("m")
    b.comes_to(muted=True)
    a.comes_to(peer_muted=True)
    b.comes_to(state="active", forged=0, flooded=lambda count: count > 200_000)
    grown = b.viewer.stats()["rss_bytes"] - memory
    assert grown < 64 * MIB, f"{grown / MIB:.0f} MiB more"
    meddler.down = way.honest
    sees(b, a)
    hears(b, a, len(b.ear.samples()))
    b.key("ctrl+d")
    a.comes_to(state="ended", end="peer-hung-up")


def test_a_peer_that_sends_too_much_through_the_relay(party):  # noqa: F811
    a, b, meddler = party  # noqa: F811
    sees(a, b)
    meddler.up = way.Flooding(100_000)
    a.reads("Somebody on the way changes packets. They are thrown away.",
            "The other program sends far more than a call needs. What is too much is thrown away.")
    a.logs("sends more than a call needs")
    a.comes_to(state="active", forged=0, flooded=lambda count: count > 1000)
    a.key("ctrl+d")
    a.reads("You hung up")
    a.comes_to(state="ended", end="hung-up")
    b.comes_to(state="ended")
    a.goes_on()


def test_four_gigabytes_that_are_announced_end_the_call_in_words(party):  # noqa: F811
    a, b, meddler = party  # noqa: F811
    memory = b.viewer.stats()["rss_bytes"]
    sealed = bytes([way.SEALED]) + b"\xff\xff\xff\xff\x0f" + b"not so much"
    meddler.down = way.Inserting(way.record(way.CONTROL, sealed), 40)
    b.reads("Somebody on the way changed the call")
    b.logs("the call is over: tampered")
    assert b.viewer.stats()["rss_bytes"] - memory < 64 * MIB
    a.comes_to(state="ended", end="peer-hung-up")
    b.goes_on()


def test_a_record_that_is_too_long_costs_the_connection_alone(party):  # noqa: F811
    a, b, meddler = party  # noqa: F811
    sees(b, a)
    meddler.down = way.Inserting(way.record(way.AUDIO, b"", length=0xFFFF), 1)
    b.logs("the relay sent 65535 bytes announced for a Audio record at byte ")
    for one in (a, b):
        one.comes_to(state="active", resumed=lambda times, one=one: times > 0 or one is a)
    b.comes_to(state="active", resumed=1)
    sees(b, a)
    hears(b, a, len(b.ear.samples()))
