#include "okno/still_provider.h"

#include "okno/src/bridge/video.cxx.h"

namespace okno {

StillProvider::StillProvider() : QQuickImageProvider(QQuickImageProvider::Image) {}

QImage StillProvider::requestImage(const QString &id, QSize *size, const QSize &requested)
{
    bool isNumber = false;
    const qlonglong stream = id.section(QLatin1Char('?'), 0, 0).toLongLong(&isNumber);
    if (!isNumber)
        return {};
    const auto picture = take_still(stream);
    if (picture->is_empty())
        return {};
    const QImage shared(picture->pixels(), picture->width(), picture->height(),
                        qsizetype(picture->width()) * 4, QImage::Format_RGB32);
    // Whoever gets the still may keep it for as long as it likes: it gets pixels of its own.
    const QImage still = requested.isEmpty() ? shared.copy()
                                             : shared.scaled(requested, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    if (size)
        *size = QSize(picture->source_width(), picture->source_height());
    return still;
}

} // namespace okno
