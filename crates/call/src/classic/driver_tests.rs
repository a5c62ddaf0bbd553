//! What time alone does to a call with an original client.

use okno_session::call::{Packet, VideoQuality};

use super::*;
use crate::inbox::Wishes;

struct Deaf;

impl Media for Deaf {
    fn start(&mut self, _: Sound) {}
    fn stop(&mut self) {}
    fn audio(&mut self, _: Packet) {}
    fn video(&mut self, _: VideoFrame) {}
    fn video_wanted(&mut self, _: VideoQuality) {}
}

const START: u64 = 1_000_000 * MS;

fn call() -> Running {
    let inbox = Arc::new(Inbox::new(Wishes {
        hang_up: false,
        muted: false,
        camera_on: true,
        microphone: true,
        verified: false,
        shown: None,
        camera: None,
    }));
    let snapshot = Arc::default();
    let desk = Desk { media: Box::new(Deaf), inbox, snapshot, on_change: Box::new(|| {}) };
    Running::new(desk, START)
}

fn in_call() -> Running {
    let mut call = call();
    call.present(START);
    call
}

#[test]
fn nobody_is_waited_for_longer_than_the_relay_waits() {
    let mut call = call();
    let limit = WAIT_TIME.as_nanos() as u64 - 1_000 * MS;
    assert_eq!(call.time(START + limit - 1, START), Ok(()));
    assert_eq!(call.time(START + limit, START), Err(End::NobodyCame));
}

#[test]
fn who_says_nothing_is_shown_and_then_given_up() {
    let mut call = in_call();
    assert_eq!(call.link(START + QUIET - 1).trouble, None);
    assert_eq!(call.link(START + QUIET).trouble, Some(Trouble::Receiving));
    let late = START + SILENT;
    assert_eq!(call.time(late - 1, late), Ok(()));
    assert_eq!(call.time(late, late), Err(End::PeerSilent));
    call.present(late);
    assert_eq!((call.time(late, late), call.link(late).trouble), (Ok(()), None));
}

#[test]
fn a_server_that_takes_no_sound_is_left() {
    let mut call = in_call();
    let limit = WRITE_STALL.as_nanos() as u64;
    assert_eq!(call.time(START + limit - 1, START), Ok(()));
    let end = call.time(START + limit, START);
    assert_eq!(end, Err(End::PathLost("the server took nothing for 15 s".to_owned())));
}

#[test]
fn silence_fills_pauses_at_the_pace_of_sound_and_never_piles_up() {
    let mut call = in_call();
    call.sound.clear();
    let second = START + 1_000 * MS;
    let mut silent = 0;
    for now in (START..second).step_by(5_000_000) {
        call.collect(now);
        silent += call.sound.len();
        call.sound.clear();
    }
    // 800 ms of it.
    assert!((34..=36).contains(&silent), "{silent} chunks");
    call.collect(second + 60_000 * MS);
    assert_eq!(call.sound.len(), CLASSIC_CHUNKS);
    assert!(call.counters.audio_dropped <= 1, "{:?}", call.counters);
}

#[test]
fn of_sound_that_nobody_takes_the_newest_quarter_second_stays() {
    let mut call = in_call();
    for number in 0..40 {
        call.desk.inbox.audio(0, &[number; CHUNK]);
        call.collect(START);
    }
    assert_eq!(call.sound.len(), CLASSIC_CHUNKS);
    assert_eq!(call.sound.front().and_then(|chunk| chunk.first()), Some(&30));
    // The first of all was the silence that says that we are there.
    assert_eq!(call.counters.audio_dropped, 31);
}
