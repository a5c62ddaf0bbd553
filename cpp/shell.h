// The few calls into Qt that cxx-qt-lib does not bind, as plain functions for Rust.
//
// In: values. Out: effects on the application or the engine. Each says on which thread it may be
// called.
#pragma once

#include "cxx-qt-lib/qstring.h"
#include "cxx-qt-lib/qvariant.h"
#include "rust/cxx.h"

#include <QtQml/QQmlApplicationEngine>

namespace okno {

// Before the application exists: chooses how Qt Quick renders, unless the user has set that by a
// QT_* or QSG_* variable. Without a GPU the software renderer is far cheaper than GL on a CPU.
void choose_renderer();

// The renderer in use: "software", "opengl", "vulkan" or "unknown". UI thread, after
// choose_renderer().
rust::String renderer_name();

// Names, desktop file and icon of the application. UI thread, after it exists.
void describe_application(rust::Str version);

// Adds the provider of image://okno/<stream>. UI thread.
void add_still_provider(QQmlApplicationEngine &engine);

// Ends the event loop with this exit code. Any thread, at any time after the application exists.
void quit(int code);

// Puts text on the clipboard. UI thread.
void copy_text(const QString &text);

// A QML value (object, list, number, ...) from JSON text; invalid if it is no JSON.
QVariant variant_from_json(rust::Str json);

} // namespace okno
