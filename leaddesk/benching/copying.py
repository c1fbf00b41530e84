"""A working copy of the database to be measured: the given one is only ever read."""

from __future__ import annotations

import shutil
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from leaddesk.db.engines import is_url
from leaddesk.workflow.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = 1.5
"""The free space a copy needs, by the size of the file: what is done to it, and a backup of it, come on top."""
FICLONE = 0x40049409
"""Linux's request to share a file's blocks until one of the two is written to."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Where the working copy is, how it was made, and in how many seconds."""

    target: str | Path
    how: str
    seconds: float


@contextmanager
def working_copy(source: str | Path, folder: Path) -> Iterator[Copy]:
    """A copy to do anything with, gone afterwards. Raises `Refused` where there is nothing to copy or no room for it."""
    begun = perf_counter()
    if is_url(source):
        with _server_copy(str(source)) as url:
            yield Copy(url, "a database made from it on the same server", round(perf_counter() - begun, 2))
        return
    path = Path(source)
    if not path.is_file():
        raise Refused(f"There is no database at {path}.", field="db")
    target = folder / "copy.db"
    how = _file_copy(path, target)
    try:
        yield Copy(target, how, round(perf_counter() - begun, 2))
    finally:
        for suffix in ("", "-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)


def _file_copy(source: Path, target: Path) -> str:
    beside = any(source.with_name(source.name + suffix).exists() for suffix in ("-wal", "-journal"))
    if not beside and _shared(source, target):
        return "sharing its blocks"
    size = source.stat().st_size
    free = shutil.disk_usage(target.parent).free
    if free < size * ROOM:
        raise Refused(
            f"A copy of {source.name} needs {size * ROOM / 2**30:.1f} GiB in {target.parent}, and {free / 2**30:.1f} GiB "
            "are free there. Name another folder: --work FOLDER.",
            field="work",
        )
    _backup(source, target, quiet=not beside)
    return "by SQLite’s own backup"


def _shared(source: Path, target: Path) -> bool:
    """Let the file system share the blocks; False where it cannot."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        with source.open("rb") as there, target.open("wb") as here:
            fcntl.ioctl(here.fileno(), FICLONE, there.fileno())
    except OSError:
        target.unlink(missing_ok=True)
        return False
    return True


def _backup(source: Path, target: Path, *, quiet: bool) -> None:
    """Read-only, and as from a CD where nobody has the file open: then no file appears beside it."""
    from sqlcipher3 import dbapi2

    mode = "mode=ro&immutable=1" if quiet else "mode=ro"
    try:
        with (
            closing(dbapi2.connect(f"{source.absolute().as_uri()}?{mode}", uri=True)) as there,
            closing(dbapi2.connect(str(target))) as here,
        ):
            here.execute("PRAGMA synchronous = OFF")
            there.backup(here)
    except dbapi2.Error as error:
        raise Unavailable(f"{source.name} cannot be copied: {error}.") from error


@contextmanager
def _server_copy(url: str) -> Iterator[str]:
    """A database made from the given one, dropped at the end. Nobody else may be connected to it meanwhile."""
    from uuid import uuid4

    import psycopg
    from sqlalchemy import make_url

    parsed = make_url(url)
    name = f"leaddesk_bench_{uuid4().hex[:8]}"
    keeper = _keeper(parsed)
    try:
        try:
            keeper.execute(f'CREATE DATABASE "{name}" TEMPLATE "{parsed.database}"')
        except psycopg.Error as error:
            raise Refused(
                f"No copy of {parsed.database} can be made on its server: {str(error).strip()}. bench changes no database "
                "it is given; it needs the right to make databases, and nobody else connected.",
                field="db",
            ) from error
        try:
            yield parsed.set(database=name).render_as_string(hide_password=False)
        finally:
            keeper.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        keeper.close()


def _keeper(parsed: Any) -> Any:
    """A connection beside the database itself, to make and drop others by."""
    import psycopg

    beside = parsed.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    try:
        return psycopg.connect(beside, autocommit=True)
    except psycopg.Error as error:
        raise Unavailable(f"The server cannot be reached: {error}.") from error
