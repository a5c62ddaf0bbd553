"""Sound for tests: a clip like speech, and where it is in a recording.

Mono, 48 kHz, 16 bits.
"""

import wave

import numpy as np

RATE = 48_000
# A part of this length that is silent counts as a gap.
WINDOW = RATE // 100


def clip(seconds, seed):
    """Syllables of changing pitch over noise: never silent, and like itself in one place only."""
    random = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    def wander(step):
        places = np.arange(0, seconds + step, step)
        return np.interp(time, places, random.random(len(places)))

    pitch = 140 + 60 * wander(0.23)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum(np.sin(phase * n) / n for n in range(1, 9))
    loudness = 0.35 + 0.65 * wander(0.11)
    sound = voice * loudness + 0.05 * random.standard_normal(len(time))
    return (sound / np.abs(sound).max() * 0.5 * 32767).astype(np.int16)


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
    if len(recording) < len(part):
        return 0.0, -1
    size = 1 << int(np.ceil(np.log2(len(recording) + len(part))))
    product = np.fft.irfft(np.fft.rfft(recording, size) * np.conj(np.fft.rfft(part, size)), size)
    product = product[:len(recording) - len(part) + 1]
    squares = np.concatenate(([0.0], np.cumsum(recording ** 2)))
    power = squares[len(part):] - squares[:-len(part)]
    likeness = product / np.sqrt(np.maximum(power, 1.0) * np.sum(part ** 2))
    at = int(np.argmax(likeness))
    return float(likeness[at]), at


def longest_gap(recording):
    """Seconds of the longest silence; the clip itself has none."""
    windows = recording[:len(recording) // WINDOW * WINDOW].reshape(-1, WINDOW).astype(np.float64)
    silent = np.sqrt((windows ** 2).mean(axis=1)) < 60
    longest = run = 0
    for quiet in silent:
        run = run + 1 if quiet else 0
        longest = max(longest, run)
    return longest * WINDOW / RATE
