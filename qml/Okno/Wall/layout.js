// Where the tiles of the wall go. Pure arithmetic: numbers in, rectangles out.
.pragma library

/// The size of the largest picture of this aspect (width / height) in a cell.
function fit(width, height, aspect) {
    const w = Math.min(width, height * aspect);
    return { "width": w, "height": w / aspect };
}

/// The middle one of some aspects; wide if there are none.
function medianAspect(aspects) {
    const known = aspects.filter(a => a > 0 && isFinite(a)).sort((a, b) => a - b);
    return known.length === 0 ? 16 / 9 : known[Math.floor((known.length - 1) / 2)];
}

/// Tiles of one size for `count` pictures, for a given number of columns.
function forColumns(width, height, gap, count, aspect, columns) {
    const rows = Math.ceil(count / columns);
    return {
        "columns": columns,
        "rows": rows,
        "tile": fit(Math.max(0, (width - gap * (columns - 1)) / columns),
                    Math.max(0, (height - gap * (rows - 1)) / rows), aspect)
    };
}

/// The number of columns that makes the tiles largest.
function best(width, height, gap, count, aspect) {
    let found = forColumns(width, height, gap, count, aspect, 1);
    for (let columns = 2; columns <= count; ++columns) {
        const next = forColumns(width, height, gap, count, aspect, columns);
        if (next.tile.width > found.tile.width)
            found = next;
    }
    return found;
}

/// All tiles of a wall.
///
/// width, height: the room. gap: between tiles, and around them if there are several.
/// aspects: one per stream (width / height; 0 if not known yet). columns: 0 lets the wall choose.
/// minimum: narrowest tile; below it the wall grows downwards and scrolls.
/// One tile gets the whole room: its picture is fitted by the video item, to the pixel.
/// Returns {columns, rows, contentHeight, cells: [{x, y, width, height}]}, whole pixels.
function wall(width, height, gap, aspects, columns, minimum) {
    const count = aspects.length;
    if (count === 0 || width <= 0 || height <= 0)
        return { "columns": 0, "rows": 0, "contentHeight": Math.max(0, height), "cells": [] };
    if (count === 1)
        return { "columns": 1, "rows": 1, "contentHeight": height,
            "cells": [{ "x": 0, "y": 0, "width": width, "height": height }] };

    const aspect = medianAspect(aspects);
    const roomX = width - 2 * gap;
    const roomY = height - 2 * gap;
    let grid = columns > 0 ? forColumns(roomX, roomY, gap, count, aspect, Math.min(columns, count))
        : best(roomX, roomY, gap, count, aspect);
    let scrolls = false;
    if (grid.tile.width < minimum) {
        const most = Math.max(1, Math.floor((roomX + gap) / (minimum + gap)));
        const across = Math.min(columns > 0 ? Math.min(columns, most) : most, count);
        const tileWidth = (roomX - gap * (across - 1)) / across;
        grid = { "columns": across, "rows": Math.ceil(count / across),
            "tile": { "width": tileWidth, "height": tileWidth / aspect } };
        scrolls = true;
    }

    const w = Math.max(1, Math.floor(grid.tile.width));
    const h = Math.max(1, Math.floor(grid.tile.height));
    const blockHeight = grid.rows * h + (grid.rows - 1) * gap;
    const contentHeight = scrolls ? Math.max(height, blockHeight + 2 * gap) : height;
    const top = Math.floor((contentHeight - blockHeight) / 2);
    const cells = [];
    for (let i = 0; i < count; ++i) {
        const row = Math.floor(i / grid.columns);
        // The last row is centred as well, so that it doesn't look like something is missing.
        const inRow = Math.min(grid.columns, count - row * grid.columns);
        const left = Math.floor((width - (inRow * w + (inRow - 1) * gap)) / 2);
        cells.push({ "x": left + (i % grid.columns) * (w + gap), "y": top + row * (h + gap),
            "width": w, "height": h });
    }
    return { "columns": grid.columns, "rows": grid.rows, "contentHeight": contentHeight, "cells": cells };
}

/// The index one step from `index` in a direction ("left", "right", "up", "down").
function neighbour(index, count, columns, direction) {
    if (count === 0)
        return -1;
    if (index < 0)
        return 0;
    const step = { "left": -1, "right": 1, "up": -columns, "down": columns }[direction] ?? 0;
    const next = index + step;
    return next >= 0 && next < count ? next : index;
}
