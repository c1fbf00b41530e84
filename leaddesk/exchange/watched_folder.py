"""A folder that a web form or a partner drops files into: each is brought in once, then moved out of the way.

What is in is known by its content in the database, so a program that dies between bringing a file in and moving it
brings nothing in twice. Only whole moves within the folder are made; nothing is ever deleted or written over.
"""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.intake import TakenElsewhere
from leaddesk.workflow.watched_folder import (
    Brought,
    HeldByAnother,
    Sight,
    State,
    bring_in,
    failed,
    is_meant,
    refuse_what_no_file_is_to_blame_for,
    report,
    report_words,
    settled,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from leaddesk.workflow.desk import Desk

log = logging.getLogger("leaddesk")
LOCK = ".leaddesk-watch.lock"
"""Held by whoever watches the folder; the system lets go of it when the program ends, however it ends."""
_OUR_FAULT = "LeadDesk made a mistake with it; its log says more. Please report it."


class WatchedFolder:
    """One folder under watch. `look` is to be called now and then, from one thread at a time."""

    def __init__(self, folder: Path, profile: str = "") -> None:
        """`profile` names how files come in; "" goes by what was decided about files with their columns."""
        self.folder, self.profile = folder, profile
        self.waiting: tuple[str, ...] = ()
        """Files seen at the last look that are not taken yet."""
        self._seen: dict[str, Sight] = {}
        self._to_move: dict[str, tuple[Sight, Path]] = {}
        self._lock: IO[bytes] | None = None

    def look(self, desk: Desk, stopped: Callable[[], bool] = lambda: False) -> list[Brought]:
        """Bring in what is ready; gives what became of each.

        Raises `Refused` where the folder or the profile is at fault, and `Unavailable` where the database is: then
        the files stay, to be taken at a later look.
        """
        self._prepare()
        refuse_what_no_file_is_to_blame_for(desk, self.profile)
        self._move_late()
        before, self._seen = self._seen, self._sights()
        self.waiting = tuple(name for name in self._seen if name not in self._to_move)
        came: list[Brought] = []
        for name in settled(before, self._seen):
            if stopped():
                break
            brought = None if name in self._to_move else self._take(desk, name, stopped)
            if brought is not None:
                came.append(brought)
                self.waiting = tuple(other for other in self.waiting if other != name)
        return came

    def close(self) -> None:
        """Let others watch it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    # The folder

    def _prepare(self) -> None:
        try:
            if not self.folder.is_dir():
                raise Refused(f"There is no folder {self.folder} on this computer.", field="watch.folder")
            for state in State:
                (self.folder / state).mkdir(exist_ok=True)
            if self._lock is None:
                self._lock = _hold(self.folder / LOCK)
        except OSError as error:
            raise Refused(
                f"Files cannot be moved within {self.folder}: {error.strerror or error}. Allow LeadDesk to write there.",
                field="watch.folder",
            ) from error

    def _sights(self) -> dict[str, Sight]:
        """Files as they look now; one that goes while it is looked at is not there."""
        found: dict[str, Sight] = {}
        for path in self.folder.iterdir():
            with suppress(OSError):
                if is_meant(path.name) and path.is_file():
                    found[path.name] = _sight(path)
        return found

    # One file

    def _take(self, desk: Desk, name: str, stopped: Callable[[], bool]) -> Brought | None:
        path = self.folder / name
        if not _can_be_read(path):
            return None
        try:
            brought = self._bring_in(desk, path, stopped)
        except Unavailable:
            raise
        except TakenElsewhere:
            return None
        except Refused as refused:
            if not _can_be_read(path):
                return None
            brought = failed(name, refused.words)
        except Exception:
            log.exception("bringing in %s", path)
            brought = failed(name, _OUR_FAULT)
        if brought is not None:
            self._put_away(desk, path, brought)
        return brought

    def _bring_in(self, desk: Desk, path: Path, stopped: Callable[[], bool]) -> Brought | None:
        from leaddesk.exchange.importing import open_leads

        return bring_in(desk, open_leads(path), self.profile, stopped)

    def _put_away(self, desk: Desk, path: Path, brought: Brought) -> None:
        """Report first, then move: a file in done/ always has its report."""
        target = free_path(self.folder / brought.state / path.name)
        at = desk.clock.now()
        rejects = self._write_rejects(path, target, brought)
        data = report(brought, at, self.profile, rejects)
        _write(target.with_name(f"{target.name}.report.json"), json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        _write(target.with_name(f"{target.name}.report.txt"), report_words(brought, at, rejects))
        seen = self._seen[path.name]
        try:
            if _sight(path) == seen:
                path.rename(target)
                del self._seen[path.name]
        except OSError:
            # A spreadsheet has it open: it is in, and is moved once it is let go.
            self._to_move[path.name] = (seen, target)

    def _write_rejects(self, path: Path, target: Path, brought: Brought) -> str:
        if not brought.rejects:
            return ""
        from leaddesk.exchange.importing import open_leads, rejects_path, write_rejects

        place = rejects_path(target)
        with suppress(Refused, Unavailable):
            write_rejects(place, open_leads(path).columns, brought.rejects)
            return place.name
        return ""

    def _move_late(self) -> None:
        for name, (seen, target) in list(self._to_move.items()):
            path = self.folder / name
            with suppress(OSError):
                if path.exists() and _sight(path) == seen:
                    path.rename(free_path(target))
                del self._to_move[name]


def free_path(path: Path) -> Path:
    """This path, or one like it that is not taken: “leads.csv”, “leads (2).csv”."""
    if not path.exists():
        return path
    numbered = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(2))
    return next(other for other in numbered if not other.exists())


def _sight(path: Path) -> Sight:
    told = path.stat()
    return Sight(told.st_size, told.st_mtime_ns)


def _can_be_read(path: Path) -> bool:
    """Whether nobody keeps it to themselves, as Windows lets a program that is still writing."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError:
        return False
    return True


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    half = path.with_name(f"{path.name}.part")
    half.write_text(text, encoding="utf-8", newline="\n")
    half.replace(path)


def _hold(path: Path) -> IO[bytes]:
    """Hold the folder's lock. Raises `HeldByAnother`, and `OSError`."""
    file = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        file.close()
        raise HeldByAnother(f"Another LeadDesk watches {path.parent} already.") from error
    except OSError:
        # Some network folders know no locks; the database still lets only one bring a file in.
        log.warning("no lock in %s", path.parent)
    return file
