//! What a stranger can make the relay hold or wait for, each bound with its reason.

use std::time::Duration;

/// How long a connection may take to say what it wants, encryption included.
pub const HELLO_TIME: Duration = Duration::from_secs(5);

/// How long a caller waits for the other one.
pub const WAIT_TIME: Duration = Duration::from_secs(600);

/// How long the place of a caller is kept whose path was lost.
pub const RESUME_TIME: Duration = Duration::from_secs(60);

/// How long a used number is refused. Afterwards nobody has its code in mind any more, and the
/// short numbers come back into use.
pub const BURNT_TIME: Duration = Duration::from_secs(3_600);

/// Highest number of a call: what can still be read out over a telephone.
pub const MAX_NUMBER: u32 = 999_999;

/// Most used numbers that are remembered; beyond it the oldest is free again early. 24 bytes each.
pub const MAX_BURNT: usize = 100_000;

/// Most calls at one time, waiting ones included. Empty calls cost about 2 KiB each.
pub const MAX_CALLS: usize = 10_000;

/// Most connections at one time, both protocols together.
pub const MAX_CONNECTIONS: usize = 20_000;

/// Most connections that have not said yet what they want. When one more comes, the one that has
/// been silent longest is closed: real callers speak at once.
pub const MAX_UNDECIDED: usize = 512;

/// Most connections from one address (IPv6: from one /64). An office behind one address fits.
pub const MAX_PER_ADDRESS: u32 = 64;

/// Most calls that wait for their second caller, opened from one address.
pub const MAX_WAITING_PER_ADDRESS: u32 = 8;

/// Tries (allocate, join, resume, classic code) that one address has at once ...
pub const ATTEMPTS_BURST: u32 = 60;

/// ... and how many it gets back a minute. Guessing one of 1,000 numbers takes half an hour.
pub const ATTEMPTS_PER_MINUTE: u32 = 30;

/// Addresses whose connections and tries are counted. Idle ones make room for new ones.
pub const MAX_ADDRESSES: usize = 50_000;

/// Largest payload of one record, in bytes. The 16-bit length could say 65,535; no sealed packet
/// and no message needs more than this, and a small one waits no longer than this behind a big.
pub const MAX_PAYLOAD: usize = 8 << 10;

/// Largest message from a caller (record of kind 0), in bytes.
pub const MAX_MESSAGE: usize = 512;

/// Longest `software` text that is logged, in bytes.
pub const MAX_SOFTWARE: usize = 64;

/// Largest audio packet, in bytes: 20 ms of stereo PCM would be 3,840.
pub const MAX_AUDIO: usize = 4 << 10;

/// Video streams of one caller: camera, screen, and two that nobody has thought of yet.
pub const MAX_STREAMS: u16 = 4;

/// Largest video frame, all its pieces together, in bytes.
pub const MAX_FRAME: usize = 4 << 20;

/// Whole frames of one stream that wait behind the one that is being sent. Only frames that
/// build on each other wait; a key frame replaces what is before it.
pub const MAX_WAITING_FRAMES: usize = 2;

/// Oldest audio that is still sent on. Older audio would only be thrown away by the receiver.
pub const AUDIO_AGE: Duration = Duration::from_millis(250);

/// Most audio packets that wait for one receiver: `AUDIO_AGE` in packets of 4 ms.
pub const MAX_AUDIO_PACKETS: usize = 64;

/// Sealed control packets that wait for one receiver, in bytes. A receiver that lets more than
/// this lie has lost its path: control packets are never dropped from the middle.
pub const MAX_CONTROL_BYTES: usize = 128 << 10;

/// Packets a second that one caller may send before its connection is read more slowly: 50 of
/// audio and 100 Mbit/s of video.
pub const PACKETS_PER_SECOND: u32 = 2_000;

/// Bytes a second that one caller may send before its connection is read more slowly.
pub const BYTES_PER_SECOND: u32 = 12_500_000;

/// Read at once from a connection, in bytes: two of the largest records.
pub const READ_BUFFER: usize = 2 * (MAX_PAYLOAD + crate::record::HEADER);

/// Bytes handed to the socket at once: audio waits behind no more than this and what the kernel
/// has not sent (`UNSENT`).
pub const WRITE_BATCH: usize = 8 << 10;

/// Bytes that the kernel keeps unsent for one connection (TCP_NOTSENT_LOWAT).
pub const UNSENT: u32 = 16 << 10;

/// A connection on which nothing came for this long is asked with a ping.
pub const PING_EVERY: Duration = Duration::from_secs(5);

/// Pings without any answer after which a path counts as lost.
pub const PINGS: u32 = 3;

/// A receiver that takes nothing for this long has lost its path. Looked at every `PING_EVERY`.
pub const WRITE_STALL: Duration = Duration::from_secs(15);

/// How long the last words to a caller may take.
pub const FAREWELL_TIME: Duration = Duration::from_secs(1);

/// How long the whole relay may take to stop.
pub const STOP_TIME: Duration = Duration::from_secs(3);

/// Shortest time between two reports of dropped video to its sender.
pub const DROP_REPORT_EVERY: Duration = Duration::from_millis(250);

/// Least and greatest length of a classic session code, in bytes: the original's own bounds.
pub const CLASSIC_CODE: std::ops::RangeInclusive<i32> = 1..=1_024;

/// Bytes of one classic audio chunk: 1,024 samples of 16 bits.
pub const CLASSIC_CHUNK: usize = 2_048;

/// Classic audio chunks that wait for a receiver: 250 ms at 44.1 kHz are 10.8 of them.
pub const CLASSIC_CHUNKS: usize = 10;

/// Classic callers that wait for their partner on one port.
pub const CLASSIC_WAITING: usize = 2_048;
