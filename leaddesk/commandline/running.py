"""Around every command: streams that speak UTF-8, failures that become words and exit codes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.root import leaddesk
from leaddesk.commandline.session import Session
from leaddesk.workflow.errors import Refused, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from leaddesk.workflow.ports import Clock

DONE, REFUSED, USAGE, UNAVAILABLE = 0, 1, 2, 3
BROKEN_OFF = 130
"""Ctrl+C, as shells count it: 128 and the signal's number."""


def run(args: list[str], clock: Clock | None = None) -> int:
    """Run one command line and give its exit code; nothing is raised and nothing but the answer is on stdout."""
    speak_utf8()
    session = Session(clock)
    try:
        return _run(args, session)
    except (KeyboardInterrupt, click.Abort):
        return BROKEN_OFF
    except (BrokenPipeError, SystemExit):
        # Whoever read us has seen enough (click leaves by SystemExit on that, and on nothing else here); the
        # interpreter must not fail again when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    finally:
        session.close()


def _run(args: list[str], session: Session) -> int:
    try:
        leaddesk.main(args, prog_name="leaddesk", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except click.ClickException as error:
        return _usage(error, session, as_json=session.as_json or "--json" in args)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except Refused as refused:
        return _failed(session, REFUSED, refused.words, field=refused.field)
    except Unavailable as unavailable:
        return _failed(session, UNAVAILABLE, unavailable.words)
    except (KeyboardInterrupt, click.Abort, BrokenPipeError):
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _failed(session, UNAVAILABLE, f"{where}{error.strerror or error}.")
    except Exception as error:  # noqa: BLE001 - a bug is told in one line and kept whole in the log
        log = _kept(error)
        return _failed(session, UNAVAILABLE, f"This is a bug in LeadDesk: {error!r}. Its report is in {log}.", log=log)
    return session.exit_code


def _usage(error: click.ClickException, session: Session, *, as_json: bool) -> int:
    """Say how the command is used; a script that wanted JSON gets its one object all the same."""
    if as_json:
        session.put({"error": error.format_message()})
    error.show(sys.stderr)
    return USAGE


def _failed(session: Session, code: int, words: str, **more: Any) -> int:
    if session.as_json:
        session.put({"error": words, **more})
    else:
        click.echo(words, err=True)
    return code


def _kept(error: Exception) -> Path | None:
    """Write the traceback to the log file; None where no file can be written."""
    import logging
    from logging.handlers import RotatingFileHandler

    import platformdirs

    file = platformdirs.user_log_path("LeadDesk", appauthor=False) / "leaddesk.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    where = (type(error), error, error.__traceback__)
    handler.handle(logging.LogRecord("leaddesk", logging.ERROR, __file__, 0, "a command failed", None, where))
    handler.close()
    return file


def speak_utf8() -> None:
    """Names come in every script; a Windows console or a bare `LANG=C` would garble or refuse them."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A backslash escape keeps even half a surrogate pair valid JSON.
            reconfigure(encoding="utf-8", errors="backslashreplace")
