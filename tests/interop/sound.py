"""Sound for tests: somebody who speaks, and where that is in a recording.

Mono, 48 kHz, 16 bits.
"""

import subprocess
import wave

import numpy as np

RATE = 48_000
# A part of this length that is silent counts as a gap.
WINDOW = RATE // 100


# What is said; with a number before each that is said once only.
SENTENCES = (
    "Good morning, can you hear me well today?", "We wanted to meet on the bridge at seven.",
    "The brown fox jumps over the lazy dog again.", "My garden has roses, beans and onions.",
    "Nobody in between should hear a word of this.", "Would you send me the number, please?",
    "Early in the year the river runs over.", "I have never seen so many young owls.")
# Parts of speech that are quieter than this share of the whole are pauses, and are left out.
PAUSE = 0.15
# How much slower or faster a voice becomes as it speaks, so that the same word never sounds the
# same twice.
WANDER = 0.12


def speech(seconds, seed, folder):
    """Somebody speaks, by ffmpeg's voice, without pauses: never silent for longer than a window,
    and like itself in one place only."""
    random = np.random.default_rng(seed)
    voice = ("slt", "rms", "awb")[seed % 3]
    text, out = folder / f"says-{seed}.txt", folder / f"says-{seed}.raw"
    # Two seconds and more of each are left without the pauses.
    numbers = random.permutation(np.arange(101, 1000))[:int(seconds / 2) + 5]
    lines = [f"{number}. {SENTENCES[random.integers(len(SENTENCES))]}" for number in numbers]
    text.write_text("\n".join(lines))
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
                    f"flite=textfile={text}:voice={voice}", "-f", "s16le", "-ar", str(RATE),
                    "-ac", "1", out], check=True, timeout=120)
    spoken = np.fromfile(out, "<i2").astype(np.float64)
    windows = spoken[:len(spoken) // WINDOW * WINDOW].reshape(-1, WINDOW)
    power = np.sqrt((windows ** 2).mean(axis=1))
    voiced = windows[power > PAUSE * np.sqrt((windows ** 2).mean())].reshape(-1)
    steps = np.arange(0, len(voiced) / RATE + 2, 1.5)
    speed = np.interp(np.arange(len(voiced)) / RATE, steps,
                      1 + WANDER * random.uniform(-1, 1, len(steps)))
    places = np.cumsum(speed)
    voiced = np.interp(places[places < len(voiced)], np.arange(len(voiced)), voiced)
    assert len(voiced) >= seconds * RATE, f"only {len(voiced) / RATE:.0f} s were said"
    voiced = voiced[:int(seconds * RATE)]
    return (voiced / np.abs(voiced).max() * 0.6 * 32767).astype("<i2")


def write(path, samples):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())


def read(path):
    """The samples of a WAV file, also of one that is still being written."""
    data = path.read_bytes()
    at = data.find(b"data")
    body = data[at + 8:] if at >= 0 else b""
    return np.frombuffer(body[:len(body) // 2 * 2], "<i2")


def find(part, recording):
    """(likeness 0 to 1, place) of a part in a recording, by normalized cross-correlation."""
    part = part.astype(np.float64)
    recording = recording.astype(np.float64)
    if len(recording) < len(part) or not part.any():
        return 0.0, -1
    size = 1 << int(np.ceil(np.log2(len(recording) + len(part))))
    product = np.fft.irfft(np.fft.rfft(recording, size) * np.conj(np.fft.rfft(part, size)), size)
    product = product[:len(recording) - len(part) + 1]
    squares = np.concatenate(([0.0], np.cumsum(recording ** 2)))
    power = squares[len(part):] - squares[:-len(part)]
    likeness = product / np.sqrt(np.maximum(power, 1.0) * np.sum(part ** 2))
    at = int(np.argmax(likeness))
    return float(likeness[at]), at


# Speech that is followed is compared in parts of this many seconds...
PART = 0.1
# ...each within this many seconds of where the part before it leads to: a jitter buffer plays
# somewhat faster and slower, and leaves out a few milliseconds, which is no loss of speech.
STRAY = 0.1


def follow(recording, clip, alike):
    """Likeness (0 to 1) of each part of a recording to what is said there in a clip that is said
    over and over. A part that is less than `alike` leads nowhere; after a second of such parts the
    place is looked for anew."""
    part, stray = int(PART * RATE), int(STRAY * RATE)
    said = np.concatenate((clip, clip))
    place, lost, found = None, 0, []
    for at in range(0, len(recording) - RATE, part):
        if place is None or lost * PART >= 1:
            _, place = find(recording[at:at + RATE], said)
            lost = 0
        place = max(place, stray)
        if place >= len(clip) + stray:
            place -= len(clip)
        likeness, stands = find(recording[at:at + part],
                                said[place - stray:place + part + stray])
        found.append(likeness)
        lost = lost + 1 if likeness < alike else 0
        place += part if lost else stands - stray + part
    return found


def gaps(recording):
    """[(seconds from the beginning, seconds)] of each silence; the clip itself has none."""
    windows = recording[:len(recording) // WINDOW * WINDOW].reshape(-1, WINDOW).astype(np.float64)
    silent = np.sqrt((windows ** 2).mean(axis=1)) < 60
    edges = np.flatnonzero(np.diff(np.concatenate(([0], silent.astype(np.int8), [0]))))
    return [(float(first * WINDOW / RATE), float((last - first) * WINDOW / RATE))
            for first, last in zip(edges[::2], edges[1::2])]


def longest_gap(recording):
    """Seconds of the longest silence."""
    return max((length for _, length in gaps(recording)), default=0.0)


def made_up_voice(seconds, seed):
    """A voice without words, in no time: a tone of many harmonics whose pitch and colour wander,
    never silent, and like itself in one place only."""
    random = np.random.default_rng(seed)
    times = np.arange(int(seconds * RATE)) / RATE
    steps = np.arange(0, seconds + 1, 0.1)

    def wander(low, high):
        return np.interp(times, steps, random.uniform(low, high, len(steps)))
    phase = np.cumsum(wander(110, 260)) * (2 * np.pi / RATE)
    voice = sum(wander(0.2, 1) / number * np.sin(number * phase) for number in range(1, 9))
    return (voice / np.abs(voice).max() * 0.6 * 32767).astype("<i2")
