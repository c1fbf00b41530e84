"""A time typed in words, read while it is typed, and said back as it was understood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from leaddesk.ui import language
from leaddesk.ui.widgets import FlowLayout, LineEdit, SmallLabel, restyle
from leaddesk.workflow.calling_hours import parse_zone_key
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.parking import morning_of
from leaddesk.workflow.when import parse_moment, say_ahead, say_when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.shell import Shell


class WhenEdit(QWidget):
    """Reads “tomorrow 14:30”, “через 3 месяца”, the screen's language first, and says in it what was understood.

    Times are the lead's own where its zone is known, else ours. A day without a time means the minute at which that day opens for calls there.
    """

    changed = Signal()

    def __init__(self, shell: Shell, hint: str, quick: Sequence[str] = (), name: str = "When", keys: str = "") -> None:
        """`quick` are words offered as buttons; `keys` says what key leads here."""
        super().__init__()
        self._shell = shell
        self._zone_key = ""
        self._moment: datetime | None = None
        self.exact = False
        self.problem = ""
        self.edit = LineEdit(keys=keys)
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(name)
        self.said = SmallLabel()
        self.said.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.edit)
        box.addWidget(self.said)
        if quick:
            box.addLayout(self._quick_row(quick))
        self.edit.textChanged.connect(self._read)
        self.setFocusProxy(self.edit)

    def _quick_row(self, quick: Sequence[str]) -> FlowLayout:
        row = FlowLayout(spacing=4)
        for words in quick:
            button = QPushButton(language.apart(words))
            button.setProperty("look", "filter")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, w=words: self.edit.setText(w))
            row.addWidget(button)
        return row

    def changeEvent(self, event: QEvent) -> None:
        """In another language the same words may mean another day, and are said back otherwise."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._read()

    def set_place(self, zone_key: str) -> None:
        """Whose clock is meant: the lead's `zone_key`."""
        self._zone_key = zone_key
        self._read()

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Put words there, as if typed."""
        self.edit.setText(text)
        self._read()

    def moment(self) -> datetime | None:
        """The moment meant, UTC; None while nothing is typed or it is not understood."""
        return self._moment

    def show_problem(self, words: str) -> None:
        """Say below what is wrong."""
        self.problem = words
        self._show(words, wrong=True)

    def _zones(self) -> tuple[ZoneInfo, bool]:
        _country, zones = parse_zone_key(self._zone_key)
        return (ZoneInfo(zones[0]), True) if zones else (self._shell.zone(), False)

    def _read(self) -> None:
        typed = self.edit.text().strip()
        self._moment, self.problem, self.exact = None, "", False
        if not typed:
            self._show("", wrong=False)
        else:
            try:
                self._understood(typed)
            except Refused as refused:
                self.problem = refused.words
                # Half-typed words are no mistake yet: said quietly, marked only when taken.
                self._show(refused.words, wrong=False)
        self.changed.emit()

    def _understood(self, typed: str) -> None:
        now = self._shell.clock.now()
        zone, theirs = self._zones()
        read = parse_moment(typed, now.astimezone(zone), language=language.current())
        self.exact = read.exact
        if read.exact:
            moment = read.local.replace(tzinfo=read.local.tzinfo or zone).astimezone(UTC)
        else:
            moment = morning_of(read.local.date(), self._zone_key, self._shell.settings)
            if moment <= now and read.local.date() == now.astimezone(zone).date():
                moment = now + timedelta(hours=1)
        if moment <= now:
            example = say_ahead(3, "months", language.current())
            raise Refused(self.tr("That is in the past. Say when, such as “{example}”.").format(example=example))
        self._moment = moment
        self._show(self.words(moment, theirs=theirs), wrong=False, known=True)

    def words(self, moment: datetime, *, theirs: bool) -> str:
        """A moment by their clock, and by ours where the two differ."""
        now, (zone, _known) = self._shell.clock.now(), self._zones()
        said = say_when(
            moment.astimezone(zone).replace(tzinfo=None),
            now.astimezone(zone).replace(tzinfo=None),
            exact=True,
            language=language.current(),
        )
        here = moment.astimezone(self._shell.zone())
        if not theirs:
            return self.tr("→ {said}").format(said=said)
        if not self.exact:
            return self.tr("→ {said}, when their day opens").format(said=said)
        differs = here.replace(tzinfo=None) != moment.astimezone(zone).replace(tzinfo=None)
        if not differs:
            return self.tr("→ {said} their time").format(said=said)
        return self.tr("→ {said} their time · {here} here").format(said=said, here=language.digits(f"{here:%H:%M}"))

    def _show(self, words: str, *, wrong: bool, known: bool = False) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        restyle(self.said, "look", "error" if wrong else "known" if known else "small")
        restyle(self.edit, "wrong", wrong)
