"""What the settings of the watched folder have beside plain values: choosing it, and how it goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from leaddesk.ui.widgets import ErrorLabel, Heading, PlainButton, Words
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell


class WatchStanding(QWidget):
    """Whether the folder is watched from here, what hinders, and which files wait."""

    def __init__(self, shell: Shell) -> None:
        """Up to date after every look."""
        super().__init__()
        self._shell = shell
        self.words = Words()
        self.error = ErrorLabel()
        self.choose = PlainButton("Choose the folder…")
        self.look = PlainButton("Look now")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        for button in (self.choose, self.look):
            button.setAutoDefault(False)
        begins = Qt.AlignmentFlag.AlignLeading
        box.addWidget(self.choose, alignment=begins)
        box.addSpacing(10)
        for part in (Heading("How it goes"), self.words, self.error):
            box.addWidget(part)
        box.addWidget(self.look, alignment=begins)
        self.choose.clicked.connect(self._choose)
        self.look.clicked.connect(shell.folder_watch.look)
        shell.folder_watch.looked.connect(self.tell)
        shell.settings_changed.connect(self.tell)
        shell.user_changed.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        """As it is now."""
        watch, settings = self._shell.folder_watch, self._shell.settings
        may = self._shell.user.role.covers(Role.TEAM_LEAD)
        waiting = list(watch.waiting())
        if watch.is_on():
            files = f" {len(waiting)} wait: {', '.join(waiting[:3])}." if waiting else ""
            self.words.setText(
                "Not watched from here at the moment." if watch.why else f"✓ Watched by this window.{files}"
            )
        elif not settings.flag("watch.on"):
            self.words.setText("Not watched.")
        else:
            self.words.setText("Not watched from here: it takes a folder, and a team lead or admin at the window.")
        self.error.say(watch.why)
        self.choose.setEnabled(may)
        self.look.setEnabled(watch.is_on())

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Choose the folder", self._shell.settings.text("watch.folder"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda path: self._shell.lanes.do(self, ChangeSetting("watch.folder", path)))
        dialog.open()
