//! Lists bridges, C++ files and QML files for cxx-qt-build; nothing else.

use std::path::Path;

use cxx_qt_build::{CxxQtBuilder, QmlModule};
use qt_build_utils::{QResource, QResourceFile, QResources};

fn main() {
    let icon = QResourceFile::new("assets/okno.svg").alias("okno.svg");
    CxxQtBuilder::new_qml_module(QmlModule::new("Okno.Backend").depend("QtQuick"))
        // Without this every change in the crate builds all of the C++ anew.
        .crate_include_root(None)
        .include_dir("cpp")
        .qt_module("Network")
        .qt_module("Quick")
        .files([
            "src/bridge/app_info.rs",
            "src/bridge/call.rs",
            "src/bridge/catalog.rs",
            "src/bridge/designer.rs",
            "src/bridge/engine.rs",
            "src/bridge/frame_server.rs",
            "src/bridge/shell.rs",
            "src/bridge/stream_model.rs",
            "src/bridge/video.rs",
        ])
        .cpp_files([
            "cpp/call_state.h",
            "cpp/catalog_state.h",
            "cpp/engine.cpp",
            "cpp/layers.cpp",
            "cpp/no_network.cpp",
            "cpp/resting_pointer.cpp",
            "cpp/shell.cpp",
            "cpp/still_provider.cpp",
            "cpp/stream_state.h",
            "cpp/video_view.cpp",
            "cpp/video_view.h",
        ])
        .qrc_resources(
            QResources::new()
                .resource(QResource::new().prefix("/qt/qml").files(tree(Path::new("qml/Okno"))))
                .resource(QResource::new().prefix("/okno").file(icon))
                // What `--export-qml` writes besides.
                .resource(QResource::new().prefix("/okno/designers").files(extras())),
        )
        .build();
}

/// What runs the interface without the program.
fn extras() -> Vec<QResourceFile> {
    let page = QResourceFile::new("qml/README-designers.md").alias("README-designers.md");
    let project = QResourceFile::new("qml/okno.qmlproject").alias("okno.qmlproject");
    let mut files = tree(Path::new("qml/mocks"));
    files.extend(tree(Path::new("qml/gallery")));
    files.extend([page, project]);
    files
}

/// Every file below `folder`, by its path below `qml`.
fn tree(folder: &Path) -> Vec<QResourceFile> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    entries.sort();
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(tree(&path));
        } else if let Ok(alias) = path.strip_prefix("qml") {
            files.push(QResourceFile::new(&path).alias(alias.to_string_lossy()));
        }
    }
    files
}
