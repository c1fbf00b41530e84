"""Two cards of one person, side by side: field by field what the merged card says, and what moves over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.dialogs.merge_model import MergeModel
from leaddesk.ui.dialogs.merge_saying import standing_words, then_words
from leaddesk.ui.dialogs.merge_table import FIELD_WIDTH, MergeTable
from leaddesk.ui.dialogs.paper import lay_on_paper
from leaddesk.ui.widgets import Chip, ErrorLabel, Heading, MutedLabel, PlainButton, PrimaryButton, Title, Words
from leaddesk.workflow.cards import LeadRow, LeadRows
from leaddesk.workflow.duplicates import SetApart
from leaddesk.workflow.merging import MergeCards, MergePreview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.merging import MergeView

SIZE = (1000, 720)
AGAIN_MS = 80
SAVED, APART = 1, 2
"""What `finished` says: merged, or called two people; 0 leaves both cards as they are."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is read for the dialog."""

    view: MergeView
    rows: dict[int, LeadRow]


class CardHead(QWidget):
    """Whose column it is."""

    def __init__(self, word: str, kind: str) -> None:
        super().__init__()
        self.chip = Chip(word, kind)
        self.name = Heading()
        self.standing = MutedLabel()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.chip)
        line.addWidget(self.name, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 0, 12, 0)
        box.setSpacing(2)
        box.addLayout(line)
        box.addWidget(self.standing)

    def show_card(self, row: LeadRow | None, lead_id: int) -> None:
        """The card's name and where it stands."""
        name = (row.name or row.company) if row else ""
        self.name.setText(name or f"Lead #{lead_id}")
        self.standing.setText(standing_words(row, lead_id))


class MergeDialog(QDialog):
    """S swaps which card stays, N says that they are two people, Ctrl+Enter merges, Esc leaves both as they are."""

    merged = Signal(int)

    def __init__(
        self, shell: Shell, keep: int, lose: int, why: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        """`why` is what makes them look alike, the strongest reason first."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell = shell
        self.keep, self.lose = keep, lose
        self.view: MergeView | None = None
        self.saving = self._placed = False
        self.model = MergeModel(self)
        self.table = MergeTable(self.model, shell.theme)
        self.stays, self.goes = CardHead("stays", "ok"), CardHead("goes into it", "")
        self.why = MutedLabel("; ".join(filter(None, why)))
        self.alike = PlainButton("", "A", kind="flat")
        self.warning = QFrame()
        self.warned = Words()
        self.then = Words()
        self.wrong = ErrorLabel()
        self.swap = PlainButton("Swap", "S")
        self.apart = PlainButton("Two people", "N")
        self.back = PlainButton("Back", "Esc")
        self.merge = PrimaryButton("Merge", shell.actions.keys("take_from_note"))
        self.setWindowTitle("Merge two cards")
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._lay_out()
        self._wire()
        self._enable()
        self._ask()

    def _lay_out(self) -> None:
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(SIZE[0], max(820, room.width() - 80)), min(SIZE[1], max(520, room.height() - 40)))
        for button in (self.apart, self.swap, self.alike, self.back, self.merge):
            button.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(
            MutedLabel("Left and right choose whose value stays; nothing is lost: what gives way is kept."), 1
        )
        foot.addWidget(self.back)
        foot.addWidget(self.merge)
        lay_on_paper(self, self._head(), self._middle(), foot)

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Title("One person, two cards?"))
        words.addWidget(self.why)
        self.why.setVisible(bool(self.why.text()))
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.setSpacing(12)
        head.addLayout(words, 1)
        head.addWidget(self.apart, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.swap, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _middle(self) -> QVBoxLayout:
        cards = QHBoxLayout()
        cards.setSpacing(0)
        # Not a margin: those are left and right whichever way the window runs.
        cards.addSpacing(FIELD_WIDTH)
        cards.addWidget(self.stays, 1)
        cards.addWidget(self.goes, 1)
        fold = QHBoxLayout()
        fold.setSpacing(0)
        fold.addSpacing(FIELD_WIDTH)
        fold.addWidget(self.alike)
        fold.addStretch(1)
        self.warning.setProperty("look", "warm_banner")
        inside = QHBoxLayout(self.warning)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.warned)
        self.warning.hide()
        self.box = QFrame()
        self.box.setProperty("look", "box")
        effect = QHBoxLayout(self.box)
        effect.setContentsMargins(12, 8, 12, 8)
        effect.addWidget(self.then)
        middle = QVBoxLayout()
        middle.setContentsMargins(20, 12, 20, 12)
        middle.setSpacing(8)
        middle.addLayout(cards)
        middle.addWidget(self.table, 1000)
        middle.addLayout(fold)
        middle.addStretch(1)
        middle.addWidget(self.warning)
        middle.addWidget(self.box)
        middle.addWidget(self.wrong)
        return middle

    def _wire(self) -> None:
        for key, run in (
            ("S", self.change_sides),
            ("N", self.set_apart),
            ("A", lambda: self._fold(on=not self.model.unfolded)),
            ("Ctrl+Return", self.take),
            ("Ctrl+Enter", self.take),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(run)
        self._again.timeout.connect(self._ask)
        self.alike.clicked.connect(lambda: self._fold(on=not self.model.unfolded))
        self.apart.clicked.connect(self.set_apart)
        self.back.clicked.connect(self.reject)
        self.merge.clicked.connect(self.take)
        self.model.chosen.connect(self._ask)
        self.swap.clicked.connect(self.change_sides)
        self._shell.bridge.changed.connect(self._changed)

    # Showing

    def _ask(self) -> None:
        keep, lose, choices = self.keep, self.lose, self.model.choices()

        def look(desk: Desk) -> _Seen:
            view = desk.read(MergePreview(keep, lose, choices))
            return _Seen(view, {row.id: row for row in desk.read(LeadRows((keep, lose)))})

        self._shell.lanes.read(self, look, self._came, key="preview", failed=self._missed)

    def _came(self, seen: _Seen) -> None:
        if seen.view.better == self.lose and self.view is None and not self._placed:
            # The card with more to it stays, unless the person wants it otherwise.
            self._placed = True
            self.keep, self.lose = self.lose, self.keep
            self._ask()
            return
        self._placed = True
        self.view = seen.view
        self.wrong.say(seen.view.refused)
        self.stays.show_card(seen.rows.get(self.keep), self.keep)
        self.goes.show_card(seen.rows.get(self.lose), self.lose)
        self.model.show_view(seen.view)
        self._fold(on=self.model.unfolded)
        self.warned.setText("\n".join(f"⚠ {words}" for words in seen.view.warnings))
        self.warning.setVisible(bool(seen.view.warnings))
        self.then.setText("" if seen.view.refused else then_words(seen.view))
        self.box.setVisible(not seen.view.refused)
        self._enable()

    def _missed(self, error: Exception) -> None:
        words = getattr(error, "words", "")
        if not words:
            self._shell.messages.bug(error)
        self.view = None
        self.wrong.say(words)
        self._enable()

    def _enable(self) -> None:
        can = self.view is not None and not self.saving
        self.swap.setEnabled(can)
        self.merge.setEnabled(can and self.view is not None and not self.view.refused)
        self.apart.setEnabled(not self.saving)

    def _fold(self, *, on: bool) -> None:
        count = self.model.alike_count()
        self.model.unfold(on=on)
        fields = "1 field alike" if count == 1 else f"{count} fields alike"
        words = f"▾ {fields}" if on else f"▸ {fields}"
        self.alike.setText(words)
        self.alike.setAccessibleName(f"{fields}, {'shown' if on else 'folded away'}")
        self.alike.updateGeometry()
        self.alike.setVisible(count > 0)

    def _changed(self, changes: Changes) -> None:
        if not self.saving and (changes.many or {self.keep, self.lose} & changes.leads):
            self._again.start()

    @property
    def is_resting(self) -> bool:
        """Whether it will look again by itself."""
        return self._again.isActive()

    # Doing

    def change_sides(self) -> None:
        """The other card stays. A value that was chosen by hand is still the one chosen."""
        if self.saving or self.view is None:
            return
        self.keep, self.lose = self.lose, self.keep
        self.view = None
        self.model.swap()
        self._enable()
        self._ask()

    def take(self) -> None:
        """Make one card of the two."""
        if not self.merge.isEnabled():
            return
        self.saving = True
        self.wrong.say("")
        self._enable()
        command = MergeCards(self.keep, self.lose, self.model.choices())
        self._shell.lanes.do(self, command, lambda _done: self._merged(), failed=self._refused)

    def _merged(self) -> None:
        self.merged.emit(self.keep)
        self.done(SAVED)

    def set_apart(self) -> None:
        """They are two people, and not shown as one again."""
        if self.saving:
            return
        self.saving = True
        self._enable()
        command = SetApart(self.keep, self.lose)
        self._shell.lanes.do(self, command, lambda _done: self.done(APART), failed=self._refused)

    def _refused(self, refused: Refused) -> None:
        self.saving = False
        self.wrong.say(refused.words)
        self._enable()

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard begins at the first field."""
        super().showEvent(event)
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter alone merges nothing."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
