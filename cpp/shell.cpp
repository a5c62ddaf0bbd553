#include "okno/shell.h"

#include "okno/still_provider.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QJsonDocument>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QIcon>
#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGRendererInterface>

namespace okno {

namespace {

QString text(rust::Str value)
{
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

bool userChoseRenderer()
{
    for (const char *name : {"QT_QUICK_BACKEND", "QMLSCENE_DEVICE", "QSG_RHI_BACKEND", "QSG_RENDER_LOOP"}) {
        if (qEnvironmentVariableIsSet(name))
            return true;
    }
    return false;
}

// A render node is what every GPU driver offers; without one, GL is llvmpipe or softpipe.
bool hasGpu()
{
    return !QDir(QStringLiteral("/dev/dri")).entryList({QStringLiteral("renderD*")}, QDir::System).isEmpty();
}

} // namespace

void choose_renderer()
{
    if (!userChoseRenderer() && !hasGpu())
        QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
    // Qt waits 5 ms before it draws, for more changes to come. A frame that waits grows old.
    if (!qEnvironmentVariableIsSet("QT_QPA_UPDATE_IDLE_TIME"))
        qputenv("QT_QPA_UPDATE_IDLE_TIME", "0");
}

rust::String renderer_name()
{
    if (QQuickWindow::sceneGraphBackend() == QLatin1String("software"))
        return "software";
    switch (QQuickWindow::graphicsApi()) {
    case QSGRendererInterface::Software:
        return "software";
    case QSGRendererInterface::OpenGL:
        return "opengl";
    case QSGRendererInterface::Vulkan:
        return "vulkan";
    default:
        return "unknown";
    }
}

void describe_application(rust::Str version)
{
    QCoreApplication::setApplicationName(QStringLiteral("okno"));
    QCoreApplication::setOrganizationName(QStringLiteral("okno"));
    QCoreApplication::setApplicationVersion(text(version));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Okno"));
    QGuiApplication::setDesktopFileName(QStringLiteral("okno"));
    QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/okno/okno.svg")));
}

void add_still_provider(QQmlApplicationEngine &engine)
{
    // The engine owns its providers.
    engine.addImageProvider(QStringLiteral("okno"), new StillProvider);
}

void quit(int code)
{
    if (auto *application = QCoreApplication::instance())
        QMetaObject::invokeMethod(application, [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
}

void copy_text(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
}

QVariant variant_from_json(rust::Str json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), qsizetype(json.size()))).toVariant();
}

} // namespace okno
