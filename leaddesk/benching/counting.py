"""How many statements an action runs, told by the drivers themselves: whoever sends a statement, it is counted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leaddesk.db.store import DbStore


class Counter:
    """Hears the statements of one store while it is asked to.

    Those that SQLite's extensions and triggers run for themselves are not counted: its trace marks them with "--", or
    they read the search index's own tables. Of statements run
    for many rows each row counts.
    """

    def __init__(self, store: DbStore) -> None:
        """Listens from the next connection taken from the pool on."""
        self._store = store
        self.heard: list[tuple[str, Any]] = []

    @contextmanager
    def listening(self) -> Iterator[list[tuple[str, Any]]]:
        """The statements run inside, with their values where those are apart."""
        self.heard.clear()
        engines = {self._store.writer, self._store.reader}
        hook = self._on_sqlite if self._store.is_sqlite else self._on_server
        for engine in engines:
            engine.dispose()
            event.listen(engine, "checkout", hook)
        try:
            yield self.heard
        finally:
            for engine in engines:
                event.remove(engine, "checkout", hook)
                engine.dispose()

    def _on_sqlite(self, connection: Any, _record: object, _proxy: object) -> None:
        connection.set_trace_callback(self._hear)

    def _hear(self, statement: str) -> None:
        if not statement.startswith("--") and "'main'.'search_fts_" not in statement:
            self.heard.append((statement, None))

    def _on_server(self, connection: Any, _record: object, _proxy: object) -> None:
        import psycopg

        heard = self.heard

        class Heard(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
                heard.append((str(query), params))
                return super().execute(query, params, **more)

            def executemany(self, query: Any, params_seq: Any, **more: Any) -> None:
                rows = list(params_seq)
                heard.extend((str(query), row) for row in rows)
                super().executemany(query, rows, **more)

        connection.cursor_factory = Heard
