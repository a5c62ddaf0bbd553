// CatalogState: how the product catalogue is, for QML. The numbers are those that
// src/bridge/catalog.rs gives.
#pragma once

#include <QtCore/QObject>
#include <QtQml/qqmlregistration.h>

namespace CatalogState {
Q_NAMESPACE
QML_ELEMENT

enum State {
    Idle = 0,       // nobody has asked for it yet
    Connecting = 1, // the first attempt is under way
    Absent = 2,     // it has never answered; attempts go on
    Ready = 3,      // in step
    Slow = 4,       // in step, but it takes long to answer
    Lost = 5,       // it was in step and is gone; attempts go on
    Back = 6,       // in step again; becomes Ready after some seconds
};
Q_ENUM_NS(State)

} // namespace CatalogState
