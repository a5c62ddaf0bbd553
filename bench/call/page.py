"""Makes docs/benchmarks-call.md of what was measured.

In: rows of figures, the machine. Out: Markdown. Never invents a figure: what was not measured
is "-".
"""

import platform

from ways import AFTER, BEFORE

EAR_AIM_MS = 150
AHEAD_MS, BEHIND_MS = 45, 125
# The aims' link.
AIM_ROUND_TRIP_MS = 50


def text(rows, machine, options):
    good = [row for row in rows if "error" not in row]
    fell = [row for row in good if row.get("falls")]
    good = [row for row in good if not row.get("falls")]
    parts = [_head(machine, options), _main_table(good), _falls(fell), _aims(good), _where(good),
             _notes()]
    parts += [f"A call at {row['round_trip_ms']} ms and {row['loss_percent']} % could not be "
              f"measured: {row['error']}\n" for row in rows if "error" in row]
    return "\n".join(parts)


def _head(machine, options):
    gpu = "a GPU" if machine["gpu"] else "no GPU"
    note = f" {options.note}" if options.note else ""
    return f"""# Benchmark of calls

Written by `bench/call` on {machine["when"]}; run it again, after `make build`, with
`bench/call/run.sh --out docs/benchmarks-call.md` (root is needed; `make bench` runs it, too).

Machine: {machine["cores"]} cores ({machine["cpu"]}), {gpu}, Linux {platform.release()}.{note}

Two real windows, each on an X server of its own, call each other through the real relay. One is at
one end of a link, the other and the relay are at the other end. Microphones and speakers are null
sinks of a PulseAudio server; echo cancellation, noise suppression and gain control are off
(`--raw-sound`), since cleaned speech could not be found again, and what they add is not in it; both
cameras give 640x360 at 30 a second. One person speaks without pauses; what the other's speaker plays
is found in what was spoken by correlation, {options.seconds:.0f} s of each call, ten times a second.
Pictures are numbered; a number is read off the pixels of the other's screen, and its capture time
off the wire between camera and window. Nothing is asked of the programs. Times in ms.
"""


def _ms(value):
    return "-" if value is None else f"{value:.0f}"


def _share(value):
    return "-" if value is None else f"{100 * value:.0f} %"


def _table(titles, lines):
    head = "| " + " | ".join(titles) + " |\n|" + "---|" * len(titles) + "\n"
    return head + "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _main_table(rows):
    return _table(
        ("round trip", "loss", "mouth to ear p50", "p95", "worst", "longest gap", "camera to screen "
         "p50", "p95", "sound ahead of picture p5", "p50", "p95", "within +45/-125", "pictures a "
         "second", "cores busy"),
        [(_ms(row["round_trip_ms"]), f"{row['loss_percent']} %", _ms(row["ear_p50"]),
          _ms(row["ear_p95"]), _ms(row["ear_worst"]), _ms(row["gap_ms"]), _ms(row["eye_p50"]),
          _ms(row["eye_p95"]), _ms(row["av_p5"]), _ms(row["av_p50"]), _ms(row["av_p95"]),
          _share(row["av_within"]), f"{row['rate']:.1f}",
          f"{row['cores_busy']:.1f}, windows {row['cores_windows']:.1f}") for row in rows])


def _falls(rows):
    if not rows:
        return ""
    return (f"## A link that falls\n\nFrom {BEFORE} to {AFTER} Mbit/s as the measurement begins, with a "
            "queue of 100 ms; what does not fit into it is lost.\n\n" + _table(
                ("round trip", "longest gap", "gaps of 30 ms and more: when (s) and how long",
                 "mouth to ear p50", "p95", "worst", "pictures a second"),
                [(_ms(row["round_trip_ms"]), _ms(row["gap_ms"]),
                  ", ".join(f"{at:.1f}: {length}" for at, length in row["gaps"]) or "none",
                  _ms(row["ear_p50"]), _ms(row["ear_p95"]), _ms(row["ear_worst"]),
                  f"{row['rate']:.1f}") for row in rows]))


def _aims(rows):
    clean = [row for row in rows
             if row["round_trip_ms"] == AIM_ROUND_TRIP_MS and not row["loss_percent"]]
    lines = []

    def add(what, aim, figures, met):
        state = "-" if not figures else "met" if all(map(met, figures)) else "**not met**"
        lines.append((what, aim, ", ".join(map(_ms, figures)) or "-", state))
    add(f"mouth to ear, p50 at {AIM_ROUND_TRIP_MS} ms round trip, no loss", f"at most {EAR_AIM_MS}",
        [row["ear_p50"] for row in clean if row["ear_p50"] is not None],
        lambda value: value <= EAR_AIM_MS)
    add("the same, p95", f"at most {EAR_AIM_MS}",
        [row["ear_p95"] for row in clean if row["ear_p95"] is not None],
        lambda value: value <= EAR_AIM_MS)
    for name, title in (("av_p5", "p5"), ("av_p95", "p95")):
        add(f"sound ahead of picture, {title} of all calls", f"-{BEHIND_MS} to +{AHEAD_MS}",
            [row[name] for row in rows if row[name] is not None],
            lambda value: -BEHIND_MS <= value <= AHEAD_MS)
    return "## Aims\n\n" + _table(("what", "aim", "found, each call", ""), lines)


def _where(rows):
    lines = []
    for row in rows:
        own = row["own"]
        known = [own["microphone_ms"], 20.0, row["round_trip_ms"] / 2, own["audio_buffer_ms"],
                 own["speaker_ms"]]
        rest = None
        if row["ear_p50"] is not None and None not in known:
            rest = row["ear_p50"] - sum(known)
        lines.append((_ms(row["round_trip_ms"]), f"{row['loss_percent']} %",
                      *map(_ms, known), _ms(rest), _ms(row["ear_p50"]),
                      _ms(own["audio_target_ms"]), str(own["audio_missing"]),
                      f"{own['mouth_slips']}, {own['device_slips']}",
                      str(own["lipsync_dropped"])))
    return "## Where the time goes\n\nMeans of what the windows say of themselves.\n\n" + _table(
        ("round trip", "loss", "microphone", "packet", "one way", "jitter buffer", "speaker", "rest",
         "mouth to ear", "jitter buffer's target", "packets missing", "samples lost at mouth, ear",
         "pictures let go for lip sync"), lines)


def _notes():
    return """*Sound ahead of picture* is how much later the picture was on the screen than the sound of the same
moment left the speaker; people notice +45 and -125 (ITU-R BT.1359). Mouth to ear is from the moment
that the sound server gives to the microphone's side to the moment that it takes from the speaker's; a
real sound card adds its own, and a screen its own. *Microphone* counts its 10 ms step, *speaker* what
waits in our ring and in the server: some 30 ms, in some calls up to 60 at first. What is 15 ms too
much goes as soon as somebody pauses; here nobody does, and resampling takes a twentieth in a second.
"""
