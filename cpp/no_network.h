// NoNetworkFactory: QML reads files and what is in the program, and nothing else.
//
// In: requests of QML's images, imports and XMLHttpRequest. Out: those that stay on this machine;
// the others fail, and are logged. A pack must not be able to tell anyone what it sees.
#pragma once

#include <QtQml/QQmlNetworkAccessManagerFactory>

namespace okno {

class NoNetworkFactory : public QQmlNetworkAccessManagerFactory {
public:
    // Any thread.
    QNetworkAccessManager *create(QObject *parent) override;
};

} // namespace okno
