"""One timeline of everything that happened with a lead or a client, newest first."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Table, func, select

from leaddesk.db.letter_tables import letter, reply
from leaddesk.db.mapping import from_ms
from leaddesk.db.tables import app_user, call, change, note, operation, outcome, refusal, refusal_reason, stay, task
from leaddesk.workflow.cards import TimelineRow

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    rows = _happened(reading, "lead_id", [lead_id])
    told = select(change.c.operation_id).where(change.c.lead_id == lead_id)
    rows += _events(reading, operation.c.id.in_(told))
    for one in merged:
        theirs = select(change.c.operation_id).where(change.c.lead_id == one.id)
        apart = operation.c.id.in_(theirs) & operation.c.id.not_in(told)
        rows += [replace(row, text=f"on card {one.id}, merged into this one") for row in _events(reading, apart)]
    return sorted(rows, key=lambda r: (r.at, r.ref), reverse=True)


def client_timeline(reading: Reading, client_id: int, leads: Sequence[Lead]) -> list[TimelineRow]:
    """The client's own history, and its leads' together with it on demand."""
    rows = _happened(reading, "client_id", [client_id])
    if leads:
        rows += _happened(reading, "lead_id", [one.id for one in leads])
    told = select(change.c.operation_id).where(change.c.client_id == client_id)
    rows += _events(reading, operation.c.id.in_(told))
    return sorted(set(rows), key=lambda r: (r.at, r.ref), reverse=True)


def _talked(seconds: int) -> str:
    return f"Talked, {seconds // 60}:{seconds % 60:02d}"


def _happened(reading: Reading, key: str, ids: list[int]) -> list[TimelineRow]:
    rows = _calls(reading, call.c[key].in_(ids))
    rows += _notes(reading, note.c[key].in_(ids))
    rows += _tasks(reading, task.c[key].in_(ids))
    if key == "lead_id":
        rows += _letters(reading, letter.c.lead_id.in_(ids))
        rows += _replies(reading, reply.c.lead_id.in_(ids))
        rows += _stays(reading, stay.c.lead_id.in_(ids))
        rows += _refusals(reading, refusal.c.lead_id.in_(ids))
    return rows


def _who(table: Table, column: str = "user_id") -> ColumnElement[str | None]:
    return select(app_user.c.name).where(app_user.c.id == table.c[column]).scalar_subquery()


def _calls(reading: Reading, where: ColumnElement[bool]) -> list[TimelineRow]:
    c = call.c
    statement = (
        select(c.id, c.started_at, c.duration_s, c.note, c.attempt, outcome.c.title, outcome.c.human, _who(call))
        .select_from(call.outerjoin(outcome, outcome.c.key == c.outcome))
        .where(where)
        .order_by(c.started_at.desc())
        .limit(LAST_CALLS)
    )
    rows = []
    for ref, at, seconds, words, attempt, title, human, who in reading.rows(statement):
        said = f"{_talked(seconds)} · {title}" if human and seconds else f"{title} · attempt {attempt}"
        rows.append(TimelineRow(from_ms(at), "call", title if human and not seconds else said, words, who or "", ref))
    return rows


def _notes(reading: Reading, where: ColumnElement[bool]) -> list[TimelineRow]:
    statement = select(note.c.id, note.c.at, note.c.text, _who(note)).where(where)
    return [
        TimelineRow(from_ms(at), "note", "Note", words, who or "", ref)
        for ref, at, words, who in reading.rows(statement)
    ]


def _tasks(reading: Reading, where: ColumnElement[bool]) -> list[TimelineRow]:
    statement = select(task.c.id, task.c.done_at, task.c.title, task.c.result, _who(task, "owner_id")).where(
        where, task.c.done_at.is_not(None), task.c.kind != "call"
    )
    return [
        TimelineRow(from_ms(at), "task", f"Done: {title}", result, who or "", ref)
        for ref, at, title, result, who in reading.rows(statement)
    ]


def _letters(reading: Reading, where: ColumnElement[bool]) -> list[TimelineRow]:
    c = letter.c
    at = func.coalesce(c.sent_at, c.created_at)
    statement = select(c.id, at, c.subject, c.state, c.to_address, c.error, _who(letter)).where(where)
    return [
        TimelineRow(
            from_ms(at),
            "letter",
            f"Letter {state} · {subject}",
            " · ".join(filter(None, (f"to {to}", error))),
            who or "",
            ref,
        )
        for ref, at, subject, state, to, error, who in reading.rows(statement)
    ]


def _replies(reading: Reading, where: ColumnElement[bool]) -> list[TimelineRow]:
    c = reply.c
    statement = (
        select(c.id, c.at, c.text, c.answers, c.from_address, letter.c.kind, _who(reply))
        .select_from(reply.outerjoin(letter, letter.c.id == c.letter_id))
        .where(where)
    )
    rows = []
    for ref, at, words, answers, sender, kind, who in reading.rows(statement):
        numbered = [f"{number}. {answer}" for number, answer in (json.loads(answers) if answers else {}).items()]
        text = "\n".join(numbered) or words.strip()
        title = f"Answered the {kind} letter" if kind else "Answered"
        rows.append(TimelineRow(from_ms(at), "reply", title, text, who or sender or "", ref))
    return rows


def _stays(reading: Reading, where: ColumnElement[bool]) -> list[TimelineRow]:
    c = stay.c
    statement = (
        select(c.id, c.at, refusal_reason.c.title, _who(stay))
        .select_from(stay.outerjoin(refusal_reason, refusal_reason.c.key == c.reason))
        .where(where)
    )
    return [
        TimelineRow(from_ms(at), "event", f"Stayed after: {title}", "", who or "", ref)
        for ref, at, title, who in reading.rows(statement)
    ]


def _refusals(reading: Reading, where: ColumnElement[bool]) -> list[TimelineRow]:
    c = refusal.c
    statement = (
        select(c.id, c.at, refusal_reason.c.title, c.words, c.competitor, c.change_mind, c.taken_back_at, _who(refusal))
        .select_from(refusal.outerjoin(refusal_reason, refusal_reason.c.key == c.reason))
        .where(where)
    )
    rows = []
    for ref, at, title, words, competitor, change_mind, taken_back, who in reading.rows(statement):
        text = " · ".join(filter(None, (words, competitor, change_mind)))
        said = f"Refused: {title}" if taken_back is None else f"Refused: {title} (taken back)"
        rows.append(TimelineRow(from_ms(at), "refusal", said, text, who or "", ref))
    return rows


def _events(reading: Reading, where: ColumnElement[bool]) -> list[TimelineRow]:
    o = operation.c
    statement = (
        select(o.id, o.at, o.command, o.words, _who(operation))
        .where(where, o.kind == "do", o.undone == 0, o.command.in_(list(_TOLD)))
        .order_by(o.id.desc())
        .limit(100)
    )
    return [
        TimelineRow(from_ms(at), "event", _TOLD[command] or words, "", who or "", ref)
        for ref, at, command, words, who in reading.rows(statement)
    ]
