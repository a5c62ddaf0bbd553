//! The command line of `okno-catalog`.

pub mod args;
pub mod client;
pub mod failure;
pub mod files;
pub mod output;
pub mod serve;
