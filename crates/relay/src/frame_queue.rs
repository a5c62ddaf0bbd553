//! Frames on their way to one receiver, piece by piece, never half a frame.
//!
//! In: pieces in the sender's order. Out: pieces in the same order, without the frames that the
//! receiver was too slow for. The first pieces of a frame go out while its last ones are still
//! on their way in. Once a piece of a frame is out, all of it goes out; a frame of which nothing
//! is out can be dropped whole. Never waits and never grows beyond its policy.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::limits::MAX_WAITING_FRAMES;

/// Which frames are dropped when the receiver is slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The newest frame wins: a key frame replaces all that wait. Frames that need those before
    /// them wait, `MAX_WAITING_FRAMES` at most; then all are dropped up to the next key frame.
    Newest,
    /// Up to this many frames wait; then the oldest goes. For sound, where each chunk counts.
    Oldest(usize),
}

/// One piece of a frame.
#[derive(Clone, Debug)]
pub struct Piece {
    /// It begins a frame.
    pub first: bool,
    /// It ends its frame.
    pub last: bool,
    /// Its frame needs none before it.
    pub key: bool,
    /// The bytes as they go out.
    pub bytes: Bytes,
}

#[derive(Debug, Default)]
struct Frame {
    pieces: VecDeque<Bytes>,
    /// A piece is out already.
    begun: bool,
    /// No more pieces will come.
    complete: bool,
}

/// See the module.
#[derive(Debug)]
pub struct FrameQueue {
    frames: VecDeque<Frame>,
    policy: Policy,
    key_needed: bool,
    /// Bytes of all pieces.
    bytes: usize,
}

impl FrameQueue {
    /// An empty queue.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { frames: VecDeque::new(), policy, key_needed: false, bytes: 0 }
    }

    /// Takes a piece in. Returns how many frames were dropped for it, itself included.
    pub fn push(&mut self, piece: Piece) -> u32 {
        let mut dropped = 0;
        if piece.first {
            dropped += self.end_open();
            let (more, admitted) = self.make_room(piece.key);
            dropped += more;
            if !admitted {
                return dropped;
            }
            self.frames.push_back(Frame::default());
        }
        // A piece of a frame that was dropped, or that began before this receiver came.
        let Some(frame) = self.frames.back_mut().filter(|f| !f.complete) else { return dropped };
        self.bytes += piece.bytes.len();
        frame.pieces.push_back(piece.bytes);
        frame.complete = piece.last;
        dropped
    }

    /// The sender began a new frame without ending the one before: of that nothing more comes.
    fn end_open(&mut self) -> u32 {
        match self.frames.back_mut() {
            Some(frame) if !frame.complete && frame.begun => {
                frame.complete = true;
                0
            }
            Some(frame) if !frame.complete => self.drop_newest(),
            _ => 0,
        }
    }

    /// Drops what the policy says. Whether the new frame may come in.
    fn make_room(&mut self, key: bool) -> (u32, bool) {
        match self.policy {
            Policy::Newest if key => {
                self.key_needed = false;
                (self.drop_waiting(0), true)
            }
            Policy::Newest if self.key_needed => (1, false),
            Policy::Newest if self.waiting() >= MAX_WAITING_FRAMES => {
                self.key_needed = true;
                (self.drop_waiting(0) + 1, false)
            }
            Policy::Newest => (0, true),
            Policy::Oldest(most) => (self.drop_waiting(most.saturating_sub(1)), true),
        }
    }

    /// Drops the oldest frames of which nothing is out until `keep` of them are left.
    fn drop_waiting(&mut self, keep: usize) -> u32 {
        let mut dropped = 0;
        while self.waiting() > keep {
            let oldest = usize::from(self.begun());
            if let Some(frame) = self.frames.remove(oldest) {
                self.bytes -= frame.pieces.iter().map(Bytes::len).sum::<usize>();
                dropped += 1;
            }
        }
        dropped
    }

    fn drop_newest(&mut self) -> u32 {
        self.frames.pop_back().map_or(0, |frame| {
            self.bytes -= frame.pieces.iter().map(Bytes::len).sum::<usize>();
            1
        })
    }

    fn begun(&self) -> bool {
        self.frames.front().is_some_and(|frame| frame.begun)
    }

    /// Frames of which nothing is out yet.
    fn waiting(&self) -> usize {
        self.frames.len() - usize::from(self.begun())
    }

    /// The next piece to send, if there is one.
    pub fn pop(&mut self) -> Option<Bytes> {
        loop {
            let frame = self.frames.front_mut()?;
            let piece = frame.pieces.pop_front();
            frame.begun |= piece.is_some();
            if frame.complete && frame.pieces.is_empty() {
                self.frames.pop_front();
            } else if piece.is_none() {
                return None;
            }
            if let Some(piece) = piece {
                self.bytes -= piece.len();
                return Some(piece);
            }
        }
    }

    /// Nothing more comes: a frame that is not complete and of which nothing is out is dropped.
    pub fn finish(&mut self) -> u32 {
        self.end_open()
    }

    /// Nothing is forwarded before the next key frame.
    #[must_use]
    pub fn key_needed(&self) -> bool {
        self.key_needed
    }

    /// Bytes that wait.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(frame: u8, at: u8, of: u8, key: bool) -> Piece {
        let bytes = Bytes::copy_from_slice(&[frame, at]);
        Piece { first: at == 0, last: at + 1 == of, key, bytes }
    }

    fn frame(queue: &mut FrameQueue, number: u8, key: bool) -> u32 {
        (0..3).map(|at| queue.push(piece(number, at, 3, key))).sum()
    }

    fn rest(queue: &mut FrameQueue) -> Vec<u8> {
        let frames = std::iter::from_fn(|| queue.pop()).map(|b| b[0]).collect();
        assert_eq!(queue.bytes(), 0);
        frames
    }

    #[test]
    fn pieces_go_out_before_the_frame_is_complete() {
        let mut queue = FrameQueue::new(Policy::Newest);
        queue.push(piece(1, 0, 2, true));
        assert_eq!(queue.pop().as_deref(), Some(&[1, 0][..]));
        assert_eq!(queue.pop(), None);
        queue.push(piece(1, 1, 2, true));
        assert_eq!(queue.pop().as_deref(), Some(&[1, 1][..]));
        assert_eq!(queue.pop(), None);
    }

    #[test]
    fn the_newest_frame_wins_and_what_has_begun_is_finished() {
        let mut queue = FrameQueue::new(Policy::Newest);
        frame(&mut queue, 1, true);
        queue.pop();
        assert_eq!((2..9).map(|n| frame(&mut queue, n, true)).sum::<u32>(), 6);
        assert_eq!(rest(&mut queue), [1, 1, 8, 8, 8]);
    }

    #[test]
    fn frames_that_build_on_each_other_are_dropped_up_to_the_next_key() {
        let mut queue = FrameQueue::new(Policy::Newest);
        frame(&mut queue, 1, true);
        queue.pop();
        assert_eq!(frame(&mut queue, 2, false) + frame(&mut queue, 3, false), 0);
        assert_eq!(frame(&mut queue, 4, false), 3);
        assert!(queue.key_needed());
        assert_eq!(frame(&mut queue, 5, false), 1);
        assert_eq!(rest(&mut queue), [1, 1]);
        assert_eq!(frame(&mut queue, 6, false), 1);
        assert_eq!(frame(&mut queue, 7, true), 0);
        assert_eq!(frame(&mut queue, 8, false), 0);
        assert_eq!(rest(&mut queue), [7, 7, 7, 8, 8, 8]);
    }

    #[test]
    fn of_sound_the_oldest_goes_first() {
        let mut queue = FrameQueue::new(Policy::Oldest(2));
        frame(&mut queue, 1, true);
        queue.pop();
        assert_eq!((2..6).map(|n| frame(&mut queue, n, true)).sum::<u32>(), 2);
        assert_eq!(rest(&mut queue), [1, 1, 4, 4, 4, 5, 5, 5]);
    }

    #[test]
    fn a_frame_that_its_sender_broke_off_holds_nothing_up() {
        let mut queue = FrameQueue::new(Policy::Newest);
        queue.push(piece(1, 0, 3, true));
        queue.pop();
        assert_eq!(frame(&mut queue, 2, true), 0);
        assert_eq!(rest(&mut queue), [2, 2, 2]);
        // Broken off before anything of it was out: as if it had never been.
        queue.push(piece(3, 0, 3, true));
        assert_eq!(frame(&mut queue, 4, true), 1);
        assert_eq!(rest(&mut queue), [4, 4, 4]);
    }

    #[test]
    fn the_end_of_a_frame_whose_beginning_was_missed_is_passed_over() {
        let mut queue = FrameQueue::new(Policy::Newest);
        queue.push(piece(1, 1, 3, true));
        queue.push(piece(1, 2, 3, true));
        assert_eq!(queue.pop(), None);
    }
}
