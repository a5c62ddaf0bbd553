// Stand-in for the backend's enum of a call's states.
import QtQml

QtObject {
    enum Value {
        Home,
        Preparing,
        Connecting,
        Waiting,
        Agreeing,
        Active,
        Reconnecting,
        Ended
    }
}
