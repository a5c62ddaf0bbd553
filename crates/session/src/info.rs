//! What is known of a stream beside its frames.
//!
//! In: what its sender says, and the sizes of its pictures. Out: the same, for whoever shows it.
//! Never counts anything.

use okno_wire::Format;

/// What is known of a stream beside its frames.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// What the person sees as its name.
    pub name: String,
    /// Address of the sender.
    pub peer: String,
    /// Format on the wire; `None` until it is known.
    pub format: Option<Format>,
    /// What the sender says its source is; empty if it does not.
    pub source: String,
    /// Declared frames per second, 0 if not declared.
    pub frame_rate: f64,
    /// Size of the source's pictures in pixels, as the sender declares it, else of the pictures
    /// themselves; 0 while neither is known.
    pub width: u32,
    /// See `width`.
    pub height: u32,
    /// Size of the last picture as it was sent, in pixels; smaller than the source's where the
    /// sender knows how small it is shown.
    pub sent_width: u32,
    /// See `sent_width`.
    pub sent_height: u32,
    /// It belongs to a call: it has views, but no place on the wall and in the statistics.
    pub hidden: bool,
    /// Why the stream is gone, or what was wrong with its last invalid frame.
    pub note: String,
}

impl Info {
    /// Takes in the size of a picture as sent; gives the source's size.
    pub(crate) fn sent(&mut self, width: u32, height: u32) -> (u32, u32) {
        (self.sent_width, self.sent_height) = (width, height);
        (self.width, self.height) = self.source_of(width, height);
        (self.width, self.height)
    }

    /// The source's size when a picture was sent at this one. A declared size holds as long as
    /// pictures are not larger, and of the same shape but for rounding.
    pub(crate) fn source_of(&self, width: u32, height: u32) -> (u32, u32) {
        let across = u64::from(self.width) * u64::from(height);
        let down = u64::from(self.height) * u64::from(width);
        let rounding = u64::from(self.width.max(self.height));
        if width > self.width || height > self.height || across.abs_diff(down) > rounding {
            (width, height)
        } else {
            (self.width, self.height)
        }
    }
}
