"""A window that reads `raw` as the original PySide6 server does.

All that has arrived is parsed as one message. What is not complete is kept and tried again with
the next data; two messages that arrive together melt into one, of which the later picture wins.
"""

import sys

from google.protobuf.message import DecodeError
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtNetwork import QHostAddress, QTcpServer
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QWidget

import qt_common
import video_pb2


class Window(QWidget):
    def __init__(self, options):
        super().__init__()
        self.report = options.report
        # One buffer for all clients, like the original's.
        self.buffer = QByteArray()
        self.camera = QLabel()
        QGridLayout(self).addWidget(self.camera, 0, 0)
        self.server = QTcpServer(self)
        self.server.listen(QHostAddress.SpecialAddress.LocalHost, options.port)
        self.server.newConnection.connect(self.welcome)

    def welcome(self):
        client = self.server.nextPendingConnection()
        client.readyRead.connect(lambda: self.read(client))

    def read(self, client):
        self.buffer.append(client.readAll())
        frame = video_pb2.VideoFrame()
        try:
            parsed = frame.ParseFromString(self.buffer.data())
        except DecodeError:
            # In the original the exception leaves the slot here; the buffer stays as it is.
            return
        if parsed:
            image = QImage()
            image.loadFromData(frame.frame_data, "JPEG")
            if not image.isNull():
                self.camera.setPixmap(QPixmap.fromImage(image))
                qt_common.report(self.report, self.camera)
            self.buffer.clear()


application = QApplication(sys.argv[:1])
window = Window(qt_common.options(12345))
window.show()
qt_common.announce(window.server)
sys.exit(application.exec())
