"""One timeline of everything that happened with a lead or a client, newest first."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Table, func, select

from leaddesk.db.letter_tables import letter, reply
from leaddesk.db.mapping import from_ms
from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.tables import app_user, call, change, note, operation, outcome, refusal, refusal_reason, stay, task
from leaddesk.workflow.cards import TimelineRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
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


def lead_timeline(reading: Reading, lead_id: int, merged: Sequence[Redirect] = ()) -> list[TimelineRow]:
    """Calls, notes, letters, refusals, tasks done and what else happened to a lead, and to cards merged into it."""
    rows = [*_happened(reading, "lead_id", lead_id), *_events(reading, "lead_id", lead_id)]
    for one in merged:
        theirs = _rows_of_events(_EVENTS_APART.rows(reading.connection, id=one.id, but=lead_id))
        rows += [replace(row, text=f"on card {one.id}, merged into this one") for row in theirs]
    return sorted(rows, key=_when, reverse=True)


def client_timeline(reading: Reading, client_id: int, leads: Sequence[Lead]) -> list[TimelineRow]:
    """The client's own history, and its leads' together with it on demand."""
    rows = {*_happened(reading, "client_id", client_id), *_events(reading, "client_id", client_id)}
    if leads:
        rows.update(_happened(reading, "lead_id", [one.id for one in leads]))
    return sorted(rows, key=_when, reverse=True)


def _when(row: TimelineRow) -> tuple[datetime, int]:
    return row.at, row.ref


def _who(table: Table, column: str = "user_id") -> ColumnElement[str | None]:
    return select(app_user.c.name).where(app_user.c.id == table.c[column]).scalar_subquery()


# What is asked of each table


def _calls() -> Select[Any]:
    c = call.c
    return (
        select(c.id, c.started_at, c.duration_s, c.note, c.attempt, outcome.c.title, outcome.c.human, _who(call))
        .select_from(call.outerjoin(outcome, outcome.c.key == c.outcome))
        .order_by(c.started_at.desc())
        .limit(LAST_CALLS)
    )


def _notes() -> Select[Any]:
    return select(note.c.id, note.c.at, note.c.text, _who(note))


def _tasks() -> Select[Any]:
    c = task.c
    statement = select(c.id, c.done_at, c.title, c.result, _who(task, "owner_id"))
    return statement.where(c.done_at.is_not(None), c.kind != "call")


def _letters() -> Select[Any]:
    c = letter.c
    return select(c.id, func.coalesce(c.sent_at, c.created_at), c.subject, c.state, c.to_address, c.error, _who(letter))


def _replies() -> Select[Any]:
    c = reply.c
    statement = select(c.id, c.at, c.text, c.answers, c.from_address, letter.c.kind, _who(reply))
    return statement.select_from(reply.outerjoin(letter, letter.c.id == c.letter_id))


def _stays() -> Select[Any]:
    statement = select(stay.c.id, stay.c.at, refusal_reason.c.title, _who(stay))
    return statement.select_from(stay.outerjoin(refusal_reason, refusal_reason.c.key == stay.c.reason))


def _refusals() -> Select[Any]:
    c = refusal.c
    return select(
        c.id, c.at, refusal_reason.c.title, c.words, c.competitor, c.change_mind, c.taken_back_at, _who(refusal)
    ).select_from(refusal.outerjoin(refusal_reason, refusal_reason.c.key == c.reason))


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


def _rows_of_notes(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, words, who in found:
        yield TimelineRow(from_ms(at), "note", "Note", words, who or "", ref)


def _rows_of_tasks(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, title, result, who in found:
        yield TimelineRow(from_ms(at), "task", f"Done: {title}", result, who or "", ref)


def _rows_of_letters(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, subject, state, to, error, who in found:
        text = " · ".join(filter(None, (f"to {to}", error)))
        yield TimelineRow(from_ms(at), "letter", f"Letter {state} · {subject}", text, who or "", ref)


def _rows_of_replies(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, words, answers, sender, kind, who in found:
        numbered = [f"{number}. {answer}" for number, answer in (json.loads(answers) if answers else {}).items()]
        text = "\n".join(numbered) or words.strip()
        title = f"Answered the {kind} letter" if kind else "Answered"
        yield TimelineRow(from_ms(at), "reply", title, text, who or sender or "", ref)


def _rows_of_stays(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, title, who in found:
        yield TimelineRow(from_ms(at), "event", f"Stayed after: {title}", "", who or "", ref)


def _rows_of_refusals(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, title, words, competitor, change_mind, taken_back, who in found:
        text = " · ".join(filter(None, (words, competitor, change_mind)))
        said = f"Refused: {title}" if taken_back is None else f"Refused: {title} (taken back)"
        yield TimelineRow(from_ms(at), "refusal", said, text, who or "", ref)


def _rows_of_events(found: Sequence[tuple[Any, ...]]) -> Iterator[TimelineRow]:
    for ref, at, command, words, who in found:
        yield TimelineRow(from_ms(at), "event", _TOLD[command] or words, "", who or "", ref)


_PARTS: tuple[tuple[Table, Callable[[], Select[Any]], Callable[[Any], Iterator[TimelineRow]]], ...] = (
    (call, _calls, _rows_of_calls),
    (note, _notes, _rows_of_notes),
    (task, _tasks, _rows_of_tasks),
    (letter, _letters, _rows_of_letters),
    (reply, _replies, _rows_of_replies),
    (stay, _stays, _rows_of_stays),
    (refusal, _refusals, _rows_of_refusals),
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
