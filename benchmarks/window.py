"""Starts the window in a process of its own and says when the frame is painted and when the queue is on the screen.

`python window.py FILE` for the real one, `python window.py` for the floor: a bare Qt window with a table.
"""

from __future__ import annotations

import sys


def bare() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QTableWidget

    app = QApplication([])
    table = QTableWidget(100, 8)
    table.resize(1440, 900)
    table.show()
    QTimer.singleShot(0, lambda: (print("painted", flush=True), print("usable", flush=True), app.quit()))
    app.exec()


def real(file: str) -> None:
    from functools import partial

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    from leaddesk.bootstrap import open_desk
    from leaddesk.ui.main_window import MainWindow
    from leaddesk.ui.shell import Shell

    shell = Shell()
    window = MainWindow(shell)
    window.painted.connect(lambda: (print("painted", flush=True), shell.open(partial(open_desk, file))))
    watch = QTimer(interval=2)

    def look() -> None:
        page = window.pages.get("my_day")
        if page is not None and page.queue.page.rows:
            watch.stop()
            print("usable", flush=True)
            window.close()
            app.quit()

    watch.timeout.connect(look)
    watch.start()
    window.show()
    app.exec()
    shell.lanes.stop()


if __name__ == "__main__":
    real(sys.argv[1]) if len(sys.argv) > 1 else bare()
