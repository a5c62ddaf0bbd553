// The order of the wall, remembered by the streams' names.
//
// In: the streams as they are, and the order that was kept. Out: a stream that comes is moved to
// its place; an order that a person made is kept. Never: more names than `most`.
import QtQml
import Okno.Backend
import Okno.Settings
import Okno.Video
import "../Wall/order.js" as Order

QtObject {
    id: wallOrder

    required property StreamList streams
    required property Preferences prefs

    readonly property int most: 200

    /// Keeps the order that the streams have now.
    function remember() {
        prefs.order = JSON.stringify(Order.remember(Order.parse(prefs.order), names(), most));
    }

    /// Sorts the streams by their names, and keeps that order.
    function sortByName() {
        const sorted = names().sort((a, b) => a.localeCompare(b));
        for (let to = 0; to < sorted.length; ++to)
            StreamModel.move(names().indexOf(sorted[to], to), to);
        remember();
    }

    /// A stream has come and is in its place.
    signal arrived(int streamId, string name)

    /// Streams that have come and don't have their places yet.
    property var waiting: []
    property Connections arrivals: Connections {
        target: wallOrder.streams

        // Not at once: the list is still being brought up to date.
        function onObjectAdded(index: int, object: QtObject) {
            wallOrder.waiting.push((object as StreamInfo).streamId);
            wallOrder.soon.start();
        }
    }
    property Timer soon: Timer {
        interval: 0
        onTriggered: wallOrder.placeArrived()
    }

    function placeArrived() {
        for (const streamId of waiting.splice(0)) {
            place(streamId);
            wallOrder.arrived(streamId, streams.byId(streamId)?.name ?? "");
        }
    }

    /// Moves a stream that has come to where it was.
    function place(streamId: int) {
        const from = StreamModel.row(streamId);
        if (from < 0)
            return;
        const known = Order.parse(prefs.order);
        const present = names();
        const name = present.splice(from, 1)[0];
        // A stranger stays where it came, at the end.
        const to = known.includes(name) ? Order.place(known, present, name) : from;
        if (to !== from)
            StreamModel.move(from, to);
    }

    function names(): var {
        return Array.from({"length": streams.count}, (_, i) => streams.at(i)?.name ?? "");
    }
}
