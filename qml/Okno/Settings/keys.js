// Chosen keys and conflicts between them. Pure functions.
.pragma library

/// Reads the saved choice {action: [keys]}; anything unreadable is no choice.
function parse(text) {
    try {
        const map = JSON.parse(text);
        return map !== null && typeof map === "object" && !Array.isArray(map) ? map : {};
    } catch (error) {
        return {};
    }
}

/// The keys chosen for an action, or null.
function chosen(text, name) {
    const keys = parse(text)[name];
    return Array.isArray(keys) && keys.every(key => typeof key === "string") ? keys : null;
}

/// The saved choice with other keys for one action; null takes the shipped ones again.
function choose(text, name, keys) {
    const map = parse(text);
    if (keys === null)
        delete map[name];
    else
        map[name] = keys;
    return JSON.stringify(map);
}

/// The action other than `name` that has this key, or null. What is held during a call and what is
/// pressed beside it may have the same one, as they are shipped: a page listens for only one of both.
function holder(actions, name, key) {
    const wanted = key.toLowerCase();
    const held = Array.from(actions).some(action => action.name === name && action.held);
    for (const action of actions) {
        if (Boolean(action.held) === held && action.name !== name && action.keysInUse.some(other => other.toLowerCase() === wanted))
            return action;
    }
    return null;
}

const special = {
    0x01000001: "Tab", 0x01000004: "Return", 0x01000005: "Enter", 0x01000006: "Ins", 0x01000007: "Del",
    0x01000003: "Backspace", 0x01000010: "Home", 0x01000011: "End", 0x01000012: "Left", 0x01000013: "Up",
    0x01000014: "Right", 0x01000015: "Down", 0x01000016: "PgUp", 0x01000017: "PgDown", 0x20: "Space"
};

/// A pressed key in the words of QKeySequence ("Ctrl+Shift+K"), or "" for a lone modifier.
/// key, modifiers: Qt's numbers.
function sequence(key, modifiers) {
    let name = special[key] ?? "";
    if (key >= 0x01000030 && key <= 0x0100003b)
        name = "F" + (key - 0x0100002f);
    else if (name === "" && key > 0x20 && key < 0x7f)
        name = String.fromCharCode(key);
    if (name === "")
        return "";
    const letter = key >= 0x41 && key <= 0x5a || name.length > 1;
    return (modifiers & 0x04000000 ? "Ctrl+" : "") + (modifiers & 0x08000000 ? "Alt+" : "")
        // Shift is part of a sign such as "?" already.
        + (modifiers & 0x02000000 && letter ? "Shift+" : "") + name;
}
