#include "okno/layers.h"

#include "okno/src/bridge/engine.cxx.h"

#include <QtCore/QUrl>

namespace okno {

QUrl LayerInterceptor::intercept(const QUrl &url, DataType)
{
    const bool shipped = url.scheme() == QLatin1String("qrc");
    if (!shipped && !url.isLocalFile())
        return url;
    // Qt's own notation for a resource's path begins with a colon.
    const QByteArray asked = (shipped ? QLatin1Char(':') + url.path() : url.toLocalFile()).toUtf8();
    const rust::String found = redirect(rust::Str(asked.constData(), std::size_t(asked.size())));
    if (found.empty())
        return url;
    const QString path = QString::fromUtf8(found.data(), qsizetype(found.size()));
    QUrl instead;
    if (path.startsWith(QLatin1Char(':'))) {
        instead.setScheme(QStringLiteral("qrc"));
        instead.setPath(path.mid(1));
    } else {
        instead = QUrl::fromLocalFile(path);
    }
    instead.setQuery(url.query());
    return instead;
}

} // namespace okno
