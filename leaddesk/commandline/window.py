"""`run` and `tour`: the window itself, put together from every room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Unavailable

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session


@click.command("run", cls=Command)
@click.pass_obj
def run(session: Session) -> None:
    """Open the window."""
    from leaddesk import window
    from leaddesk.ui.app import display_problem

    problem = display_problem()
    if problem is not None:
        raise Unavailable(problem)
    session.exit_code = window.run(session.target, session.login, clock=session.clock)


@click.command("tour", cls=Command)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the pictures.")
@click.option(
    "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None, help="A list to import."
)
@click.pass_obj
def tour(session: Session, out: Path, file: Path | None) -> None:
    """Play an operator's day through the real window, offscreen; a PNG of each screen and tour.json."""
    from leaddesk.tour import play

    told = play(out, file)
    session.exit_code = 0 if told.get("ok") else 1
    session.answer(
        told,
        lambda: "\n".join(
            [
                *(f"{s['name']}: {s['ms']} ms, {s['picture'] or 'no picture'}" for s in told["steps"]),
                str(told.get("trouble", "")),
            ]
        ).strip(),
    )
