"""The bar above every page: search, today's counters, undo, and the one key that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from leaddesk.ui.widgets import LineEdit, MutedLabel, PlainButton, PrimaryButton, restyle
from leaddesk.ui.widgets_list import Choice, ChoiceList
from leaddesk.workflow.vocabulary import Temperature

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import DayCounts, Hit


def hit_choice(shell: Shell, hit: Hit) -> Choice:
    """What the search found, as a row to choose: choosing opens the card."""
    wish = shell.client_requested if hit.kind == "client" else shell.lead_requested
    status = hit.status.replace("_", " ") or hit.kind
    kind = status if status in {t.value for t in Temperature} else "ok" if hit.kind == "client" else ""
    return Choice(hit.title, lambda: wish.emit(hit.id), hit.why, chip=status, chip_kind=kind)


class SearchBox(LineEdit):
    """Results come while typing; arrows and Enter choose without leaving the box, Esc gives it up."""

    done = Signal()

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """The popup of results is a child of the window, so that the box keeps the focus."""
        super().__init__("Search name, company, any part of a number…", shell.actions.keys("search"), parent)
        self._shell = shell
        self.setAccessibleName("Search leads and clients")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(400)
        self.setMinimumWidth(220)
        self.popup = QFrame(self)
        self.popup.setProperty("look", "popup")
        self.popup.hide()
        box = QVBoxLayout(self.popup)
        box.setContentsMargins(4, 4, 4, 4)
        self.results = ChoiceList("Search results")
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = MutedLabel()
        self.nothing.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self.results)
        box.addWidget(self.nothing)
        self.results.chosen.connect(self.give_up)
        self.textEdited.connect(self.look)

    def look(self, text: str) -> None:
        """Ask for what is typed; late answers to earlier letters are dropped."""
        from leaddesk.workflow.cards import Search

        if text.strip() and self._shell.is_open:
            self._shell.lanes.ask(self, Search(text), lambda hits: self._show(text, hits), key="search")
        else:
            self.popup.hide()

    def give_up(self) -> None:
        """Empty the box and leave it."""
        self.clear()
        self.popup.hide()
        self.done.emit()

    def _show(self, text: str, hits: list[Hit]) -> None:
        if text != self.text() or not text.strip() or not self.hasFocus():
            return
        self.results.show_choices([hit_choice(self._shell, hit) for hit in hits])
        self.results.setVisible(bool(hits))
        self.nothing.setVisible(not hits)
        self.nothing.setText(
            f"Nothing found for “{text.strip()}”. Any part of a name, company, e-mail or number will do."
        )
        self._place_popup()

    def _place_popup(self) -> None:
        window = self.window()
        self.popup.setParent(window)
        self._shell.theme.dress(self.popup)
        width = max(self.width(), 420)
        high = self.results.wanted_height(460) + 10 if not self.results.isHidden() else 64
        corner = self.mapTo(window, QPoint(0, self.height() + 4))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            corner.setX(corner.x() + self.width() - width)
        self.popup.setGeometry(corner.x(), corner.y(), width, high)
        self.popup.show()
        self.popup.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter are the list's, all else is typing."""
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        elif self.popup.isVisible() and event.key() in moves:
            self.results.move_by(moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_first()
        else:
            super().keyPressEvent(event)

    def _open_first(self) -> None:
        """Enter opens what is chosen; typed faster than answered, it opens the first answer."""
        from leaddesk.workflow.cards import Search

        if self.popup.isVisible() and not self._shell.lanes.asking(self, "search"):
            self.results.choose()
        elif self.text().strip() and self._shell.is_open:
            text = self.text()

            def open_it(hits: list[Hit]) -> None:
                self._show(text, hits)
                if hits:
                    hit_choice(self._shell, hits[0]).run()
                    self.give_up()

            self._shell.lanes.ask(self, Search(text), open_it, key="search")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The results go with the focus; a click on one of them does not take it."""
        self.popup.hide()
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A window that is resized or mirrored puts the popup away."""
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.popup.hide()
        super().changeEvent(event)


class Counter(QWidget):
    """A figure and its word."""

    def __init__(self, one: str, many: str) -> None:
        """The word for one and for many."""
        super().__init__()
        self._words = (one, many)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.figure, self.word = QLabel("–"), MutedLabel(many, wrap=False)
        self.figure.setProperty("look", "figure")
        row.addWidget(self.figure)
        row.addWidget(self.word)

    def show_number(self, number: int, *, alarm: bool = False) -> None:
        """Another figure; `alarm` for what must not wait."""
        self.figure.setText(f"{number:,}")
        self.word.setText(self._words[number != 1])
        self.setAccessibleName(f"{number} {self.word.text()}")
        restyle(self.figure, "look", "alarm" if alarm else "figure")


class TopBar(QFrame):
    """Search, counters, undo, next."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """Nothing to press until the database is open."""
        super().__init__(parent)
        self.setProperty("look", "topbar")
        keys = shell.actions.keys
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 6)
        row.setSpacing(16)
        self.search = SearchBox(shell)
        row.addWidget(self.search, 20)
        self.counters = {
            "calls": Counter("call", "calls"),
            "talks": Counter("talk", "talks"),
            "converted": Counter("converted", "converted"),
            "callbacks_due": Counter("callback due", "callbacks due"),
        }
        for counter in self.counters.values():
            row.addWidget(counter)
        row.addStretch(1)
        self.undo = PlainButton("Undo", keys("undo"))
        self.next = PrimaryButton("Next lead", keys("next"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button, action_id in ((self.undo, "undo"), (self.next, "next")):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setEnabled(False)
            button.clicked.connect(lambda _checked=False, action_id=action_id: shell.actions.trigger(action_id))
            buttons.addWidget(button)
        row.addLayout(buttons)
        outer.addLayout(row)
        self.waiting = QProgressBar()
        self.waiting.setProperty("look", "thin")
        self.waiting.setTextVisible(False)
        self.waiting.setAccessibleName("Answer is coming")
        self.show_waiting(False)
        outer.addWidget(self.waiting)

    def show_waiting(self, waiting: bool) -> None:
        """A thin moving line while an answer takes its time; it never moves the page."""
        self.waiting.setRange(0, 0 if waiting else 1)
        self.waiting.setValue(0)

    def show_counts(self, counts: DayCounts) -> None:
        """Today's figures."""
        for name, counter in self.counters.items():
            number = getattr(counts, name)
            counter.show_number(number, alarm=name == "callbacks_due" and number > 0)

    def show_undo(self, undo: str, redo: str) -> None:
        """What Undo would take back, in words."""
        self.undo.setEnabled(bool(undo))
        self.undo.setAccessibleName(f"Undo: {undo}" if undo else "Undo")
        again = f"\nRedo: {redo}" if redo else ""
        self.undo.setToolTip((f"Undo: {undo}" if undo else "Nothing to undo") + again)
