"""The versions of a template: who wrote them and when, and their words to be taken again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.letters.template_list import in_list
from leaddesk.ui.letters.template_text import TemplateText
from leaddesk.ui.widgets import Heading, MutedLabel, Panel, PlainButton, PrimaryButton
from leaddesk.ui.widgets_list import Choice, ChoiceList
from leaddesk.workflow.letter_files import LETTER_KEYS, shipped_text
from leaddesk.workflow.team import Users
from leaddesk.workflow.templates import TemplateVersions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from PySide6.QtCore import QModelIndex

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.letter_entities import LetterTemplate
    from leaddesk.workflow.templates import TemplateRow


@dataclass(frozen=True, slots=True)
class Version:
    """One of the texts a template has had."""

    title: str
    detail: str
    text: str
    about: str = ""
    current: bool = False


def versions(
    row: TemplateRow, stored: Sequence[LetterTemplate], people: Mapping[int, str], zone: ZoneInfo
) -> list[Version]:
    """The floor's own, newest first, then the shipped one where there is one."""
    made = []
    for one in stored:
        who = people.get(one.user_id or 0, "")
        when = f"{one.at.astimezone(zone):%d %b %Y %H:%M}"
        detail = ", ".join(filter(None, (when, who)))
        files = f"with {', '.join(one.attachments)}" if one.attachments else ""
        about = " · ".join(filter(None, (one.title, files)))
        made.append(Version(f"Version {one.number}", detail, one.text, about, one.current))
    if row.key in LETTER_KEYS:
        own = any(one.current for one in made)
        made.append(Version("Shipped", "came with the program", shipped_text(row.key, row.language), "", not own))
    return made


class VersionsDialog(QDialog):
    """`taken` carries the text to be taken again; it is saved like any other change."""

    taken = Signal(str)

    def __init__(self, shell: Shell, row: TemplateRow, parent: QWidget, *, may: bool) -> None:
        """`may` is whether this person may change templates."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._row = shell, row
        self.versions: list[Version] = []
        self.setWindowTitle(f"Versions of {row.title}")
        self.list = ChoiceList("Versions")
        self.text = TemplateText(shell.theme)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Text of the version")
        self.about = MutedLabel()
        self.take = PrimaryButton("Take this text")
        self.take.setVisible(may)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._view)
        self.take.clicked.connect(self._take)
        shell.lanes.read(self, self._look, self._came, key="versions")

    def _lay_out(self) -> None:
        back = PlainButton("Back", "Esc")
        for button in (back, self.take):
            button.setAutoDefault(False)
        back.clicked.connect(self.reject)
        frame = Panel(kind="card")
        frame.setFixedWidth(280)
        frame.body.setContentsMargins(2, 6, 2, 6)
        frame.body.addWidget(self.list)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(frame)
        side = QVBoxLayout()
        side.setSpacing(6)
        side.addWidget(self.about)
        side.addWidget(self.text, 1)
        middle.addLayout(side, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(MutedLabel("Letters keep the text they were written with, whatever becomes of it."), 1)
        foot.addWidget(back)
        foot.addWidget(self.take)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 14)
        box.setSpacing(10)
        box.addWidget(Heading(f"Versions of “{self._row.title}” ({self._row.language})"))
        box.addLayout(middle, 1)
        box.addLayout(foot)
        on_paper(self)
        over = self.parentWidget()
        room = over.window().size() if over else self.screen().availableSize()
        self.resize(min(900, room.width() - 40), min(620, room.height() - 40))

    def _look(self, desk: Desk) -> list[Version]:
        people = {user.id: user.name for user in desk.read(Users())}
        stored = desk.read(TemplateVersions(self._row.key, self._row.language))
        return versions(self._row, stored, people, self._shell.zone())

    def _came(self, found: list[Version]) -> None:
        self.versions = found
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        chosen = [
            Choice(v.title, lambda: None, in_list(v.detail, rtl=rtl), chip="in use" if v.current else "") for v in found
        ]
        self.list.show_choices(chosen)
        self.list.setFocus()
        self._view(self.list.currentIndex())

    def _view(self, index: QModelIndex) -> None:
        at = index.row()
        if 0 <= at < len(self.versions):
            self.text.show_text(self.versions[at].text, self._row.language)
            self.about.setText(self.versions[at].about)
            self.about.setVisible(bool(self.versions[at].about))
        self.take.setEnabled(0 <= at < len(self.versions))

    def _take(self) -> None:
        at = self.list.currentIndex().row()
        if 0 <= at < len(self.versions):
            self.taken.emit(self.versions[at].text)
            self.accept()
