//! A captured frame and the buffers it lives in.
//!
//! Buffers go round: a stage that has used one up gives it back, so that nothing is allocated
//! per frame once as many are under way as the stages hold at a time.

use std::sync::{Mutex, PoisonError};

use opencv::core::{CV_8U, Mat};
use opencv::prelude::*;

/// Buffers kept for a return: one being filled, one in the slot, and one at each worker.
const KEPT: usize = 6;

/// What a source hands out.
#[derive(Debug)]
pub enum Picture {
    /// Rows of pixels.
    Pixels(Mat),
    /// The source's own JPEG: one row of bytes.
    Jpeg(Mat),
}

impl Picture {
    /// Takes what OpenCV gave: a single row of bytes that begins as a JPEG does is one; pixels
    /// of one row don't occur, since a picture that begins FF D8 would have to be one pixel high.
    #[must_use]
    pub fn from_mat(mat: Mat) -> Self {
        let one_row = mat.rows() == 1 || mat.cols() == 1;
        let is_jpeg = one_row
            && mat.channels() == 1
            && mat.depth() == CV_8U
            && mat.data_bytes().is_ok_and(|b| b.starts_with(&[0xFF, 0xD8]));
        if is_jpeg { Self::Jpeg(mat) } else { Self::Pixels(mat) }
    }

    /// The buffer, for another use.
    #[must_use]
    pub fn into_mat(self) -> Mat {
        match self {
            Self::Pixels(mat) | Self::Jpeg(mat) => mat,
        }
    }
}

/// A frame on its way from the capture thread to a worker.
#[derive(Debug)]
pub struct Frame {
    /// What was captured.
    pub picture: Picture,
    /// Counts what the source gave, from 0.
    pub sequence: u64,
    /// When it was captured, [`okno_media::clock::now_ns`].
    pub captured_ns: u64,
}

/// Used buffers waiting for their next use.
#[derive(Debug)]
pub struct Pool<T> {
    free: Mutex<Vec<T>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { free: Mutex::new(Vec::with_capacity(KEPT)) }
    }
}

impl<T: Default> Pool<T> {
    /// A used buffer, or a new one. What it holds is of no meaning.
    #[must_use]
    pub fn take(&self) -> T {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Gives a buffer back.
    pub fn give(&self, buffer: T) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT {
            free.push(buffer);
        }
    }
}
