#include "okno/shell.h"

#include "okno/resting_pointer.h"
#include "okno/still_provider.h"

#include <QtCore/QBuffer>
#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QJsonDocument>
#include <QtCore/QMimeData>
#include <QtCore/QUrl>
#include <QtGui/QClipboard>
#include <QtGui/QDesktopServices>
#include <QtGui/QGuiApplication>
#include <QtGui/QIcon>
#include <QtGui/QImage>
#include <QtGui/QImageReader>
#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGRendererInterface>

namespace okno {

namespace {

QString text(rust::Str value)
{
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

QByteArray bytes(rust::Slice<const std::uint8_t> value)
{
    return QByteArray(reinterpret_cast<const char *>(value.data()), qsizetype(value.size()));
}

// PNG: fast rather than small, since it is thrown away after one paste. JPEG: as good as it gets.
constexpr int pngQuality = 80;
constexpr int jpegQuality = 98;

rust::Vec<std::uint8_t> encoded(const QImage &image, const char *format, int quality)
{
    QBuffer buffer;
    rust::Vec<std::uint8_t> result;
    if (buffer.open(QIODevice::WriteOnly) && image.save(&buffer, format, quality)) {
        result.reserve(std::size_t(buffer.size()));
        for (const char byte : buffer.data())
            result.push_back(std::uint8_t(byte));
    }
    return result;
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

void watch_resting_pointer()
{
    RestingPointer::watch();
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

rust::Vec<std::uint8_t> encode_png(rust::Slice<const std::uint8_t> pixels, std::uint32_t width,
                                   std::uint32_t height)
{
    // QImage would read past the end of fewer.
    if (width == 0 || height == 0 || pixels.size() / 4 / width < height)
        return {};
    const QImage image(pixels.data(), int(width), int(height), qsizetype(width) * 4, QImage::Format_RGB32);
    return encoded(image, "PNG", pngQuality);
}

void copy_picture(rust::Slice<const std::uint8_t> png, rust::Slice<const std::uint8_t> jpeg)
{
    auto *data = new QMimeData; // the clipboard owns it
    data->setData(QStringLiteral("image/png"), bytes(png));
    if (!jpeg.empty())
        data->setData(QStringLiteral("image/jpeg"), bytes(jpeg));
    QGuiApplication::clipboard()->setMimeData(data);
}

rust::Vec<std::uint8_t> picture_file_as_jpeg(rust::Str path)
{
    QImageReader reader(text(path));
    reader.setAutoTransform(true);
    const QImage image = reader.read();
    return image.isNull() ? rust::Vec<std::uint8_t>() : encoded(image, "JPEG", jpegQuality);
}

void open_path(const QString &path)
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(path));
}

QVariant variant_from_json(rust::Str json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), qsizetype(json.size()))).toVariant();
}

} // namespace okno
