"""`history`, `undo`, `redo`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import ID
from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.undo import OperationRow


@click.command("history", cls=Command)
@click.argument("card_id", metavar="ID", type=ID)
@click.option("--client", is_flag=True, help="ID is a client's.")
@click.option("--limit", default=200, type=click.IntRange(1, 10_000), show_default=True)
@click.pass_obj
def history(session: Session, card_id: int, limit: int, *, client: bool) -> None:
    """Show what was done to a card, by whom, and what it changed; the newest first."""
    from leaddesk.workflow.undo import History

    asked = History(client_id=card_id, limit=limit) if client else History(lead_id=card_id, limit=limit)
    rows = session.desk.read(asked)
    zone = session.zone
    session.answer(
        {"operations": [{**operation(row.operation), "fields": row.fields, "merged": row.merged} for row in rows]},
        lambda: (
            session.table(
                ("operation", "when", "who", "what", ""),
                [
                    (
                        o.id,
                        f"{o.at.astimezone(zone):%Y-%m-%d %H:%M}",
                        o.user_name,
                        o.words,
                        "undone" if o.undone else "",
                    )
                    for o in (row.operation for row in rows)
                ],
            )
            if rows
            else "Nothing was done to it from here."
        ),
    )


def operation(row: OperationRow) -> dict[str, Any]:
    """A line of the journal."""
    names = ("id", "at", "user_id", "user_name", "command", "words", "kind", "undone", "target_id")
    return {name: getattr(row, name) for name in names}


@click.command("undo", cls=Command)
@click.argument("operation_id", metavar="[OPERATION]", type=ID, required=False)
@click.option("--rest", is_flag=True, help="Where a letter has left already: undo the refusal but for its letter.")
@click.pass_obj
def undo(session: Session, operation_id: int | None, *, rest: bool) -> None:
    """Take back your last operation, or the one named; refused if later work stands on it."""
    from leaddesk.workflow.undo import HasLeft, Undo

    try:
        done = session.desk.do(Undo(operation_id, rest=rest))
    except HasLeft as left:
        if left.rest:
            raise Refused(f"{left.words} To do that: leaddesk undo {left.operation} --rest") from left
        raise
    session.done(done, {"undone": done.value.words, "operation": done.value.id})


@click.command("redo", cls=Command)
@click.pass_obj
def redo(session: Session) -> None:
    """Do again what you undid last."""
    from leaddesk.workflow.undo import Redo

    done = session.desk.do(Redo())
    session.done(done, {"redone": done.value.words, "operation": done.value.id})
