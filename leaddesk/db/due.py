"""Whose turn it is: the open tasks of leads beside the lead's owner, so that an operator's are one seek among millions.

A task hangs on a lead, and the lead on its owner: without this table the first few of one of a hundred operators are
found by reading those of the other ninety-nine. The database keeps it by triggers, as it keeps an index; nothing here
is written by a command, journalled or undone, and `check` proves it against the tables it follows from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Index, SmallInteger, Table, text

from leaddesk.db.columns import Id, metadata
from leaddesk.db.places import FOR_A_DAY, PLANNED, PLANNED_CALL, POOL, PROMISED, TO_THE_MINUTE

if TYPE_CHECKING:
    from sqlalchemy import Connection

due = Table(
    "due",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("lead_id", BigInteger, nullable=False),
    Index("ix_due_order", "owner_id", "place", "due_at", "id", "lead_id"),
)
"""One row for each open task of a lead; `id` is the task's, `due_at` in milliseconds as there."""

_OPEN = "{0}.done_at IS NULL AND {0}.dropped = 0 AND {0}.lead_id IS NOT NULL"
_PLACE = (
    f"CASE WHEN {{0}}.kind <> 'call' THEN CASE {{0}}.promised WHEN 1 THEN {PROMISED} ELSE {PLANNED} END "
    f"WHEN {{0}}.promised = 0 THEN {PLANNED_CALL} WHEN {{0}}.exact = 1 THEN {TO_THE_MINUTE} ELSE {FOR_A_DAY} END"
)
_FOLLOWS = f"{{0}}.id, COALESCE(lead.owner_id, {POOL}), {_PLACE}, {{0}}.due_at, {{0}}.lead_id"
AS_IT_SHOULD_BE = (
    f"SELECT {_FOLLOWS.format('task')} FROM task JOIN lead ON lead.id = task.lead_id WHERE {_OPEN.format('task')}"  # noqa: S608 - our own names
)
FILL = f"INSERT INTO due (id, owner_id, place, due_at, lead_id) {AS_IT_SHOULD_BE} ORDER BY task.id"
"""Fills the empty table."""
_PUT = (
    f"INSERT INTO due (id, owner_id, place, due_at, lead_id) SELECT {_FOLLOWS.format('NEW')} "  # noqa: S608 - our own names
    f"FROM lead WHERE lead.id = NEW.lead_id AND {_OPEN.format('NEW')}"
)
_HANDED_ON = (
    f"UPDATE due SET owner_id = COALESCE(NEW.owner_id, {POOL}) "  # noqa: S608 - our own names
    "WHERE id IN (SELECT task.id FROM task WHERE task.lead_id = NEW.id)"
)
_GONE = "DELETE FROM due WHERE id = OLD.id"
_TELLING = "done_at, dropped, lead_id, kind, promised, exact, due_at"
"""Columns of a task by which its line here may change."""

_ON_FILE = {
    "due_of_new_task": f"AFTER INSERT ON task BEGIN {_PUT}; END",
    "due_of_task": f"AFTER UPDATE OF {_TELLING} ON task BEGIN {_GONE}; {_PUT}; END",
    "due_no_more": f"AFTER DELETE ON task BEGIN {_GONE}; END",
    "due_of_owner": f"AFTER UPDATE OF owner_id ON lead WHEN NEW.owner_id IS NOT OLD.owner_id BEGIN {_HANDED_ON}; END",
}
# The lead is locked as if it were written: somebody may be handing it on at this moment, and both would miss the other.
_OF_TASK = f"""CREATE OR REPLACE FUNCTION due_of_task() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP <> 'INSERT' THEN {_GONE}; END IF;
    IF TG_OP <> 'DELETE' THEN {_PUT} FOR NO KEY UPDATE; END IF;
    RETURN NULL;
END $body$"""
_OF_OWNER = f"""CREATE OR REPLACE FUNCTION due_of_owner() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    {_HANDED_ON};
    RETURN NULL;
END $body$"""
_ON_SERVER = {
    "due_of_new_task": "AFTER INSERT OR DELETE ON task FOR EACH ROW EXECUTE FUNCTION due_of_task()",
    "due_of_task": f"AFTER UPDATE OF {_TELLING} ON task FOR EACH ROW EXECUTE FUNCTION due_of_task()",
    "due_of_owner": "AFTER UPDATE OF owner_id ON lead FOR EACH ROW "
    "WHEN (NEW.owner_id IS DISTINCT FROM OLD.owner_id) EXECUTE FUNCTION due_of_owner()",
}


def triggers(dialect: str) -> dict[str, str]:
    """What keeps the table, by name, as an engine is told to make it."""
    made = _ON_FILE if dialect == "sqlite" else _ON_SERVER
    return {name: f"CREATE TRIGGER {name} {told}" for name, told in made.items()}


def keep(connection: Connection) -> None:
    """Have the database keep the table from now on."""
    if connection.dialect.name != "sqlite":
        for function in (_OF_TASK, _OF_OWNER):
            connection.execute(text(function))
    for statement in triggers(connection.dialect.name).values():
        connection.exec_driver_sql(statement)


def let_go(connection: Connection) -> None:
    """Take the triggers away: no table can be made anew while one speaks of it. A schema of before has none."""
    made = triggers(connection.dialect.name)
    for name in set(made).difference(missing(connection)):
        of = "" if connection.dialect.name == "sqlite" else f" ON {'lead' if name == 'due_of_owner' else 'task'}"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{of}")


def lay(connection: Connection) -> None:
    """Write the whole table anew, and have it kept."""
    connection.execute(due.delete())
    connection.exec_driver_sql(FILL)
    keep(connection)


def missing(connection: Connection) -> list[str]:
    """Triggers that should be there and are not."""
    kept = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE c.relnamespace = current_schema()::regnamespace AND t.tgenabled <> 'D'"
    )
    there = set(connection.scalars(text(kept)))
    return [name for name in triggers(connection.dialect.name) if name not in there]


def drifted(connection: Connection) -> int:
    """Lines that are not as they follow from tasks and leads; 0 as long as the database is whole."""
    kept = "SELECT id, owner_id, place, due_at, lead_id FROM due"
    counted = (
        f"SELECT count(*) FROM ({one} EXCEPT {other}) AS differing"  # noqa: S608 - our own statements
        for one, other in ((kept, AS_IT_SHOULD_BE), (AS_IT_SHOULD_BE, kept))
    )
    return max(int(connection.exec_driver_sql(statement).scalar_one()) for statement in counted)
