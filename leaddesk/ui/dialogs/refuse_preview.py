"""The letters of many refusals, leafed through one by one, and how many there will be."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui import language
from leaddesk.ui.dialogs.refuse_frame import plain_button
from leaddesk.ui.dialogs.refuse_letter import LetterChoice, LetterPaper
from leaddesk.ui.widgets import Heading, MutedLabel
from leaddesk.workflow.cards import LeadRows
from leaddesk.workflow.letters import LetterDraft
from leaddesk.workflow.lifecycle import LEGAL
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadRow
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.letters import Drafted

AT_ONCE = 20
"""Leads looked at in one question, so that others are answered in between."""
LETTER, NO_ADDRESS, SUPPRESSED, NOT_WANTED, CANNOT = "letter", "no address", "suppressed", "not wanted", "cannot"
_WHY = {
    "no letter: no e-mail on the card": NO_ADDRESS,
    "no letter: the address is suppressed": SUPPRESSED,
    "no letter: they asked not to be written to": NOT_WANTED,
}


class LetterPreview(QWidget):
    """`changed` says that another letter was chosen, or that more is known of how many there will be."""

    changed = Signal()

    def __init__(self, shell: Shell, lead_ids: tuple[int, ...]) -> None:
        super().__init__()
        self._shell, self._ids = shell, lead_ids
        self._reason = ""
        self._until: datetime | None = None
        self.at = 0
        self.wanted = False
        self.counts: Counter[str] = Counter()
        self.counted = 0
        self.choice = LetterChoice(shell)
        self.who = Heading()
        self.address = MutedLabel()
        self.paper = LetterPaper(shell)
        self.paper.body.setPlaceholderText(self.tr("Choose a reason; the letters are written from it."))
        for edit in (self.paper.subject, self.paper.body):
            edit.setReadOnly(True)
        self.before = plain_button(self.tr("Previous"), "PgUp")
        self.after = plain_button(self.tr("Next"), "PgDn")
        self.tally = MutedLabel()
        self._arrange()
        self.choice.chosen.connect(self._chosen)
        self.before.clicked.connect(lambda: self.turn(-1))
        self.after.clicked.connect(lambda: self.turn(1))
        self._look()
        self._count()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.who)
        names.addWidget(self.address)
        head.addLayout(names, 1)
        for button in (self.before, self.after):
            button.setEnabled(len(self._ids) > 1)
            head.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 14, 20, 10)
        box.setSpacing(10)
        box.addWidget(self.choice)
        box.addLayout(head)
        box.addWidget(self.paper, 1)
        box.addWidget(self.tally)

    def draft(self, reason: str, template: str) -> None:
        """The letters for this reason."""
        self._reason, self.wanted = reason, bool(template)
        self.choice.propose(template)
        self._look()

    def comes_back(self, until: datetime | None) -> None:
        """Letters may name the day."""
        if until != self._until:
            self._until = until
            self._look()

    def turn(self, by: int) -> None:
        """Another lead's letter; after the last comes the first."""
        self.at = (self.at + by) % len(self._ids)
        self._look()

    def _chosen(self) -> None:
        self._look()
        self.changed.emit()

    def _look(self) -> None:
        lead_id, question = self._ids[self.at], None
        if self._reason and self.wanted:
            question = LetterDraft(
                self._ids[self.at], self._reason, self.choice.key(), self.choice.written_in(), until=self._until
            )

        def work(desk: Desk) -> tuple[list[LeadRow], Drafted | None]:
            return desk.read(LeadRows((lead_id,))), desk.read(question) if question is not None else None

        self._shell.lanes.read(self, work, self._came, key="preview")

    def _came(self, found: tuple[list[LeadRow], Drafted | None]) -> None:
        rows, drafted = found
        place = self.tr("{number} of {all}").format(
            number=language.digits(self.at + 1), all=language.digits(len(self._ids))
        )
        names = ", ".join(dict.fromkeys(part for row in rows for part in (row.name, row.company) if part))
        self.who.setText(f"{place} · {language.apart(names)}")
        if drafted is None:
            self.address.setText(self.tr("No letter for this reason.") if self._reason else "")
            self.paper.put("", "")
            return
        self.paper.put(drafted.subject, drafted.body, drafted.marks, drafted.language)
        self.address.setText(self._to(drafted))

    def _to(self, drafted: Drafted) -> str:
        if drafted.to_address:
            to = self.tr("to {address}").format(address=language.apart(drafted.to_address))
            return f"{to} · {language.language_name(drafted.language)}"
        said = {
            NO_ADDRESS: self.tr("No letter: there is no e-mail on the card."),
            SUPPRESSED: self.tr("No letter: the address is suppressed."),
            NOT_WANTED: self.tr("No letter: they asked not to be written to."),
        }
        return said.get(_WHY.get(drafted.why_not, ""), drafted.why_not)

    # How many

    def _count(self) -> None:
        ids = self._ids[self.counted : self.counted + AT_ONCE]
        if not ids:
            return

        def work(desk: Desk) -> Counter[str]:
            return Counter(_fate(desk, row) for row in desk.read(LeadRows(ids)))

        def then(found: Counter[str]) -> None:
            self.counts += found
            self.counted += len(ids)
            self._say_counts()
            self._count()

        self._shell.lanes.read(self, work, then, key="count")

    def _say_counts(self) -> None:
        said = {
            LETTER: language.counted("LetterPreview", "{n} gets a letter|{n} get a letter", self.counts[LETTER]),
            NO_ADDRESS: language.counted(
                "LetterPreview", "{n} has no address|{n} have no address", self.counts[NO_ADDRESS]
            ),
            SUPPRESSED: language.counted(
                "LetterPreview", "{n} is suppressed|{n} are suppressed", self.counts[SUPPRESSED]
            ),
            NOT_WANTED: language.counted(
                "LetterPreview", "{n} wants no letters|{n} want no letters", self.counts[NOT_WANTED]
            ),
            CANNOT: language.counted(
                "LetterPreview",
                "{n} cannot refuse and is left out|{n} cannot refuse and are left out",
                self.counts[CANNOT],
            ),
        }
        words = " · ".join(words for fate, words in said.items() if self.counts[fate])
        if self.counted < len(self._ids):
            so_far = self.tr("{number} of {all} looked at").format(
                number=language.digits(self.counted), all=language.digits(len(self._ids))
            )
            words = f"{words} · {so_far}"
        self.tally.setText(words)
        self.changed.emit()


def _fate(desk: Desk, row: LeadRow) -> str:
    """What will become of one lead's letter. In a lane's thread."""
    if Status.REFUSED not in LEGAL[row.status]:
        return CANNOT
    drafted = desk.read(LetterDraft(row.id))
    return LETTER if drafted.to_address else _WHY.get(drafted.why_not, NO_ADDRESS)
