"""`import --watch`: bring in what is dropped into a folder, now or for as long as the program runs."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from leaddesk.commandline.session import Session
    from leaddesk.workflow.watched_folder import Brought

SETTLE_S = 1.0
"""Between the two looks of `--once`: a file that has not grown meanwhile is whole."""
STEP_S = 0.2
"""A pause is made of these, so that Ctrl+C is heard at once."""
REFUSED = 1
"""The exit code of `--once` where a file could not be brought in."""


def watch(
    session: Session, folder: Path, profile: str, *, once: bool, pause: Callable[[float], object] = time.sleep
) -> None:
    """Look into the folder until Ctrl+C, or `once`. `pause` waits for so many seconds.

    Raises `Refused` for a folder or a profile that cannot be, and (`once`) `Unavailable`.
    """
    from leaddesk.commandline.files import asked_to_stop
    from leaddesk.exchange.watched_folder import WatchedFolder

    watched = WatchedFolder(folder, profile)
    told: list[Brought] = []
    try:
        with asked_to_stop() as stopped:
            _tell(session, told, watched.look(session.desk, stopped))
            if once:
                pause(SETTLE_S)
                _tell(session, told, watched.look(session.desk, stopped))
            else:
                _say(session, f"Watching {folder}. Ctrl+C ends it.")
                _go_on(session, watched.look, told, stopped, pause)
    finally:
        watched.close()
    failed = sum(brought.state == "failed" for brought in told)
    session.exit_code = REFUSED if once and failed else session.exit_code
    if session.as_json:
        session.put({"files": [_data(brought) for brought in told], "waiting": list(watched.waiting), "failed": failed})
    elif once and not told:
        _say(session, f"Nothing to bring in in {folder}.")


def _go_on(
    session: Session,
    look: Callable[[Any, Callable[[], bool]], list[Brought]],
    told: list[Brought],
    stopped: Callable[[], bool],
    pause: Callable[[float], object],
) -> None:
    """A folder or a database that is out of reach is said once, and tried again."""
    trouble, every = "", float(session.settings.number("watch.seconds"))
    while not stopped():
        left = every
        while left > 0 and not stopped():
            pause(min(STEP_S, left))
            left -= STEP_S
        try:
            every = float(session.settings.number("watch.seconds"))
            _tell(session, told, look(session.desk, stopped))
            trouble = ""
        except (Refused, Unavailable) as error:
            if error.words != trouble:
                trouble = error.words
                sys.stderr.write(f"{trouble}\n")


def _tell(session: Session, told: list[Brought], came: list[Brought]) -> None:
    told += came
    for brought in came:
        undo = f" (leaddesk undo {brought.operation} takes it back)" if brought.operation else ""
        _say(session, f"{brought.words}{undo}")


def _say(session: Session, words: str) -> None:
    if not session.as_json and not session.quiet:
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()


def _data(brought: Brought) -> dict[str, Any]:
    """As the report beside the file has it."""
    return {
        "file": brought.name,
        "state": brought.state,
        "words": brought.words,
        **(brought.counts.as_dict() if brought.counts else {}),
        "reasons": brought.reasons,
        "batch": brought.batch or None,
        "undo": brought.operation or None,
        "resumed": brought.resumed,
        "again": brought.again,
    }
