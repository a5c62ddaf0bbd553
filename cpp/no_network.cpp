#include "okno/no_network.h"

#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkRequest>

namespace okno {

namespace {

class LocalOnly : public QNetworkAccessManager {
public:
    using QNetworkAccessManager::QNetworkAccessManager;

protected:
    QNetworkReply *createRequest(Operation operation, const QNetworkRequest &request, QIODevice *data) override
    {
        const QUrl url = request.url();
        // A file URL with a host in it is another machine's file.
        const bool local = (url.scheme() == QLatin1String("file") && url.host().isEmpty())
            || url.scheme() == QLatin1String("qrc") || url.scheme() == QLatin1String("data");
        if (local)
            return QNetworkAccessManager::createRequest(operation, request, data);
        qWarning("refused: the interface may not use the network: %s",
                 qPrintable(url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery)));
        // A protocol that nobody knows is answered with an error at once.
        return QNetworkAccessManager::createRequest(GetOperation, QNetworkRequest(QUrl(QStringLiteral("refused:"))), nullptr);
    }
};

} // namespace

QNetworkAccessManager *NoNetworkFactory::create(QObject *parent)
{
    return new LocalOnly(parent);
}

} // namespace okno
