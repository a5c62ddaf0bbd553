//! How many frames may be under way to the viewer.
//!
//! In: frames sent, feedback, whether the socket takes more, and the time as an argument. Out:
//! how many frames may be begun. Never touches a socket.
//!
//! Towards a viewer that grants credits: `frames sent - frames received < window`. Towards one
//! that doesn't, and besides: nothing is begun while the socket takes no more, so that what
//! waits is a frame that can still be replaced by a newer one.

use std::time::{Duration, Instant};

/// The window before the viewer's first feedback: one frame under way, one being made.
const FIRST_WINDOW: u64 = 2;

/// How long to wait for the first feedback once the first window is used up. Then the viewer is
/// taken for one that grants nothing, like the original programs; if it does later, that counts.
pub const FIRST_FEEDBACK: Duration = Duration::from_millis(200);

/// Largest window that is believed. The viewer's own rule, ceil(round trip / interval) + 1,
/// stays far below.
const MAX_WINDOW: u64 = 256;

/// The state of one connection's flow.
#[derive(Clone, Debug)]
pub struct Flow {
    credits: Credits,
    workers: u64,
    sent: u64,
    received: u64,
    used_up_since: Option<Instant>,
    /// Frames beyond the viewer's window.
    more: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Credits {
    /// The format knows none, or the viewer never spoke.
    None,
    /// No feedback yet.
    Expected,
    /// The viewer's window.
    Granted(u64),
}

/// A viewer that says it received what was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Impossible;

impl Flow {
    /// The flow of a new connection. `grants` says whether the format has credits; `workers` is
    /// how many frames can be made at the same time.
    #[must_use]
    pub const fn new(grants: bool, workers: u64) -> Self {
        let credits = if grants { Credits::Expected } else { Credits::None };
        Self { credits, workers, sent: 0, received: 0, used_up_since: None, more: 0 }
    }

    /// Whether one more frame may be under way than the viewer grants, since none waits in a queue.
    /// Its window follows the rate at which frames come: once some were dropped it is too small to
    /// have all of them come again. And lost packets hold frames up for another round trip, of
    /// which it does not know.
    pub const fn stretch(&mut self, more: bool) {
        self.more = more as u64;
    }

    /// A frame was handed to the socket completely.
    pub const fn note_sent(&mut self) {
        self.sent += 1;
    }

    /// The viewer's feedback.
    ///
    /// # Errors
    /// When it can't be true.
    pub fn note_feedback(&mut self, received: u64, window: u32) -> Result<(), Impossible> {
        if received > self.sent {
            return Err(Impossible);
        }
        self.received = self.received.max(received);
        self.credits = Credits::Granted(u64::from(window).clamp(1, MAX_WINDOW));
        Ok(())
    }

    /// How many frames may be under way on this side, the one that is being written included.
    /// `ready`: the last frame is written completely and the socket takes more.
    pub fn room(&mut self, ready: bool, now: Instant) -> u64 {
        if self.credits == Credits::Expected && self.sent >= FIRST_WINDOW {
            let since = *self.used_up_since.get_or_insert(now);
            if now.duration_since(since) >= FIRST_FEEDBACK {
                self.credits = Credits::None;
            }
        }
        let window = match self.credits {
            Credits::None => u64::MAX,
            Credits::Expected => FIRST_WINDOW,
            Credits::Granted(window) => window + self.more,
        };
        let under_way = match self.credits {
            Credits::None => 0,
            _ => self.sent - self.received,
        };
        let room = window.saturating_sub(under_way).min(self.workers);
        if ready { room } else { 0 }
    }

    /// When to ask again although nothing happened.
    #[must_use]
    pub fn look_again(&self) -> Option<Instant> {
        self.used_up_since.filter(|_| self.credits == Credits::Expected).map(|s| s + FIRST_FEEDBACK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_bound_what_is_under_way() {
        let now = Instant::now();
        let mut flow = Flow::new(true, 2);
        assert_eq!(flow.room(true, now), 2);
        flow.note_sent();
        assert_eq!(flow.room(true, now), 1);
        flow.note_sent();
        assert_eq!(flow.room(true, now), 0);
        flow.note_feedback(1, 2).expect("possible");
        assert_eq!(flow.room(true, now), 1);
        assert_eq!(flow.room(false, now), 0, "the socket takes no more");
        flow.note_feedback(2, 5).expect("possible");
        assert_eq!(flow.room(true, now), 2, "no more than can be made at a time");
        flow.note_feedback(2, 0).expect("possible");
        assert_eq!(flow.room(true, now), 1, "a window is at least one");
    }

    #[test]
    fn a_way_without_a_queue_holds_one_more_of_what_is_granted() {
        let now = Instant::now();
        let mut flow = Flow::new(true, 8);
        flow.note_feedback(0, 3).expect("possible");
        flow.stretch(true);
        assert_eq!(flow.room(true, now), 4);
        assert_eq!(flow.room(false, now), 0, "the socket takes no more");
        flow.stretch(false);
        assert_eq!(flow.room(true, now), 3);
    }

    #[test]
    fn a_smaller_window_than_what_is_under_way_stops_the_flow() {
        let now = Instant::now();
        let mut flow = Flow::new(true, 8);
        flow.note_feedback(0, 6).expect("possible");
        for _ in 0..6 {
            flow.note_sent();
        }
        flow.note_feedback(1, 2).expect("possible");
        assert_eq!(flow.room(true, now), 0);
        flow.note_feedback(5, 2).expect("possible");
        assert_eq!(flow.room(true, now), 1);
    }

    #[test]
    fn a_viewer_that_never_speaks_is_served_after_a_moment() {
        let now = Instant::now();
        let mut flow = Flow::new(true, 2);
        flow.note_sent();
        flow.note_sent();
        assert_eq!(flow.room(true, now), 0);
        assert_eq!(flow.look_again(), Some(now + FIRST_FEEDBACK));
        let later = now + FIRST_FEEDBACK;
        assert_eq!(flow.room(true, later), 2);
        assert_eq!(flow.look_again(), None);
        flow.note_feedback(2, 1).expect("possible");
        assert_eq!(flow.room(true, later), 1, "it does speak");
    }

    #[test]
    fn the_impossible_is_refused() {
        let mut flow = Flow::new(true, 2);
        assert_eq!(flow.note_feedback(2, 2), Err(Impossible));
        assert_eq!(flow.note_feedback(u64::MAX, 2), Err(Impossible));
    }
}
