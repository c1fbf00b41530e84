"""The journal as people read it: what may be undone, and each card's history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from leaddesk.db import journal
from leaddesk.db.tables import app_user, change, operation, source
from leaddesk.workflow.undo import ChangedField, History, HistoryRow, Journal, NextUndo, OperationRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.db.answers.reading import Answers, Reading


def next_undo(reading: Reading, _question: NextUndo) -> tuple[str, str]:
    """What Ctrl+Z and redo would do for this user."""
    undo = journal.last_undoable(reading.connection, reading.user.id)
    redo = journal.last_redoable(reading.connection, reading.user.id)
    return (undo.words if undo else "", redo.words if redo else "")


def newest(reading: Reading, question: Journal) -> list[OperationRow]:
    """The newest operations of all."""
    rows = reading.rows(journal.operations().order_by(operation.c.id.desc()).limit(question.limit))
    return [journal.operation_row(row) for row in rows]


def history(reading: Reading, question: History) -> list[HistoryRow]:
    """Operations that touched one card, newest first, each with the fields it changed."""
    cards = _cards_of(reading, question)
    of_card = change.c.client_id == question.client_id if question.client_id else change.c.lead_id.in_(cards)
    ids = select(change.c.operation_id).where(of_card).distinct()
    statement = journal.operations().where(operation.c.id.in_(ids)).order_by(operation.c.id.desc())
    found = [journal.operation_row(row) for row in reading.rows(statement.limit(question.limit))]
    here = of_card & change.c.operation_id.in_([o.id for o in found])
    lines: dict[int, list[ChangedField]] = {}
    named = _naming(reading)
    own: set[int] = set()
    merged: dict[int, int] = {}
    for line in reading.rows(select(change).where(here).order_by(change.c.id)):
        before = json.loads(line.before) if line.before else {}
        after = json.loads(line.after) if line.after else {}
        if not question.client_id and line.lead_id != cards[0]:
            merged.setdefault(line.operation_id, line.lead_id)
        else:
            own.add(line.operation_id)
        moved = {"lead_id"} if before and after else set()
        for name in after or before:
            if name not in journal.BOOKKEEPING | moved and before.get(name) != after.get(name):
                changed = ChangedField(
                    line.tbl, line.row_id, name, before.get(name), after.get(name), named(name, before, after)
                )
                lines.setdefault(line.operation_id, []).append(changed)
    return [HistoryRow(o, tuple(lines.get(o.id, ())), None if o.id in own else merged.get(o.id)) for o in found]


def _cards_of(reading: Reading, question: History) -> list[int]:
    """The lead as it is now, then the cards merged into it."""
    if question.lead_id is None:
        return []
    lead = reading.lead(question.lead_id)
    lead_id = question.lead_id if lead is None else lead.id
    return [lead_id, *(one.id for one in reading.merged_into(lead_id))]


def _naming(reading: Reading) -> Callable[[str, dict[str, Any], dict[str, Any]], tuple[str, str] | None]:
    """How to say fields that hold the id of a user or a source. Gone ones keep their number."""
    users = reading.pairs(select(app_user.c.id, app_user.c.name))
    called = {
        "owner_id": users,
        "user_id": users,
        "created_by": users,
        "source_id": reading.pairs(select(source.c.id, source.c.name)),
    }

    def named(field: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str] | None:
        names = called.get(field)
        if names is None:
            return None
        ids = (before.get(field), after.get(field))
        was, now = ("" if i is None else names.get(i, f"no. {i}") for i in ids)
        return was, now

    return named


ANSWERS: Answers = {NextUndo: next_undo, Journal: newest, History: history}
