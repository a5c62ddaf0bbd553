#include "okno/resting_pointer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimerEvent>
#include <QtGui/QGuiApplication>
#include <QtGui/QMouseEvent>

namespace okno {

namespace {

// In this time the list gets a few hundred kilobytes.
constexpr int patienceMs = 10'000;

} // namespace

void RestingPointer::watch()
{
    auto *application = QCoreApplication::instance();
    application->installEventFilter(new RestingPointer(application));
}

bool RestingPointer::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Enter: {
        const auto *enter = static_cast<const QEnterEvent *>(event);
        restsAt(watched, enter->position(), enter->globalPosition());
        break;
    }
    case QEvent::MouseMove:
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease: {
        const auto *mouse = static_cast<const QMouseEvent *>(event);
        restsAt(watched, mouse->position(), mouse->globalPosition());
        break;
    }
    case QEvent::Leave:
        if (watched == m_window) {
            m_window.clear();
            m_timer.stop();
        }
        break;
    default:
        break;
    }
    return false;
}

void RestingPointer::restsAt(QObject *watched, QPointF local, QPointF global)
{
    // Items get the same events, with positions of their own.
    auto *window = qobject_cast<QQuickWindow *>(watched);
    if (!window)
        return;
    m_window = window;
    m_local = local;
    m_global = global;
    m_timer.start(patienceMs, this);
}

void RestingPointer::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId())
        return;
    if (!m_window) {
        m_timer.stop();
        return;
    }
    if (QGuiApplication::mouseButtons() != Qt::NoButton)
        return;
    QMouseEvent move(QEvent::MouseMove, m_local, m_local, m_global, Qt::NoButton, Qt::NoButton,
                     QGuiApplication::keyboardModifiers());
    QCoreApplication::sendEvent(m_window, &move);
}

} // namespace okno
