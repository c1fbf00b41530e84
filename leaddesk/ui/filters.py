"""Chips that say which leads a list shows, and what each of them lets through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from leaddesk.ui.columns import MARKS
from leaddesk.ui.widgets import FlowLayout, LineEdit
from leaddesk.workflow.cards import Filter
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Status, Temperature, UserState
from leaddesk.workflow.when import MONTH_NAMES, parse_moment

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.entities import Source, User

TYPING_MS = 250
"""A list follows what is typed once the typing rests for so long."""
_DAYS = (("Today", 0), ("Last 7 days", 6), ("Last 30 days", 29), ("Last 90 days", 89))


class StayMenu(QMenu):
    """A menu of ticks that stays open while several of them are set; Space ticks, Enter and Esc close."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A tick does not close it."""
        if not _ticked(self.activeAction()):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks; Enter ticks and closes."""
        if event.key() != Qt.Key.Key_Space or not _ticked(self.activeAction()):
            super().keyPressEvent(event)


def _ticked(action: QAction | None) -> bool:
    if action is None or not action.isCheckable() or not action.isEnabled():
        return False
    action.trigger()
    return True


class MenuChip(QPushButton):
    """A chip with a menu of values. Says its title, and what is chosen."""

    chosen = Signal()

    def __init__(self, title: str, *, several: bool, parent: QWidget | None = None) -> None:
        """`several` lets more than one value be ticked."""
        super().__init__(parent)
        self._title, self._several = title, several
        self._values: list[tuple[Any, str]] = []
        self.values: list[Any] = []
        self.setProperty("look", "filter")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self._menu = StayMenu(self) if several else QMenu(self)
        self.setMenu(self._menu)
        self._say()

    def offer(self, values: Sequence[tuple[Any, str]]) -> None:
        """The values there are, with their words; what is chosen and still there stays chosen."""
        self._values = list(values)
        self.values = [value for value in self.values if value in [v for v, _ in values]]
        self._menu.clear()
        if not self._several:
            self._menu.addAction("Any", lambda: self.choose([]))
            self._menu.addSeparator()
        for value, words in values:
            action = self._menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(value in self.values)
            action.triggered.connect(lambda checked, value=value: self._take(value, on=checked))
        self._say()

    def choose(self, values: list[Any]) -> None:
        """Choose these and no others."""
        if values != self.values:
            self.values = values
            words = {words.replace("&", "&&"): value for value, words in self._values}
            for action in self._menu.actions():
                if action.isCheckable():
                    action.setChecked(words.get(action.text()) in values)
            self._say()
            self.chosen.emit()

    def _take(self, value: Any, *, on: bool) -> None:
        if not self._several:
            self.choose([value] if on else [])
            return
        order = [v for v, _ in self._values]
        kept = [v for v in self.values if v != value] + ([value] if on else [])
        self.choose(sorted(kept, key=order.index))

    def _say(self) -> None:
        said = ", ".join(words for value, words in self._values if value in self.values)
        self.setText(f"{self._title}: {said}".replace("&", "&&") if said else self._title)
        self.setAccessibleName(f"{self._title}: {said or 'any'}")
        self.setChecked(bool(self.values))


class TextChip(LineEdit):
    """A small line that filters by what is typed, as soon as the typing rests."""

    chosen = Signal()

    def __init__(self, words: str, width: int, parent: QWidget | None = None, *, chip: bool = False) -> None:
        """`width` in pixels; `chip` makes it as low as the chips it stands among."""
        super().__init__(words, "", parent)
        self.setFixedWidth(width)
        self.setClearButtonEnabled(True)
        if chip:
            self.setProperty("look", "chip")
        self._rest = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._rest.timeout.connect(self.chosen)
        self.textChanged.connect(lambda _text: self._rest.start())
        self.returnPressed.connect(self.settle)

    def settle(self) -> None:
        """Do not wait for the typing to rest."""
        if self._rest.isActive():
            self._rest.stop()
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties the line first."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.settle()
        else:
            super().keyPressEvent(event)


class DayChip(TextChip):
    """A day in words, such as “1 Sep”; empty is any day."""

    def __init__(self, words: str, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """`now` is the moment in the zone of whoever looks."""
        super().__init__(words, 110, parent, chip=True)
        self._now = now

    def day(self) -> date | None:
        """The day meant; None for none, or for words that are no day, which are marked."""
        typed = self.text().strip()
        if not typed:
            self.wrong(is_wrong=False)
            return None
        try:
            found = _day_back(typed, self._now())
        except Refused as refused:
            self.wrong(is_wrong=True)
            self.setToolTip(refused.words)
            return None
        self.wrong(is_wrong=False)
        self.setToolTip("")
        return found


def _day_back(typed: str, now: datetime) -> date:
    """The day typed, in the past where the words allow both: leads have come already."""
    day = parse_moment(typed, now).local.date()
    says_year = any(len(part.strip(".-/")) == 4 and part.strip(".-/").isdigit() for part in typed.split())
    names_month = any(name.casefold() in typed.casefold() for name in MONTH_NAMES)
    if day > now.date() and names_month and not says_year:
        return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
    return day


class FilterBar(QWidget):
    """The chips over the Leads table. `filter()` is what they let through; `changed` says that it is another now."""

    changed = Signal()

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """Owners and sources come by `offer_people` and `offer_sources`."""
        super().__init__(parent)
        self._shell = shell
        self._quiet = False
        self.status = MenuChip("Status", several=True)
        self.status.offer([(s, s.words) for s in Status])
        self.owner = MenuChip("Owner", several=False)
        self.source = MenuChip("Source", several=False)
        self.temperature = MenuChip("Readiness", several=True)
        self.temperature.offer([(t, f"{MARKS[t]} {t.value}") for t in reversed(Temperature)])
        self.created = MenuChip("Came", several=False)
        self.created.offer([*((days, words) for words, days in _DAYS), ("between", "between two days")])
        self.since = DayChip("from…", self._now)
        self.until = DayChip("to…", self._now)
        self.tag = TextChip("Tag", 96, chip=True)
        self.incomplete = self._tick("Incomplete", "Without a name or a phone that works")
        self.suspicious = self._tick("Suspicious", "Held back from the queue until somebody looks")
        self.batch = self._tick("From one import", "Leads that came in with one list")
        self._batch_id = 0
        self.none = QPushButton("Show all")
        self.none.setProperty("look", "link")
        self.none.setAutoDefault(False)
        self.none.clicked.connect(self.clear)
        flow = FlowLayout(self, 6)
        for chip in (self.status, self.temperature, self.owner, self.source, self.created, self.since, self.until):
            flow.addWidget(chip)
        for widget in (self.tag, self.incomplete, self.suspicious, self.batch, self.none):
            flow.addWidget(widget)
        for chip in (self.status, self.temperature, self.owner, self.source, self.created):
            chip.chosen.connect(self._changed)
        for line in (self.tag, self.since, self.until):
            line.chosen.connect(self._changed)
        self._show_parts()

    def _tick(self, words: str, why: str) -> QPushButton:
        chip = QPushButton(words)
        chip.setCheckable(True)
        chip.setAutoDefault(False)
        chip.setProperty("look", "filter")
        chip.setToolTip(why)
        chip.setAccessibleDescription(why)
        chip.toggled.connect(self._changed)
        return chip

    def offer_people(self, users: Sequence[User]) -> None:
        """Who may be an owner; oneself and the pool first."""
        me = self._shell.user.id
        others = [(u.id, u.name) for u in users if u.id != me and u.state is not UserState.LEFT]
        self.owner.offer([(me, "me"), (0, "pool"), *others])

    def offer_sources(self, sources: Sequence[Source]) -> None:
        """The sources there are."""
        self.source.offer([(s.id, s.name) for s in sources])

    def filter(self) -> Filter:
        """What the chips let through, without the text of the search line."""
        first, last = self._days()
        return Filter(
            statuses=tuple(self.status.values),
            owner_id=self.owner.values[0] if self.owner.values else None,
            source_id=self.source.values[0] if self.source.values else None,
            temperatures=tuple(self.temperature.values),
            tag=self.tag.text().strip(),
            created_from=self._midnight(first),
            created_to=self._midnight(last + timedelta(days=1)) if last else None,
            incomplete=self.incomplete.isChecked(),
            suspicious=self.suspicious.isChecked(),
            batch_id=self._batch_id if self.batch.isChecked() else 0,
        )

    def clear(self) -> None:
        """Any lead."""
        self._quiet = True
        for chip in (self.status, self.temperature, self.owner, self.source, self.created):
            chip.choose([])
        for line in (self.tag, self.since, self.until):
            line.clear()
            line.settle()
        self.incomplete.setChecked(False)
        self.suspicious.setChecked(False)
        self.batch.setChecked(False)
        self._quiet = False
        self._changed()

    def show_filter(self, wanted: Filter) -> None:
        """Set the chips so that they let this through (days as “between”)."""
        self._quiet = True
        self.status.choose(list(wanted.statuses))
        self.temperature.choose(list(wanted.temperatures))
        self.owner.choose([] if wanted.owner_id is None else [wanted.owner_id])
        self.source.choose([] if wanted.source_id is None else [wanted.source_id])
        self.incomplete.setChecked(wanted.incomplete)
        self.suspicious.setChecked(wanted.suspicious)
        self._batch_id = wanted.batch_id
        self.batch.setChecked(bool(wanted.batch_id))
        self.tag.setText(wanted.tag)
        self.tag.settle()
        self._quiet = False
        self._changed()

    def _now(self) -> datetime:
        return self._shell.clock.now().astimezone(self._shell.zone())

    def _days(self) -> tuple[date | None, date | None]:
        chosen = self.created.values[0] if self.created.values else None
        if chosen == "between":
            return self.since.day(), self.until.day()
        return (None, None) if chosen is None else (self._now().date() - timedelta(days=chosen), None)

    def _midnight(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(0), self._shell.zone()).astimezone(UTC) if day else None

    def _changed(self) -> None:
        self._show_parts()
        if not self._quiet:
            self.changed.emit()

    def _show_parts(self) -> None:
        between = self.created.values == ["between"]
        self.since.setVisible(between)
        self.until.setVisible(between)
        self.batch.setVisible(self.batch.isChecked())
        self.none.setVisible(self.filter() != Filter())


def with_text(wanted: Filter, text: str) -> Filter:
    """The filter, and what is typed in the list's search line."""
    return replace(wanted, text=text.strip())
