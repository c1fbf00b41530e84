"""`run` and `tour`: the window itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.commandline.session import Session


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a window can be shown: Windows and macOS always can, others need a server or a chosen Qt platform."""
    if platform in ("win32", "cygwin", "darwin"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


@click.command("run", cls=Command)
@click.pass_obj
def run(session: Session) -> None:
    """Open the window."""
    if not has_display(os.environ, sys.platform):
        raise Unavailable("There is no display here. See the program's pictures instead: leaddesk tour --out pictures")
    from leaddesk.window import run as open_window

    session.exit_code = open_window(session.target, session.login)


@click.command("tour", cls=Command)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the pictures.")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None, help="A list to import.")
@click.pass_obj
def tour(session: Session, out: Path, file: Path | None) -> None:
    """Play an operator's day through the real window, offscreen; a PNG of each screen and tour.json."""
    from leaddesk.tour import play

    told = play(out, file)
    session.exit_code = 0 if told.get("ok") else 1
    session.answer(
        told,
        lambda: "\n".join(f"{s['name']}: {s['ms']} ms, {s['picture']}" for s in told.get("steps", [])),
    )
