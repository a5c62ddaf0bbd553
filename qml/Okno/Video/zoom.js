// Zooming and panning: what part of a picture to show. Pure arithmetic.
.pragma library

function clamp(value, low, high) {
    return low > high ? (low + high) / 2 : Math.min(high, Math.max(low, value));
}

/// The centre (0..1) nearest to the wanted one that leaves no gap beside a picture of this
/// length in a room of this length; the middle if the picture is the smaller.
function centre(wanted, length, room) {
    return length <= room ? 0.5 : clamp(wanted, room / 2 / length, 1 - room / 2 / length);
}

/// What part of the picture lies under (x, y): {x, y}, 0..1 within it.
///
/// rect: where the whole picture lies now {x, y, width, height}.
function under(rect, x, y) {
    return { "x": rect.width > 0 ? (x - rect.x) / rect.width : 0.5,
        "y": rect.height > 0 ? (y - rect.y) / rect.height : 0.5 };
}

/// Zooms by `factor` so that `part` of the picture comes to lie under (x, y).
///
/// rect: where the whole picture lies now; room: {width, height}; part: see under().
/// Returns the new centre {x, y}, 0..1.
function around(rect, room, factor, x, y, part) {
    const wide = rect.width * factor;
    const high = rect.height * factor;
    return { "x": centre(part.x + (room.width / 2 - x) / wide, wide, room.width),
        "y": centre(part.y + (room.height / 2 - y) / high, high, room.height) };
}

/// The centre after the picture was pushed by (dx, dy).
function pushed(rect, room, dx, dy) {
    const cx = rect.width > 0 ? (room.width / 2 - rect.x - dx) / rect.width : 0.5;
    const cy = rect.height > 0 ? (room.height / 2 - rect.y - dy) / rect.height : 0.5;
    return { "x": centre(cx, rect.width, room.width), "y": centre(cy, rect.height, room.height) };
}

/// The picture pixel under (x, y), or null beside the picture. size: of the picture in pixels.
function pixel(rect, size, mirrored, x, y) {
    if (rect.width <= 0 || rect.height <= 0)
        return null;
    let px = Math.floor((x - rect.x) / rect.width * size.width);
    const py = Math.floor((y - rect.y) / rect.height * size.height);
    if (px < 0 || py < 0 || px >= size.width || py >= size.height)
        return null;
    if (mirrored)
        px = size.width - 1 - px;
    return { "x": px, "y": py };
}
