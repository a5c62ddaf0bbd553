"""What another program gets from the clipboard: writes the picture's forms into a folder.

Ends with 1 as long as there is none.
"""

import pathlib
import sys

from PySide6.QtGui import QGuiApplication

application = QGuiApplication(sys.argv)
data = application.clipboard().mimeData()
folder = pathlib.Path(sys.argv[1])
for form in ("png", "jpeg"):
    content = bytes(data.data(f"image/{form}"))
    if not content:
        sys.exit(1)
    (folder / f"clipboard.{form}").write_bytes(content)
