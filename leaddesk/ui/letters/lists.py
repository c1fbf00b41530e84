"""What the tabs of the Letters page list, and their columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from leaddesk.ui.columns import Column, Say
from leaddesk.ui.letters.saying import chip_of, leaves
from leaddesk.ui.widgets_paint import isolated
from leaddesk.workflow.desk import Question
from leaddesk.workflow.letter_entities import Reply
from leaddesk.workflow.letter_html import direction
from leaddesk.workflow.outbox import Outbox, OutboxNow, OutboxRow
from leaddesk.workflow.replies import QUESTIONS, Replies
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from leaddesk.ui.jobs import Lanes
    from leaddesk.workflow.desk import Desk

LISTED_AT_MOST = 1_000
"""The newest of each state; nobody scrolls further, and a lead's own card has all of its letters."""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of the page; `nothing` is what an empty one says."""

    key: str
    title: str
    states: tuple[LetterState, ...]
    nothing: tuple[str, str]
    soonest_first: bool = False


ANSWERS = Tab(
    "answers",
    "Answers",
    (),
    ("Nobody has answered yet", "Answers to our letters are read from the mailbox, or written down by hand."),
)
TABS: tuple[Tab, ...] = (
    Tab(
        "outbox",
        "Outbox",
        (LetterState.QUEUED, LetterState.SENDING),
        ("The outbox is empty", "A refusal puts its letter here. It leaves by itself after a minute, unless undone."),
        soonest_first=True,
    ),
    Tab(
        "drafts",
        "Drafts",
        (LetterState.DRAFT, LetterState.WITHDRAWN),
        ("No drafts", "Letters wait here that nobody has put into the outbox, or that were taken out of it."),
    ),
    Tab(
        "sent",
        "Sent",
        (LetterState.SENT, LetterState.SAVED),
        ("No letter has left yet", "What has been sent stays here as it was, with the answers that came."),
    ),
    Tab(
        "failed",
        "Failed",
        (LetterState.FAILED,),
        ("No letter has failed", "What a mail server would not take stands here with its reason, to be sent again."),
    ),
    Tab(
        "uncertain",
        "Uncertain",
        (LetterState.UNCERTAIN,),
        ("Nothing is uncertain", "When a connection breaks at the last moment, nobody knows: you decide here."),
    ),
    ANSWERS,
)
TAB = {tab.key: tab for tab in TABS}


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer in the list."""

    reply: Reply
    lead: str
    subject: str
    reason: str

    @property
    def id(self) -> int:
        """The answer's own."""
        return self.reply.id


@dataclass(frozen=True)
class Listed(Question[list[Any]]):
    """What a tab lists, or (`ids`) those of its rows."""

    tab: str = "outbox"
    text: str = ""
    sort: str = ""
    down: bool = True
    ids: tuple[int, ...] = ()


class LetterLists:
    """Answers the tables of this page: a list is read whole, its rows are at hand then.

    Reading is done in the reading lane, one question after the other, so the rows are never older than the list.
    """

    def __init__(self, lanes: Lanes) -> None:
        """Knows nothing yet."""
        self._lanes = lanes
        self._rows: dict[int, Any] = {}

    def ask(
        self,
        owner: QObject,
        question: Question[Any],
        then: Callable[[Any], None],
        *,
        key: str = "",
        failed: Callable[[Exception], None] | None = None,
        whole_list: bool = False,
    ) -> None:
        """As a table asks, but for `whole_list`: beside the reading lane rows could be older than the list."""
        del whole_list
        self._lanes.read(owner, lambda desk: self._answer(desk, question), then, key=key, failed=failed)

    def drop(self, owner: QObject, key: str) -> None:
        """Nobody waits for the answer under this key any more."""
        self._lanes.drop(owner, key)

    def _answer(self, desk: Desk, question: Question[Any]) -> list[Any]:
        if not isinstance(question, Listed):
            return []
        if question.ids:
            return [self._rows[row_id] for row_id in question.ids if row_id in self._rows]
        rows = listed(desk, question)
        self._rows = {row.id: row for row in rows}
        return rows


def listed(desk: Desk, question: Listed) -> list[Any]:
    """The rows of a tab that fit the words, in order."""
    tab = TAB[question.tab]
    words = question.text.casefold().split()
    if tab is ANSWERS:
        answers = [
            AnswerRow(row.reply, row.lead, row.letter_subject, row.reason)
            for row in desk.read(Replies(limit=LISTED_AT_MOST))
        ]
        found: list[Any] = [row for row in answers if _fits(words, row.lead, row.subject, row.reason, row.reply.text)]
    else:
        letters = _paused(desk, desk.read(Outbox(states=tab.states, limit=LISTED_AT_MOST)))
        found = [row for row in letters if _fits(words, row.lead, row.to_address, row.subject, row.error)]
    order = _ORDERS.get(question.sort)
    return sorted(found, key=order, reverse=question.down) if order else found


def _paused(desk: Desk, rows: list[OutboxRow]) -> list[OutboxRow]:
    """What waits leaves no sooner than the server is asked again."""
    until = desk.read(OutboxNow()).paused_until if any(row.state is LetterState.QUEUED for row in rows) else None
    if until is None:
        return rows
    return [
        replace(row, send_after=max(row.send_after, until))
        if row.state is LetterState.QUEUED and row.send_after is not None
        else row
        for row in rows
    ]


def _fits(words: list[str], *texts: str) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)


_ORDERS: dict[str, Callable[[Any], Any]] = {
    "lead": lambda row: row.lead.casefold(),
    "subject": lambda row: row.subject.casefold(),
    "when": lambda row: (row.reply.at if isinstance(row, AnswerRow) else row.at) or NEVER,
    "reason": lambda row: row.reason.casefold(),
}


def _when(row: OutboxRow, say: Say) -> str:
    if row.state is LetterState.QUEUED:
        return leaves(row.send_after, say.now, row.tries)
    if row.state is LetterState.SENDING:
        return "at this moment"
    return say.when(row.at)


def _why(row: OutboxRow, say: Say) -> str:
    if row.bounced_at is None and row.answered_at is not None:
        return f"answered {say.when(row.answered_at)}"
    return row.error


def _subject(row: OutboxRow, _say: Say) -> str:
    """In its own direction, whichever way the table runs."""
    return isolated(row.subject) if direction(row.language) == "rtl" else row.subject


LETTERS: tuple[Column[OutboxRow], ...] = (
    Column("lead", "To", lambda r, _s: r.lead, sort="lead", width=184, sub=lambda r, _s: r.to_address, bold=True),
    Column("subject", "Letter", _subject, sort="subject", width=216),
    Column(
        "state",
        "State",
        lambda r, _s: chip_of(r.state, r.answered_at)[0],
        width=124,
        chip=lambda r, _s: chip_of(r.state, r.answered_at)[1],
    ),
    Column("when", "When", _when, sort="when", width=108, down=True),
    Column("why", "What is known", _why, width=156),
    Column("user", "Written by", lambda r, _s: r.user, width=130, shown=False),
    Column("kind", "Kind", lambda r, _s: r.kind.value, width=90, shown=False),
)


def _answered(row: AnswerRow) -> int:
    return sum(bool(row.reply.answers.get(number)) for number in QUESTIONS)


ANSWER_COLUMNS: tuple[Column[AnswerRow], ...] = (
    Column("lead", "Who", lambda r, _s: r.lead, sort="lead", width=184, sub=lambda r, _s: r.reason, bold=True),
    Column("when", "When", lambda r, s: s.when(r.reply.at), sort="when", width=112, down=True),
    Column("words", "What they wrote", lambda r, _s: first_words(r.reply), width=256),
    Column(
        "answers",
        "Questions",
        lambda r, _s: f"{_answered(r)} of {len(QUESTIONS)}",
        width=84,
        chip=lambda r, _s: "ok" if _answered(r) else "chip",
    ),
    Column("subject", "Answers", lambda r, _s: r.subject or "no letter of ours", sort="subject", width=150),
)


def first_words(reply: Reply) -> str:
    """What they wrote, else what they answered."""
    words = " ".join(reply.text.split())
    return words or " · ".join(f"{number}: {text}" for number, text in sorted(reply.answers.items()))
