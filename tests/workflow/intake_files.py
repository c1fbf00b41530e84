"""Small files of leads, written for one test each, and a look at what came of them."""

from pathlib import Path
from typing import Any, TypeVar

from leaddesk.db.store import DbStore
from leaddesk.exchange.importing import OpenedFile, open_leads
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import Row
from leaddesk.workflow.intake import ImportResult, OnDuplicate, Options, run_import
from leaddesk.workflow.ports import Work
from tests.db.commands import Do

R = TypeVar("R", bound=Row)


def written(folder: Path, text: str, name: str = "Список лидов.csv") -> OpenedFile:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return open_leads(path)


def bring(desk: Desk, folder: Path, text: str, on_duplicate: str = "skip", **options: Any) -> ImportResult:
    """Import a file of this text, numbers without a code being American."""
    choice = Options(**{"region": "US", "on_duplicate": OnDuplicate(on_duplicate), **options})
    return run_import(desk, written(folder, text), choice)


def stored(desk: Desk, kind: type[R], **equal: Any) -> list[R]:
    """The rows of a kind, by id."""
    command: Command[Any] = Do(lambda work: look(work, kind, equal))
    return desk.do(command).value


def look(work: Work, kind: type[R], equal: dict[str, Any]) -> list[R]:
    return work.find(kind, **equal)


def everything(store: DbStore) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but the journal and the search index's own."""
    from leaddesk.db.tables import metadata

    with store.reader.connect() as connection:
        return {
            name: sorted(tuple(row) for row in connection.execute(table.select()))
            for name, table in metadata.tables.items()
            if name not in ("operation", "change")
        }
