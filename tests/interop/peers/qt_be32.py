"""A window that reads `be32` as the original PySide6 server does.

At most one message is taken each time that data arrives. What stands behind it is put into a
new buffer whose position is its beginning, so the next data overwrites it: like the original,
this window is out of step once two messages have come in one read. One buffer serves all clients.
"""

import io
import sys

from PySide6.QtGui import QPixmap
from PySide6.QtNetwork import QTcpServer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

import qt_common
import video_pb2


class Window(QMainWindow):
    def __init__(self, options):
        super().__init__()
        self.report = options.report
        self.picture = QLabel()
        self.setCentralWidget(self.picture)
        self.server = QTcpServer(self)
        self.buffer = io.BytesIO()
        self.message = video_pb2.my_image()
        self.server.newConnection.connect(self.welcome)
        self.server.listen(port=options.port)

    def welcome(self):
        self.server.nextPendingConnection().readyRead.connect(self.read)

    def read(self):
        self.buffer.write(self.sender().readAll().data())
        data = self.buffer.getvalue()
        if len(data) < 4:
            return
        length = int.from_bytes(data[:4], "big")
        if len(data) < 4 + length:
            return
        self.message.ParseFromString(data[4:4 + length])
        pixmap = QPixmap()
        pixmap.loadFromData(self.message.image)
        self.picture.setPixmap(pixmap)
        qt_common.report(self.report, self.picture)
        self.buffer = io.BytesIO(data[4 + length:])


application = QApplication(sys.argv[:1])
window = Window(qt_common.options(12345))
window.show()
qt_common.announce(window.server)
sys.exit(application.exec())
