"""Another program's window: takes the file that is dropped on it.

In: where the window lies (x y width height), and a folder. Out: the file's bytes in
`folder/dropped`, and its name as a line. Says "ready" once it can be dropped on. Ends after one.
"""

import pathlib
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget


class Target(QWidget):
    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event):
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event):
        path = pathlib.Path(event.mimeData().urls()[0].toLocalFile())
        (self.folder / "dropped").write_bytes(path.read_bytes())
        event.acceptProposedAction()
        print(f"dropped {path}", flush=True)
        # Not from within the drop, which has to be answered first.
        QTimer.singleShot(0, QApplication.quit)


application = QApplication(sys.argv)
target = Target(pathlib.Path(sys.argv[5]))
target.setGeometry(*map(int, sys.argv[1:5]))
target.show()
print("ready", flush=True)
application.exec()
