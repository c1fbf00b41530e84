"""What one command line shares: whom it is for, which database, and how its answer is put."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from leaddesk.commandline.answers import as_json_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from leaddesk.db.store import DbStore
    from leaddesk.workflow.desk import Desk, Done
    from leaddesk.workflow.ports import Clock
    from leaddesk.workflow.settings import Settings


def _unwatched(_done: int, _total: int) -> None:
    """Nobody looks."""


class Session:
    """One command line. The desk is opened when a command first asks for it."""

    def __init__(self, clock: Clock | None = None) -> None:
        """The options fill it in as they are read. Without a clock the machine's counts."""
        self.clock = clock
        self.as_json = False
        self.quiet = False
        self.target: str | None = None
        self.login: str | None = None
        self.exit_code = 0
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """The desk, opened at the first use. Raises `Refused` or `Unavailable`."""
        if self._desk is None:
            from leaddesk.bootstrap import open_desk

            self._desk = open_desk(self.target, self.login, self.clock)
        return self._desk

    @property
    def database(self) -> str | Path:
        """Which database is meant."""
        from leaddesk.bootstrap import target_of

        return target_of(self.target)

    @property
    def store(self) -> DbStore:
        """The database itself, for what is about the file and not about leads."""
        return cast("DbStore", self.desk.store)

    @property
    def settings(self) -> Settings:
        """The settings as they stand."""
        from leaddesk.workflow.settings import SettingsNow

        return self.desk.read(SettingsNow())

    @property
    def zone(self) -> tzinfo:
        """The clock on this user's wall: their own zone, else the machine's."""
        from datetime import UTC
        from zoneinfo import ZoneInfo

        zone = self.desk.user.zone
        return ZoneInfo(zone) if zone else self.desk.clock.now().astimezone().tzinfo or UTC

    def close(self) -> None:
        """Let go of the database."""
        if self._desk is not None:
            self.store.close()
            self._desk = None

    # Answers

    def put(self, data: dict[str, Any]) -> None:
        """Write the one JSON object."""
        sys.stdout.write(as_json_text(data) + "\n")
        sys.stdout.flush()

    def answer(self, data: dict[str, Any], words: str | Callable[[], str]) -> None:
        """Answer a question: JSON if asked for, else words, which may be made only when they are wanted."""
        if self.as_json:
            self.put(data)
        else:
            text = words if isinstance(words, str) else words()
            sys.stdout.write(text.rstrip("\n") + "\n")

    def done(self, done: Done[Any], data: dict[str, Any], words: str = "") -> None:
        """Say what a command did, and how to take it back."""
        undo = done.operation if done.can_undo else None
        if self.as_json:
            self.put({**data, "words": done.words, "undo": undo})
        elif not self.quiet:
            hint = f"\n(leaddesk undo {undo} takes it back)" if undo else ""
            sys.stdout.write(f"{words or done.words}{hint}\n")

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
        """Rows under heads, drawn for a terminal or plain for a pipe."""
        return table_text(heads, rows, terminal=sys.stdout.isatty())

    def progress(self, title: str) -> Callable[[int, int], None]:
        """Report progress on stderr, only where somebody watches."""
        if self.quiet or not sys.stderr.isatty():
            return _unwatched
        shown = -1

        def report(done: int, total: int) -> None:
            nonlocal shown
            percent = 100 * done // total if total else 100
            if percent != shown:
                shown = percent
                end = "\n" if done >= total else ""
                sys.stderr.write(f"\r{title}: {done:,} of {total:,} ({percent} %){end}")
                sys.stderr.flush()

        return report
