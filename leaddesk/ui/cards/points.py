"""Numbers, addresses and messengers on a card: the one to dial big, the others below it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.cards.fields import CardField
from leaddesk.ui.cards.saying import ago
from leaddesk.ui.cards.text import leading
from leaddesk.ui.drafts import DraftKeeper
from leaddesk.ui.widgets import ErrorLabel, FlowLayout, LineEdit, MutedLabel, PlainButton, PrimaryButton, restyle
from leaddesk.workflow.leads import SaveDraft
from leaddesk.workflow.points import AddPoint, EditPoint, PointInput, RemovePoint
from leaddesk.workflow.suppressions import Suppress, Unsuppress
from leaddesk.workflow.vocabulary import Channel, PointState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from leaddesk.ui.cards.editing import FieldSaver, Holder
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Command
    from leaddesk.workflow.entities import ContactPoint
    from leaddesk.workflow.errors import Refused

NAMES = {Channel.EMAIL: "e-mail", Channel.PHONE: "phone"}
ONE_LINE = 40
"""Signs of an address that fit beside its menu on the narrowest card."""
NEVER = {
    Channel.PHONE: "Nobody is to call this number again",
    Channel.EMAIL: "Nobody is to write to this address again",
}
AGAIN = {Channel.PHONE: "Allow calls to this number again", Channel.EMAIL: "Allow letters to this address again"}
MARKS = (
    ("It is right", PointState.VALID),
    ("It does not exist", PointState.INVALID),
    ("It is somebody else’s", PointState.WRONG_PERSON),
)


def channel_name(channel: Channel) -> str:
    """What people call a channel."""
    return NAMES.get(channel, channel.value)


def about(point: ContactPoint, *, barred: bool) -> str:
    """What is known of a number, beside it."""
    parts = [point.label or point.line_type.replace("_", " ")]
    if barred:
        parts.append("never to be called" if point.channel is Channel.PHONE else "never to be written to")
    if point.state is not PointState.UNKNOWN:
        parts.append(point.state.words)
    if point.preferred:
        parts.append("preferred")
    if point.attempts:
        parts.append(f"answered {point.answered} of {point.attempts}")
    return " · ".join(filter(None, parts))


def known_of(point: ContactPoint) -> str:
    """A number as it is written at home, what it is, where, by which clock, and whether it can exist."""
    from leaddesk.workflow.countries import country_name
    from leaddesk.workflow.phones import parse_phone

    phone = parse_phone(point.value if point.key else point.raw or point.value)
    if phone.e164 is None:
        return "Cannot be read as a number"
    said = (
        phone.national,
        phone.line_type.replace("_", " "),
        country_name(phone.region) if phone.region else "",
        ", ".join(phone.zones),
        "" if phone.valid else "cannot exist there",
    )
    return " · ".join(filter(None, said))


class PointRow(QFrame):
    """One number: edited in place, called or marked from its menu."""

    dial_requested = Signal(object)
    marked = Signal()

    def __init__(
        self, shell: Shell, saver: FieldSaver, point: ContactPoint, *, main: bool, barred: bool, now: datetime
    ) -> None:
        super().__init__()
        self._shell, self.point = shell, point
        phone = point.channel is Channel.PHONE
        if phone:
            self.setProperty("look", "card")
        field = CardField(str(point.id), channel_name(point.channel).capitalize())
        long = not phone and len(point.value) > ONE_LINE
        self.value = FieldView(
            shell.theme, field, compact=True, wraps=long, look="number" if main else "heading" if phone else ""
        )
        self.value.show_value(point.value, f"{point.value}\u200e" if phone else breakable(point.value))
        self.value.setAccessibleName(f"{field.title}: {point.value}")
        if main:
            self.value.label.setFont(shell.theme.font(2, bold=True))
        if not point.usable or barred:
            font = self.value.label.font()
            font.setStrikeOut(True)
            self.value.label.setFont(font)
        known = about(point, barred=barred)
        self.about = MutedLabel(known if phone else known or channel_name(point.channel), wrap=phone)
        saver.mind_as(self.value, f"point:{point.id}", partial(_correct, point.id))
        row = QHBoxLayout(self)
        row.setContentsMargins(9 if phone else 0, 5 if main else 2, 9 if phone else 0, 5 if main else 2)
        row.setSpacing(6)
        row.addWidget(self.value)
        row.addWidget(self.about, 1)
        if phone and not main and point.last_tried_at:
            row.addWidget(Trailing(f"last tried {ago(now - point.last_tried_at)}"))
        if main:
            call = PrimaryButton("Call", shell.actions.keys("dial"))
            call.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            call.clicked.connect(lambda: self.dial_requested.emit(point))
            row.addWidget(call)
        row.addWidget(self._menu_button(barred=barred))

    def enterEvent(self, event: QEnterEvent) -> None:
        """What is known of the number is worked out when a pointer comes near: most are never asked about."""
        if self.point.channel is Channel.PHONE and not self.toolTip():
            self.setToolTip(known_of(self.point))
        super().enterEvent(event)

    def _menu_button(self, *, barred: bool) -> QToolButton:
        button = QToolButton()
        button.setText("⋯")
        button.setAccessibleName(f"More about {self.point.value}")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setProperty("look", "more")
        self._menu = menu = QMenu(button)
        menu.aboutToShow.connect(partial(self._fill_menu, menu, barred=barred))
        button.setMenu(menu)
        return button

    def _fill_menu(self, menu: QMenu, *, barred: bool) -> None:
        """Made when asked for: most menus never are."""
        menu.clear()
        point = self.point
        if point.channel is Channel.PHONE and not barred:
            menu.addAction(self._action(menu, "Call this number", lambda: self.dial_requested.emit(point)))
        menu.addAction(self._action(menu, "Correct it", self.value.edit))
        menu.addSeparator()
        for words, state in MARKS:
            if point.state is not state:
                mark = EditPoint(point_id=point.id, state=state)
                menu.addAction(self._action(menu, words, partial(self._do, mark)))
        if not point.preferred:
            first = EditPoint(point_id=point.id, preferred=True)
            menu.addAction(self._action(menu, "Use it first", partial(self._do, first)))
        self._add_suppression(menu, barred=barred)
        menu.addSeparator()
        menu.addAction(self._action(menu, "Remove", lambda: self._do(RemovePoint(point.id))))

    def _add_suppression(self, menu: QMenu, *, barred: bool) -> None:
        """Whoever is asked not to call again writes it down at once; only a team lead may allow it again."""
        point = self.point
        if point.channel not in NEVER:
            return
        menu.addSeparator()
        value = point.key or point.value
        if not barred:
            menu.addAction(self._action(menu, NEVER[point.channel], partial(self._do, Suppress(value))))
        elif self._shell.user.role.covers(Unsuppress.role):
            menu.addAction(self._action(menu, AGAIN[point.channel], partial(self._do, Unsuppress(value))))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key, or the other mouse button, anywhere on the row."""
        self._menu.popup(event.globalPos())
        event.accept()

    def _action(self, menu: QMenu, words: str, run: Callable[[], object]) -> QAction:
        action = QAction(words, menu)
        action.triggered.connect(lambda _checked=False: run())
        return action

    def _do(self, command: Command[Any]) -> None:
        self._shell.lanes.do(
            self,
            command,
            lambda _done: self.marked.emit(),
            failed=lambda refused: self.value.error.say(refused.words),
        )


def breakable(address: str) -> str:
    """An address that may go on in the next line after its signs; unchanged where one line will do."""
    return re.sub(r"([@._-])", "\\1\u200b", address) if len(address) > ONE_LINE else address


class Trailing(MutedLabel):
    """Words at a row's end, in one line where there is room for it."""

    def __init__(self, words: str) -> None:
        """Two of its words fit beside each other in any case."""
        super().__init__(words)
        self.setAlignment(leading(self.layoutDirection(), trailing=True) | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(max(words.split(), key=len)) * 2)

    def sizeHint(self) -> QSize:
        """One line; a label that may wrap would rather be narrow and high."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4, super().sizeHint().height())


def _correct(point_id: int, _holder: Holder, value: object, _base: object) -> EditPoint:
    return EditPoint(point_id=point_id, text=str(value))


class AddPointRow(QWidget):
    """One more number or address, typed in place. Esc folds it away."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._lead_id: int | None = None
        self._client_id: int | None = None
        self._place = ""
        self._open = PlainButton("+ number, e-mail, messenger", kind="link")
        self._open.clicked.connect(self.unfold)
        self.channel = QComboBox()
        self.channel.setAccessibleName("Channel")
        for channel in Channel:
            self.channel.addItem(channel_name(channel), channel)
        self.edit = LineEdit()
        self.edit.setPlaceholderText("Number or address; Enter adds it")
        self.edit.setAccessibleName("Number or address to add")
        self.edit.installEventFilter(self)
        self._draft = DraftKeeper(shell, "", self.edit)
        self._draft.restored.connect(lambda _text: self._spread_out())
        self.error = ErrorLabel()
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._open)
        row.addWidget(self.channel)
        row.addWidget(self.edit, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row)
        box.addWidget(self.error)
        self._spread = row
        self.fold()

    def belong(self, lead_id: int | None, client_id: int | None, stored: Mapping[str, str] | None) -> None:
        """Whose card it is, and what is kept on disk for it; None if that is not known and to be asked for."""
        if (lead_id, client_id) != (self._lead_id, self._client_id):
            self._lead_id, self._client_id = lead_id, client_id
            self._place = f"lead:{lead_id}:point" if lead_id else f"client:{client_id}:point"
            self.fold()
            self._draft.go_to(self._place, stored)

    def unfold(self) -> None:
        """Show where to type."""
        self._spread_out()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _spread_out(self) -> None:
        self._open.hide()
        self.channel.show()
        self.edit.show()

    def fold(self) -> None:
        """Hide it again; what is typed stays."""
        self.channel.hide()
        self.edit.hide()
        self.error.say("")
        self._open.show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Enter adds, Esc folds."""
        if not isinstance(event, QKeyEvent):
            return False
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.ShortcutOverride and (enter or event.key() == Qt.Key.Key_Escape):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and enter:
            self._add()
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.fold()
            return True
        return False

    def _add(self) -> None:
        given = PointInput(Channel(self.channel.currentData()), self.edit.text())
        command = AddPoint(given, lead_id=self._lead_id, client_id=self._client_id)

        place = self._place

        def added(_done: object) -> None:
            if place == self._place:
                self._draft.forget()
                restyle(self.edit, "wrong", value=False)
                self.fold()
            else:
                self._shell.typed[place] = ""
                self._shell.lanes.do(self._shell, SaveDraft(place, ""), quiet=True)

        def refused(refused: Refused) -> None:
            if place == self._place:
                self.error.say(refused.words)
                restyle(self.edit, "wrong", value=True)
            else:
                self._shell.messages.refused(refused.words)

        self._shell.lanes.do(self, command, added, failed=refused)


class PointsView(QWidget):
    """All of them. `dial_requested` carries the number to call.

    `marked` asks to look again: a number barred for everybody changes nothing of the lead itself.
    """

    dial_requested = Signal(object)
    marked = Signal()

    def __init__(self, shell: Shell, saver: FieldSaver) -> None:
        super().__init__()
        self._shell, self._saver = shell, saver
        self._shown: object = None
        self.rows: list[PointRow] = []
        self._phones = QVBoxLayout()
        self._phones.setSpacing(6)
        self._others = FlowLayout(spacing=10)
        self.adding = AddPointRow(shell)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 4, 18, 4)
        box.setSpacing(6)
        box.addLayout(self._phones)
        box.addLayout(self._others)
        box.addWidget(self.adding)

    def show_points(
        self,
        points: tuple[ContactPoint, ...],
        dial: ContactPoint | None,
        suppressed: frozenset[str],
        *,
        lead_id: int | None = None,
        client_id: int | None = None,
        stored: Mapping[str, str] | None = None,
    ) -> None:
        """Show these; rows are made anew only when something about them differs."""
        self.adding.belong(lead_id, client_id, stored)
        now = self._shell.clock.now()
        wanted = (points, dial, suppressed)
        if wanted == self._shown:
            return
        if any(row.value.editing for row in self.rows) and self._shown is not None:
            same_card = {p.id for p in points} & {row.point.id for row in self.rows}
            if same_card:
                return
        self._shown = wanted
        for row in self.rows:
            self._saver.leave(row.value)
            row.hide()
            row.deleteLater()
        while self._phones.count():
            self._phones.takeAt(0)
        self._others.clear()
        self.rows = []
        phones = [p for p in points if p.channel is Channel.PHONE]
        phones.sort(key=lambda p: (dial is None or p.id != dial.id, not p.usable, p.position))
        for point in [*phones, *(p for p in points if p.channel is not Channel.PHONE)]:
            main = dial is not None and point.id == dial.id
            row = PointRow(self._shell, self._saver, point, main=main, barred=point.key in suppressed, now=now)
            row.dial_requested.connect(self.dial_requested)
            row.marked.connect(self.marked)
            self.rows.append(row)
            (self._phones if point.channel is Channel.PHONE else self._others).addWidget(row)
            self._saver.restore_one(row.value)
