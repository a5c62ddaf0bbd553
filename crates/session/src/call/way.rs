//! What our pictures do on their way: how many are on it, how long they wait in its queues, and
//! what it carries.
//!
//! In: pictures sent, confirmations, with the moment at which the other end's socket had the picture
//! if it says so, and pings. Out: whether one more may go, the time that the last ones waited, bytes
//! a second. Never decides what is sent, and never takes for a queue of ours what happened after the
//! picture had come: a busy computer at the other end, or confirmations that wait behind the
//! other's own pictures.
//!
//! The two clocks share no zero, so only differences count. A picture's *transit* is the moment at
//! which it came, less the one at which it was sent; the shortest of late is the way without a queue
//! (as LEDBAT's base delay, RFC 6817, 3.4.2), and what is longer is the picture's *wait*, its own
//! passing included. Without the other end's word the confirmation's own time stands in.

use std::collections::VecDeque;

use crate::least::{Least, difference};

const MS: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MS;

/// Pictures that say whether the way has fallen: fewer may have met a loss that was repaired.
const SEVERAL: usize = 5;

/// Pictures that say how far it has.
const FEW: usize = 3;

/// For how long arrivals are remembered.
const MEMORY: u64 = 2 * SECOND;

/// Time's worth of queue that pictures may make, beyond the way itself. More would be heard.
const AHEAD: u64 = 100 * MS;

/// Pictures that may be on the way however near the other end is: one passes, one is being read.
const LEAST: u64 = 2;

/// A picture that is later than usual by its usual variation (RFC 6298, 2) and so much more keeps
/// those behind it back: they would only join its queue.
const GRACE: u64 = 20 * MS;

/// From this lateness on a picture that has not come says what the way carries. A loss that TCP
/// repairs costs a round trip or two, or its shortest timer (RFC 6298 in Linux: 0.2 s) and one.
const STUCK: u64 = 400 * MS;

/// A picture that did not arrive within this time is not coming: its path or the relay lost it.
const GIVEN_UP: u64 = 2 * SECOND;

/// Pictures that are remembered on the way and as arrived; far above what may be.
const MOST: usize = 1_000;

/// Longest wait of a picture, and of a confirmation, that is believed.
const LONGEST: u64 = 2 * GIVEN_UP;
const LONGEST_BACK: u64 = 500 * MS;

#[derive(Clone, Copy, Debug)]
struct OnTheWay {
    frame: u32,
    sent: u64,
    /// As `sent`, without the time that we stood still.
    since: u64,
    bytes: u64,
    weight: u64,
}

#[derive(Clone, Copy, Debug)]
struct Arrived {
    at: u64,
    sent: u64,
    transit: i64,
    bytes: u64,
    weight: u64,
}

/// See the module. Times in nanoseconds of our clock, unless they are called the other's.
#[derive(Debug, Default)]
pub(super) struct Way {
    on_the_way: VecDeque<OnTheWay>,
    arrived: VecDeque<Arrived>,
    /// Shortest transit by the other's clock, if it tells; round trip; and way back of a
    /// confirmation.
    there: Least,
    trip: Least,
    back: Least,
    /// The other end says when pictures came.
    told: bool,
    /// Wait of the slower confirmations of late on their way back, in the other program included.
    waited_back: u64,
    /// Wait of pictures: smoothed, and its mean deviation.
    usual: u64,
    varies: u64,
}

impl Way {
    /// A picture was sent; `weight`: what it was made at, in proportion to its bytes.
    pub fn sent(&mut self, frame: u32, bytes: u64, weight: u64, now: u64) {
        if self.on_the_way.len() == MOST {
            self.on_the_way.pop_front();
        }
        self.on_the_way.push_back(OnTheWay { frame, sent: now, since: now, bytes, weight });
    }

    /// A ping that was sent then is answered; `theirs`: when the other end had it, by its clock.
    pub fn ping(&mut self, sent: u64, theirs: u64, now: u64) {
        self.there.feed(difference(theirs, sent), now);
        self.trip.feed(difference(now, sent), now);
    }

    /// The other end has this picture since `theirs` of its clock; those before it arrived or were
    /// dropped on the way. `false`: it was not on the way.
    pub fn received(&mut self, frame: u32, theirs: Option<u64>, now: u64) -> bool {
        let Some(at) = self.on_the_way.iter().position(|sent| sent.frame == frame) else {
            return false;
        };
        let Some(OnTheWay { sent, bytes, weight, .. }) = self.on_the_way.drain(..=at).next_back()
        else {
            return false;
        };
        let trip = difference(now, sent);
        self.trip.feed(trip, now);
        self.told = theirs.is_some();
        let transit = theirs.map_or(trip, |theirs| difference(theirs, sent));
        if let Some(theirs) = theirs {
            self.there.feed(transit, now);
            let back = difference(now, theirs);
            self.back.feed(back, now);
            let waited = self.back.beyond(back).min(LONGEST_BACK);
            self.waited_back = waited.max(self.waited_back / 16 * 15);
        }
        let arrived = Arrived { at: now, sent, transit, bytes, weight };
        let wait = self.wait(&arrived);
        self.varies = (3 * self.varies + self.usual.abs_diff(wait)) / 4;
        self.usual = (7 * self.usual + wait) / 8;
        let old = |is: &Arrived| now.saturating_sub(is.at) >= MEMORY;
        while self.arrived.front().is_some_and(old) || self.arrived.len() == MOST {
            self.arrived.pop_front();
        }
        self.arrived.push_back(arrived);
        true
    }

    /// We did not run for so long: what seems late may only not have been read.
    pub fn stood_still(&mut self, time: u64) {
        self.on_the_way.iter_mut().for_each(|is| is.since = is.since.saturating_add(time));
    }

    /// Forgets pictures that never arrived. `true`: there were some.
    pub fn give_up(&mut self, now: u64) -> bool {
        let before = self.on_the_way.len();
        let gone = |is: &OnTheWay| now.saturating_sub(is.since) >= GIVEN_UP;
        while self.on_the_way.front().is_some_and(gone) {
            self.on_the_way.pop_front();
        }
        self.on_the_way.len() < before
    }

    /// Whether one more picture may go: `bytes` large, as far as one knows, and one each `interval`.
    /// A picture has the way to itself, or else there are no more on it than it carries in a round
    /// trip and [`AHEAD`], nor more than are needed to use it, and none of them is late.
    pub fn has_room(&self, bytes: u64, interval: u64, now: u64) -> bool {
        let Some(first) = self.on_the_way.front() else { return true };
        let trip = self.round_trip();
        let late = trip.unwrap_or(u64::MAX).saturating_add(self.usual + 4 * self.varies + GRACE);
        if now.saturating_sub(first.since) > late {
            return false;
        }
        let passing = trip.unwrap_or(0) + (self.usual + 2 * self.varies).min(AHEAD);
        if self.on_the_way.len() as u64 >= passing.div_ceil(interval.max(1)).max(LEAST) {
            return false;
        }
        let in_flight: u64 = self.on_the_way.iter().map(|is| is.bytes).sum();
        // By the newest one alone, too: after a fall those before it promise too much.
        let carries = self.carries_now(now).into_iter().chain(self.carried_by(1, 0, now)).min();
        let most = carries.map_or(u128::MAX, |carries| {
            u128::from(carries) * u128::from(trip.unwrap_or(0) + AHEAD) / u128::from(SECOND)
        });
        u128::from(in_flight + bytes) <= most
    }

    /// There and back for a packet that meets no queue of ours, but those before the confirmations.
    fn round_trip(&self) -> Option<u64> {
        // Confirmations take their time in both programs, too, which pings' times leave out.
        let both = self.there.least().zip(self.back.least()).filter(|_| self.told);
        let trip = both.map(|(there, back)| there.saturating_add(back)).or(self.trip.least());
        Some(u64::try_from(trip?).unwrap_or(0).min(LONGEST) + self.waited_back)
    }

    fn wait(&self, arrived: &Arrived) -> u64 {
        if self.told { &self.there } else { &self.trip }.beyond(arrived.transit).min(LONGEST)
    }

    /// By how much the first picture on the way is later than one that meets no queue.
    fn overdue(&self, now: u64) -> u64 {
        let trip = self.round_trip().unwrap_or(0);
        self.on_the_way.front().map_or(0, |is| now.saturating_sub(is.since).saturating_sub(trip))
    }

    /// How long the newest picture waited, or has waited so far.
    pub fn waited(&self, now: u64) -> u64 {
        let last = self.arrived.back().filter(|is| now.saturating_sub(is.at) < SECOND / 2);
        last.map_or(0, |last| self.wait(last)).max(self.overdue(now))
    }

    /// Whether each of the last pictures, all of them sent after `since`, waited for longer than
    /// this.
    pub fn all_waited(&self, longer: u64, since: u64) -> bool {
        let last = self.arrived.iter().rev().take(FEW);
        last.filter(|is| is.sent > since && self.wait(is) > longer).count() == FEW
    }

    /// Bytes a second that the way carries, by the last pictures but the slowest: a loss that TCP
    /// repairs holds one of them up, and those behind it come at once. `None`: not known.
    pub fn carries(&self, now: u64) -> Option<u64> {
        self.carried_by(SEVERAL, 1, now)
    }

    /// The same after a fall, by fewer and all of them.
    pub fn carries_now(&self, now: u64) -> Option<u64> {
        self.carried_by(FEW, 0, now)
    }

    /// By the time that each had the way to itself, since the one before had come or since it was
    /// sent, without so many of the slowest.
    fn carried_by(&self, several: usize, without: usize, now: u64) -> Option<u64> {
        let recent = |is: &&Arrived| now.saturating_sub(is.at) < MEMORY;
        let last: Vec<&Arrived> =
            self.arrived.iter().rev().take(several + 1).take_while(recent).collect();
        let came = |is: &Arrived| is.sent + self.wait(is);
        let passed = last.iter().take(several).enumerate().map(|(at, is)| {
            let before = last.get(at + 1).map_or(0, |before| came(before));
            (came(is).saturating_sub(before.max(is.sent)), is.bytes)
        });
        let mut passed: Vec<(u64, u64)> = passed.collect();
        passed.sort_unstable();
        passed.truncate(passed.len().saturating_sub(without));
        let overdue = Some(self.overdue(now)).filter(|&overdue| overdue > STUCK);
        passed.extend(overdue.zip(self.on_the_way.front().map(|first| first.bytes)));
        let (time, bytes) =
            passed.into_iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        (bytes > 0).then(|| per_second(bytes, time))
    }

    /// Bytes a second that the way may carry, by the quarter of the pictures that passed fastest:
    /// what only delays some of them is no limit of it. `None`: not known.
    pub fn could_carry(&self, now: u64) -> Option<u64> {
        let recent = |is: &&Arrived| now.saturating_sub(is.at) < MEMORY;
        let each = |is: &Arrived| per_second(is.bytes, self.wait(is));
        let mut rates: Vec<u64> = self.arrived.iter().filter(recent).map(each).collect();
        rates.sort_unstable();
        rates.get(rates.len() * 3 / 4).copied()
    }

    /// Bytes of a picture of this weight, judged by the last ones. `None`: there were none.
    pub fn bytes_of(&self, weight: u64) -> Option<u64> {
        let mut sizes = self.arrived.iter().rev().take(FEW).map(|is| (is.bytes, is.weight));
        let first = sizes.next().or(self.on_the_way.front().map(|is| (is.bytes, is.weight)))?;
        let (bytes, weights) =
            sizes.fold(first, |all, one| (all.0 + one.0, all.1.saturating_add(one.1)));
        let whole = u128::from(bytes) * u128::from(weight) / u128::from(weights.max(1));
        Some(u64::try_from(whole).unwrap_or(u64::MAX))
    }

    /// A picture has arrived lately.
    pub fn is_known(&self) -> bool {
        !self.arrived.is_empty()
    }

    /// Pictures that arrived in the last second.
    pub fn delivered(&self, now: u64) -> usize {
        self.arrived.iter().filter(|is| now.saturating_sub(is.at) < SECOND).count()
    }
}

fn per_second(bytes: u64, time: u64) -> u64 {
    let rate = u128::from(bytes) * u128::from(SECOND) / u128::from(time.max(MS));
    u64::try_from(rate).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "way_tests.rs"]
mod tests;
