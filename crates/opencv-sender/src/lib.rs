//! Captures a camera, file, URL or test pattern with OpenCV and sends it as JPEGs over TCP.
//!
//! The way of a frame: [`source`] gives pictures, a [`capture`] thread stamps them and puts them
//! into the newest-frame slot of a [`lane`], the [`encode`] workers make JPEGs of those that the
//! [`link`] has room for, and the link writes them to the viewer. [`pipeline`] wires these and
//! joins every thread; no stage knows another.
//!
//! This is the only crate that uses OpenCV.

pub mod capture;
pub mod cli;
pub mod encode;
pub mod exit;
pub mod lane;
pub mod link;
pub mod names;
pub mod pace;
pub mod picture;
pub mod pipeline;
pub mod preview;
pub mod report;
pub mod source;
pub mod stats;
pub mod stop;
pub mod transform;
pub mod values;
