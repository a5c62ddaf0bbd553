//! What waits for one connection of the call protocol, in the order in which it matters.
//!
//! In: messages, sealed packets. Out: bytes for the socket: messages, then audio, then control,
//! then video. Never waits: what a slow receiver leaves lying is dropped by the rules of its
//! kind and counted. Used by the relay towards a caller and by the client towards the relay.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use tokio::sync::Notify;

use crate::frame_queue::{FrameQueue, Piece, Policy};
use crate::limits::{AUDIO_AGE, MAX_AUDIO_PACKETS, MAX_CONTROL_BYTES, MAX_STREAMS, WRITE_BATCH};
use crate::record::{FIRST, KEY, Kind, LAST, Record};

/// Messages of the relay itself that may wait: more than it ever says at once.
const MAX_MESSAGES: usize = 32;

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// It waits its turn; this many audio packets or video frames were dropped, perhaps itself.
    Taken {
        /// Audio packets that were too old or too many.
        audio: u32,
        /// Video frames that newer ones replaced.
        video: u32,
        /// Nothing of this stream goes out before a key frame.
        key_needed: bool,
    },
    /// The receiver leaves too much lying that can't be dropped; its path is lost.
    Overflow,
    /// The connection is ending.
    Closed,
}

impl Push {
    /// Taken, nothing dropped.
    pub const QUEUED: Self = Self::Taken { audio: 0, video: 0, key_needed: false };
}

/// What [`Outbox::fill`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Bytes to write; nothing else waits now.
    Data,
    /// Bytes to write, and perhaps more behind them.
    More,
    /// Nothing to write now.
    Empty,
    /// Bytes to write, and then the connection ends.
    Last,
}

#[derive(Debug)]
struct State {
    messages: VecDeque<Bytes>,
    audio: VecDeque<(Instant, Bytes)>,
    control: VecDeque<Bytes>,
    control_bytes: usize,
    video: [FrameQueue; MAX_STREAMS as usize],
    /// Stream whose turn it is.
    turn: usize,
    /// The last word; nothing is taken after it.
    last: Option<Bytes>,
    late_audio: u32,
}

/// See the module.
#[derive(Debug)]
pub struct Outbox {
    state: Mutex<State>,
    wake: Notify,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                messages: VecDeque::new(),
                audio: VecDeque::new(),
                control: VecDeque::new(),
                control_bytes: 0,
                video: std::array::from_fn(|_| FrameQueue::new(Policy::Newest)),
                turn: 0,
                last: None,
                late_audio: 0,
            }),
            wake: Notify::new(),
        }
    }
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a message of the relay or of the client.
    pub fn message(&self, bytes: Bytes) -> Push {
        let mut state = self.lock();
        if state.last.is_some() {
            return Push::Closed;
        }
        if state.messages.len() >= MAX_MESSAGES {
            return Push::Overflow;
        }
        state.messages.push_back(bytes);
        drop(state);
        self.wake.notify_one();
        Push::QUEUED
    }

    /// Queues a packet of the other caller. `now`: when it arrived.
    pub fn packet(&self, record: Record, now: Instant) -> Push {
        let mut state = self.lock();
        if state.last.is_some() {
            return Push::Closed;
        }
        let pushed = state.take(record, now);
        drop(state);
        self.wake.notify_one();
        pushed
    }

    /// Ends the connection: this is written after the messages that wait, and nothing else.
    /// The first one counts.
    pub fn end(&self, last: Bytes) {
        let mut state = self.lock();
        if state.last.is_none() {
            state.last = Some(last);
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Appends what goes next, about [`WRITE_BATCH`] bytes at most.
    pub fn fill(&self, now: Instant, batch: &mut Vec<Bytes>) -> Fill {
        let mut state = self.lock();
        batch.extend(state.messages.drain(..));
        if let Some(last) = &state.last {
            batch.push(last.clone());
            return Fill::Last;
        }
        let mut size: usize = batch.iter().map(Bytes::len).sum();
        while size < WRITE_BATCH {
            let Some(bytes) = state.next(now) else { break };
            size += bytes.len();
            batch.push(bytes);
        }
        match size {
            0 => Fill::Empty,
            WRITE_BATCH.. => Fill::More,
            _ => Fill::Data,
        }
    }

    /// Waits until there may be something new.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }

    /// Audio packets that grew too old in here since the last call.
    pub fn take_late_audio(&self) -> u32 {
        std::mem::take(&mut self.lock().late_audio)
    }

    /// Bytes that wait.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let state = self.lock();
        let audio: usize = state.audio.iter().map(|(_, bytes)| bytes.len()).sum();
        let video: usize = state.video.iter().map(FrameQueue::bytes).sum();
        audio + video + state.control_bytes
    }
}

impl State {
    fn take(&mut self, record: Record, now: Instant) -> Push {
        let Record { header, bytes } = record;
        match header.kind {
            Kind::Message => Push::QUEUED,
            Kind::Audio => {
                let audio = self.drop_old_audio(now, MAX_AUDIO_PACKETS - 1);
                self.audio.push_back((now, bytes));
                Push::Taken { audio, video: 0, key_needed: false }
            }
            Kind::Control if self.control_bytes + bytes.len() > MAX_CONTROL_BYTES => Push::Overflow,
            Kind::Control => {
                self.control_bytes += bytes.len();
                self.control.push_back(bytes);
                Push::QUEUED
            }
            Kind::Video => {
                // The header was checked; a stream that is not there is nobody's.
                let Some(queue) = self.video.get_mut(usize::from(header.stream)) else {
                    return Push::QUEUED;
                };
                let (first, last) = (header.has(FIRST), header.has(LAST));
                let video = queue.push(Piece { first, last, key: header.has(KEY), bytes });
                Push::Taken { audio: 0, video, key_needed: queue.key_needed() }
            }
        }
    }

    fn drop_old_audio(&mut self, now: Instant, keep: usize) -> u32 {
        let mut dropped = 0;
        while let Some((came, _)) = self.audio.front() {
            if self.audio.len() <= keep && now.saturating_duration_since(*came) <= AUDIO_AGE {
                break;
            }
            self.audio.pop_front();
            dropped += 1;
        }
        dropped
    }

    fn next(&mut self, now: Instant) -> Option<Bytes> {
        self.late_audio += self.drop_old_audio(now, MAX_AUDIO_PACKETS);
        if let Some((_, bytes)) = self.audio.pop_front() {
            return Some(bytes);
        }
        if let Some(bytes) = self.control.pop_front() {
            self.control_bytes -= bytes.len();
            return Some(bytes);
        }
        // A piece of each stream in turn.
        let streams = self.video.len();
        (0..streams).find_map(|step| {
            let stream = (self.turn + step) % streams;
            let piece = self.video.get_mut(stream)?.pop()?;
            self.turn = (stream + 1) % streams;
            Some(piece)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn record(kind: Kind, flags: u8, stream: u16, tag: u8, size: usize) -> Record {
        Record::new(kind, flags, stream, u32::from(tag), &vec![tag; size]).expect("in the limits")
    }

    fn video(stream: u16, tag: u8) -> Record {
        record(Kind::Video, KEY | FIRST | LAST, stream, tag, 100)
    }

    /// The tags of what comes out, in order.
    fn drain(outbox: &Outbox, now: Instant) -> Vec<u8> {
        let mut tags = Vec::new();
        loop {
            let mut batch = Vec::new();
            if outbox.fill(now, &mut batch) == Fill::Empty {
                return tags;
            }
            let (batch, mut at) = (batch.concat(), 0);
            while at < batch.len() {
                let length = usize::from(u16::from_be_bytes([batch[at + 4], batch[at + 5]]));
                tags.push(batch[at + 10]);
                at += 10 + length;
            }
        }
    }

    #[test]
    fn audio_before_control_before_video_and_streams_in_turn() {
        let (outbox, now) = (Outbox::default(), Instant::now());
        for record in [video(0, 1), video(1, 2), record(Kind::Control, 0, 0, 3, 50)] {
            assert_eq!(outbox.packet(record, now), Push::QUEUED);
        }
        for tag in [4, 5] {
            outbox.packet(record(Kind::Audio, 0, 0, tag, 80), now);
        }
        assert_eq!(outbox.bytes(), 2 * 110 + 60 + 2 * 90);
        assert_eq!(drain(&outbox, now), [4, 5, 3, 1, 2]);
        assert_eq!(outbox.bytes(), 0);
    }

    #[test]
    fn old_audio_is_dropped_oldest_first_and_counted() {
        let (outbox, start) = (Outbox::default(), Instant::now());
        for tag in 0..20u8 {
            let when = start + Duration::from_millis(20) * u32::from(tag);
            outbox.packet(record(Kind::Audio, 0, 0, tag, 80), when);
        }
        let now = start + Duration::from_millis(380);
        assert_eq!(drain(&outbox, now), (7..20).collect::<Vec<_>>());
        assert_eq!(outbox.bytes(), 0);
    }

    #[test]
    fn an_audio_burst_is_bounded_by_number() {
        let (outbox, now) = (Outbox::default(), Instant::now());
        let dropped: u32 = (0..200u8)
            .map(|tag| match outbox.packet(record(Kind::Audio, 0, 0, tag, 4096), now) {
                Push::Taken { audio, .. } => audio,
                other => panic!("{other:?}"),
            })
            .sum();
        assert_eq!(dropped as usize, 200 - MAX_AUDIO_PACKETS);
        assert_eq!(drain(&outbox, now).len(), MAX_AUDIO_PACKETS);
    }

    #[test]
    fn control_is_never_dropped_but_bounded() {
        let (outbox, now) = (Outbox::default(), Instant::now());
        let packet = record(Kind::Control, 0, 0, 9, 1000);
        let taken =
            (0..1000).take_while(|_| outbox.packet(packet.clone(), now) == Push::QUEUED).count();
        assert_eq!(taken, MAX_CONTROL_BYTES / 1010);
        assert_eq!(outbox.packet(packet, now), Push::Overflow);
        assert_eq!(drain(&outbox, now).len(), taken);
    }

    #[test]
    fn after_the_last_word_nothing_is_taken() {
        let (outbox, now) = (Outbox::default(), Instant::now());
        outbox.packet(video(0, 1), now);
        outbox.message(Bytes::from_static(b"joined"));
        outbox.end(Bytes::from_static(b"ended"));
        outbox.end(Bytes::from_static(b"again"));
        assert_eq!(outbox.packet(video(0, 1), now), Push::Closed);
        let mut batch = Vec::new();
        assert_eq!(outbox.fill(now, &mut batch), Fill::Last);
        assert_eq!(batch.concat(), b"joinedended");
    }
}
