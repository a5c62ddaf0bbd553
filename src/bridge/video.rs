//! Pixels from Rust to the scene graph: the counterpart of `cpp/video_view.cpp`.
//!
//! In: what a `VideoView` shows and at what size. Out: pictures whose pixels both sides share.
//! Everything here may be called on the render thread.

use std::sync::Arc;

use okno_media::{Picture, clock};
use okno_session::{StreamId, View};

use crate::core::core;

#[cxx::bridge(namespace = "okno")]
mod ffi {
    /// Where a view stands in time.
    struct ViewPosition {
        paused: bool,
        /// Shows the past, held or played.
        replaying: bool,
        /// Seconds from the frame that is shown to the newest one.
        behind: f64,
        /// Frames that came since.
        newer: i32,
        /// Seconds that can be gone back to.
        reach: f64,
        /// The frames that come are kept.
        kept: bool,
    }

    extern "Rust" {
        /// One `VideoView`'s connection to one stream.
        type VideoLink;
        /// A picture that C++ holds on to; empty if there was none.
        type HeldPicture;
        /// To be told when a picture is on the screen.
        type ShownReport;

        /// Connects a view to a stream; a stream that does not exist gives no pictures.
        fn open_video_link(stream: i32, waker: UniquePtr<Waker>) -> Box<VideoLink>;
        /// See `View::set_shown`.
        fn set_shown(self: &VideoLink, width: u32, height: u32, visible: bool);
        /// The newest picture, if this view has not taken it yet.
        fn take(self: &VideoLink) -> Box<HeldPicture>;
        /// See `View::set_paused`, `step` and `go_live`; `seek` takes seconds.
        fn set_paused(self: &VideoLink, paused: bool);
        fn step(self: &VideoLink, frames: i32);
        fn seek(self: &VideoLink, seconds: f64);
        fn go_live(self: &VideoLink);
        /// Moves a replay on; gives the milliseconds until the next time, -1 if it plays nothing.
        fn advance(self: &VideoLink) -> i32;
        fn position(self: &VideoLink) -> ViewPosition;
        /// What to call once `picture` is on the screen.
        fn report(self: &VideoLink, picture: &HeldPicture) -> Box<ShownReport>;
        /// The picture is on the screen now.
        fn on_screen(self: &ShownReport);

        /// The newest picture of a stream, for stills. Any thread.
        fn take_still(stream: i64) -> Box<HeldPicture>;

        fn is_empty(self: &HeldPicture) -> bool;
        /// Pixels in a row, and rows, of what was decoded.
        fn width(self: &HeldPicture) -> i32;
        fn height(self: &HeldPicture) -> i32;
        /// The same of the source's pictures.
        fn source_width(self: &HeldPicture) -> i32;
        fn source_height(self: &HeldPicture) -> i32;
        /// `width * height * 4` bytes that stay as long as the picture is held.
        fn pixels(self: &HeldPicture) -> *const u8;
    }

    // SAFETY: a Waker only locks a mutex and posts an event; see waker.h.
    unsafe extern "C++" {
        include!("okno/waker.h");
        type Waker;
        fn wake(self: &Waker);
    }
}

// SAFETY: waker.h: a Waker may be called and dropped on any thread; its target is behind a
// mutex.
unsafe impl Send for ffi::Waker {}
// SAFETY: as above; `wake` takes the mutex.
unsafe impl Sync for ffi::Waker {}

pub struct VideoLink(Option<Arc<View>>);

pub struct HeldPicture(Option<Arc<Picture>>);

pub struct ShownReport(Option<(Arc<View>, Arc<Picture>)>);

fn open_video_link(stream: i32, waker: cxx::UniquePtr<ffi::Waker>) -> Box<VideoLink> {
    let id = u64::try_from(stream).ok().map(StreamId);
    let stream = id.and_then(|id| core()?.hub.stream(id));
    Box::new(VideoLink(stream.map(|stream| {
        let wake = move || {
            if let Some(waker) = waker.as_ref() {
                waker.wake();
            }
        };
        Arc::new(View::new(&stream, Box::new(wake)))
    })))
}

impl VideoLink {
    fn set_shown(&self, width: u32, height: u32, visible: bool) {
        if let Some(view) = &self.0 {
            view.set_shown(width, height, visible);
        }
    }

    fn take(&self) -> Box<HeldPicture> {
        Box::new(HeldPicture(self.0.as_ref().and_then(|view| view.take())))
    }

    fn set_paused(&self, paused: bool) {
        self.with(|view| view.set_paused(paused, clock::now_ns()));
    }

    fn step(&self, frames: i32) {
        self.with(|view| view.step(frames));
    }

    fn seek(&self, seconds: f64) {
        // A cast saturates, and makes zero of what is no number.
        self.with(|view| view.seek((seconds * 1e9) as i64, clock::now_ns()));
    }

    fn go_live(&self) {
        self.with(View::go_live);
    }

    fn advance(&self) -> i32 {
        let next = self.0.as_ref().and_then(|view| view.advance(clock::now_ns()));
        // A little late rather than twice for one frame.
        next.map_or(-1, |ns| i32::try_from(ns.div_ceil(1_000_000)).unwrap_or(i32::MAX))
    }

    fn position(&self) -> ffi::ViewPosition {
        let at = self.0.as_ref().map(|view| view.position()).unwrap_or_default();
        ffi::ViewPosition {
            paused: at.paused,
            replaying: at.replaying,
            behind: at.behind as f64 / 1e9,
            newer: i32::try_from(at.newer).unwrap_or(i32::MAX),
            reach: at.reach as f64 / 1e9,
            kept: at.kept,
        }
    }

    fn with(&self, act: impl FnOnce(&View)) {
        if let Some(view) = &self.0 {
            act(view);
        }
    }

    fn report(&self, picture: &HeldPicture) -> Box<ShownReport> {
        Box::new(ShownReport(self.0.clone().zip(picture.0.clone())))
    }
}

impl ShownReport {
    fn on_screen(&self) {
        if let Some((view, picture)) = &self.0 {
            view.shown(picture, clock::now_ns());
        }
    }
}

impl HeldPicture {
    fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn width(&self) -> i32 {
        self.dimension(|p| p.width)
    }

    fn height(&self) -> i32 {
        self.dimension(|p| p.height)
    }

    fn source_width(&self) -> i32 {
        self.dimension(|p| p.source_width)
    }

    fn source_height(&self) -> i32 {
        self.dimension(|p| p.source_height)
    }

    fn pixels(&self) -> *const u8 {
        self.0.as_ref().map_or(std::ptr::null(), |picture| picture.pixels.as_ptr())
    }

    fn dimension(&self, of: impl Fn(&Picture) -> u32) -> i32 {
        self.0.as_ref().and_then(|picture| i32::try_from(of(picture)).ok()).unwrap_or(0)
    }
}

fn take_still(stream: i64) -> Box<HeldPicture> {
    let id = u64::try_from(stream).ok().map(StreamId);
    let stream = id.and_then(|id| core()?.hub.stream(id));
    Box::new(HeldPicture(stream.and_then(|stream| stream.still())))
}
