// What one draw of a picture costs with Qt Quick: a texture made of a QImage and put on the
// screen, 30 times a second, and nothing else in the window.
//
// usage: draw WIDTH HEIGHT PICTURES [SHOWN_WIDTH SHOWN_HEIGHT]; prints CPU milliseconds a picture,
// of this process. Shown at another size it is scaled smoothly, as VideoView does it.
#include <QtCore/QTimer>
#include <QtGui/QGuiApplication>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGImageNode>

#include <cstdio>
#include <ctime>
#include <iterator>

static double cpuMs()
{
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return double(t.tv_sec) * 1e3 + double(t.tv_nsec) / 1e6;
}

class Picture : public QQuickItem
{
public:
    Picture(QSize size, QSize shown) : m_scaled(size != shown)
    {
        // As many as go round in a viewer, so that no cache holds the next one.
        for (QImage &image : m_images) {
            image = QImage(size, QImage::Format_RGB32);
            image.fill(Qt::darkCyan);
        }
        setFlag(ItemHasContents);
        setSize(shown);
    }

protected:
    QSGNode *updatePaintNode(QSGNode *old, UpdatePaintNodeData *) override
    {
        auto *node = static_cast<QSGImageNode *>(old);
        if (!node) {
            node = window()->createImageNode();
            node->setOwnsTexture(true);
        }
        m_next = (m_next + 1) % int(std::size(m_images));
        node->setTexture(window()->createTextureFromImage(m_images[m_next], QQuickWindow::TextureIsOpaque));
        node->setRect(boundingRect());
        node->setFiltering(m_scaled ? QSGTexture::Linear : QSGTexture::Nearest);
        return node;
    }

private:
    QImage m_images[4];
    bool m_scaled;
    int m_next = 0;
};

int main(int count, char **arguments)
{
    if (count != 4 && count != 6)
        return 2;
    const QSize size(atoi(arguments[1]), atoi(arguments[2]));
    const int pictures = atoi(arguments[3]);
    const QSize shown = count == 6 ? QSize(atoi(arguments[4]), atoi(arguments[5])) : size;
    qputenv("QT_QPA_UPDATE_IDLE_TIME", "0");
    QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
    QGuiApplication application(count, arguments);
    QQuickWindow window;
    window.resize(shown);
    Picture picture(size, shown);
    picture.setParentItem(window.contentItem());
    const int warm = 10;
    int drawn = 0;
    double begun = 0;
    QObject::connect(&window, &QQuickWindow::frameSwapped, &application, [&] {
        if (++drawn == warm)
            begun = cpuMs();
        if (drawn == warm + pictures) {
            std::printf("%.4f\n", (cpuMs() - begun) / pictures);
            application.quit();
        }
    }, Qt::QueuedConnection);
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, &picture, [&] { picture.update(); });
    timer.start(33);
    window.show();
    return application.exec();
}
