"""One transaction with its journal: the unit of work behind every command handler.

Rows are written as the handler asks, so later questions in the same transaction see them; what they were
before is remembered here and goes into the journal at commit. A handler cannot write without it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import insert, select, text, update

from leaddesk.db import journal, search
from leaddesk.db.ids import among, chunks
from leaddesk.db.intake_tables import redirect
from leaddesk.db.lines import Lines, Stored, join_earlier, subjects_of
from leaddesk.db.mapping import mapper, storable, to_ms
from leaddesk.db.post import DbPost
from leaddesk.db.prepared import Prepared, given
from leaddesk.db.tables import metadata, operation
from leaddesk.db.turning import Turning
from leaddesk.workflow import entities
from leaddesk.workflow.changes import NAMED_AT_MOST, Changes
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Table

    from leaddesk.db.answers.reading import Reading
    from leaddesk.db.store import DbStore
    from leaddesk.workflow.desk import Command, Question
    from leaddesk.workflow.intake import RejectedRow
    from leaddesk.workflow.intake_ready import Packed
    from leaddesk.workflow.intake_rows import Draft
    from leaddesk.workflow.mail import Attachment
    from leaddesk.workflow.settings import Settings

R = TypeVar("R", bound=entities.Row)
Answer = TypeVar("Answer")

_NAMES = {
    entities.User: "user",
    entities.Lead: "lead",
    entities.ContactPoint: "phone or address",
    entities.ImportBatch: "import",
    entities.RefusalReason: "reason",
}

_LAST_ID = Prepared(lambda _: text("SELECT seq FROM sqlite_sequence WHERE name = :name"))
_LEADS_TO = Prepared(lambda _: select(redirect.c.id, redirect.c.lead_id).where(redirect.c.id == given("lead_id")))
_MARK = Prepared(
    lambda _: update(operation).where(operation.c.id == given("number")).values(undone=given("undone_now"))
)
_INSERT_OPERATION = Prepared(lambda _: insert(operation), "id at user_id command words args kind target_id".split())


_ARGUMENTS = json.JSONEncoder(ensure_ascii=False, default=str).encode

A_FEW = 5
"""Rows that are changed one by one in less time than one statement for all of them takes to be made."""


class DbWork(Turning):
    """The `Work` of `workflow/ports.py` on a SQLAlchemy connection."""

    def __init__(
        self, store: DbStore, connection: Connection, user: entities.User, now: datetime, command: Command[Any]
    ) -> None:
        """`connection` has begun; the store commits or rolls back around this."""
        self.user = user
        self.now = now
        self.words = ""
        self.changes = Changes()
        self.committed = False
        self._store = store
        self._connection = connection
        self._command = command
        self._now_ms = to_ms(now)
        self._lines = Lines()
        self._bulk: Changes = Changes()
        self._stale: tuple[set[int], set[int]] = (set(), set())
        self._operation_id = command.in_operation() or 0
        self._goes_on = bool(self._operation_id)
        self._kind = "do"
        self._target: int | None = None
        self._reading: Reading | None = None
        self._led: dict[int, int] = {}

    @property
    def settings(self) -> Settings:
        """The settings as they stand."""
        from leaddesk.workflow.settings import SettingsNow

        return self.ask(SettingsNow())

    @property
    def post(self) -> DbPost:
        """The outbox and the mailbox: not history."""
        return DbPost(self._connection, self.now)

    def keep_file(self, file: Attachment) -> str:
        """Store a file letters carry; gives its key."""
        return self.post.keep_file(file)

    # Reading

    def get(self, kind: type[R], row_id: int) -> R:
        """One row, locked until commit on a server; of a merged lead the one it leads to, whom its id means from now on."""
        m = mapper(kind)
        statement = m.by_id if self._connection.dialect.name == "sqlite" else m.by_id_locked
        row = statement.first(self._connection, row_id=row_id)
        if row is None and kind is entities.Lead:
            self._led.update(_LEADS_TO.rows(self._connection, lead_id=row_id))
            if row_id in self._led:
                return self.get(kind, self._led[row_id])
        if row is None:
            name = _NAMES.get(kind, kind.__name__.lower())
            raise Refused(f"There is no {name} {row_id}. It may have been removed meanwhile.", field="id")
        found = m.entity(row)
        if isinstance(found, entities.Lead):
            self._only_own(found)
        return found

    def _only_own(self, found: entities.Lead) -> None:
        """An operator works own leads and the pool; PRODUCT 11."""
        if self.user.role is Role.OPERATOR and found.owner_id not in (None, self.user.id):
            raise Refused(f"{found.title} belongs to somebody else. Ask your team lead to hand it over.")

    def find(self, kind: type[R], /, **equal: Any) -> list[R]:
        """Rows by equal columns, in the order of their ids."""
        if self._led and "lead_id" in equal:
            equal["lead_id"] = self._now_of(equal["lead_id"])
        m = mapper(kind)
        statement, values = m.find(equal)
        return [m.entity(row) for row in statement.rows(self._connection, **values)]

    def ask(self, question: Question[Answer]) -> Answer:
        """Answer a question from inside the transaction."""
        if self._reading is None:
            self._reading = self._store.reading(self._connection, self.user, self.now)
        return self._store.answer(self._reading, question)

    # Writing

    @property
    def operation_id(self) -> int:
        """This transaction's operation, numbered at the first write: rows carry it as their version."""
        if not self._operation_id:
            self._operation_id = self._ids(operation, 1)[0]
        return self._operation_id

    def rename_operation(self, words: str) -> None:
        """Put other words on the operation this command goes on with: now it is known what came of it."""
        self._connection.execute(
            update(operation).where(operation.c.id == self.operation_id).values(words=storable(words))
        )

    def add(self, row: R) -> R:
        """Insert one row; a `LeadExtra` brings its lead's id, others get theirs here."""
        m = mapper(type(row))
        stored = self._stamped(m.table, m.stored(row))
        if self._led and "lead_id" in stored:
            stored["lead_id"] = self._now_of(stored["lead_id"])
        if not row.id:
            del stored["id"]
            stored["id"] = m.insert_numbered.scalar(self._connection, **stored)
        else:
            m.insert.run(self._connection, **stored)
        self._log(m.table, stored["id"], None, stored, stored)
        return m.entity([stored[name] for name in m.names])

    def _now_of(self, lead_id: Any) -> Any:
        """The lead's id, or ids, as they are since cards were merged."""
        many = isinstance(lead_id, list | tuple)
        return [self._led.get(i, i) for i in lead_id] if many else self._led.get(lead_id, lead_id)

    def change(self, row: R, /, **values: Any) -> R:
        """Update the fields that differ; versions and `changed_at` follow by themselves."""
        values = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not values:
            return row
        m = mapper(type(row))
        new = m.packed(values)
        before = m.packed({name: getattr(row, name) for name in values})
        # A row this operation wrote before is marked already; a bulk write of it has journalled that.
        marked = m.has_version and getattr(row, "version") == self._operation_id  # noqa: B009 - only some rows have one
        if m.has_version and not marked:
            new["version"], before["version"] = self.operation_id, getattr(row, "version")  # noqa: B009 - as above
        if m.has_changed_at and not marked:
            new["changed_at"] = self._now_ms
            before["changed_at"] = m.packers["changed_at"](getattr(row, "changed_at"))  # noqa: B009 - as above
        parameters = {f"new_{name}": value for name, value in new.items()}
        m.update(new).run(self._connection, row_id=row.id, **parameters)
        owned = m.owned(row)
        if not journal.OWNED_BY.isdisjoint(values):
            self._concern(m.table, owned, new)
        self._log(m.table, row.id, before, new, {**owned, **new})
        return m.changed(row, new)

    def remove(self, row: entities.Row) -> None:
        """Delete one row."""
        m = mapper(type(row))
        stored = m.stored(row)
        m.delete.run(self._connection, row_id=row.id)
        self._log(m.table, row.id, stored, None, stored)

    def add_many(self, rows: Sequence[R]) -> list[R]:
        """Insert many rows of one kind; journalled by one statement."""
        stored = self._put_many(rows)
        m = mapper(type(rows[0])) if rows else None
        return [m.entity([line[name] for name in m.names]) for line in stored] if m else []

    def put_many(self, rows: Sequence[entities.Row]) -> list[int]:
        """Insert many rows of one kind of which nothing but the ids is wanted."""
        return [line["id"] for line in self._put_many(rows)]

    def _put_many(self, rows: Sequence[entities.Row]) -> list[dict[str, Any]]:
        if not rows:
            return []
        m = mapper(type(rows[0]))
        stored = [self._stamped(m.table, m.stored(row)) for row in rows]
        if not rows[0].id:
            for line, row_id in zip(stored, self._ids(m.table, len(rows)), strict=True):
                line["id"] = row_id
        self._connection.execute(insert(m.table), stored)
        journal.of_inserted(self._connection, m.table, self.operation_id, [line["id"] for line in stored])
        for line in stored:
            self._concern(m.table, line, m.names)
        return stored

    def change_many(self, kind: type[entities.Row], ids: Sequence[int], /, **values: Any) -> int:
        """Set the same values on many rows; journalled by one statement, but for a few that are sooner done singly."""
        if len(ids) <= A_FEW:
            few = self.find(kind, id=list(ids))
            for row in few:
                self.change(row, **values)
            return len(few)
        m = mapper(kind)
        new = m.packed(values)
        if m.has_version:
            new["version"] = self.operation_id
        if m.has_changed_at:
            new["changed_at"] = self._now_ms
        again = self._lines.written(m.table, ids)
        for row in (row for some in chunks(again, 500) for row in self.find(kind, id=some)):
            self.change(row, **values)
        fresh = sorted(set(ids).difference(again)) if again else ids
        self._lines.wrote_many(m.table, fresh, new)
        count = len(again)
        for some in chunks(fresh, 20_000):
            journal.of_updated(self._connection, m.table, self.operation_id, some, new)
            here = among(self._connection, m.table.c.id, some)
            self._concern_many(m.table, here, new)
            count += self._connection.execute(update(m.table).where(here).values(new)).rowcount
            if not journal.OWNED_BY.isdisjoint(new):
                self._concern_many(m.table, here, new)
        if kind is entities.Lead:
            named = frozenset(ids) if len(ids) <= NAMED_AT_MOST else frozenset()
            self._bulk |= Changes(leads=named, many=not named)
        else:
            self._bulk |= Changes(many=True)
        return count

    def _stamped(self, table: Table, stored: dict[str, Any]) -> dict[str, Any]:
        if "version" in stored:
            stored["version"] = self.operation_id
        if "changed_at" in stored and stored["changed_at"] is None:
            stored["changed_at"] = self._now_ms
        if stored.get("created_at", 0) is None and "created_at" in table.c:
            stored["created_at"] = self._now_ms
        return stored

    def _ids(self, table: Table, count: int) -> list[int]:
        """Fresh ids, never used before."""
        if self._connection.dialect.name != "sqlite":
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            numbers = text(f"SELECT nextval({sequence}) FROM generate_series(1, :count)")  # noqa: S608 - our own names
            return list(self._connection.scalars(numbers, {"count": count}))
        # AUTOINCREMENT tables: an id given by hand moves the sequence as well.
        top = _LAST_ID.scalar(self._connection, name=table.name) or 0
        return list(range(top + 1, top + count + 1))

    def _log(self, table: Table, row_id: int, before: Stored | None, after: Stored | None, full: Stored) -> None:
        # Of a row that is made or removed, `full` is all of it.
        self._concern(table, full, after if after and before is not None else full)
        self._lines.add(table, row_id, before, after, full)

    def _concern(self, table: Table, full: dict[str, Any], columns: Iterable[str]) -> None:
        """Remember whose search text is stale, and that settings changed."""
        searched = search.SEARCHED.get(table.name)
        if searched and not searched.isdisjoint(columns):
            lead_id, client_id = subjects_of(table, full)
            if lead_id:
                self._stale[0].add(lead_id)
            if client_id:
                self._stale[1].add(client_id)
        if table.name == "suppression":
            # Whoever has this number or address shows it otherwise now.
            self._bulk |= Changes(many=True)
        if table.name == "setting":
            self._reading = None
        if table.name in ("setting", "outcome", "refusal_reason", "letter_template", "app_user", "source"):
            self._bulk |= Changes(settings=True)

    def _concern_many(self, table: Table, here: ColumnElement[bool], columns: Iterable[str]) -> None:
        """Remember whose search text is stale among many rows."""
        searched = search.SEARCHED.get(table.name)
        if searched and not searched.isdisjoint(columns):
            for lead_id, client_id in self._connection.execute(select(*journal.subjects(table)).where(here).distinct()):
                self._stale[0].update({lead_id} - {None})
                self._stale[1].update({client_id} - {None})

    # Imports

    def put_leads(self, rows: Sequence[tuple[Draft | Packed, dict[str, Any]]]) -> list[int]:
        """Store new leads with all that was read of them; gives their ids."""
        from leaddesk.db.packing import put

        ids = put(self._connection, self.operation_id, self.now, self.user.id, rows, self._ids) if rows else []
        self._bulk |= Changes(leads=frozenset(ids)) if len(ids) <= NAMED_AT_MOST else Changes(many=True)
        return ids

    def keep_rejects(self, batch_id: int, rows: Sequence[RejectedRow]) -> None:
        """Keep rows an import left out, as they stood. Not history."""
        from leaddesk.db.rejects import keep

        keep(self._connection, batch_id, rows)

    # The end

    def commit(self) -> int:
        """Write the journal, bring the search index up to date, and make it last."""
        changed = self._lines.changed()
        for name, row_id, marks in self._lines.come_to_nothing():
            table = metadata.tables[name]
            self._connection.execute(update(table).where(table.c.id == row_id).values(marks))
        journalled = self._command.journalled and bool(changed or self._operation_id)
        if journalled and not self._goes_on:
            self._write_operation()
        if changed:
            joining = [line for line in changed if self._goes_on or self._lines.continues_many(line)]
            if joining:
                changed = [line for line in changed if not (self._goes_on or self._lines.continues_many(line))]
                changed += join_earlier(self._connection, self.operation_id, joining)
            lines = [{"operation_id": self.operation_id, **line} for line in changed]
            if lines:
                journal.WRITE_LINE.each(self._connection, lines)
        self._mark_target()
        search.refresh(self._connection, *self._stale)
        self.changes = self._bulk | self._named()
        self._connection.commit()
        self.committed = True
        return self._operation_id if journalled else 0

    def _write_operation(self) -> None:
        args = _ARGUMENTS(self._command.arguments())[:20_000]
        line = {
            "id": self.operation_id,
            "at": self._now_ms,
            "user_id": None if self._command.by_itself() else self.user.id or None,
            "command": type(self._command).__name__,
            "words": storable(self.words),
            "args": storable(args),
            "kind": self._kind,
            "target_id": self._target,
        }
        _INSERT_OPERATION.run(self._connection, **line)

    def _mark_target(self) -> None:
        if self._target is not None:
            _MARK.run(self._connection, number=self._target, undone_now=int(self._kind == "undo"))

    def _named(self) -> Changes:
        leads, clients = self._lines.subjects()
        leads |= self._stale[0]
        clients |= self._stale[1]
        if len(leads) + len(clients) > NAMED_AT_MOST:
            return Changes(many=True)
        return Changes(frozenset(leads), frozenset(clients))
