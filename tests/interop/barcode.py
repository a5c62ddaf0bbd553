"""A frame number in the picture that survives JPEG, scaling and being one tile of a window.

A strip of 22 cells along the top edge and one along the bottom:

    top     magenta, 20 bits, green          bottom     green, 20 bits, magenta
    bits    frame (10), stream (4), check (6), the highest first, black 0 and white 1

A cell is 1/22 of the width, a strip 1/15 of the height and at least 12 rows. The bottom strip
tells a whole picture from one whose lower part is missing.
"""

import numpy as np

CELLS = 22
MAGENTA = (255, 0, 255)  # BGR
GREEN = (0, 255, 0)
_WEIGHTS = 1 << np.arange(19, -1, -1)


def _check(frame, stream):
    return ((frame * 37 + stream * 11 + 29) ^ (frame >> 4)) & 63


def burn(picture, frame, stream=0):
    """Writes both strips into a BGR picture."""
    height, width = picture.shape[:2]
    rows = max(12, round(height / 15))
    frame, stream = frame & 1023, stream & 15
    code = frame << 10 | stream << 6 | _check(frame, stream)
    edges = [round(cell * width / CELLS) for cell in range(CELLS + 1)]
    strip = np.zeros((width, 3), np.uint8)
    for bit in range(20):
        if code >> (19 - bit) & 1:
            strip[edges[bit + 1]:edges[bit + 2]] = 255
    for rows_of_strip, left, right in ((slice(None, rows), MAGENTA, GREEN),
                                       (slice(height - rows, None), GREEN, MAGENTA)):
        strip[:edges[1]] = left
        strip[edges[21]:] = right
        picture[rows_of_strip] = strip
    return picture


def _runs(mask):
    """Begin and end of each run of True in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.view(np.int8), [0]))))
    return edges.reshape(-1, 2)


def _read_row(green, y, left, right):
    """Green is bright in white bits and in one of the two ends, whatever the picture is dimmed
    to: half of that end tells white from black."""
    cell = (right - left) / CELLS
    row = green[y, (left + (np.arange(CELLS) + 0.5) * cell).astype(int)]
    bits = row[1:21] > max(row[0], row[21]) / 2
    code = int(bits @ _WEIGHTS)
    frame, stream = code >> 10, code >> 6 & 15
    return (frame, stream) if code & 63 == _check(frame, stream) else None


def _strips(level, first, second):
    """All readable strips between a run of `first` and one of `second`: (left, right, y, code)."""
    found = []
    for y in np.flatnonzero(first.any(axis=1) & second.any(axis=1)):
        ends = [end for begin, end in _runs(second[y]) if end - begin >= 3]
        for begin, end in _runs(first[y]):
            cell = end - begin
            if cell < 3:
                continue
            for right in ends:
                if abs((right - begin) / CELLS - cell) <= max(1.5, cell * 0.2):
                    code = _read_row(level, y, begin, right)
                    if code:
                        found.append((int(begin), int(right), int(y), code))
    return found


def strips(picture):
    """All readable strips of a BGR screen shot: (those along tops, those along bottoms), each as
    (left, right, y, (frame, stream)) for every row of it."""
    b, g, r = (picture[:, :, c] for c in range(3))
    # The viewer dims the last picture of a sender that has left.
    purple = np.minimum(b, r)
    magenta = (purple > 90) & (g < purple // 2)
    green = (g > 90) & (np.maximum(b, r) < g // 2)
    return _strips(g, magenta, green), _strips(g, green, magenta)


def _pictures(picture):
    """(left, right, upper row, lower row, upper code, lower code) of each picture whose strips
    can be read, once for each row of its upper strip."""
    tops, bottoms = strips(picture)
    for left, right, y, code in tops:
        below = [b for b in bottoms if abs(b[0] - left) <= 3 and abs(b[1] - right) <= 3 and b[2] > y]
        # The nearest strip below belongs to this picture; others to those further down.
        if below:
            nearest = min(below, key=lambda b: b[2])
            yield left, right, y, nearest[2], code, nearest[3]


def find(picture):
    """The whole pictures in a BGR screen shot: {stream: frame}. Of one whose top and bottom
    disagree nothing is reported."""
    return {code[1]: code[0] for *_, code, lower in _pictures(picture) if code == lower}


def places(picture):
    """Where the whole pictures are: {stream: (left, right, upper row, lower row)}."""
    found = {}
    for left, right, y, below, code, lower in _pictures(picture):
        if code == lower:
            found.setdefault(code[1], (left, right, y + 2, below + 2))
    return found


def read_place(picture, place):
    """What is at a place of `places` by now: ((frame, stream), (frame, stream)) of the upper
    and the lower strip. None for what can't be read."""
    left, right, *rows = place
    return tuple(_read_row(picture[:, :, 1], y, left, right) for y in rows)


def read_row(row, left, right):
    """(frame, stream) in a row of BGR pixels between two columns, or None."""
    return _read_row(row[np.newaxis, :, 1], 0, left, right)


def read(picture):
    """The frame number of a BGR picture that is a frame and nothing else, or None."""
    height, width = picture.shape[:2]
    middle = max(12, round(height / 15)) // 2
    green = picture[:, :, 1]
    top = _read_row(green, middle, 0, width)
    bottom = _read_row(green, height - 1 - middle, 0, width)
    return top[0] if top and top == bottom else None
