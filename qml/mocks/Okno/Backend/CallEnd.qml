// Stand-in for the backend's enum of the reasons for which a call ends.
import QtQml

QtObject {
    enum Value {
        NotEnded,
        HungUp,
        PeerHungUp,
        PeerLost,
        PathLost,
        NobodyCame,
        WrongCode,
        NoSuchCall,
        CallFull,
        CodeUsed,
        PeerSilent,
        Tampered,
        Unreachable,
        RelayChanged,
        TooMany,
        RelayFull,
        Version,
        Failed,
        Gone
    }
}
