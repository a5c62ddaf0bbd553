#include "okno/engine.h"

#include "okno/layers.h"
#include "okno/no_network.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDirIterator>
#include <QtCore/QFile>
#include <QtCore/QPointer>
#include <QtCore/QThread>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlError>

namespace okno {

namespace {

// Both are stateless, and live as long as any engine.
LayerInterceptor layers;
NoNetworkFactory noNetwork;

// Engines that exist, the newest last. There are two while one takes over from the other.
QList<QPointer<QQmlEngine>> engines;

// What an engine complained about last.
QString lastWarning;

// What was said last on the UI thread. An object that can't be finished has no engine that would
// tell why: it is only said.
QString lastMessage;
QtMessageHandler saidBefore = nullptr;

void listen(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const auto *application = QCoreApplication::instance();
    if (type == QtWarningMsg && application && QThread::currentThread() == application->thread())
        lastMessage = message;
    saidBefore(type, context, message);
}

QQmlEngine *newestEngine()
{
    engines.removeAll(QPointer<QQmlEngine>());
    return engines.isEmpty() ? nullptr : engines.last();
}

QString describe(const QQmlError &error)
{
    const QUrl url = layers.intercept(error.url(), QQmlAbstractUrlInterceptor::QmlFile);
    return QStringLiteral("%1:%2:%3: %4")
        .arg(url.isLocalFile() ? url.toLocalFile() : url.toString())
        .arg(error.line())
        .arg(error.column())
        .arg(error.description());
}

// The first error of the file that the last one is in: those of other files before it are what it
// made impossible, and those after it in its file are what the parser stumbled over next.
QString cause(const QList<QQmlError> &errors)
{
    if (errors.isEmpty())
        return {};
    qsizetype at = errors.size() - 1;
    while (at > 0 && errors[at - 1].url() == errors.last().url())
        --at;
    return describe(errors[at]);
}

QString text(rust::Str value)
{
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

rust::String toRust(const QString &value)
{
    const QByteArray utf8 = value.toUtf8();
    return rust::String::lossy(utf8.constData(), std::size_t(utf8.size()));
}

} // namespace

void expect_edits()
{
    if (!qEnvironmentVariableIsSet("QML_DISABLE_DISK_CACHE"))
        qputenv("QML_DISABLE_DISK_CACHE", "1");
}

void prepare_engine(QQmlApplicationEngine &engine)
{
    engine.addUrlInterceptor(&layers);
    engine.setNetworkAccessManagerFactory(&noNetwork);
    engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
    if (!saidBefore)
        saidBefore = qInstallMessageHandler(listen);
    newestEngine();
    engines.append(&engine);
    lastWarning.clear();
    lastMessage.clear();
    QObject::connect(&engine, &QQmlEngine::warnings, &engine,
                     [](const QList<QQmlError> &errors) { lastWarning = cause(errors); });
}

rust::String load_window(QQmlApplicationEngine &engine, rust::Str url)
{
    engine.load(QUrl(text(url)));
    if (!engine.rootObjects().isEmpty())
        return {};
    return lastWarning.isEmpty() ? rust::String("the window can't be made") : toRust(lastWarning);
}

QString last_warning()
{
    QString message = lastMessage;
    return message.remove(QStringLiteral("file://"));
}

QString check_qml(const QString &url)
{
    QQmlEngine *engine = newestEngine();
    if (!engine)
        return {};
    const QQmlComponent component(engine, QUrl(url), QQmlComponent::PreferSynchronous);
    return cause(component.errors());
}

void clear_component_cache()
{
    QQmlEngine *engine = newestEngine();
    if (!engine)
        return;
    engine->clearComponentCache();
    // Setting the paths has Qt forget where it found modules, too: they may have come or gone.
    engine->setImportPathList(engine->importPathList());
}

rust::Vec<rust::String> shipped_files(rust::Str root)
{
    rust::Vec<rust::String> found;
    QDirIterator files(text(root), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        found.push_back(toRust(files.next()));
    return found;
}

rust::Vec<std::uint8_t> shipped_bytes(rust::Str path)
{
    rust::Vec<std::uint8_t> bytes;
    QFile file(text(path));
    if (!file.open(QIODevice::ReadOnly))
        return bytes;
    const QByteArray content = file.readAll();
    bytes.reserve(std::size_t(content.size()));
    for (const char byte : content)
        bytes.push_back(std::uint8_t(byte));
    return bytes;
}

} // namespace okno
