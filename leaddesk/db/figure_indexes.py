"""Indexes that hold what is counted: narrow copies of wide rows, kept by the database itself, so they cannot drift.

A report that looks each lead up in its own row reads a gigabyte for three numbers of it. Free text is in none of them:
PostgreSQL takes no index entry of more than 2.7 kB. Conditions are written out where they are asked for, for a planner
trusts a partial index only where it sees the index's own words.
"""

from __future__ import annotations

from sqlalchemy import Index, TextClause, text

from leaddesk.db.columns import some
from leaddesk.db.tables import change, lead, metadata, operation, refusal, task

__all__ = ["ABOUT", "CONVERTED", "ON_SERVER", "PARKED", "PROMISED", "RETURNING", "WAS_PARKED", "holds", "metadata"]

ABOUT = "INDEXED BY ix_lead_about"
"""SQLite takes a row's id for the cheapest way there is and would read the row itself."""

_RETURNING = "'ReturnDueLeads', 'BringBack', 'BringBackLeads', 'TakeIn', 'ConvertLead'"
RETURNING = f"operation.command IN ({_RETURNING}) AND operation.kind = 'do' AND operation.undone = 0"
"""Operations by which a parked lead comes back: by its day, by hand, by an answer, and as a client at once."""
CONVERTED = "operation.command = 'ConvertLead' AND operation.kind = 'do' AND operation.undone = 0"
PARKED = "lead.status IN ('deferred', 'refused')"
WAS_PARKED = {
    "sqlite": "change.tbl = 'lead' AND change.cols <> '*' AND json_extract(change.before, '$.status') = 'deferred'",
    "postgresql": "change.tbl = 'lead' AND change.cols <> '*' AND (change.before::json ->> 'status') = 'deferred'",
}
"""Changes by which a lead stopped being parked, by engine."""
PROMISED = "task.done_at IS NULL AND task.dropped = 0 AND task.promised = 1"


def holds(condition: str) -> TextClause:
    """A condition in the very words of its index."""
    return text(condition)


def _bare(condition: str) -> str:
    """As an index has to say it: it knows one table."""
    for table in ("operation", "lead", "refusal", "change", "task"):
        condition = condition.replace(f"{table}.", "")
    return condition


Index("ix_lead_about", lead.c.id, lead.c.owner_id, lead.c.source_id, lead.c.converted_at)
for _name, _columns in (
    ("ix_lead_figures", "owner_id id score attempts touches changed_at last_call_at retry_at"),
    ("ix_lead_words", "id temperature country"),
):
    Index(_name, *(lead.c[column] for column in _columns.split())).ddl_if(dialect="postgresql")
ON_SERVER = frozenset(("ix_lead_figures", "ix_lead_words"))
"""Orders of all leads by what no index has in order: a server takes each entry it passes apart into all its columns, and the
eighteen of `ix_lead_list` cost twice what these do. Two more cost a write nothing that could be measured; seven, one for
each order, a third. SQLite reads only as far into an entry as it is asked to."""
some("ix_lead_parked", _bare(PARKED), lead.c.return_at, lead.c.id, lead.c.status, lead.c.owner_id, lead.c.source_id)
some("ix_refusal_standing", "taken_back_at IS NULL", refusal.c.lead_id, refusal.c.id, refusal.c.at)
some("ix_refusal_reason", "taken_back_at IS NULL", refusal.c.reason, refusal.c.returned_at, refusal.c.lead_id)
some("ix_refusal_returned", "returned_at IS NOT NULL", refusal.c.returned_at)
some("ix_operation_returning", _bare(RETURNING), operation.c.id, operation.c.at)
some("ix_operation_converted", _bare(CONVERTED), operation.c.user_id, operation.c.at)
some("ix_task_promised", _bare(PROMISED), task.c.owner_id, task.c.due_at)
some("ix_change_gone", "after IS NULL", change.c.tbl, change.c.row_id)
Index(
    "ix_change_returned",
    change.c.operation_id,
    change.c.row_id,
    sqlite_where=text(_bare(WAS_PARKED["sqlite"])),
    postgresql_where=text(_bare(WAS_PARKED["postgresql"])),
)
