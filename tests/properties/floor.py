"""A floor for random work: a fast file of its own, everything in it as raw rows, and slow second opinions on it."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, text

from leaddesk.db import search
from leaddesk.db.mapping import TABLES
from leaddesk.db.store import DbStore
from leaddesk.db.tables import search_doc
from tests.engines import lay

JOURNALLED = tuple(sorted({table.name for table in TABLES.values()}))
Rows = dict[int, dict[str, Any]]
Dump = dict[str, Rows]


@lru_cache(maxsize=1)
def _home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="ld-floor-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    lay(home / "template.db")
    return home


def fresh_file() -> Path:
    """A new file with schema and the two users every test knows."""
    home = _home()
    return Path(shutil.copy(home / "template.db", tempfile.mkdtemp(dir=home) + "/leads.db"))


def fast_store(path: Path) -> DbStore:
    """A store that does not wait for the disk: what it costs to be safe is measured elsewhere."""
    store = DbStore(path)
    for engine in (store.writer, store.reader):
        event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous = OFF"))
    return store


def dump(store: DbStore, tables: tuple[str, ...] = JOURNALLED) -> Dump:
    """Every journalled row as stored."""
    with store.reader.connect() as connection:
        found: Dump = {}
        for name in tables:
            rows = connection.execute(text(f"SELECT * FROM {name}")).mappings()  # noqa: S608 - our own names
            found[name] = {row["id"]: dict(row) for row in rows}
        return found


def difference(before: Dump, after: Dump) -> list[tuple[Any, ...]]:
    """What differs between two dumps, short enough to read."""
    found: list[tuple[Any, ...]] = []
    for name in before:
        for row_id in sorted(before[name].keys() | after[name].keys()):
            one, other = before[name].get(row_id), after[name].get(row_id)
            if one is None or other is None:
                found += [(name, row_id, "gone" if other is None else "new")] if one != other else []
                continue
            found += [(name, row_id, k, one[k], other[k]) for k in one if one[k] != other[k]]
    return found


def journal_size(store: DbStore) -> tuple[int, int]:
    """How many operations and changes there are."""
    with store.reader.connect() as connection:
        counts = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("operation", "change")]  # noqa: S608
        return counts[0], counts[1]


class Replay:
    """The journal played from a known state on: it must always arrive at what is stored."""

    def __init__(self, start: Dump) -> None:
        self.state: Dump = {name: {i: dict(row) for i, row in rows.items()} for name, rows in start.items()}
        self.seen = 0

    def catch_up(self, store: DbStore) -> Dump:
        """Play what has been written since."""
        with store.reader.connect() as connection:
            lines = connection.execute(
                text('SELECT id, tbl, row_id, cols, "before", "after" FROM change WHERE id > :seen ORDER BY id'),
                {"seen": self.seen},
            ).all()
        for number, table, row_id, cols, before, after in lines:
            self._play(table, row_id, cols, before and json.loads(before), after and json.loads(after))
            self.seen = number
        return self.state

    def _play(self, table: str, row_id: int, cols: str, before: Any, after: Any) -> None:
        rows = self.state[table]
        if before is None:
            assert row_id not in rows, f"{table} {row_id} made twice"
            rows[row_id] = after
            return
        there = rows[row_id]
        assert {k: there[k] for k in before} == before, f"{table} {row_id}: before is not what was there"
        if after is None:
            assert before == there, f"{table} {row_id}: what went is not kept whole"
            del rows[row_id]
            return
        assert set(after) == set(cols.split(","))
        there.update(after)


def reach_of(lead: dict[str, Any], rows: Dump) -> str:
    """Whether a lead may be called, from the rows alone."""
    never = {(row["channel"], row["key"]) for row in rows["suppression"].values()}
    phones = [
        p
        for p in rows["contact_point"].values()
        if p["lead_id"] == lead["id"] and p["channel"] == "phone" and p["state"] not in ("invalid", "wrong_person")
    ]
    free = [p for p in phones if ("phone", p["key"]) not in never]
    if lead["no_call"] or (phones and not free):
        return "barred"
    return "phone" if free else "none"


def check_search(store: DbStore) -> None:
    """The search texts are what they would be if all were written anew."""
    with store.reader.connect() as connection:
        leads = list(connection.scalars(text("SELECT id FROM lead")))
        clients = list(connection.scalars(text("SELECT id FROM client")))
        wanted = {**search._lead_texts(connection, leads), **search._client_texts(connection, clients)}
        stored: dict[int, str] = dict(connection.execute(select(search_doc.c.id, search_doc.c.text)).all())
    assert stored == wanted


def check_integrity(store: DbStore) -> None:
    """The file itself, and the index over the search texts, are whole."""
    with store.writing() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        connection.execute(text("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)"))


def check_keys(store: DbStore) -> None:
    """Nothing points at a row that is not there."""
    with store.reader.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
