"""`set`, `backup`, `check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session

DAMAGED = 3
"""The exit code of a check that found something."""


@click.command("set", cls=Command)
@click.argument("key", required=False)
@click.argument("value", required=False)
@click.pass_obj
def set_(session: Session, key: str | None, value: str | None) -> None:
    """Show a setting, or change it for everybody on this database; without KEY show all."""
    from leaddesk.workflow.settings import DECLARED, ChangeSetting, declared

    if key is None:
        every = [_setting(session, one.key) for one in DECLARED]
        session.answer(
            {"settings": every},
            lambda: session.table(("key", "value", "what it is"), [(s["key"], s["value"], s["help"]) for s in every]),
        )
        return
    setting = declared(key)
    if value is not None:
        done = session.desk.do(ChangeSetting(key, value))
        session.done(done, _setting(session, key))
        return
    session.answer(
        _setting(session, key),
        lambda: f"{setting.title}: {session.settings.value(key)} (unless changed: {setting.default})\n{setting.help}",
    )


def _setting(session: Session, key: str) -> dict[str, Any]:
    from leaddesk.workflow.settings import declared

    setting = declared(key)
    return {
        "key": key,
        "value": session.settings.value(key),
        "default": setting.default,
        "help": setting.help,
        "title": setting.title,
        "group": setting.group,
    }


@click.command("backup", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def backup(session: Session, file: Path | None) -> None:
    """Copy the database while it is in use, verified; else into the folder beside it."""
    from leaddesk.db.backup import backup as make

    _there(session)
    done = make(session.store, file, session.desk.clock)
    session.answer({"file": done.file, "bytes": done.bytes}, f"{done.file}, {done.bytes:,} bytes")


@click.command("check", cls=Command)
@click.pass_obj
def check(session: Session) -> None:
    """Look whether the database is whole; exit code 3 if not."""
    from leaddesk.db.check import check as look

    _there(session)
    problems = look(session.store, progress=session.progress("Looking at the database"))
    session.answer({"ok": not problems, "problems": problems}, "\n".join(problems) or "The database is whole.")
    session.exit_code = DAMAGED if problems else 0


def _there(session: Session) -> None:
    """A slip in the name must not make an empty database and call it whole."""
    target = session.database
    if "://" not in str(target) and not Path(target).exists():
        raise Refused(f"There is no database at {target}.", field="db")
