// QML engines as Okno's window needs them, and the interface's files inside the program.
//
// In: engines, URLs. Out: windows, or what is wrong with a file, as "file:line:column: what" with
// the path on disk where the file is on disk.
#pragma once

#include "cxx-qt-lib/qstring.h"
#include "rust/cxx.h"

#include <QtQml/QQmlApplicationEngine>

namespace okno {

// Before the first engine: files will change while the program runs, so nothing compiled is kept.
void expect_edits();

// Layers, imports, no network. UI thread, before anything is loaded.
void prepare_engine(QQmlApplicationEngine &engine);

// Makes the window; gives what is wrong, empty if nothing is. UI thread.
rust::String load_window(QQmlApplicationEngine &engine, rust::Str url);

// What is wrong with a file, as the newest engine sees it; empty if nothing is. UI thread.
QString check_qml(const QString &url);

// What QML complained about last; empty if nothing. UI thread.
QString last_warning();

// The newest engine reads files anew from now on. UI thread.
void clear_component_cache();

// The files below a folder of Qt's resources (":/..."). Any thread.
rust::Vec<rust::String> shipped_files(rust::Str root);

// What is in one of them; empty if there is none. Any thread.
rust::Vec<std::uint8_t> shipped_bytes(rust::Str path);

} // namespace okno
