// RestingPointer: keeps Qt's memory bounded while the pointer rests on a window that is painted
// anew all the time.
//
// In: pointer events of the program's windows. Out: now and then, while the pointer does not move,
// one move to where it is. Never moves the pointer, and does nothing while a button is held.
//
// With each repaint Qt Quick 6.4 tells the HoverHandlers below the pointer where it is, and puts
// each of them on a list (QQuickPointerHandlerPrivate::deviceDeliveryTargets) that is emptied only
// when the pointer moves or presses. On a wall of sixteen streams the list grew by 1 MB a minute.
#pragma once

#include <QtCore/QBasicTimer>
#include <QtCore/QObject>
#include <QtCore/QPointF>
#include <QtCore/QPointer>
#include <QtQuick/QQuickWindow>

namespace okno {

class RestingPointer : public QObject {
public:
    // Watches all windows of the application, which owns it. UI thread.
    static void watch();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    using QObject::QObject;

    void restsAt(QObject *watched, QPointF local, QPointF global);

    QPointer<QQuickWindow> m_window;
    QPointF m_local;
    QPointF m_global;
    QBasicTimer m_timer;
};

} // namespace okno
