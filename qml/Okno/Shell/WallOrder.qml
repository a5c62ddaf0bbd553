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

    /// Moves a stream that has come to where it was.
    function place(streamId: int) {
        const from = StreamModel.row(streamId);
        if (from < 0)
            return;
        const present = names();
        const name = present.splice(from, 1)[0];
        const to = Order.place(Order.parse(prefs.order), present, name);
        if (to !== from)
            StreamModel.move(from, to);
    }

    function names(): var {
        return Array.from({"length": streams.count}, (_, i) => streams.at(i)?.name ?? "");
    }
}
