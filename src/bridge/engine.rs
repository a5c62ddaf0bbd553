//! QML engines: the calls of `cpp/engine.h`, and the layers for `cpp/layers.cpp`.

use crate::designer::layers::redirect;

#[cxx::bridge(namespace = "okno")]
mod ffi {
    extern "Rust" {
        /// See `designer::layers`. Any thread.
        fn redirect(asked: &str) -> String;
    }

    #[namespace = ""]
    unsafe extern "C++" {
        include!("cxx-qt-lib/qqmlapplicationengine.h");
        type QQmlApplicationEngine = cxx_qt_lib::QQmlApplicationEngine;
        include!("cxx-qt-lib/qstring.h");
        type QString = cxx_qt_lib::QString;
    }

    // SAFETY: each is safe on the thread that engine.h names for it.
    unsafe extern "C++" {
        include!("okno/engine.h");

        fn expect_edits();
        fn prepare_engine(engine: Pin<&mut QQmlApplicationEngine>);
        fn load_window(engine: Pin<&mut QQmlApplicationEngine>, url: &str) -> String;
        fn check_qml(url: &QString) -> QString;
        fn last_warning() -> QString;
        fn clear_component_cache();
        fn shipped_files(root: &str) -> Vec<String>;
        fn shipped_bytes(path: &str) -> Vec<u8>;
    }
}

pub use ffi::{
    check_qml, clear_component_cache, expect_edits, last_warning, load_window, prepare_engine,
    shipped_bytes, shipped_files,
};
