//! All calls: who may open, join and resume which, and when they end.
//!
//! In: what callers want, and the time. Out: their seats, or why not; messages in their outboxes.
//! Holds no socket and reads no clock. Everything in it is bounded by `limits`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::call::{Call, CallState, Seat};
use crate::figures::Figures;
use crate::gate::Pass;
use crate::limits::{BURNT_TIME, MAX_BURNT, MAX_CALLS, MAX_NUMBER, RESUME_TIME, WAIT_TIME};
use crate::outbox::Outbox;
use crate::proto::peer_state::Presence;
use crate::proto::relay_message::Message;
use crate::proto::{CallRole, EndReason, Joined, PeerState};
use crate::token::{CallId, Claim, Tokens};

/// Numbers are taken from the first of these ranges that has room: short ones are said easily.
const RANGES: [(u32, u32); 4] = [(1, 99), (100, 999), (1_000, 9_999), (10_000, MAX_NUMBER)];

/// Random numbers that are tried in one range before the next one.
const TRIES: usize = 16;

/// Why somebody was not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For the caller's program.
    pub reason: EndReason,
    /// For the log.
    pub text: String,
}

/// Somebody's place in a call.
#[derive(Clone, Debug)]
pub struct Place {
    /// The call.
    pub call: Arc<Call>,
    /// 0: asked for the number, 1: joined with it.
    pub role: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    Open(CallId),
    Burnt,
}

#[derive(Debug, Default)]
struct State {
    calls: HashMap<CallId, Arc<Call>>,
    numbers: HashMap<u32, Number>,
    /// Burnt numbers, the oldest first.
    burnt: VecDeque<(Instant, u32)>,
    stopping: bool,
}

/// See the module.
#[derive(Debug)]
pub struct Registry {
    state: Mutex<State>,
    tokens: Tokens,
    figures: Arc<Figures>,
    random: SystemRandom,
    /// Until then, calls of the relay before this one are taken up again.
    restore_until: Instant,
}

fn refuse<T>(reason: EndReason, text: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { reason, text: text.into() })
}

impl Registry {
    /// No calls yet. `secret` is what tokens are made and known with.
    #[must_use]
    pub fn new(secret: &[u8; 32], figures: Arc<Figures>, now: Instant) -> Self {
        Self {
            state: Mutex::default(),
            tokens: Tokens::new(secret),
            figures,
            random: SystemRandom::new(),
            restore_until: now + RESUME_TIME,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a call under a free number. `pass`: whose waiting places it takes one of.
    ///
    /// # Errors
    /// Too many calls, in all or from this address.
    pub fn allocate(
        &self,
        outbox: &Arc<Outbox>,
        pass: &Pass,
        now: Instant,
    ) -> Result<Place, Refusal> {
        let mut state = self.lock();
        state.admit()?;
        let Some(waiting) = pass.wait() else {
            return refuse(EndReason::EndTooMany, "too many waiting calls from this address");
        };
        let Some(number) = self.free_number(&state) else {
            return refuse(EndReason::EndRelayFull, "no free number");
        };
        let id = self.random_id()?;
        let call = Call::new(
            id,
            number,
            CallState {
                seats: [Seat::Taken(Arc::clone(outbox)), Seat::Empty],
                paired: false,
                ended: false,
                wait_until: Some(now + WAIT_TIME),
                waiting: Some(waiting),
            },
        );
        state.numbers.insert(number, Number::Open(id));
        state.calls.insert(id, Arc::clone(&call));
        self.figures.calls_waiting.add(1);
        let place = Place { call, role: 0 };
        self.greet(&place, &place.call.lock(), false);
        Ok(place)
    }

    fn random_id(&self) -> Result<CallId, Refusal> {
        let mut id = CallId::default();
        match self.random.fill(&mut id) {
            Ok(()) => Ok(id),
            Err(_) => refuse(EndReason::EndRelayFull, "the system has no random numbers"),
        }
    }

    fn free_number(&self, state: &State) -> Option<u32> {
        for (low, high) in RANGES {
            for _ in 0..TRIES {
                let mut bytes = [0; 8];
                self.random.fill(&mut bytes).ok()?;
                let span = u64::from(high - low + 1);
                let number = low + u32::try_from(u64::from_be_bytes(bytes) % span).ok()?;
                if !state.numbers.contains_key(&number) {
                    return Some(number);
                }
            }
        }
        None
    }

    /// Joins the call that waits under a number.
    ///
    /// # Errors
    /// There is none, or it is not waiting any more.
    pub fn join(&self, number: u32, outbox: &Arc<Outbox>, now: Instant) -> Result<Place, Refusal> {
        let mut state = self.lock();
        if state.stopping {
            return refuse(EndReason::EndRelayStops, "the relay is stopping");
        }
        let id = match state.numbers.get(&number) {
            None => return refuse(EndReason::EndNoSuchCall, format!("no call waits as {number}")),
            Some(Number::Burnt) => {
                let text = format!("number {number} has been used; a new code is needed");
                return refuse(EndReason::EndCodeUsed, text);
            }
            Some(Number::Open(id)) => *id,
        };
        let Some(call) = state.calls.get(&id).cloned() else {
            return refuse(EndReason::EndNoSuchCall, format!("no call waits as {number}"));
        };
        let mut inner = call.lock();
        if inner.paired {
            let text = format!("call {number} has two callers already");
            return refuse(EndReason::EndCallFull, text);
        }
        inner.seats[1] = Seat::Taken(Arc::clone(outbox));
        inner.wait_until = None;
        self.pair(&mut inner);
        let place = Place { call: Arc::clone(&call), role: 1 };
        self.greet(&place, &inner, false);
        self.announce(&place, &inner, false);
        inner.tell_if_peer_lost(1, now);
        drop(inner);
        state.prune_burnt(now);
        Ok(place)
    }

    fn pair(&self, inner: &mut CallState) {
        inner.paired = true;
        inner.waiting = None;
        inner.wait_until = None;
        self.figures.calls_waiting.sub(1);
        self.figures.calls_paired.add(1);
        self.figures.calls.add(1);
    }

    /// Takes a lost place again.
    ///
    /// # Errors
    /// The token is not ours, or its call is over.
    pub fn resume(
        &self,
        token: &[u8],
        outbox: &Arc<Outbox>,
        pass: &Pass,
        now: Instant,
    ) -> Result<Place, Refusal> {
        let Some(claim) = self.tokens.check(token) else {
            return refuse(EndReason::EndCannotResume, "not a token of this relay");
        };
        let mut state = self.lock();
        let call = match state.calls.get(&claim.call) {
            Some(call) => Arc::clone(call),
            None => self.restore(&mut state, &claim, pass, now)?,
        };
        drop(state);
        let mut inner = call.lock();
        if inner.ended {
            return refuse(EndReason::EndCannotResume, "the call has ended");
        }
        let taken = Seat::Taken(Arc::clone(outbox));
        if let Seat::Taken(old) = std::mem::replace(&mut inner.seats[claim.role], taken) {
            let text = "the same caller came back over another connection";
            old.end(crate::record::ended(EndReason::EndReplaced, text, false));
        }
        if claim.role == 1 && !inner.paired {
            // The first caller came back after a restart with a token from before the pairing.
            self.pair(&mut inner);
        }
        self.figures.resumed.add(1);
        let place = Place { call: Arc::clone(&call), role: claim.role };
        self.greet(&place, &inner, true);
        self.announce(&place, &inner, true);
        inner.tell_if_peer_lost(claim.role, now);
        drop(inner);
        Ok(place)
    }

    /// Takes up a call of the relay before this one: its callers have nothing but their tokens.
    fn restore(
        &self,
        state: &mut State,
        claim: &Claim,
        pass: &Pass,
        now: Instant,
    ) -> Result<Arc<Call>, Refusal> {
        if now >= self.restore_until {
            return refuse(EndReason::EndCannotResume, "the call is over");
        }
        state.admit()?;
        let known = state.numbers.get(&claim.number).copied();
        if known == Some(Number::Burnt) {
            return refuse(EndReason::EndCannotResume, "the call has ended");
        }
        if !claim.paired && known.is_some() {
            let text = "the number has gone to another call; a new code is needed";
            return refuse(EndReason::EndCannotResume, text);
        }
        let (waiting, wait_until) = if claim.paired {
            (None, None)
        } else {
            let Some(waiting) = pass.wait() else {
                return refuse(EndReason::EndTooMany, "too many waiting calls from this address");
            };
            (Some(waiting), Some(now + WAIT_TIME))
        };
        let other = if claim.paired { Seat::Lost(now + RESUME_TIME) } else { Seat::Empty };
        let seats = match claim.role {
            0 => [Seat::Empty, other],
            _ => [other, Seat::Empty],
        };
        let paired = claim.paired;
        let inner = CallState { seats, paired, ended: false, wait_until, waiting };
        let call = Call::new(claim.call, claim.number, inner);
        state.numbers.entry(claim.number).or_insert(Number::Open(claim.call));
        state.calls.insert(claim.call, Arc::clone(&call));
        let level = if paired { &self.figures.calls_paired } else { &self.figures.calls_waiting };
        level.add(1);
        Ok(call)
    }

    fn token(&self, place: &Place, inner: &CallState) -> Bytes {
        let Place { call, role } = place;
        let claim = Claim { call: call.id, number: call.number, role: *role, paired: inner.paired };
        self.tokens.make(&claim).into()
    }

    /// Tells a caller that it is in.
    fn greet(&self, place: &Place, inner: &CallState, resumed: bool) {
        let role = if place.role == 0 { CallRole::Caller } else { CallRole::Callee };
        let joined = Joined {
            number: place.call.number,
            role: role as i32,
            resume_token: self.token(place, inner),
            peer_present: inner.peer_present(place.role),
            resumed,
            resume_seconds: RESUME_TIME.as_secs() as u32,
            wait_seconds: WAIT_TIME.as_secs() as u32,
        };
        inner.tell(place.role, Message::Joined(joined));
    }

    /// Tells the other caller that somebody has come or come back.
    fn announce(&self, place: &Place, inner: &CallState, resumed: bool) {
        let other = Place { call: Arc::clone(&place.call), role: 1 - place.role };
        let state = PeerState {
            presence: Presence::Present as i32,
            seconds: 0,
            resumed,
            resume_token: self.token(&other, inner),
        };
        inner.tell(other.role, Message::PeerState(state));
    }

    /// The path of a caller is gone; its place is kept.
    pub fn lost(&self, place: &Place, outbox: &Arc<Outbox>, now: Instant) {
        if place.call.lock().lose(place.role, outbox, now) {
            self.figures.lost.add(1);
        }
    }

    /// A caller ends the call.
    pub fn hang_up(&self, place: &Place, now: Instant) {
        let mut state = self.lock();
        self.end(&mut state, &place.call, EndReason::EndPeerHungUp, "hung up", now);
    }

    fn end(&self, state: &mut State, call: &Call, reason: EndReason, text: &str, now: Instant) {
        let mut inner = call.lock();
        if inner.ended {
            return;
        }
        inner.end(reason, text, false);
        let level =
            if inner.paired { &self.figures.calls_paired } else { &self.figures.calls_waiting };
        level.sub(1);
        drop(inner);
        state.calls.remove(&call.id);
        // After a restart the number may belong to another call by now.
        if state.numbers.get(&call.number) == Some(&Number::Open(call.id)) {
            state.numbers.insert(call.number, Number::Burnt);
            state.burnt.push_back((now, call.number));
            state.prune_burnt(now);
        }
    }

    /// Ends what has waited long enough. To be called every second.
    pub fn sweep(&self, now: Instant) {
        let mut state = self.lock();
        let overdue: Vec<_> = state
            .calls
            .values()
            .filter_map(|call| Some((Arc::clone(call), call.lock().overdue(now)?)))
            .collect();
        for (call, reason) in overdue {
            let text = match reason {
                EndReason::EndNobodyCame => "nobody joined in time",
                _ => "the other caller's connection was lost and did not come back",
            };
            self.end(&mut state, &call, reason, text, now);
        }
        state.prune_burnt(now);
    }

    /// Says goodbye to everybody; the calls can be resumed with the relay that comes after.
    pub fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        for (_, call) in state.calls.drain() {
            call.lock().end(EndReason::EndRelayStops, "the relay stops or is restarted", true);
        }
    }
}

impl State {
    fn admit(&self) -> Result<(), Refusal> {
        if self.stopping {
            return refuse(EndReason::EndRelayStops, "the relay is stopping");
        }
        if self.calls.len() >= MAX_CALLS {
            return refuse(EndReason::EndRelayFull, "the relay holds as many calls as it may");
        }
        Ok(())
    }

    fn prune_burnt(&mut self, now: Instant) {
        while let Some((since, number)) = self.burnt.front().copied() {
            let over = now.saturating_duration_since(since) >= BURNT_TIME;
            if !over && self.burnt.len() <= MAX_BURNT {
                break;
            }
            self.burnt.pop_front();
            self.numbers.remove(&number);
        }
    }
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
