// What a call, its devices and its end are like, for QML. The numbers are those of
// src/calling/view.rs.
#pragma once

#include <QtCore/QObject>
#include <QtQml/qqmlregistration.h>

namespace CallState {
Q_NAMESPACE
QML_ELEMENT

enum State {
    Home = 0,         // there is none
    Preparing = 1,    // camera and microphone are tried
    Connecting = 2,   // on the way to the relay
    Waiting = 3,      // the code wants to be passed on
    Agreeing = 4,     // keys are made from the code
    Active = 5,       // they see and hear each other
    Reconnecting = 6, // a path is lost and is being resumed
    Ended = 7,        // it is over
};
Q_ENUM_NS(State)

} // namespace CallState

namespace CallEnd {
Q_NAMESPACE
QML_ELEMENT

enum Reason {
    NotEnded = 0,
    HungUp = 1,
    PeerHungUp = 2,
    PeerLost = 3,      // the other's path did not come back
    PathLost = 4,      // ours did not
    NobodyCame = 5,
    WrongCode = 6,
    NoSuchCall = 7,
    CallFull = 8,
    CodeUsed = 9,
    PeerSilent = 10,   // the other program does not answer
    Tampered = 11,
    Unreachable = 12,
    RelayChanged = 13, // the relay has another key than before
    TooMany = 14,
    RelayFull = 15,
    Version = 16,
    Failed = 17,       // something broke the protocol
    Gone = 18,         // the call was over when we came back
};
Q_ENUM_NS(Reason)

} // namespace CallEnd

namespace CallHint {
Q_NAMESPACE
QML_ELEMENT

enum Cause {
    Good = 0,
    Sending = 1,   // what we send does not get through fast enough
    Receiving = 2, // what the other one sends does not
    Delay = 3,     // the way there and back takes long
    Tampering = 4, // somebody changes or repeats packets
    Flooding = 5,  // the other program sends far more than a call needs
    Codec = 6,     // it sends pictures of a kind that this one can't show
};
Q_ENUM_NS(Cause)

} // namespace CallHint

namespace CallTrust {
Q_NAMESPACE
QML_ELEMENT

enum Trust {
    Unverified = 0,
    Same = 1,
    Different = 2,
};
Q_ENUM_NS(Trust)

} // namespace CallTrust

namespace DeviceState {
Q_NAMESPACE
QML_ELEMENT

enum State {
    Unknown = 0, // not tried, or being tried
    Working = 1,
    Absent = 2,
    Busy = 3,    // another program has it
    Refused = 4, // the system does not let us
    Lost = 5,    // it was there and went away
    Off = 6,     // it is turned off here
};
Q_ENUM_NS(State)

} // namespace DeviceState

namespace EchoTest {
Q_NAMESPACE
QML_ELEMENT

enum Step {
    Idle = 0,
    Recording = 1,
    Playing = 2,
};
Q_ENUM_NS(Step)

} // namespace EchoTest
