//! Who may come in: connections and tries are counted for each address.
//!
//! In: addresses and times. Out: yes or no, and a pass that gives its place back when it is
//! dropped. IPv6 addresses count by /64, which is what one customer has. Time is an argument.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::limits;

/// The limits that can be set from outside; the others are constants.
#[derive(Clone, Copy, Debug)]
pub struct GateLimits {
    /// See [`limits::MAX_CONNECTIONS`].
    pub connections: usize,
    /// See [`limits::MAX_PER_ADDRESS`].
    pub per_address: u32,
    /// See [`limits::ATTEMPTS_PER_MINUTE`].
    pub attempts_per_minute: u32,
}

impl Default for GateLimits {
    fn default() -> Self {
        Self {
            connections: limits::MAX_CONNECTIONS,
            per_address: limits::MAX_PER_ADDRESS,
            attempts_per_minute: limits::ATTEMPTS_PER_MINUTE,
        }
    }
}

#[derive(Debug)]
struct Visitor {
    connections: u32,
    waiting: u32,
    attempts_left: f64,
    /// When `attempts_left` was right.
    at: Instant,
}

#[derive(Debug, Default)]
struct State {
    visitors: HashMap<IpAddr, Visitor>,
    connections: usize,
}

/// See the module.
#[derive(Debug)]
pub struct Gate {
    limits: GateLimits,
    state: Mutex<State>,
}

/// The place of one connection; dropping it gives the place back.
#[derive(Debug)]
pub struct Pass {
    gate: Arc<Gate>,
    address: IpAddr,
}

/// The place of a call that waits; dropping it gives the place back.
#[derive(Debug)]
pub struct WaitingPass(Pass);

impl Gate {
    /// A gate with these limits.
    #[must_use]
    pub fn new(limits: GateLimits) -> Arc<Self> {
        Arc::new(Self { limits, state: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a connection in, unless there are too many in all or from its address.
    pub fn enter(self: &Arc<Self>, address: IpAddr, now: Instant) -> Option<Pass> {
        let address = customer(address);
        let mut state = self.lock();
        if state.connections >= self.limits.connections {
            return None;
        }
        if state.visitors.len() >= limits::MAX_ADDRESSES && !state.visitors.contains_key(&address) {
            self.forget_idle(&mut state, now);
            if state.visitors.len() >= limits::MAX_ADDRESSES {
                return None;
            }
        }
        let burst = self.burst();
        let fresh = Visitor { connections: 0, waiting: 0, attempts_left: burst, at: now };
        let visitor = state.visitors.entry(address).or_insert(fresh);
        if visitor.connections >= self.limits.per_address {
            return None;
        }
        visitor.connections += 1;
        state.connections += 1;
        Some(Pass { gate: Arc::clone(self), address })
    }

    /// Tries that come back in a second.
    fn refill(&self) -> f64 {
        f64::from(self.limits.attempts_per_minute) / 60.0
    }

    /// Tries that an address has at once: a minute's worth if that is more than usual.
    fn burst(&self) -> f64 {
        f64::from(limits::ATTEMPTS_BURST.max(self.limits.attempts_per_minute))
    }

    /// Forgets whoever has no connection and all its tries back.
    fn forget_idle(&self, state: &mut State, now: Instant) {
        let full = self.burst();
        let refill = self.refill();
        state.visitors.retain(|_, v| {
            let waited = now.saturating_duration_since(v.at).as_secs_f64();
            v.connections > 0 || v.attempts_left + waited * refill < full
        });
    }

    /// Forgets addresses that would be treated like new ones. To be called now and then.
    pub fn tidy(&self, now: Instant) {
        self.forget_idle(&mut self.lock(), now);
    }

    /// Connections that are in.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.lock().connections
    }
}

impl Pass {
    /// Takes one of the address's tries. An error says how long until there is one again.
    ///
    /// # Errors
    /// When they are used up.
    pub fn attempt(&self, now: Instant) -> Result<(), Duration> {
        let refill = self.gate.refill();
        let mut state = self.gate.lock();
        let Some(visitor) = state.visitors.get_mut(&self.address) else { return Ok(()) };
        let waited = now.saturating_duration_since(visitor.at).as_secs_f64();
        let full = self.gate.burst();
        visitor.attempts_left = (visitor.attempts_left + waited * refill).min(full);
        visitor.at = now;
        if visitor.attempts_left < 1.0 {
            let missing = (1.0 - visitor.attempts_left) / refill.max(1e-3);
            return Err(Duration::from_secs_f64(missing));
        }
        visitor.attempts_left -= 1.0;
        Ok(())
    }

    /// Takes the place of one waiting call, unless the address has too many.
    pub fn wait(&self) -> Option<WaitingPass> {
        let mut state = self.gate.lock();
        let visitor = state.visitors.get_mut(&self.address)?;
        if visitor.waiting >= limits::MAX_WAITING_PER_ADDRESS.min(self.gate.limits.per_address) {
            return None;
        }
        visitor.waiting += 1;
        // A connection's place too, so that the address is not forgotten meanwhile.
        visitor.connections += 1;
        state.connections += 1;
        Some(WaitingPass(Self { gate: Arc::clone(&self.gate), address: self.address }))
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.connections = state.connections.saturating_sub(1);
        if let Some(visitor) = state.visitors.get_mut(&self.address) {
            visitor.connections = visitor.connections.saturating_sub(1);
        }
    }
}

impl Drop for WaitingPass {
    fn drop(&mut self) {
        if let Some(visitor) = self.0.gate.lock().visitors.get_mut(&self.0.address) {
            visitor.waiting = visitor.waiting.saturating_sub(1);
        }
    }
}

/// What counts as one address.
fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_address_can_not_take_every_place() {
        let gate =
            Gate::new(GateLimits { connections: 5, per_address: 2, ..GateLimits::default() });
        let now = Instant::now();
        let one = address("192.0.2.1");
        let first = gate.enter(one, now).expect("free");
        let _second = gate.enter(one, now).expect("free");
        assert!(gate.enter(one, now).is_none());
        assert!(gate.enter(address("::ffff:192.0.2.1"), now).is_none(), "the same address");
        drop(first);
        assert!(gate.enter(one, now).is_some());
        let _six = gate.enter(address("2001:db8::1"), now).expect("free");
        let _six2 = gate.enter(address("2001:db8::2"), now).expect("free");
        assert!(gate.enter(address("2001:db8::3"), now).is_none(), "the same /64");
        assert!(gate.enter(address("2001:db8:0:1::3"), now).is_some());
    }

    #[test]
    fn tries_are_used_up_and_come_back() {
        let gate = Gate::new(GateLimits::default());
        let now = Instant::now();
        let pass = gate.enter(address("192.0.2.1"), now).expect("free");
        let tries = (0..1000).take_while(|_| pass.attempt(now).is_ok()).count();
        assert_eq!(tries, limits::ATTEMPTS_BURST as usize);
        // Coming back over a new connection does not help.
        drop(pass);
        gate.tidy(now);
        let pass = gate.enter(address("192.0.2.1"), now).expect("free");
        assert_eq!(pass.attempt(now), Err(Duration::from_secs(2)));
        assert_eq!(pass.attempt(now + Duration::from_secs(2)), Ok(()));
        let other = gate.enter(address("192.0.2.2"), now).expect("free");
        assert_eq!(other.attempt(now), Ok(()));
    }

    #[test]
    fn idle_addresses_are_forgotten_once_they_have_their_tries_back() {
        let gate = Gate::new(GateLimits::default());
        let now = Instant::now();
        let pass = gate.enter(address("192.0.2.1"), now).expect("free");
        assert_eq!(pass.attempt(now), Ok(()));
        drop(pass);
        gate.tidy(now);
        assert_eq!(gate.lock().visitors.len(), 1);
        gate.tidy(now + Duration::from_secs(3));
        assert_eq!(gate.lock().visitors.len(), 0);
        assert_eq!(gate.connections(), 0);
    }
}
