//! The calls of `cpp/shell.h`.

#[cxx::bridge(namespace = "okno")]
mod ffi {
    #[namespace = ""]
    unsafe extern "C++" {
        include!("cxx-qt-lib/qqmlapplicationengine.h");
        type QQmlApplicationEngine = cxx_qt_lib::QQmlApplicationEngine;
        include!("cxx-qt-lib/qstring.h");
        type QString = cxx_qt_lib::QString;
        include!("cxx-qt-lib/qvariant.h");
        type QVariant = cxx_qt_lib::QVariant;
    }

    // SAFETY: each is safe on the thread that shell.h names for it.
    unsafe extern "C++" {
        include!("okno/shell.h");

        fn choose_renderer();
        fn renderer_name() -> String;
        fn describe_application(version: &str);
        fn watch_resting_pointer();
        fn add_still_provider(engine: Pin<&mut QQmlApplicationEngine>);
        fn quit(code: i32);
        fn copy_text(text: &QString);
        fn encode_png(pixels: &[u8], width: u32, height: u32) -> Vec<u8>;
        fn copy_picture(png: &[u8], jpeg: &[u8]);
        fn picture_file_as_jpeg(path: &str) -> Vec<u8>;
        fn open_path(path: &QString);
        fn variant_from_json(json: &str) -> QVariant;
    }
}

pub use ffi::{
    add_still_provider, choose_renderer, copy_picture, copy_text, describe_application, encode_png,
    open_path, picture_file_as_jpeg, quit, renderer_name, variant_from_json, watch_resting_pointer,
};
