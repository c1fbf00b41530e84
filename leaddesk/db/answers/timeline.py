"""One timeline of everything that happened with a lead or a client, newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Table, select

from leaddesk.db.letter_tables import letter, reply
from leaddesk.db.mapping import from_ms, mapper
from leaddesk.db.prepared import Asked, Prepared, any_of, given
from leaddesk.db.tables import app_user, call, change, operation, outcome, refusal_reason, stay
from leaddesk.workflow.cards import TimelineRow
from leaddesk.workflow.entities import Note, Refusal, Task
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.vocabulary import TaskKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from sqlalchemy import Select

    from leaddesk.db.answers.reading import Reading
    from leaddesk.workflow.entities import Lead
    from leaddesk.workflow.intake_entities import Redirect

LAST_CALLS = 50
_TOLD = {
    "AddLead": "Created",
    "AssignLeads": "",
    "ConvertLead": "",
    "Qualify": "",
    "Disqualify": "",
    "DeferLead": "",
    "DeferLeads": "",
    "BringBack": "",
    "ReturnDueLeads": "Came back by itself",
    "ImportRows": "",
    "ConfirmLead": "",
    "JudgeLeads": "",
    "MergeCards": "",
    "MergeMany": "Merged with cards of the same person",
}
"""Commands that are events of their own on the timeline; calls, notes and letters stand for themselves."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands on a card anyway, and on its timeline too."""

    notes: Sequence[Note]
    tasks: Sequence[Task]
    letters: Sequence[Letter] = ()
    refusals: Sequence[Refusal] = ()


def kept_of(reading: Reading, lead_id: int | list[int]) -> Kept:
    """All of it of a lead, or of several."""
    return Kept(
        reading.those(Note, "-at", lead_id=lead_id),
        reading.those(Task, "due_at", lead_id=lead_id),
        reading.those(Letter, "-created_at", lead_id=lead_id),
        reading.those(Refusal, "-at", lead_id=lead_id),
    )


def asked_of(lead_id: int) -> list[Asked]:
    """All that the timeline of a lead reads whatever there is: for a server, to be asked at once."""
    kept = ((Note, "-at"), (Task, "due_at"), (Letter, "-created_at"), (Refusal, "-at"))
    return [
        *(mapper(kind).find({"lead_id": lead_id}, order) for kind, order in kept),
        *((_asked(part, "lead_id", many=False), {"id": lead_id}) for part in range(len(_PARTS))),
        (_EVENTS["lead_id"], {"id": lead_id}),
    ]


def lead_timeline(reading: Reading, lead_id: int, kept: Kept, merged: Sequence[Redirect] = ()) -> list[TimelineRow]:
    """Calls, notes, letters, refusals, tasks done and what else happened to a lead, and to cards merged into it."""
    rows = [*_happened(reading, "lead_id", lead_id), *_told_by(reading, kept), *_events(reading, "lead_id", lead_id)]
    for one in merged:
        theirs = _rows_of_events(_EVENTS_APART.rows(reading.connection, id=one.id, but=lead_id))
        rows += [row._replace(text=f"on card {one.id}, merged into this one") for row in theirs]
    return sorted(rows, key=_when, reverse=True)


def client_timeline(reading: Reading, client_id: int, kept: Kept, leads: Sequence[Lead]) -> list[TimelineRow]:
    """The client's own history, and its leads' together with it on demand."""
    rows = {
        *_happened(reading, "client_id", client_id),
        *_told_by(reading, kept),
        *_events(reading, "client_id", client_id),
    }
    if leads:
        ids = [one.id for one in leads]
        rows.update(_happened(reading, "lead_id", ids))
        rows.update(_told_by(reading, kept_of(reading, ids)))
    return sorted(rows, key=_when, reverse=True)


_when = itemgetter(TimelineRow._fields.index("at"), TimelineRow._fields.index("ref"))


def _who(table: Table, column: str = "user_id") -> ColumnElement[str | None]:
    return select(app_user.c.name).where(app_user.c.id == table.c[column]).scalar_subquery()


# What is asked of each table


def _calls() -> Select[Any]:
    c = call.c
    return (
        select(c.id, c.started_at, c.duration_s, c.note, c.attempt, outcome.c.title, outcome.c.human, app_user.c.name)
        .select_from(
            call.outerjoin(outcome, outcome.c.key == c.outcome).outerjoin(app_user, app_user.c.id == c.user_id)
        )
        .order_by(c.started_at.desc())
        .limit(LAST_CALLS)
    )


def _replies() -> Select[Any]:
    c = reply.c
    statement = select(c.id, c.at, c.text, c.answers, c.from_address, letter.c.kind, _who(reply))
    return statement.select_from(reply.outerjoin(letter, letter.c.id == c.letter_id))


def _stays() -> Select[Any]:
    statement = select(stay.c.id, stay.c.at, refusal_reason.c.title, _who(stay))
    return statement.select_from(stay.outerjoin(refusal_reason, refusal_reason.c.key == stay.c.reason))


def _operations() -> Select[Any]:
    o = operation.c
    return (
        select(o.id, o.at, o.command, o.words, _who(operation))
        .where(o.kind == "do", o.undone == 0, o.command.in_(list(_TOLD)))
        .order_by(o.id.desc())
        .limit(100)
    )


# How it is told


def _talked(seconds: int) -> str:
    return f"Talked, {seconds // 60}:{seconds % 60:02d}"


def _rows_of_calls(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, seconds, words, attempt, title, human, who in found:
        said = f"{_talked(seconds)} · {title}" if human and seconds else f"{title} · attempt {attempt}"
        yield TimelineRow(from_ms(at), "call", title if human and not seconds else said, words, who or "", ref)


def _rows_of_replies(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, words, answers, sender, kind, who in found:
        numbered = [f"{number}. {answer}" for number, answer in (json.loads(answers) if answers else {}).items()]
        text = "\n".join(numbered) or words.strip()
        title = f"Answered the {kind} letter" if kind else "Answered"
        yield TimelineRow(from_ms(at), "reply", title, text, who or sender or "", ref)


def _rows_of_stays(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, title, who in found:
        yield TimelineRow(from_ms(at), "event", f"Stayed after: {title}", "", who or "", ref)


_NAMES = Prepared(lambda sqlite: select(app_user.c.id, app_user.c.name).where(any_of(sqlite, app_user.c.id, "ids")))
_REASONS = Prepared(
    lambda sqlite: select(refusal_reason.c.key, refusal_reason.c.title).where(
        any_of(sqlite, refusal_reason.c.key, "keys")
    )
)


def _told_by(reading: Reading, kept: Kept) -> Iterator[TimelineRow]:
    """Notes, tasks done, letters and refusals as they are told."""
    wrote = {one.user_id for some in (kept.notes, kept.letters, kept.refusals) for one in some}
    ids = [one for one in wrote.union(task.owner_id for task in kept.tasks) if one is not None]
    names = dict(_NAMES.rows(reading.connection, ids=ids)) if ids else {}
    for one in kept.notes:
        if one.at is not None:
            yield TimelineRow(one.at, "note", "Note", one.text, names.get(one.user_id, ""), one.id)
    for done in kept.tasks:
        if done.done_at is not None and done.kind is not TaskKind.CALL:
            who = names.get(done.owner_id, "")
            yield TimelineRow(done.done_at, "task", f"Done: {done.title}", done.result, who, done.id)
    for sent in kept.letters:
        at = sent.sent_at or sent.created_at
        if at is not None:
            text = " · ".join(filter(None, (f"to {sent.to_address}", sent.error)))
            title = f"Letter {sent.state} · {sent.subject}"
            yield TimelineRow(at, "letter", title, text, names.get(sent.user_id, ""), sent.id)
    if kept.refusals:
        keys = sorted({said.reason for said in kept.refusals})
        titles = dict(_REASONS.rows(reading.connection, keys=keys))
        for said in kept.refusals:
            text = " · ".join(filter(None, (said.words, said.competitor, said.change_mind)))
            title = f"Refused: {titles.get(said.reason)}{' (taken back)' if said.taken_back_at else ''}"
            yield TimelineRow(said.at, "refusal", title, text, names.get(said.user_id, ""), said.id)


def _rows_of_events(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, command, words, who in found:
        yield TimelineRow(from_ms(at), "event", _TOLD[command] or words, "", who or "", ref)


_PARTS: tuple[tuple[Table, Callable[[], Select[Any]], Callable[[Any], Iterator[TimelineRow]]], ...] = (
    (call, _calls, _rows_of_calls),
    (reply, _replies, _rows_of_replies),
    (stay, _stays, _rows_of_stays),
)


@cache
def _asked(part: int, key: str, *, many: bool) -> Prepared:
    table, build, _ = _PARTS[part]
    column = table.c[key]
    return Prepared(lambda sqlite: build().where(any_of(sqlite, column, "id") if many else column == given("id")))


def _happened(reading: Reading, key: str, ids: int | list[int]) -> Iterator[TimelineRow]:
    many = isinstance(ids, list)
    for number, (table, _, rows_of) in enumerate(_PARTS):
        if key in table.c:
            yield from rows_of(_asked(number, key, many=many).rows(reading.connection, id=ids))


def _told(key: str, name: str = "id") -> Select[Any]:
    return select(change.c.operation_id).where(change.c[key] == given(name))


_EVENTS = {
    "lead_id": Prepared(lambda _: _operations().where(operation.c.id.in_(_told("lead_id")))),
    "client_id": Prepared(lambda _: _operations().where(operation.c.id.in_(_told("client_id")))),
}
_EVENTS_APART = Prepared(
    lambda _: _operations().where(operation.c.id.in_(_told("lead_id")), operation.c.id.not_in(_told("lead_id", "but")))
)


def _events(reading: Reading, key: str, row_id: int) -> Iterator[TimelineRow]:
    return _rows_of_events(_EVENTS[key].rows(reading.connection, id=row_id))
