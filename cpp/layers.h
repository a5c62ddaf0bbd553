// LayerInterceptor: lets a file of a layer stand for a shipped file of the interface.
//
// In: every URL that QML loads. Out: the URL to load instead; src/designer/layers.rs decides.
// Called from several threads; keeps nothing.
#pragma once

#include <QtQml/QQmlAbstractUrlInterceptor>

namespace okno {

class LayerInterceptor : public QQmlAbstractUrlInterceptor {
public:
    QUrl intercept(const QUrl &url, DataType type) override;
};

} // namespace okno
