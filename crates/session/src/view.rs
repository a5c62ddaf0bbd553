//! Who looks at a stream: its views, and the picture that they take.
//!
//! In: at what size each view shows the stream, if it can be seen. Out: the newest picture, to
//! each view once, with one wake for each picture that was not taken yet; and at what size the
//! stream is worth decoding. Never decodes, never waits.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use okno_media::{EncodedFrame, Picture};

use crate::stream::{Stream, lock};

/// Called when there is a new picture to take: once for each picture that was not taken. Comes
/// from a decoder's thread and must only pass the word on.
pub type Wake = Box<dyn Fn() + Send + Sync>;

#[derive(Default)]
pub(crate) struct Display {
    pub latest: Option<(Arc<Picture>, EncodedFrame)>,
    pub version: u64,
    /// The last number that was shown: a second view of the same frame does not count again.
    pub shown: u64,
    pub views: Vec<ViewState>,
    next_view: u64,
}

pub(crate) struct ViewState {
    id: u64,
    wanted: (u32, u32),
    pub visible: bool,
    seen: u64,
    pub wake: Wake,
}

impl Display {
    pub fn wanted(&self) -> (u32, u32) {
        let visible = self.views.iter().filter(|view| view.visible);
        visible.fold((0, 0), |(w, h), view| (w.max(view.wanted.0), h.max(view.wanted.1)))
    }

    /// Whether a decoded picture would be taken: a visible view has seen the latest one. One is
    /// enough, so that a view that does not draw holds up nobody.
    pub fn is_waiting(&self, again: bool) -> bool {
        let mut visible = self.views.iter().filter(|view| view.visible);
        visible.any(|view| again || view.seen == self.version)
    }

    fn view(&mut self, id: u64) -> Option<&mut ViewState> {
        self.views.iter_mut().find(|view| view.id == id)
    }
}

/// One place on the screen that shows a stream.
pub struct View {
    stream: Arc<Stream>,
    id: u64,
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").field("stream", &self.stream.id()).finish_non_exhaustive()
    }
}

impl View {
    /// A new view, not visible yet. `wake` is called when there is a picture to take.
    #[must_use]
    pub fn new(stream: &Arc<Stream>, wake: Wake) -> Self {
        let mut display = lock(&stream.display);
        display.next_view += 1;
        let id = display.next_view;
        display.views.push(ViewState { id, wanted: (0, 0), visible: false, seen: 0, wake });
        Self { stream: Arc::clone(stream), id }
    }

    /// The stream that this view shows.
    #[must_use]
    pub const fn stream(&self) -> &Arc<Stream> {
        &self.stream
    }

    /// Says at what size, in device pixels, the whole picture is shown, and whether it can be
    /// seen at all.
    pub fn set_shown(&self, width: u32, height: u32, visible: bool) {
        let mut display = lock(&self.stream.display);
        let before = display.wanted();
        let Some(view) = display.view(self.id) else { return };
        if view.wanted == (width, height) && view.visible == visible {
            return;
        }
        view.wanted = (width, height);
        view.visible = visible;
        let after = display.wanted();
        let too_coarse = display.latest.as_ref().is_some_and(|(picture, _)| {
            let full = picture.width == picture.full_width;
            !full && (after.0 > picture.width || after.1 > picture.height)
        });
        drop(display);
        if too_coarse {
            self.stream.again.store(true, Ordering::Release);
        }
        if before != after {
            self.stream.demand_changed();
        }
        self.stream.schedule();
    }

    /// The newest picture if this view has not taken it yet.
    #[must_use]
    pub fn take(&self) -> Option<Arc<Picture>> {
        let mut display = lock(&self.stream.display);
        let version = display.version;
        let view = display.view(self.id)?;
        if view.seen == version {
            return None;
        }
        view.seen = version;
        let picture = display.latest.as_ref().map(|(picture, _)| Arc::clone(picture));
        drop(display);
        self.stream.schedule();
        picture
    }

    /// The picture that was taken is on the screen since `now`.
    pub fn shown(&self, picture: &Picture, now: u64) {
        let mut display = lock(&self.stream.display);
        if picture.number <= display.shown {
            return;
        }
        display.shown = picture.number;
        drop(display);
        self.stream.counters.shown.fetch_add(1, Ordering::Relaxed);
        lock(&self.stream.stages).add(&picture.stamps, now);
    }
}

impl Drop for View {
    fn drop(&mut self) {
        lock(&self.stream.display).views.retain(|view| view.id != self.id);
        self.stream.demand_changed();
        self.stream.schedule();
    }
}
