// What to say about a call: why it ended, what makes it worse, how a device is.
//
// In: the numbers of the backend. Out: words in the reader's language. Never: a number or a
// program's message in place of words.
import QtQml
import Okno.Backend

QtObject {
    /// Why a call ended.
    function ended(end: int): string {
        switch (end) {
        case CallEnd.HungUp:
            return qsTr("You hung up");
        case CallEnd.PeerHungUp:
            return qsTr("The other person hung up");
        case CallEnd.PeerLost:
            return qsTr("The other person's connection was lost");
        case CallEnd.PathLost:
            return qsTr("Your connection was lost");
        case CallEnd.NobodyCame:
            return qsTr("Nobody came");
        case CallEnd.WrongCode:
            return qsTr("The code was wrong");
        case CallEnd.NoSuchCall:
            return qsTr("Nobody waits under this code");
        case CallEnd.CodeUsed:
            return qsTr("This code was used already");
        case CallEnd.CallFull:
            return qsTr("There are two people in this call already");
        case CallEnd.PeerSilent:
            return qsTr("The other program does not answer");
        case CallEnd.TooMany:
            return qsTr("Too many tries");
        case CallEnd.RelayFull:
            return qsTr("The relay has no room");
        case CallEnd.Unreachable:
            return qsTr("The relay can't be reached");
        case CallEnd.RelayChanged:
            return qsTr("This is not the relay of the last time");
        case CallEnd.Version:
            return qsTr("The two programs don't understand each other");
        case CallEnd.Tampered:
            return qsTr("Somebody on the way changed the call");
        case CallEnd.Gone:
            return qsTr("The call was over already");
        default:
            return qsTr("The call could not go on");
        }
    }

    /// What to do about it; may be empty.
    function advice(end: int, relay: string): string {
        switch (end) {
        case CallEnd.PeerLost:
        case CallEnd.PathLost:
            return qsTr("It did not come back within a minute.");
        case CallEnd.NobodyCame:
            return qsTr("A code waits ten minutes. Start again for a new one.");
        case CallEnd.WrongCode:
            return qsTr("A code has one try, so this one is gone. The person who waits needs to start a new call.");
        case CallEnd.NoSuchCall:
            return qsTr("Look at the code again, or ask for a new one.");
        case CallEnd.CodeUsed:
        case CallEnd.CallFull:
            return qsTr("If it was not you, ask for a new code: somebody else has it.");
        case CallEnd.TooMany:
        case CallEnd.RelayFull:
            return qsTr("Try again in a minute.");
        case CallEnd.Unreachable:
            return qsTr("Is okno-relay running at %1?").arg(relay);
        case CallEnd.RelayChanged:
            return qsTr("Its key is another one. Either the relay was set up anew, or somebody stands between. Ask the person who runs %1.").arg(relay);
        case CallEnd.Version:
            return qsTr("One of them needs an update.");
        case CallEnd.Tampered:
            return qsTr("Nothing of it was shown or played.");
        default:
            return "";
        }
    }

    /// Ends that a person should stop at.
    function alarming(end: int): bool {
        return end === CallEnd.RelayChanged || end === CallEnd.Tampered || end === CallEnd.WrongCode;
    }

    /// Why the picture is worse than it could be; empty if it is not.
    function hint(hint: int, height: int): string {
        switch (hint) {
        case CallHint.Sending:
            return qsTr("Poor network: what you send does not get through fast enough. Your picture was lowered to %1 lines.").arg(height);
        case CallHint.Receiving:
            return qsTr("Poor network: what the other person sends does not get through.");
        case CallHint.Delay:
            return qsTr("The way to the other person is slow: wait a moment before you answer.");
        case CallHint.Tampering:
            return qsTr("Somebody on the way changes packets. They are thrown away.");
        case CallHint.Flooding:
            return qsTr("The other program sends far more than a call needs. What is too much is thrown away.");
        case CallHint.Codec:
            return qsTr("The other program sends pictures that this one can't show. One of the two needs an update.");
        default:
            return "";
        }
    }

    /// What is wrong with the camera; empty if nothing is.
    function camera(state: int): string {
        switch (state) {
        case DeviceState.Unknown:
            return qsTr("Trying the camera\u2026");
        case DeviceState.Absent:
            return qsTr("There is no camera. The call works without one.");
        case DeviceState.Busy:
            return qsTr("Another program uses the camera.");
        case DeviceState.Refused:
            return qsTr("The camera may not be used: access is refused.");
        case DeviceState.Lost:
            return qsTr("The camera is gone. Is it still plugged in?");
        case DeviceState.Off:
            return qsTr("Your camera is off");
        default:
            return "";
        }
    }
    function microphone(state: int): string {
        switch (state) {
        case DeviceState.Unknown:
            return qsTr("Trying the microphone\u2026");
        case DeviceState.Absent:
            return qsTr("There is no microphone. You can hear, but not speak.");
        case DeviceState.Busy:
            return qsTr("Another program uses the microphone.");
        case DeviceState.Refused:
            return qsTr("The microphone may not be used: access is refused.");
        case DeviceState.Lost:
            return qsTr("The microphone is gone. Is it still plugged in?");
        default:
            return "";
        }
    }
    function speaker(state: int): string {
        switch (state) {
        case DeviceState.Unknown:
            return qsTr("Trying the speaker\u2026");
        case DeviceState.Absent:
            return qsTr("There is no speaker. You can't hear the other person.");
        case DeviceState.Busy:
            return qsTr("Another program uses the speaker.");
        case DeviceState.Refused:
            return qsTr("The speaker may not be used: access is refused.");
        case DeviceState.Lost:
            return qsTr("The speaker is gone. Is it still plugged in?");
        default:
            return "";
        }
    }

    /// A time as people write it: 2:13.
    function clock(seconds: int): string {
        const two = n => String(n).padStart(2, "0");
        const hours = Math.floor(seconds / 3600);
        const minutes = Math.floor(seconds / 60) % 60;
        return (hours > 0 ? hours + ":" + two(minutes) : minutes) + ":" + two(seconds % 60);
    }
}
