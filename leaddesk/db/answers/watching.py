"""What others wrote, which database this is, and which promises fall due soon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from leaddesk.db.mapping import from_ms, to_ms
from leaddesk.db.tables import change, lead, task
from leaddesk.workflow.changes import NAMED_AT_MOST, Changes
from leaddesk.workflow.vocabulary import TaskKind
from leaddesk.workflow.watching import Promise, PromisesAhead, Standing, WhereKept, Written, WrittenSince

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading

_SETTINGS = frozenset({"setting", "outcome", "refusal_reason", "app_user", "source"})


def written_since(reading: Reading, question: WrittenSince) -> Written:
    """Read by the journal's primary key: it costs nothing while nobody writes."""
    newest = reading.connection.scalar(select(func.max(change.c.id))) or 0
    if question.since is None or newest <= question.since:
        return Written(newest, {})
    c = change.c
    rows = reading.rows(
        select(c.operation_id, c.tbl, c.lead_id, c.client_id)
        .where(c.id > question.since, c.id <= newest)
        .order_by(c.id)
        .limit(NAMED_AT_MOST + 1)
    )
    touched: dict[int, Changes] = {}
    for operation_id, table, lead_id, client_id in rows:
        touched[operation_id] = touched.get(operation_id, Changes()) | Changes(
            frozenset((lead_id,) if lead_id else ()),
            frozenset((client_id,) if client_id else ()),
            settings=table in _SETTINGS,
        )
    return Written(newest, touched, more=len(rows) > NAMED_AT_MOST)


def where_kept(reading: Reading, _question: WhereKept) -> Standing:
    """The file's name and the age of the newest copy beside it; a server's address and database."""
    if reading.connection.dialect.name != "sqlite":
        url = reading.connection.engine.url
        return Standing("PostgreSQL", " · ".join(filter(None, (url.host, url.database))))
    path = Path(reading.connection.exec_driver_sql("PRAGMA database_list").first()[2])  # type: ignore[index] # main is
    return Standing("SQLite", path.name, str(path), _newest_copy(path))


def _newest_copy(path: Path) -> datetime | None:
    from leaddesk.db.backup import folder_of

    try:
        times = [copy.stat().st_mtime for copy in folder_of(path).glob("*.db") if not copy.name.startswith(".")]
    except OSError:
        # A copy was cleared away as we looked; the next look comes within a minute.
        return None
    return datetime.fromtimestamp(max(times), UTC) if times else None


def promises_ahead(reading: Reading, question: PromisesAhead) -> list[Promise]:
    """Promised calls from now until then that are this user's to make."""
    until = to_ms(reading.now + timedelta(minutes=question.minutes))
    t, c = task.c, lead.c
    statement = (
        select(t.id, c.id, c.name, c.company, t.due_at)
        .select_from(task.join(lead, c.id == t.lead_id))
        .where(t.owner_id == reading.user.id, t.done_at.is_(None), t.dropped == 0, t.promised == 1)
        .where(t.kind == TaskKind.CALL.value, t.due_at > reading.now_ms, t.due_at <= until)
        .order_by(t.due_at, t.id)
    )
    return [
        Promise(task_id, lead_id, name or company or f"Lead #{lead_id}", from_ms(due))
        for task_id, lead_id, name, company, due in reading.rows(statement)
    ]


ANSWERS: Answers = {WrittenSince: written_since, WhereKept: where_kept, PromisesAhead: promises_ahead}
