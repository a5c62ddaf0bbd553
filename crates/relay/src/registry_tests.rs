//! The registry in virtual time.

use std::time::Duration;

use super::*;
use crate::gate::{Gate, GateLimits};
use crate::limits::MAX_WAITING_PER_ADDRESS;
use crate::outbox::Fill;
use crate::record::{Kind, Reader};

struct World {
    registry: Registry,
    gate: Arc<Gate>,
    now: Instant,
}

struct Someone {
    outbox: Arc<Outbox>,
    place: Place,
}

impl World {
    fn new() -> Self {
        let now = Instant::now();
        let registry = Registry::new(&[7; 32], Arc::default(), now);
        Self { registry, gate: Gate::new(GateLimits::default()), now }
    }

    /// Another relay with the same secret, at the same time.
    fn restarted(&self) -> Self {
        let registry = Registry::new(&[7; 32], Arc::default(), self.now);
        Self { registry, gate: Gate::new(GateLimits::default()), now: self.now }
    }

    fn pass(&self) -> Pass {
        let address = "192.0.2.1".parse().expect("an address");
        self.gate.enter(address, self.now).expect("room")
    }

    fn allocate(&self) -> Result<Someone, EndReason> {
        let outbox = Arc::default();
        let place = self.registry.allocate(&outbox, &self.pass(), self.now);
        place.map(|place| Someone { outbox, place }).map_err(|refusal| refusal.reason)
    }

    fn join(&self, number: u32) -> Result<Someone, EndReason> {
        let outbox = Arc::default();
        let place = self.registry.join(number, &outbox, self.now);
        place.map(|place| Someone { outbox, place }).map_err(|refusal| refusal.reason)
    }

    fn resume(&self, token: &[u8]) -> Result<Someone, EndReason> {
        let outbox = Arc::default();
        let place = self.registry.resume(token, &outbox, &self.pass(), self.now);
        place.map(|place| Someone { outbox, place }).map_err(|refusal| refusal.reason)
    }

    fn pair(&self) -> (Someone, Someone) {
        let caller = self.allocate().expect("room");
        let callee = self.join(caller.place.call.number).expect("it waits");
        (caller, callee)
    }

    fn lose(&self, who: &Someone) {
        self.registry.lost(&who.place, &who.outbox, self.now);
    }

    fn pass_time(&mut self, time: Duration) {
        self.now += time;
        self.registry.sweep(self.now);
    }
}

impl Someone {
    /// What the relay has said since the last time.
    fn heard(&self) -> Vec<Message> {
        let mut batch = Vec::new();
        // Messages and the last word come out in one go.
        let filled = self.outbox.fill(Instant::now(), &mut batch);
        assert!(filled != Fill::Empty || batch.is_empty());
        let (mut reader, mut messages) = (Reader::default(), Vec::new());
        reader.push(&batch.concat());
        while let Some(record) = reader.take_record().expect("records") {
            assert_eq!(record.header.kind, Kind::Message);
            messages.extend(reader.message(&record).expect("a message"));
        }
        messages
    }

    /// The newest token.
    fn token(&self) -> Bytes {
        let tokens = self.heard().into_iter().filter_map(|message| match message {
            Message::Joined(joined) => Some(joined.resume_token),
            Message::PeerState(state) => Some(state.resume_token).filter(|t| !t.is_empty()),
            _ => None,
        });
        tokens.last().expect("a token")
    }

    fn ended(&self) -> Option<EndReason> {
        self.heard().into_iter().find_map(|message| match message {
            Message::Ended(ended) => Some(ended.reason()),
            _ => None,
        })
    }
}

#[test]
fn nobody_waits_for_ever() {
    let mut world = World::new();
    let caller = world.allocate().expect("room");
    let number = caller.place.call.number;
    world.pass_time(WAIT_TIME - Duration::from_secs(1));
    assert_eq!(caller.ended(), None);
    world.pass_time(Duration::from_secs(1));
    assert_eq!(caller.ended(), Some(EndReason::EndNobodyCame));
    assert_eq!(world.join(number).err(), Some(EndReason::EndCodeUsed));
}

#[test]
fn a_number_is_free_again_an_hour_after_its_call() {
    let mut world = World::new();
    let (caller, callee) = world.pair();
    let number = caller.place.call.number;
    world.pass_time(WAIT_TIME * 10);
    assert_eq!(callee.ended(), None, "a call may last");
    world.registry.hang_up(&caller.place, world.now);
    assert_eq!(callee.ended(), Some(EndReason::EndPeerHungUp));
    world.pass_time(BURNT_TIME - Duration::from_secs(1));
    assert_eq!(world.join(number).err(), Some(EndReason::EndCodeUsed));
    world.pass_time(Duration::from_secs(1));
    assert_eq!(world.join(number).err(), Some(EndReason::EndNoSuchCall));
}

#[test]
fn a_lost_place_is_kept_for_a_minute() {
    let mut world = World::new();
    let (caller, callee) = world.pair();
    let token = callee.token();
    for _ in 0..3 {
        world.lose(&callee);
        world.pass_time(RESUME_TIME - Duration::from_secs(1));
        let lost = |m: &Message| matches!(m, Message::PeerState(s) if s.presence() == Presence::Lost && s.seconds == 60);
        assert!(caller.heard().iter().any(lost));
        let back = world.resume(&token).expect("in time");
        let present = |m: &Message| matches!(m, Message::PeerState(s) if s.presence() == Presence::Present && s.resumed);
        assert!(caller.heard().iter().any(present));
        world.lose(&back);
        let back = world.resume(&token).expect("at once");
        world.lose(&back);
    }
    world.pass_time(RESUME_TIME);
    assert_eq!(caller.ended(), Some(EndReason::EndPeerLost));
    assert_eq!(world.resume(&token).err(), Some(EndReason::EndCannotResume));
}

#[test]
fn the_loss_of_a_replaced_connection_is_no_loss() {
    let mut world = World::new();
    let (caller, callee) = world.pair();
    let token = callee.token();
    let again = world.resume(&token).expect("taken over");
    assert_eq!(callee.ended(), Some(EndReason::EndReplaced));
    world.lose(&callee);
    world.pass_time(RESUME_TIME * 2);
    assert_eq!(caller.ended(), None);
    assert_eq!(again.ended(), None);
}

#[test]
fn a_caller_that_is_away_can_be_joined() {
    let mut world = World::new();
    let caller = world.allocate().expect("room");
    let token = caller.token();
    world.lose(&caller);
    world.pass_time(Duration::from_secs(10));
    let callee = world.join(caller.place.call.number).expect("its place is kept");
    let lost = |m: &Message| matches!(m, Message::PeerState(s) if s.presence() == Presence::Lost && s.seconds == 50);
    assert!(callee.heard().iter().any(lost));
    world.resume(&token).expect("back");
    let present = |m: &Message| matches!(m, Message::PeerState(s) if s.resumed);
    assert!(callee.heard().iter().any(present));
}

#[test]
fn a_restarted_relay_takes_calls_up_from_either_token() {
    for first in 0..2 {
        let mut world = World::new();
        let (caller, callee) = world.pair();
        let tokens = [caller.token(), callee.token()];
        let number = caller.place.call.number;
        world = world.restarted();
        // Somebody has got the number meanwhile: it does not matter to those two.
        while first == 1 && world.join(number).err() == Some(EndReason::EndNoSuchCall) {
            let Ok(other) = world.allocate() else { break };
            world.registry.hang_up(&other.place, world.now);
        }
        let one = match world.resume(&tokens[first]) {
            Ok(one) => one,
            // By chance the number has been used and burnt in between.
            Err(reason) => {
                assert_eq!(reason, EndReason::EndCannotResume);
                continue;
            }
        };
        let lost =
            |m: &Message| matches!(m, Message::PeerState(s) if s.presence() == Presence::Lost);
        assert!(one.heard().iter().any(lost));
        let full = world.join(number).err();
        assert!(matches!(full, Some(EndReason::EndCallFull | EndReason::EndCodeUsed)), "{full:?}");
        let two = world.resume(&tokens[1 - first]).expect("both come back");
        assert!(Arc::ptr_eq(&one.place.call, &two.place.call));
        assert_eq!((one.place.role, two.place.role), (first, 1 - first));
        world.pass_time(RESUME_TIME * 2);
        assert_eq!(two.ended(), None);
    }
}

#[test]
fn a_restarted_relay_ends_what_only_one_came_back_to() {
    let world = World::new();
    let (caller, callee) = world.pair();
    let (token, late) = (caller.token(), callee.token());
    let mut world = world.restarted();
    let alone = world.resume(&token).expect("known");
    world.pass_time(RESUME_TIME);
    assert_eq!(alone.ended(), Some(EndReason::EndPeerLost));
    assert_eq!(world.resume(&late).err(), Some(EndReason::EndCannotResume));
}

#[test]
fn what_ended_after_the_restart_stays_ended() {
    let world = World::new();
    let (caller, callee) = world.pair();
    let (token, other) = (caller.token(), callee.token());
    let world = world.restarted();
    let back = world.resume(&token).expect("known");
    world.registry.hang_up(&back.place, world.now);
    assert_eq!(world.resume(&other).err(), Some(EndReason::EndCannotResume));
    assert_eq!(world.resume(&token).err(), Some(EndReason::EndCannotResume));
}

#[test]
fn a_token_from_before_the_pairing_does_not_open_a_call_to_strangers_for_long() {
    let world = World::new();
    let caller = world.allocate().expect("room");
    let early = caller.token();
    let callee = world.join(caller.place.call.number).expect("it waits");
    let paired = callee.token();
    let world = world.restarted();
    world.resume(&early).expect("known, still waiting as far as it says");
    let back = world.resume(&paired).expect("its token says that both were there");
    assert!(back.heard().iter().any(|m| matches!(m, Message::Joined(j) if j.peer_present)));
    let number = caller.place.call.number;
    assert_eq!(world.join(number).err(), Some(EndReason::EndCallFull));
}

#[test]
fn numbers_are_short_while_there_are_some_and_never_taken_twice() {
    let world = World::new();
    let mut numbers = Vec::new();
    for _ in 0..2_000 {
        let caller = world.allocate().expect("room");
        numbers.push(caller.place.call.number);
        world.registry.hang_up(&caller.place, world.now);
    }
    assert!(numbers[..10].iter().all(|number| *number < 100));
    assert!(numbers.iter().all(|number| *number < 10_000));
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 2_000);
}

#[test]
fn one_address_holds_only_so_many_waiting_calls() {
    let world = World::new();
    let all: Vec<_> = (0..20).map_while(|_| world.allocate().ok()).collect();
    assert_eq!(all.len(), MAX_WAITING_PER_ADDRESS as usize);
    // Joined ones wait no longer.
    world.join(all[0].place.call.number).expect("it waits");
    assert!(world.allocate().is_ok());
    assert_eq!(world.allocate().err(), Some(EndReason::EndTooMany));
}
