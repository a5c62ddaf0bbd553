// VideoView: the QML item that shows one stream's newest frame.
//
// In: the stream's id and how to place its picture. Out: one textured node in the scene graph,
// and word to the Rust side of the size at which the stream can be seen, so that it is decoded
// at that size, or not at all. Pixels are shared with Rust, not copied. Never decodes, never
// waits for a frame.
#pragma once

#include <QtCore/QElapsedTimer>
#include <QtCore/QPointF>
#include <QtCore/QRectF>
#include <QtCore/QSizeF>
#include <QtCore/QTimer>
#include <QtGui/QColor>
#include <QtGui/QImage>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/QQuickItem>

#include <memory>

namespace okno {

struct Attachment;
struct Presenting;

} // namespace okno

class VideoView : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT

    // Id of the stream to show, as StreamModel gives it; -1 for none.
    Q_PROPERTY(int stream READ stream WRITE setStream NOTIFY streamChanged FINAL)
    // How the picture is placed before zooming.
    Q_PROPERTY(FillMode fillMode READ fillMode WRITE setFillMode NOTIFY fillModeChanged FINAL)
    // Factor on the size that fillMode gives.
    Q_PROPERTY(qreal zoom READ zoom WRITE setZoom NOTIFY zoomChanged FINAL)
    // The point of the picture, 0 to 1 in both directions, that a picture larger than the item
    // shows in the item's middle. Kept such that no more than the item is covered.
    Q_PROPERTY(QPointF center READ center WRITE setCenter NOTIFY centerChanged FINAL)
    // Left and right changed over, as in a mirror. For one's own picture only.
    Q_PROPERTY(bool mirrored READ isMirrored WRITE setMirrored NOTIFY mirroredChanged FINAL)
    // Keeps the picture that is shown; the stream is received all the same.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    // Shows the past: a frame that was gone back to, or the last seconds played again. Not set
    // while a picture is only held.
    Q_PROPERTY(bool replaying READ isReplaying NOTIFY positionChanged FINAL)
    // Seconds from the frame that is held or replayed to the newest one; 0 while neither.
    Q_PROPERTY(qreal behind READ behind NOTIFY positionChanged FINAL)
    // Frames that came since the one that is held or replayed.
    Q_PROPERTY(int newFrames READ newFrames NOTIFY positionChanged FINAL)
    // Seconds that can be gone back to.
    Q_PROPERTY(qreal reach READ reach NOTIFY positionChanged FINAL)
    // Whether the frames that come are such as can be gone back to. Those that a sender on this
    // machine hands over uncompressed are not; see FrameServer.keepPast.
    Q_PROPERTY(bool keepsPast READ keepsPast NOTIFY positionChanged FINAL)
    // Size of the source's frames in pixels; 0 x 0 before the first.
    Q_PROPERTY(QSizeF frameSize READ frameSize NOTIFY frameSizeChanged FINAL)
    // Whether a picture is shown.
    Q_PROPERTY(bool hasFrame READ hasFrame NOTIFY hasFrameChanged FINAL)
    // Where the whole picture lies, in the item's coordinates; may reach beyond the item.
    Q_PROPERTY(QRectF contentRect READ contentRect NOTIFY contentRectChanged FINAL)
    // Different frames on the screen in the last second.
    Q_PROPERTY(qreal shownFps READ shownFps NOTIFY shownFpsChanged FINAL)

public:
    enum FillMode {
        Fit,    // the whole picture, as large as it can be
        Fill,   // the whole item covered, the picture's ends cut
        Actual, // one picture pixel on one device pixel
    };
    Q_ENUM(FillMode)

    explicit VideoView(QQuickItem *parent = nullptr);
    ~VideoView() override;

    int stream() const { return m_stream; }
    void setStream(int stream);
    FillMode fillMode() const { return m_fillMode; }
    void setFillMode(FillMode mode);
    qreal zoom() const { return m_zoom; }
    void setZoom(qreal zoom);
    QPointF center() const { return m_center; }
    void setCenter(QPointF center);
    bool isMirrored() const { return m_mirrored; }
    void setMirrored(bool mirrored);
    bool isPaused() const { return m_paused; }
    void setPaused(bool paused);
    bool isReplaying() const { return m_position.replaying; }
    qreal behind() const { return m_position.behind; }
    int newFrames() const { return m_position.newer; }
    qreal reach() const { return m_position.reach; }
    bool keepsPast() const { return m_position.kept; }
    QSizeF frameSize() const { return m_frameSize; }
    bool hasFrame() const { return !m_frameSize.isEmpty(); }
    QRectF contentRect() const { return m_contentRect; }
    qreal shownFps() const { return m_shownFps; }

    // Colour of the picture's pixel (x, y) that is shown; transparent outside of the picture,
    // and while the picture is decoded smaller than it was sent.
    Q_INVOKABLE QColor pixelAt(int x, int y) const;

    // Some frames back (negative) or forward; the picture is held.
    Q_INVOKABLE void step(int frames);
    // Some seconds back (negative) or forward; plays from there, unless the picture is held.
    Q_INVOKABLE void seek(qreal seconds);
    // Shows the newest frames again.
    Q_INVOKABLE void goLive();

signals:
    void streamChanged();
    void fillModeChanged();
    void zoomChanged();
    void centerChanged();
    void mirroredChanged();
    void pausedChanged();
    void positionChanged();
    void frameSizeChanged();
    void hasFrameChanged();
    void contentRectChanged();
    void shownFpsChanged();

protected:
    QSGNode *updatePaintNode(QSGNode *old, UpdatePaintNodeData *) override;
    void geometryChange(const QRectF &now, const QRectF &before) override;
    void itemChange(ItemChange change, const ItemChangeData &data) override;
    void componentComplete() override;
    void releaseResources() override;

private:
    void attach();
    void watchWindow(QQuickWindow *window);
    void place();
    void updateDemand();
    void takeFrame();
    void play();
    void readPosition();
    bool isOnScreen() const;
    qreal devicePixelRatio() const;

    int m_stream = -1;
    FillMode m_fillMode = Fit;
    qreal m_zoom = 1;
    QPointF m_center{0.5, 0.5};
    bool m_mirrored = false;
    bool m_paused = false;
    struct Position {
        bool replaying = false;
        qreal behind = 0;
        int newer = 0;
        qreal reach = 0;
        bool kept = true;
    };
    Position m_position;
    QSizeF m_frameSize;
    QRectF m_contentRect;
    qreal m_shownFps = 0;
    quint64 m_shownBefore = 0;

    std::unique_ptr<okno::Attachment> m_attachment;
    std::shared_ptr<okno::Presenting> m_presenting;
    // The picture that is shown; shares its pixels with Rust.
    QImage m_image;
    bool m_imageChanged = false;
    QMetaObject::Connection m_swapped;
    QMetaObject::Connection m_visibility;
    // Looks now and then whether an item that scrolled away has come back, and counts.
    QTimer m_watch;
    // Runs while the past is played: until the next of its frames is due.
    QTimer m_play;
};
