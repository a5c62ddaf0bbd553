// StreamState: the states of a stream, for QML. The numbers are those of Rust's
// okno_session::State, which a test compares.
#pragma once

#include <QtCore/QObject>
#include <QtQml/qqmlregistration.h>

namespace StreamState {
Q_NAMESPACE
QML_ELEMENT

enum State {
    Connecting = 0, // connected, no frame yet
    Live = 1,       // frames come
    Quiet = 2,      // a sender of single pictures, at rest
    Stalled = 3,    // frames that should come do not
    Gone = 4,       // the connection is gone
};
Q_ENUM_NS(State)

} // namespace StreamState
