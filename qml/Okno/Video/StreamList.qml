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
}
