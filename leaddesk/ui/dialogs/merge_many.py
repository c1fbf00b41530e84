"""Many pairs merged at once, looked over before: how many cards become how many, and the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from leaddesk.ui.cards.lines import Line, LinesView
from leaddesk.ui.cards.text import Run
from leaddesk.ui.dialogs.merge_saying import listed
from leaddesk.ui.dialogs.paper import lay_on_paper
from leaddesk.ui.dialogs.refuse_frame import name_button
from leaddesk.ui.widgets import ErrorLabel, MutedLabel, PlainButton, PrimaryButton, Title, Words
from leaddesk.workflow.cards import LeadRows
from leaddesk.workflow.duplicates import FoundPairs
from leaddesk.workflow.merging import MergeMany

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadRow
    from leaddesk.workflow.desk import Desk, Done
    from leaddesk.workflow.duplicates import Pair
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.merging import MergedMany

SIZE = (820, 640)
SHOWN = 100
"""So many of the merged cards to come are shown; nobody reads more before saying yes."""
EVERY = 1_000_000
"""More certain pairs than any search finds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be merged. `groups` are the cards that become one each, `first` those that are shown, by id."""

    pairs: tuple[Pair, ...]
    groups: tuple[tuple[int, ...], ...]
    first: dict[int, LeadRow]

    @property
    def cards(self) -> int:
        """How many cards there are now."""
        return sum(len(group) for group in self.groups)


def united(pairs: Iterable[Pair]) -> tuple[tuple[int, ...], ...]:
    """Which cards become one: whoever is joined by a chain of pairs. In the order the pairs come, ids from below."""
    leader: dict[int, int] = {}

    def find(card: int) -> int:
        while leader.setdefault(card, card) != card:
            leader[card] = leader[leader[card]]
            card = leader[card]
        return card

    for pair in pairs:
        one, other = sorted((find(pair.a), find(pair.b)))
        leader[other] = one
    groups: dict[int, list[int]] = {}
    for card in leader:
        groups.setdefault(find(card), []).append(card)
    return tuple(tuple(sorted(group)) for group in groups.values())


class MergeManyDialog(QDialog):
    """Ctrl+Enter merges, Esc leaves all as it is. Everything is one operation with one Undo."""

    def __init__(
        self, shell: Shell, pairs: tuple[Pair, ...], parent: QWidget | None = None, *, min_score: float = 0.0
    ) -> None:
        """`pairs` are those marked; with none, all certain ones of the last search from `min_score` on."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._given, self._min_score = shell, pairs, min_score
        self.plan: Plan | None = None
        self.saving = False
        self.title = Title("Merge the marked pairs" if pairs else "Merge all certain pairs")
        self.words = Words("Looking at the cards…")
        self.lines = LinesView(shell.theme, "Cards that become one")
        self.lines.setProperty("look", "framed")
        self.more = MutedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Merging")
        self.bar.hide()
        self.wrong = ErrorLabel()
        self.back = PlainButton("Back", "Esc")
        self.merge = PrimaryButton("Merge", shell.actions.keys("take_from_note"))
        self.setWindowTitle(self.title.text())
        self._lay_out()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.take)
        self.back.clicked.connect(self.reject)
        self.merge.clicked.connect(self.take)
        self.merge.setEnabled(False)
        shell.lanes.read(self, self._look, self._came, key="plan", failed=self._missed)

    def _lay_out(self) -> None:
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(SIZE[0], max(640, room.width() - 80)), min(SIZE[1], max(480, room.height() - 40)))
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.addWidget(self.title)
        rules = MutedLabel(
            "Of cards that become one the client’s stays, else the one most has happened with, else the older. "
            "Nothing is lost: numbers, notes, calls, tasks, letters and refusals move over, values that give way stay as "
            "extra fields, and the numbers of the cards that go open the one that stays."
        )
        middle = QVBoxLayout()
        middle.setContentsMargins(20, 12, 20, 12)
        middle.setSpacing(8)
        for widget in (self.words, rules):
            middle.addWidget(widget)
        middle.addWidget(self.lines, 1)
        for below in (self.more, self.bar, self.wrong):
            middle.addWidget(below)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(MutedLabel("One operation: Ctrl+Z takes all of it back."), 1)
        for button in (self.back, self.merge):
            button.setAutoDefault(False)
            foot.addWidget(button)
        lay_on_paper(self, head, middle, foot)

    def _look(self, desk: Desk) -> Plan:
        """In a lane's thread."""
        pairs = self._given or desk.read(FoundPairs(self._min_score, EVERY, certain_only=True)).pairs
        groups = united(pairs)
        first = tuple(card for group in groups[:SHOWN] for card in group)
        return Plan(pairs, groups, {row.id: row for row in desk.read(LeadRows(first))})

    def _came(self, plan: Plan) -> None:
        self.plan = plan
        stays = len(plan.groups)
        if not plan.groups:
            self.words.setText("There is nothing to merge any more.")
            return
        pairs = "1 pair" if len(plan.pairs) == 1 else f"{len(plan.pairs):,} pairs"
        self.words.setText(f"{pairs}: {plan.cards:,} cards become {stays:,}.")
        why = {(p.a, p.b): p.why for p in plan.pairs}
        self.lines.show_lines([_line(group, plan.first, why) for group in plan.groups[:SHOWN]])
        hidden = stays - min(stays, SHOWN)
        self.more.setText(f"And {hidden:,} more like these." if hidden else "")
        self.more.setVisible(hidden > 0)
        name_button(self.merge, f"Merge {plan.cards:,} cards into {stays:,}")
        self.merge.setEnabled(True)
        self.lines.setFocus()

    def _missed(self, error: Exception) -> None:
        words = getattr(error, "words", "")
        if not words:
            self._shell.messages.bug(error)
        self.words.setText(words)

    def take(self) -> None:
        """Merge them."""
        if self.plan is None or self.saving or not self.merge.isEnabled():
            return
        self._busy(on=True)
        command = MergeMany(tuple((p.a, p.b) for p in self.plan.pairs))
        self._shell.lanes.do(self, command, self._merged, failed=self._refused, quiet=True)

    def _merged(self, done: Done[MergedMany]) -> None:
        words, left_out = done.words, done.value.left_out
        if left_out:
            count = "1 pair" if len(left_out) == 1 else f"{len(left_out):,} pairs"
            words = f"{words} · {count} left out: {left_out[0][2]}"
        self._shell.messages.toast(words, operation=done.operation if done.can_undo else 0, about=done.changes)
        self.saving = False
        self.accept()

    def _refused(self, refused: Refused) -> None:
        self._busy(on=False)
        self.wrong.say(refused.words)

    def _busy(self, *, on: bool) -> None:
        self.saving = on
        self.bar.setVisible(on)
        self.wrong.say("")
        for button in (self.back, self.merge):
            button.setEnabled(not on)

    def reject(self) -> None:
        """Not while it is being written: nothing of it is there before all is."""
        if not self.saving:
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter alone merges nothing."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def _line(group: tuple[int, ...], rows: dict[int, LeadRow], why: dict[tuple[int, int], tuple[str, ...]]) -> Line:
    """The cards of one group by name, each with where it stands, and why the first two are one."""
    names = [(rows[card].name or rows[card].company) if card in rows else "" for card in group]
    said = [name or f"#{card}" for name, card in zip(names, group, strict=True)]
    standing = [_standing(rows.get(card), card) for card in group]
    reasons = next((words for key, words in why.items() if key[0] in group and key[1] in group), ())
    runs = (Run(listed(said), bold=True),)
    below = "\n".join((*standing, "; ".join(reasons[:3])))
    return Line(f"{len(group)} → 1", runs, "copy", below)


def _standing(row: LeadRow | None, card: int) -> str:
    if row is None:
        return f"#{card}"
    return " · ".join(filter(None, (f"#{card}", row.company if row.name else "", row.status.words, row.owner)))
