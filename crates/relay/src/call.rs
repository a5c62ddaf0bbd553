//! One call: two seats, each empty, taken, or kept for a caller whose path was lost.
//!
//! In: packets from one seat, callers that come and go. Out: the packets in the other seat's
//! outbox, and word of what became of the other. Time is an argument. Never looks into a packet.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::gate::WaitingPass;
use crate::limits::RESUME_TIME;
use crate::outbox::{Outbox, Push};
use crate::proto::peer_state::Presence;
use crate::proto::relay_message::Message;
use crate::proto::{EndReason, PeerState};
use crate::record::{self, Record};
use crate::token::CallId;

/// A caller's place.
#[derive(Clone, Debug)]
pub(crate) enum Seat {
    /// Nobody has been here yet.
    Empty,
    /// Somebody is connected.
    Taken(Arc<Outbox>),
    /// Kept until then.
    Lost(Instant),
}

/// What changes in a call.
#[derive(Debug)]
pub(crate) struct CallState {
    pub seats: [Seat; 2],
    /// Both callers have been there.
    pub paired: bool,
    pub ended: bool,
    /// While the second caller is waited for: how long.
    pub wait_until: Option<Instant>,
    pub waiting: Option<WaitingPass>,
}

/// See the module.
#[derive(Debug)]
pub struct Call {
    /// Names the call in tokens.
    pub id: CallId,
    /// Its number.
    pub number: u32,
    state: Mutex<CallState>,
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// The other caller is not there; the packet is gone.
    Absent,
    /// What its outbox did.
    Pushed(Push),
}

impl Call {
    pub(crate) fn new(id: CallId, number: u32, state: CallState) -> Arc<Self> {
        Arc::new(Self { id, number, state: Mutex::new(state) })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, CallState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a packet from the caller in seat `role` to the other one. `now`: when it arrived.
    pub fn forward(&self, role: usize, record: Record, now: Instant) -> Forwarded {
        let other = match self.lock().seats.get(1 - role.min(1)) {
            Some(Seat::Taken(outbox)) => Arc::clone(outbox),
            _ => return Forwarded::Absent,
        };
        let pushed = other.packet(record, now);
        if pushed == Push::Overflow {
            let text = "control packets were not taken";
            other.end(record::ended(EndReason::EndTooSlow, text, true));
        }
        Forwarded::Pushed(pushed)
    }
}

impl CallState {
    /// Whether the other caller is connected.
    pub fn peer_present(&self, role: usize) -> bool {
        matches!(self.seats[1 - role], Seat::Taken(_))
    }

    /// Says something to a caller, if it is there. One that can't take even this is too slow.
    pub fn tell(&self, role: usize, message: Message) {
        if let Seat::Taken(outbox) = &self.seats[role]
            && outbox.message(record::encode(message)) == Push::Overflow
        {
            let text = "messages were not taken";
            outbox.end(record::ended(EndReason::EndTooSlow, text, true));
        }
    }

    /// Tells a caller that the other one is lost, if so.
    pub fn tell_if_peer_lost(&self, role: usize, now: Instant) {
        if let Seat::Lost(until) = self.seats[1 - role] {
            let left = until.saturating_duration_since(now).as_secs_f64().ceil();
            let state = PeerState {
                presence: Presence::Lost as i32,
                // At most RESUME_TIME.
                seconds: left as u32,
                resumed: false,
                resume_token: bytes::Bytes::new(),
            };
            self.tell(role, Message::PeerState(state));
        }
    }

    /// The path of a caller is gone. Whether that was news: a replaced connection is none.
    pub fn lose(&mut self, role: usize, outbox: &Arc<Outbox>, now: Instant) -> bool {
        match &self.seats[role] {
            Seat::Taken(current) if Arc::ptr_eq(current, outbox) && !self.ended => {
                self.seats[role] = Seat::Lost(now + RESUME_TIME);
                self.tell_if_peer_lost(1 - role, now);
                true
            }
            _ => false,
        }
    }

    /// What is over at `now`: the reason, and the seat that it is the other's fault for.
    pub fn overdue(&self, now: Instant) -> Option<EndReason> {
        if self.wait_until.is_some_and(|until| now >= until) {
            return Some(EndReason::EndNobodyCame);
        }
        let lost = |seat: &Seat| matches!(seat, Seat::Lost(until) if now >= *until);
        self.seats.iter().any(lost).then_some(EndReason::EndPeerLost)
    }

    /// Ends the call for whoever is there.
    pub fn end(&mut self, reason: EndReason, text: &str, may_resume: bool) {
        self.ended = true;
        self.waiting = None;
        let last = record::ended(reason, text, may_resume);
        for seat in &mut self.seats {
            if let Seat::Taken(outbox) = std::mem::replace(seat, Seat::Empty) {
                outbox.end(last.clone());
            }
        }
    }
}
