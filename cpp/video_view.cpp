#include "okno/video_view.h"

#include "okno/src/bridge/video.cxx.h"
#include "okno/waker.h"

#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGImageNode>
#include <QtQuick/QSGTexture>

#include <algorithm>
#include <cmath>
#include <optional>

namespace okno {

namespace {

// At this many device pixels for each picture pixel one wants to see pixels, not their blur.
constexpr qreal nearestFrom = 2.0;

// How often an item looks whether it can be seen and what its rate is.
constexpr int watchInterval = 500;

void releasePicture(void *picture)
{
    rust::Box<HeldPicture>::from_raw(static_cast<HeldPicture *>(picture));
}

// An image on the very pixels that the decoder wrote; they stay until the last copy goes.
QImage sharedImage(rust::Box<HeldPicture> picture)
{
    const int width = picture->width();
    const int height = picture->height();
    const uchar *pixels = picture->pixels();
    return QImage(pixels, width, height, qsizetype(width) * 4, QImage::Format_RGB32,
                  releasePicture, picture.into_raw());
}

} // namespace

// The connection of one view to one stream.
struct Attachment {
    Attachment(int stream, std::shared_ptr<WakeTarget> target)
        : link(open_video_link(stream, std::make_unique<Waker>(std::move(target))))
    {
    }
    rust::Box<VideoLink> link;
};

// What was handed to the scene graph and is not on the screen yet. Outlives its view for as
// long as the render thread reports to it.
struct Presenting {
    std::mutex mutex;
    std::optional<rust::Box<ShownReport>> report;
    quint64 shown = 0;
    std::shared_ptr<WakeTarget> target = std::make_shared<WakeTarget>();

    void onSwapped()
    {
        const std::lock_guard lock(mutex);
        if (report) {
            (*report)->on_screen();
            report.reset();
            ++shown;
        }
    }
};

} // namespace okno

VideoView::VideoView(QQuickItem *parent)
    : QQuickItem(parent), m_presenting(std::make_shared<okno::Presenting>())
{
    setFlag(ItemHasContents);
    m_presenting->target->item = this;
    m_watch.setInterval(okno::watchInterval);
    connect(&m_watch, &QTimer::timeout, this, [this] {
        updateDemand();
        readPosition();
        quint64 shown = 0;
        {
            const std::lock_guard lock(m_presenting->mutex);
            shown = m_presenting->shown;
        }
        const qreal fps = qreal(shown - m_shownBefore) * 1000 / okno::watchInterval;
        m_shownBefore = shown;
        if (!qFuzzyCompare(1 + fps, 1 + m_shownFps)) {
            m_shownFps = fps;
            emit shownFpsChanged();
        }
    });
    m_play.setSingleShot(true);
    m_play.setTimerType(Qt::PreciseTimer);
    connect(&m_play, &QTimer::timeout, this, &VideoView::play);
}

VideoView::~VideoView()
{
    disconnect(m_swapped);
    const std::lock_guard lock(m_presenting->target->mutex);
    m_presenting->target->item = nullptr;
}

void VideoView::setStream(int stream)
{
    if (m_stream == stream)
        return;
    m_stream = stream;
    if (isComponentComplete())
        attach();
    emit streamChanged();
}

void VideoView::setFillMode(FillMode mode)
{
    if (m_fillMode == mode)
        return;
    m_fillMode = mode;
    place();
    emit fillModeChanged();
}

void VideoView::setZoom(qreal zoom)
{
    zoom = std::isfinite(zoom) ? std::clamp(zoom, 0.01, 1000.0) : 1.0;
    if (m_zoom == zoom)
        return;
    m_zoom = zoom;
    place();
    emit zoomChanged();
}

void VideoView::setCenter(QPointF center)
{
    if (m_center == center)
        return;
    m_center = center;
    place();
    emit centerChanged();
}

void VideoView::setMirrored(bool mirrored)
{
    if (m_mirrored == mirrored)
        return;
    m_mirrored = mirrored;
    update();
    emit mirroredChanged();
}

void VideoView::setPaused(bool paused)
{
    if (m_paused == paused)
        return;
    m_paused = paused;
    if (m_attachment)
        m_attachment->link->set_paused(paused);
    emit pausedChanged();
    play();
}

void VideoView::step(int frames)
{
    if (!m_attachment)
        return;
    m_attachment->link->step(frames);
    play();
}

void VideoView::seek(qreal seconds)
{
    if (!m_attachment)
        return;
    m_attachment->link->seek(seconds);
    play();
}

void VideoView::goLive()
{
    if (!m_attachment)
        return;
    m_attachment->link->go_live();
    play();
}

// Moves a replay on to the frame that is due, and comes again for the next one. Word of the
// position goes out now and then only, not with each frame.
void VideoView::play()
{
    const bool goesOn = sender() == &m_play;
    const int next = m_attachment ? m_attachment->link->advance() : -1;
    if (next >= 0)
        m_play.start(next);
    else
        m_play.stop();
    if (!goesOn || next < 0)
        readPosition();
}

void VideoView::readPosition()
{
    if (!m_attachment)
        return;
    const auto now = m_attachment->link->position();
    const Position position{now.replaying, now.behind, now.newer, now.reach, now.kept};
    if (m_paused != now.paused) {
        m_paused = now.paused;
        emit pausedChanged();
    }
    if (position.replaying != m_position.replaying || position.behind != m_position.behind
        || position.newer != m_position.newer || position.reach != m_position.reach
        || position.kept != m_position.kept) {
        m_position = position;
        emit positionChanged();
    }
}

QColor VideoView::pixelAt(int x, int y) const
{
    if (m_image.size() != m_frameSize.toSize() || !m_image.valid(x, y))
        return Qt::transparent;
    return m_image.pixelColor(x, y);
}

void VideoView::componentComplete()
{
    QQuickItem::componentComplete();
    attach();
    m_watch.start();
}

void VideoView::attach()
{
    m_attachment.reset();
    m_image = QImage();
    m_imageChanged = true;
    if (m_stream >= 0) {
        m_attachment = std::make_unique<okno::Attachment>(m_stream, m_presenting->target);
        if (m_paused)
            m_attachment->link->set_paused(true);
    }
    updateDemand();
    play();
    update();
}

qreal VideoView::devicePixelRatio() const
{
    return window() ? window()->effectiveDevicePixelRatio() : 1.0;
}

// Computes where the whole picture lies. Edges are put on device pixels, so that a picture at
// 1:1 is shown as it is.
void VideoView::place()
{
    QRectF content;
    if (!m_frameSize.isEmpty() && width() > 0 && height() > 0) {
        const qreal ratio = devicePixelRatio();
        const qreal across = width() / m_frameSize.width();
        const qreal down = height() / m_frameSize.height();
        const qreal base = m_fillMode == Fit ? std::min(across, down)
            : m_fillMode == Fill             ? std::max(across, down)
                                             : 1.0 / ratio;
        const QSizeF size = m_frameSize * base * m_zoom;
        const auto begin = [](qreal item, qreal picture, qreal center) {
            if (picture <= item)
                return (item - picture) / 2;
            return std::clamp(item / 2 - center * picture, item - picture, 0.0);
        };
        const auto snap = [ratio](qreal value) { return std::round(value * ratio) / ratio; };
        content = QRectF(snap(begin(width(), size.width(), m_center.x())),
                         snap(begin(height(), size.height(), m_center.y())),
                         snap(size.width()), snap(size.height()));
    }
    if (content != m_contentRect) {
        m_contentRect = content;
        emit contentRectChanged();
    }
    updateDemand();
    update();
}

bool VideoView::isOnScreen() const
{
    const QQuickWindow *target = window();
    if (!isVisible() || !target || width() <= 0 || height() <= 0)
        return false;
    if (!target->isExposed() || target->visibility() == QWindow::Minimized)
        return false;
    QRectF seen = mapRectToScene(boundingRect()) & QRectF(QPointF(), target->size());
    for (const QQuickItem *item = parentItem(); item && !seen.isEmpty(); item = item->parentItem()) {
        if (item->clip())
            seen &= item->mapRectToScene(item->clipRect());
    }
    return !seen.isEmpty();
}

// Tells the Rust side at what size, in device pixels, the whole picture is shown. Before the
// first frame that is not known: the item's own size has to do.
void VideoView::updateDemand()
{
    if (!m_attachment)
        return;
    const QSizeF content = m_contentRect.isEmpty() ? size() : m_contentRect.size();
    const QSizeF wanted = content * devicePixelRatio();
    const auto pixels = [](qreal value) { return quint32(std::clamp(std::ceil(value), 0.0, 65535.0)); };
    m_attachment->link->set_shown(pixels(wanted.width()), pixels(wanted.height()),
                                  isOnScreen());
}

void VideoView::geometryChange(const QRectF &now, const QRectF &before)
{
    QQuickItem::geometryChange(now, before);
    place();
}

void VideoView::itemChange(ItemChange change, const ItemChangeData &data)
{
    QQuickItem::itemChange(change, data);
    switch (change) {
    case ItemSceneChange:
        watchWindow(data.window);
        break;
    case ItemVisibleHasChanged:
        updateDemand();
        update();
        break;
    case ItemDevicePixelRatioHasChanged:
        place();
        break;
    default:
        break;
    }
}

void VideoView::watchWindow(QQuickWindow *window)
{
    disconnect(m_swapped);
    disconnect(m_visibility);
    if (!window)
        return;
    // Runs where the scene is rendered, right after the frame is on its way to the screen.
    m_swapped = connect(window, &QQuickWindow::frameSwapped,
                        [presenting = m_presenting] { presenting->onSwapped(); });
    m_visibility = connect(window, &QWindow::visibilityChanged, this, [this] {
        updateDemand();
        update();
    });
}

void VideoView::releaseResources()
{
    const std::lock_guard lock(m_presenting->mutex);
    m_presenting->report.reset();
}

// Takes the newest frame if there is one that this view has not taken.
void VideoView::takeFrame()
{
    if (!m_attachment)
        return;
    auto picture = m_attachment->link->take();
    if (picture->is_empty())
        return;
    const QSizeF full(picture->source_width(), picture->source_height());
    {
        const std::lock_guard lock(m_presenting->mutex);
        m_presenting->report = m_attachment->link->report(*picture);
    }
    m_image = okno::sharedImage(std::move(picture));
    m_imageChanged = true;
    if (full != m_frameSize) {
        const bool had = hasFrame();
        m_frameSize = full;
        // The scene is being synchronised: whoever listens may change it only afterwards.
        QMetaObject::invokeMethod(this, [this, had] {
            place();
            emit frameSizeChanged();
            if (had != hasFrame())
                emit hasFrameChanged();
        }, Qt::QueuedConnection);
    }
}

QSGNode *VideoView::updatePaintNode(QSGNode *old, UpdatePaintNodeData *)
{
    takeFrame();
    auto *node = static_cast<QSGImageNode *>(old);
    const QRectF shown = m_contentRect & boundingRect();
    if (m_image.isNull() || shown.isEmpty()) {
        delete node;
        // Once there is something to show, the texture has to be made.
        m_imageChanged = true;
        return nullptr;
    }
    if (!node) {
        node = window()->createImageNode();
        node->setOwnsTexture(true);
        m_imageChanged = true;
    }
    if (m_imageChanged) {
        node->setTexture(window()->createTextureFromImage(m_image, QQuickWindow::TextureIsOpaque));
        m_imageChanged = false;
    }
    const qreal across = m_image.width() / m_contentRect.width();
    const qreal down = m_image.height() / m_contentRect.height();
    node->setRect(shown);
    node->setSourceRect(QRectF((shown.x() - m_contentRect.x()) * across,
                               (shown.y() - m_contentRect.y()) * down, shown.width() * across,
                               shown.height() * down));
    const qreal scale = m_contentRect.width() * devicePixelRatio() / m_frameSize.width();
    const bool exact = m_image.width() == qRound(m_contentRect.width() * devicePixelRatio());
    const bool nearest = exact || scale >= okno::nearestFrom || !smooth();
    node->setFiltering(nearest ? QSGTexture::Nearest : QSGTexture::Linear);
    node->setTextureCoordinatesTransform(m_mirrored ? QSGImageNode::MirrorHorizontally
                                                    : QSGImageNode::NoTransform);
    return node;
}
