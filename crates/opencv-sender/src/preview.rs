//! The local window of `--preview`, as the original client has one.
//!
//! In: copies of captured pictures. Out: a window a stream, and the word that `q` was pressed.
//! OpenCV's windows belong to the main thread; a capture thread only leaves a copy when the
//! last one has been taken, so the window never slows the stream down.

use okno_media::Slot;
use opencv::core::Mat;
use opencv::highgui;
use opencv::prelude::*;

use crate::encode;
use crate::picture::Picture;
use crate::transform::Transform;

/// Milliseconds in which the window answers to the user and draws itself.
const WINDOW_TIME_MS: i32 = 5;

/// One stream's window.
#[derive(Debug, Default)]
pub struct Preview {
    slot: Slot<Picture>,
}

impl Preview {
    /// Leaves a copy of a picture if the window has taken the last one.
    pub fn offer(&self, picture: &Picture) {
        if self.slot.is_filled() {
            return;
        }
        let copy = match picture {
            Picture::Pixels(mat) => mat.try_clone().map(Picture::Pixels),
            Picture::Jpeg(mat) => mat.try_clone().map(Picture::Jpeg),
        };
        if let Ok(copy) = copy {
            self.slot.put(copy);
        }
    }
}

/// Why no window can be opened here, if so. Qt, which draws OpenCV's windows on Debian, ends the
/// whole program where it finds no display, so this is asked before.
#[must_use]
pub fn obstacle() -> Option<&'static str> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_display = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    let other_platform = is_set("QT_QPA_PLATFORM");
    (!has_display && !other_platform).then_some("there is no display (DISPLAY is not set)")
}

/// Shows the newest pictures; `true` when `q` was pressed in one of the windows.
///
/// # Errors
/// What OpenCV says when it can't show windows.
pub fn show(
    previews: &[(String, std::sync::Arc<Preview>)],
    transform: &Transform,
) -> Result<bool, String> {
    let opencv = |e: opencv::Error| format!("OpenCV: {}", e.message);
    let mut scratch = [Mat::default(), Mat::default()];
    for (name, preview) in previews {
        let pixels = match preview.slot.take() {
            None => continue,
            Some(Picture::Pixels(mat)) => mat,
            Some(Picture::Jpeg(jpeg)) => {
                let mut pixels = Mat::default();
                encode::decode(&jpeg, &mut pixels)?;
                pixels
            }
        };
        let picture = transform.apply(&pixels, None, &mut scratch)?;
        highgui::imshow(name, picture).map_err(opencv)?;
    }
    let key = highgui::wait_key(WINDOW_TIME_MS).map_err(opencv)?;
    Ok(u8::try_from(key & 0xFF).is_ok_and(|key| key == b'q'))
}
