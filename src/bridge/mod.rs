//! The border between Rust and Qt: one QObject or one C++ file's counterpart in each module.
//!
//! In: properties and calls from QML and C++. Out: commands to [`crate::core::Core`], and its
//! states as properties. Holds no state that must outlive a QML engine.

// The macros of cxx and cxx-qt generate code at the C++ border, and items without docstrings.
#![allow(unsafe_code, missing_docs)]

pub mod app_info;
pub mod call;
pub mod catalog;
pub mod designer;
pub mod engine;
pub mod frame_server;
pub mod shell;
pub mod stream_model;
pub mod video;

use cxx_qt_lib::{QByteArray, QHash, QHashPair_i32_QByteArray};

/// What a list model tells QML of its roles: their names, numbered from `first`.
fn role_names(first: i32, names: &[&str]) -> QHash<QHashPair_i32_QByteArray> {
    let mut roles = QHash::<QHashPair_i32_QByteArray>::default();
    for (role, name) in (first..).zip(names) {
        roles.insert(role, QByteArray::from(*name));
    }
    roles
}
