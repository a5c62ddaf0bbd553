// The remembered order of streams, by their names. Pure functions on lists of names.
.pragma library

/// Reads a remembered order; anything unreadable is an empty one.
function parse(text) {
    try {
        const list = JSON.parse(text);
        return Array.isArray(list) ? list.filter(name => typeof name === "string") : [];
    } catch (error) {
        return [];
    }
}

/// Where a stream belongs among those that are there already: behind all that come before it in
/// the remembered order; at the end if it isn't known.
function place(order, present, name) {
    const rank = order.indexOf(name);
    if (rank < 0)
        return present.length;
    for (let i = 0; i < present.length; ++i) {
        const other = order.indexOf(present[i]);
        if (other < 0 || other > rank)
            return i;
    }
    return present.length;
}

/// The order after the streams that are there were arranged anew. Names that are away keep
/// their places between them. Never longer than `most` names.
function remember(order, present, most) {
    const unique = present.filter((name, i) => present.indexOf(name) === i);
    const queue = unique.slice();
    const result = order.map(name => unique.includes(name) ? queue.shift() : name).concat(queue);
    return result.slice(-most);
}
