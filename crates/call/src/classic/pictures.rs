//! Our pictures on their way: which goes next, and how large the next ones should be.
//!
//! In: JPEGs, and when the connection is free. Out: pickles; the wanted size, rate and quality.
//! The protocol confirms nothing, so a picture counts as arrived when the kernel has taken all of
//! it, of which it keeps 16 kB unsent. Only the newest waits.

use okno_relay::limits::MAX_FRAME;
use okno_session::call::{Counters, RateControl};

use super::pickle;

/// What the original client captures and shows: OpenCV's usual 640 x 480 at 30 frames a second.
const ORIGINAL: (u16, u16, u8) = (640, 480, 30);

/// Of a second's pictures, the part that were replaced by newer ones, from which on they are too
/// large for the link: one in five. Fewer are a camera's uneven pace.
const REPLACED: u32 = 5;

const SECOND: u64 = 1_000_000_000;

/// See the module.
#[derive(Debug)]
pub(super) struct Pictures {
    pub rate: RateControl,
    next: Option<Vec<u8>>,
    number: u32,
    on_the_way: bool,
    second: u64,
    sent: u32,
    replaced: u32,
    changed: bool,
}

impl Pictures {
    pub fn new(now: u64) -> Self {
        let mut rate = RateControl::new(now);
        let (width, height, frames) = ORIGINAL;
        rate.peer_shows(width, height, frames);
        Self {
            rate,
            next: None,
            number: 0,
            on_the_way: false,
            second: now,
            sent: 0,
            replaced: 0,
            changed: false,
        }
    }

    /// Takes a picture; one that still waits is dropped.
    pub fn offer(&mut self, jpeg: Vec<u8>, counters: &mut Counters) {
        if self.next.replace(jpeg).is_some() {
            self.replaced += 1;
            counters.video_dropped += 1;
        }
    }

    /// So many pictures were not made because there was no room.
    pub fn held_back(&mut self, pictures: u64, counters: &mut Counters) {
        self.replaced = self.replaced.saturating_add(u32::try_from(pictures).unwrap_or(u32::MAX));
        counters.video_dropped += pictures;
    }

    /// A picture that is offered now would go at once.
    pub fn has_room(&self) -> bool {
        !self.on_the_way && self.next.is_none()
    }

    /// One waits.
    pub fn is_next(&self) -> bool {
        self.next.is_some()
    }

    /// Appends the next picture, if there is one, to what is sent.
    pub fn fill(&mut self, outgoing: &mut Vec<u8>, now: u64, counters: &mut Counters) {
        let Some(jpeg) = self.next.take() else { return };
        outgoing.extend_from_slice(&[0; 4]);
        pickle::write(&jpeg, outgoing);
        let size = outgoing.len() - 4;
        let prefix = u32::try_from(size).ok().filter(|_| size <= MAX_FRAME);
        let Some((prefix, place)) = prefix.zip(outgoing.first_chunk_mut::<4>()) else {
            log::warn!("call: a picture of {size} bytes is over the limit of {MAX_FRAME}");
            counters.video_dropped += 1;
            outgoing.clear();
            return;
        };
        *place = prefix.to_le_bytes();
        self.number = self.number.wrapping_add(1);
        self.on_the_way = true;
        self.sent += 1;
        self.rate.sent(self.number, outgoing.len(), now);
        counters.video_sent += 1;
    }

    /// The picture that was on its way is gone.
    pub fn gone(&mut self, now: u64) {
        if std::mem::take(&mut self.on_the_way) {
            self.changed |= self.rate.received(self.number, None, now);
        }
    }

    /// Time goes on. `true`: what is wanted has changed.
    pub fn tick(&mut self, now: u64) -> bool {
        if self.replaced * REPLACED > self.sent + self.replaced && self.replaced > 1 {
            self.rate.cannot_keep_up();
        }
        if now.saturating_sub(self.second) >= SECOND {
            (self.second, self.sent, self.replaced) = (now, 0, 0);
        }
        std::mem::take(&mut self.changed) | self.rate.tick(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    /// Ten seconds of 33 pictures each, of which a picture takes so long to go.
    fn after_ten_seconds(takes: u64) -> (u16, Counters) {
        let (mut pictures, mut counters) = (Pictures::new(0), Counters::default());
        let mut free_at = 0;
        for at in (0..10_000 * MS).step_by(30 * 1_000_000) {
            if at >= free_at {
                pictures.gone(at);
            }
            pictures.offer(vec![0xFF; 20_000], &mut counters);
            if !pictures.on_the_way {
                pictures.fill(&mut Vec::new(), at, &mut counters);
                free_at = at + takes;
            }
            pictures.tick(at);
        }
        (pictures.rate.wanted().width, counters)
    }

    #[test]
    fn a_slow_link_gets_small_pictures_and_a_fast_one_the_originals() {
        let (width, counters) = after_ten_seconds(10 * MS);
        assert_eq!((width, counters.video_dropped), (640, 0));
        let (width, counters) = after_ten_seconds(400 * MS);
        assert!(width <= 240, "{width}");
        assert!(counters.video_dropped > 200, "{counters:?}");
    }

    #[test]
    fn the_newest_picture_goes_in_the_originals_frame() {
        let (mut pictures, mut counters) = (Pictures::new(0), Counters::default());
        for byte in 0..3 {
            pictures.offer(vec![0xFF, 0xD8, byte], &mut counters);
        }
        let mut sent = Vec::new();
        pictures.fill(&mut sent, 0, &mut counters);
        let (size, rest) = sent.split_first_chunk::<4>().expect("a size");
        assert_eq!(u32::from_le_bytes(*size) as usize, rest.len());
        assert_eq!(pickle::read(rest).as_deref(), Ok(&[0xFF, 0xD8, 2][..]));
        assert_eq!((counters.video_sent, counters.video_dropped), (1, 2));
        assert!(!pictures.has_room());
    }

    #[test]
    fn a_picture_over_the_limit_is_not_sent() {
        let (mut pictures, mut counters) = (Pictures::new(0), Counters::default());
        // Each zero is six bytes in a pickle.
        pictures.offer(vec![0; MAX_FRAME / 5], &mut counters);
        let mut sent = Vec::new();
        pictures.fill(&mut sent, 0, &mut counters);
        assert!(sent.is_empty() && pictures.has_room());
        assert_eq!((counters.video_sent, counters.video_dropped), (0, 1));
    }
}
