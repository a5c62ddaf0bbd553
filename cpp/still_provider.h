// StillProvider: image://okno/<stream> gives the newest frame of a stream as a still, for
// thumbnails and for designers. Live video is VideoView's business: Qt asks a provider once for
// each URL.
#pragma once

#include <QtQuick/QQuickImageProvider>

namespace okno {

class StillProvider : public QQuickImageProvider {
public:
    StillProvider();
    // id: the stream's id, optionally followed by '?' and anything, to get round Qt's cache.
    // Called on a thread of Qt's own.
    QImage requestImage(const QString &id, QSize *size, const QSize &requested) override;
};

} // namespace okno
