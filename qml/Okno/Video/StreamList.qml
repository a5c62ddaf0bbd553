// All streams as objects, in the order of StreamModel, for pages that show one of them.
pragma ComponentBehavior: Bound
import QtQml
import Okno.Backend

Instantiator {
    id: list

    /// Changes whenever a stream came, went or moved.
    property int revision: 0

    model: StreamModel
    delegate: StreamInfo {}
    // Objects that move are neither added nor removed.
    property Connections moves: Connections {
        target: StreamModel

        function onRowsMoved() {
            list.revision += 1;
        }
    }
    onObjectAdded: revision += 1
    onObjectRemoved: revision += 1

    function at(index: int): StreamInfo {
        return index >= 0 && index < count ? objectAt(index) as StreamInfo : null;
    }

    function byId(streamId: int): StreamInfo {
        for (let i = 0; i < count; ++i) {
            const info = at(i);
            if (info?.streamId === streamId)
                return info;
        }
        return null;
    }

    /// How many streams are how, in words; `paused` says that the wall is frozen.
    function summary(paused: bool): string {
        let live = 0;
        let stalled = 0;
        let gone = 0;
        for (let i = 0; i < count; ++i) {
            const state = at(i)?.state;
            live += state === StreamState.Live || state === StreamState.Quiet ? 1 : 0;
            stalled += state === StreamState.Stalled ? 1 : 0;
            gone += state === StreamState.Gone ? 1 : 0;
        }
        let words = paused ? qsTr("%n paused", "", live) : qsTr("%n live", "", live);
        if (stalled > 0)
            words += " \u00b7 " + qsTr("%n stalled", "", stalled);
        if (gone > 0)
            words += " \u00b7 " + qsTr("%n offline", "", gone);
        return words;
    }
}
