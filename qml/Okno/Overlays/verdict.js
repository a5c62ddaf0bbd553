// One line that says what limits the picture, from two samples of the statistics.
.pragma library

/// Shares and times from which something is worth a word.
const droppedShare = 0.05;
const slowMilliseconds = 250;
const busyShare = 0.9;

function byId(sample, id) {
    return (sample?.streams ?? []).find(stream => stream.id === id);
}

/// now, before: App.statistics at two moments, `seconds` apart; cores: of this machine, 0 if unknown.
/// Returns {kind, name, value}: kind is "none", "stalled", "invalid", "drops", "latency", "cpu" or "fine".
/// The worst comes first; value is a share (0..1), milliseconds, or a number of streams.
function judge(now, before, seconds) {
    const streams = now?.streams ?? [];
    if (streams.length === 0)
        return { "kind": "none", "name": "", "value": 0 };

    const stalled = streams.find(stream => stream.state === "stalled");
    if (stalled)
        return { "kind": "stalled", "name": stalled.name, "value": 0 };

    let worst = null;
    for (const stream of streams) {
        const past = byId(before, stream.id);
        if (!past)
            continue;
        if (stream.invalid > past.invalid)
            return { "kind": "invalid", "name": stream.name, "value": stream.invalid - past.invalid };
        const received = stream.received - past.received;
        const dropped = stream.dropped - past.dropped;
        // A stream of which nothing is decoded is out of sight; its drops are on purpose.
        if (received > 0 && stream.decoded > past.decoded && dropped / received > droppedShare
                && (worst === null || dropped / received > worst.value))
            worst = { "kind": "drops", "name": stream.name, "value": dropped / received };
    }
    if (worst)
        return worst;

    const cpu = before && seconds > 0 ? (now.cpu_seconds - before.cpu_seconds) / seconds : 0;
    const late = streams.filter(stream => stream.latency_ms && stream.latency_ms.p95 > slowMilliseconds)
        .sort((a, b) => b.latency_ms.p95 - a.latency_ms.p95)[0];
    if (late)
        return { "kind": cpu > busyShare ? "cpu" : "latency", "name": late.name, "value": late.latency_ms.p95 };
    return { "kind": "fine", "name": "", "value": streams.filter(stream => stream.state === "live").length };
}
