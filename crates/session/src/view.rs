//! Who looks at a stream: its views, and the picture that they take.
//!
//! In: at what size each view shows the stream, if it can be seen, and whether it holds a picture
//! or plays the past. Out: the newest picture, to each view once, with one wake for each picture
//! that was not taken yet; and at what size the stream is worth decoding. Never decodes, never
//! waits. Where both are locked, the look-back is locked before the display.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use okno_media::{EncodedFrame, Picture};

use crate::history::History;
use crate::replay::{Position, Replay};
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
    /// Number of the frame that was taken last.
    taken: u64,
    pub wake: Wake,
    replay: Option<Replay>,
}

/// A frame of the past to decode, and for which view.
pub(crate) struct PastFrame {
    pub view: u64,
    pub frame: EncodedFrame,
    pub wanted: (u32, u32),
}

impl ViewState {
    /// Shows the present, and can be seen.
    pub const fn is_live(&self) -> bool {
        self.visible && self.replay.is_none()
    }
}

impl Display {
    /// The size at which new frames are worth decoding.
    pub fn wanted(&self) -> (u32, u32) {
        Self::largest(self.views.iter().filter(|view| view.is_live()))
    }

    /// The size at which frames are worth sending: one who holds a picture looks on later.
    pub fn asked(&self) -> (u32, u32) {
        Self::largest(self.views.iter().filter(|view| view.visible))
    }

    fn largest<'a>(views: impl Iterator<Item = &'a ViewState>) -> (u32, u32) {
        views.fold((0, 0), |(w, h), view| (w.max(view.wanted.0), h.max(view.wanted.1)))
    }

    /// Whether a decoded picture would be taken: a view that can be seen has seen the latest one.
    /// One is enough, so that a view that does not draw holds up nobody.
    pub fn is_waiting(&self, again: bool) -> bool {
        let mut live = self.views.iter().filter(|view| view.is_live());
        live.any(|view| again || view.seen == self.version)
    }

    /// Whether [`Display::past_frame`] gives one.
    pub fn wants_past(&self) -> bool {
        self.views.iter().any(|view| view.visible && view.wants_past())
    }

    /// A frame of the past that someone waits for.
    pub fn past_frame(&mut self) -> Option<PastFrame> {
        let view = self.views.iter_mut().find(|view| view.visible && view.wants_past())?;
        let replay = view.replay.as_mut()?;
        replay.undecoded = false;
        Some(PastFrame { view: view.id, frame: replay.frame()?.clone(), wanted: view.wanted })
    }

    /// Hands a picture of the past to the view that it was decoded for.
    pub fn publish_past(&mut self, view: u64, picture: Arc<Picture>) {
        let Some(view) = self.view(view) else { return };
        if let Some(replay) = &mut view.replay {
            replay.picture = Some(picture);
            replay.fresh = true;
            (view.wake)();
        }
    }

    /// The compressed frame of the picture that is on the screen.
    pub fn on_screen(&self, history: &History) -> Option<EncodedFrame> {
        let mut past = self.views.iter().filter(|view| view.visible);
        if let Some(frame) = past.find_map(|view| view.replay.as_ref().and_then(Replay::frame)) {
            return Some(frame.clone());
        }
        let latest = self.latest.as_ref().map(|(_, frame)| frame);
        let shown = latest.filter(|frame| frame.number == self.shown);
        shown
            .or_else(|| history.find(self.shown))
            .or(latest)
            .or_else(|| history.frames().back())
            .cloned()
    }

    fn view(&mut self, id: u64) -> Option<&mut ViewState> {
        self.views.iter_mut().find(|view| view.id == id)
    }
}

impl ViewState {
    fn wants_past(&self) -> bool {
        self.replay.as_ref().is_some_and(|replay| replay.undecoded)
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
        display.views.push(ViewState {
            id,
            wanted: (0, 0),
            visible: false,
            seen: 0,
            taken: 0,
            wake,
            replay: None,
        });
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
        let before = display.asked();
        let Some(view) = display.view(self.id) else { return };
        if view.wanted == (width, height) && view.visible == visible {
            return;
        }
        view.wanted = (width, height);
        view.visible = visible;
        if let Some(replay) = &mut view.replay {
            replay.undecoded |=
                replay.picture.as_ref().is_none_or(|held| is_too_coarse(held, view.wanted));
        }
        let after = display.asked();
        let wanted = display.wanted();
        let too_coarse =
            display.latest.as_ref().is_some_and(|(picture, _)| is_too_coarse(picture, wanted));
        drop(display);
        if too_coarse {
            self.stream.again.store(true, Ordering::Release);
        }
        if before != after {
            self.stream.demand_changed();
        }
        self.stream.schedule();
    }

    /// The newest picture of what the view shows, if it has not taken that yet.
    #[must_use]
    pub fn take(&self) -> Option<Arc<Picture>> {
        let mut display = lock(&self.stream.display);
        let version = display.version;
        let view = display.view(self.id)?;
        if let Some(replay) = &mut view.replay {
            let fresh = std::mem::take(&mut replay.fresh);
            return replay.picture.clone().filter(|_| fresh);
        }
        if view.seen == version {
            return None;
        }
        view.seen = version;
        let picture = display.latest.as_ref().map(|(picture, _)| Arc::clone(picture));
        if let Some(view) = display.view(self.id) {
            view.taken = picture.as_ref().map_or(0, |picture| picture.number);
        }
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

    /// Holds the picture, or goes on: with the past if that is what was shown, else with the
    /// present.
    pub fn set_paused(&self, paused: bool, now: u64) {
        self.change(|view, history, shown| match &mut view.replay {
            None if paused => view.replay = Some(Replay::begin(history, view.taken, shown)),
            None => {}
            Some(replay) if paused => replay.hold(),
            Some(replay) if replay.has_moved() => replay.play(now),
            Some(_) => view.replay = None,
        });
    }

    /// Some frames back (negative) or forward, and holds the picture.
    pub fn step(&self, frames: i32) {
        self.change(|view, history, shown| {
            let taken = view.taken;
            let begin = || Replay::begin(history, taken, shown);
            view.replay.get_or_insert_with(begin).step(i64::from(frames), history);
        });
    }

    /// Some nanoseconds back (negative) or forward; plays from there unless the picture is held.
    /// Past the newest frame lies the present.
    pub fn seek(&self, by: i64, now: u64) {
        self.change(|view, history, shown| {
            let taken = view.taken;
            let replay = view.replay.get_or_insert_with(|| {
                let mut replay = Replay::begin(history, taken, shown);
                replay.play(now);
                replay
            });
            if !replay.seek(by, now, history) {
                view.replay = None;
            }
        });
    }

    /// Shows the present again.
    pub fn go_live(&self) {
        self.change(|view, _, _| view.replay = None);
    }

    /// Moves a replay on to what is due. Gives the nanoseconds until it should be called again;
    /// `None` when the view holds a picture or shows the present.
    pub fn advance(&self, now: u64) -> Option<u64> {
        let mut next = None;
        self.change(|view, history, _| {
            let Some(replay) = view.replay.as_mut().filter(|replay| !replay.is_paused()) else {
                return;
            };
            next = replay.advance(now, history);
            if next.is_none() {
                view.replay = None;
            }
        });
        next
    }

    /// Where the view stands.
    #[must_use]
    pub fn position(&self) -> Position {
        let newest = self.stream.counters.received.load(Ordering::Relaxed);
        let history = lock(&self.stream.history);
        let mut display = lock(&self.stream.display);
        let replay = display.view(self.id).and_then(|view| view.replay.as_ref());
        let kept = history.keeps() && self.stream.limits.keeps();
        match replay {
            Some(replay) => Position { kept, ..replay.position(newest, &history) },
            None => Position { reach: history.reach(), kept, ..Position::default() },
        }
    }

    /// Changes what is shown. A view that comes back to the present takes the newest picture.
    fn change(&self, act: impl FnOnce(&mut ViewState, &History, Option<&EncodedFrame>)) {
        let history = lock(&self.stream.history);
        let mut display = lock(&self.stream.display);
        let shown = display.latest.as_ref().map(|(_, frame)| frame.clone());
        let wanted = display.wanted();
        let Some(view) = display.view(self.id) else { return };
        let was_live = view.replay.is_none();
        act(view, &history, shown.as_ref());
        if !was_live && view.replay.is_none() {
            view.seen = 0;
            (view.wake)();
        }
        let finer = display.wanted();
        let coarse = |(picture, _): &(Arc<Picture>, _)| is_too_coarse(picture, finer);
        let again = finer != wanted && display.latest.as_ref().is_some_and(coarse);
        drop((display, history));
        if again {
            self.stream.again.store(true, Ordering::Release);
        }
        self.stream.schedule();
    }
}

/// Whether a picture was decoded smaller than it is shown now, and could be larger.
fn is_too_coarse(picture: &Picture, wanted: (u32, u32)) -> bool {
    let full = picture.width == picture.full_width;
    !full && (wanted.0 > picture.width || wanted.1 > picture.height)
}

impl Drop for View {
    fn drop(&mut self) {
        lock(&self.stream.display).views.retain(|view| view.id != self.id);
        self.stream.demand_changed();
        self.stream.schedule();
    }
}
