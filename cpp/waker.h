// Waker: wakes a VideoView from any thread, as long as the view exists.
//
// In: calls from a decoder's thread. Out: one queued update() of the item. Never blocks longer
// than it takes to post an event, and never touches an item that is gone.
#pragma once

#include <QtCore/QMetaObject>
#include <QtQuick/QQuickItem>

#include <memory>
#include <mutex>

namespace okno {

// Shared by an item and its wakers; the item empties it when it goes.
struct WakeTarget {
    std::mutex mutex;
    QQuickItem *item = nullptr;
};

class Waker {
public:
    explicit Waker(std::shared_ptr<WakeTarget> target) : m_target(std::move(target)) {}

    void wake() const
    {
        const std::lock_guard lock(m_target->mutex);
        if (m_target->item)
            QMetaObject::invokeMethod(m_target->item, "update", Qt::QueuedConnection);
    }

private:
    std::shared_ptr<WakeTarget> m_target;
};

} // namespace okno
