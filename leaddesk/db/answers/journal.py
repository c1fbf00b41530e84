"""The journal as people read it: what may be undone, and each card's history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db import journal
from leaddesk.db.tables import change, operation
from leaddesk.workflow.undo import ChangedField, History, HistoryRow, Journal, NextUndo, OperationRow

if TYPE_CHECKING:
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
    of_card = change.c.client_id == question.client_id if question.client_id else change.c.lead_id == question.lead_id
    ids = select(change.c.operation_id).where(of_card).distinct()
    statement = journal.operations().where(operation.c.id.in_(ids)).order_by(operation.c.id.desc())
    found = [journal.operation_row(row) for row in reading.rows(statement.limit(question.limit))]
    here = of_card & change.c.operation_id.in_([o.id for o in found])
    lines: dict[int, list[ChangedField]] = {}
    for line in reading.rows(select(change).where(here).order_by(change.c.id)):
        before = json.loads(line.before) if line.before else {}
        after = json.loads(line.after) if line.after else {}
        for name in after or before:
            if name not in journal.BOOKKEEPING and before.get(name) != after.get(name):
                changed = ChangedField(line.tbl, line.row_id, name, before.get(name), after.get(name))
                lines.setdefault(line.operation_id, []).append(changed)
    return [HistoryRow(o, tuple(lines.get(o.id, ()))) for o in found]


ANSWERS: Answers = {NextUndo: next_undo, Journal: newest, History: history}
