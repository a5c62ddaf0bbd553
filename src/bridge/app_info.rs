//! `App`: the program itself, for QML.

use std::pin::Pin;

use cxx_qt::{CxxQtType as _, Threading as _};
use cxx_qt_lib::{QSize, QString, QVariant};

use super::shell;
use crate::core::core;

#[cxx_qt::bridge]
pub mod ffi {
    unsafe extern "C++" {
        include!("cxx-qt-lib/qstring.h");
        type QString = cxx_qt_lib::QString;
        include!("cxx-qt-lib/qvariant.h");
        type QVariant = cxx_qt_lib::QVariant;
        include!("cxx-qt-lib/qsize.h");
        type QSize = cxx_qt_lib::QSize;
    }

    extern "RustQt" {
        /// The program itself. Properties: `version`; `renderer` ("software", "opengl", ...);
        /// `viewSize`, the size in device pixels that was asked for with --view-size, 0 x 0 if
        /// none; `settingsFile`, where the interface keeps what a person chose; `statistics`, an object as docs/statistics.md describes it, once a second.
        #[qobject]
        #[qml_element]
        #[qml_singleton]
        #[qproperty(QString, version, READ, CONSTANT)]
        #[qproperty(QString, renderer, READ, CONSTANT)]
        #[qproperty(QSize, view_size, cxx_name = "viewSize", READ, CONSTANT)]
        #[qproperty(QString, settings_file, cxx_name = "settingsFile", READ, CONSTANT)]
        #[qproperty(QVariant, statistics, READ, NOTIFY)]
        type App = super::AppRust;

        /// Ends the program.
        #[qinvokable]
        fn quit(self: &App);
    }

    impl cxx_qt::Threading for App {}
    impl cxx_qt::Initialize for App {}
}

#[derive(Default)]
pub struct AppRust {
    version: QString,
    renderer: QString,
    view_size: QSize,
    settings_file: QString,
    statistics: QVariant,
}

impl cxx_qt::Initialize for ffi::App {
    fn initialize(mut self: Pin<&mut Self>) {
        let thread = self.qt_thread();
        let mut app = self.as_mut().rust_mut();
        app.version = QString::from(env!("CARGO_PKG_VERSION"));
        let settings = crate::folders::settings_file().to_string_lossy().into_owned();
        app.settings_file = QString::from(&settings);
        app.renderer = QString::from(&shell::renderer_name());
        let Some(core) = core() else { return };
        if let Some((width, height)) = core.view_size {
            let int = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
            app.view_size = QSize::new(int(width), int(height));
        }
        core.sinks.add_statistics(Box::new(move |json| {
            let update = move |mut app: Pin<&mut Self>| {
                app.as_mut().rust_mut().statistics = shell::variant_from_json(&json);
                app.statistics_changed();
            };
            thread.queue(update).is_ok()
        }));
    }
}

impl ffi::App {
    fn quit(&self) {
        shell::quit(0);
    }
}
