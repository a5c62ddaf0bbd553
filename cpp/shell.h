// The few calls into Qt that cxx-qt-lib does not bind, as plain functions for Rust.
//
// In: values. Out: effects on the application or the engine. Each says on which thread it may be
// called.
#pragma once

#include "cxx-qt-lib/qstring.h"
#include "cxx-qt-lib/qvariant.h"
#include "rust/cxx.h"

#include <QtQml/QQmlApplicationEngine>

#include <cstdint>

namespace okno {

// Before the application exists: chooses how Qt Quick renders, unless the user has set that by a
// QT_* or QSG_* variable. Without a GPU the software renderer is far cheaper than GL on a CPU.
void choose_renderer();

// The renderer in use: "software", "opengl", "vulkan" or "unknown". UI thread, after
// choose_renderer().
rust::String renderer_name();

// Names, desktop file and icon of the application. UI thread, after it exists.
void describe_application(rust::Str version);

// Keeps memory bounded while the pointer rests on a window (resting_pointer.h). UI thread, once,
// after the application exists.
void watch_resting_pointer();

// Adds the provider of image://okno/<stream>. UI thread.
void add_still_provider(QQmlApplicationEngine &engine);

// Ends the event loop with this exit code. Any thread, at any time after the application exists.
void quit(int code);

// Puts text on the clipboard. UI thread.
void copy_text(const QString &text);

// The pixels (four bytes each: blue, green, red, unused; rows without padding) as a PNG; empty if
// that fails. Any thread.
rust::Vec<std::uint8_t> encode_png(rust::Slice<const std::uint8_t> pixels, std::uint32_t width,
                                   std::uint32_t height);

// Puts one picture on the clipboard in both forms; an empty JPEG is left out. UI thread.
void copy_picture(rust::Slice<const std::uint8_t> png, rust::Slice<const std::uint8_t> jpeg);

// A picture file of any kind that Qt reads, as a JPEG; empty if it is none, or too large. Any
// thread.
rust::Vec<std::uint8_t> picture_file_as_jpeg(rust::Str path);

// Opens a folder or a file with the program that the desktop has for it. UI thread; waits for
// nothing.
void open_path(const QString &path);

// A QML value (object, list, number, ...) from JSON text; invalid if it is no JSON.
QVariant variant_from_json(rust::Str json);

} // namespace okno
