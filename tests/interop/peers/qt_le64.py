"""A window that reads `le64` as the original PySide6 server does.

Each time that data arrives the 8 bytes of a length are read, then everything that is there: what
is beyond the length is thrown away, what is missing is not waited for, and every error is
swallowed. The picture is decoded and scaled to 800x600 with OpenCV; a label shows it where the
original has OpenCV's own window.
"""

import struct
import sys

import cv2
import numpy as np
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtNetwork import QHostAddress, QTcpServer
from PySide6.QtWidgets import QApplication, QLabel

import qt_common
import video_pb2


class Server:
    def __init__(self, options):
        self.report = options.report
        self.window = QLabel()
        self.window.setFixedSize(800, 600)
        self.window.show()
        self.message = video_pb2.Video()
        self.connection = None
        self.server = QTcpServer()
        self.server.listen(address=QHostAddress.SpecialAddress.Any, port=options.port)
        self.server.newConnection.connect(self.welcome)

    def welcome(self):
        # A second client takes the first one's place, as in the original.
        self.connection = self.server.nextPendingConnection()
        self.connection.readyRead.connect(self.read)

    def read(self):
        try:
            data = b""
            size = struct.calcsize("<q")
            while len(data) < size:
                piece = self.connection.read(4).data()
                if not piece:
                    # The original spins here for ever; a test can't.
                    return
                data += piece
            length = struct.unpack("<q", data[:size])[0]
            data = data[size:] + self.connection.readAll().data()
            self.message.ParseFromString(data[:length])
            picture = np.frombuffer(self.message.video_data, dtype=np.uint8)
            picture = cv2.imdecode(picture, cv2.IMREAD_UNCHANGED)
            picture = cv2.resize(picture, (800, 600), interpolation=cv2.INTER_AREA)
        except Exception:
            return
        image = QImage(picture.data, 800, 600, 800 * 3, QImage.Format.Format_BGR888)
        self.window.setPixmap(QPixmap.fromImage(image))
        qt_common.report(self.report, self.window)


application = QApplication(sys.argv[:1])
server = Server(qt_common.options(5252))
qt_common.announce(server.server)
sys.exit(application.exec())
