"""`merge`: two cards that are one person, or all pairs the search for duplicates is certain of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import ID, pairs
from leaddesk.commandline.root import Command

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session


@click.command("merge", cls=Command)
@click.argument("keep", metavar="[KEEP]", type=ID, required=False)
@click.argument("lose", metavar="[LOSE]", type=ID, required=False)
@click.option("--field", multiple=True, metavar="NAME=keep|lose|VALUE", help="Whose value of a field stands.")
@click.option("--dry-run", is_flag=True, help="Show both cards side by side and what would be taken.")
@click.option("--certain", is_flag=True, help="Merge every pair the last search for duplicates was certain of.")
@click.option(
    "--min", "min_score", default=0.0, type=click.FloatRange(0, 1), help="With --certain: from this score on."
)
@click.pass_obj
def merge(
    session: Session,
    keep: int | None,
    lose: int | None,
    *,
    field: tuple[str, ...],
    dry_run: bool,
    certain: bool,
    min_score: float,
) -> None:
    """Make one card of two: LOSE goes into KEEP and leads to it for ever; nothing of either is lost.

    Of each field KEEP's value stands unless it is empty; the others become extra fields. One undo takes it all back.
    """
    if certain:
        if keep is not None or field or dry_run:
            raise click.UsageError("--certain takes neither cards nor fields.")
        _certain(session, min_score)
        return
    if keep is None or lose is None:
        raise click.UsageError("Name the card to keep and the one that goes into it, or say --certain.")
    from leaddesk.workflow.merging import MergeCards

    chosen = pairs(field, "--field")
    if dry_run:
        _preview(session, keep, lose, chosen)
        return
    done = session.desk.do(MergeCards(keep, lose, chosen))
    merged = done.value
    session.done(
        done,
        {"lead": merged.lead.id, "merged": merged.lose, "moved": merged.moved, "same_points": merged.same_points},
    )


def _preview(session: Session, keep: int, lose: int, chosen: dict[str, str]) -> None:
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.merging import MergePreview

    view = session.desk.read(MergePreview(keep, lose, chosen))
    if view.refused:
        raise Refused(view.refused, field="lose")
    session.answer(
        {
            "lead": view.keep.id,
            "merged": None,
            "would_merge": view.lose.id,
            "rows": view.rows,
            "moves": dict(view.moves),
            "aside": dict(view.aside),
            "warnings": view.warnings,
            "better": view.better,
        },
        lambda: "\n".join(
            [
                session.table(
                    ("", f"card {view.keep.id}", f"card {view.lose.id}", "merged"),
                    [(row.words, row.keep_value, row.lose_value, row.value) for row in view.rows],
                ),
                "Moves: " + (", ".join(f"{count} {words}" for words, count in view.moves.items()) or "nothing"),
                *(f"Kept as {header}: {value}" for header, value in view.aside.items()),
                *view.warnings,
            ]
        ),
    )


def _certain(session: Session, min_score: float) -> None:
    from leaddesk.workflow.duplicates import FoundPairs
    from leaddesk.workflow.merging import MergeMany

    found = session.desk.read(FoundPairs(min_score=min_score, limit=1_000_000, certain_only=True))
    if not found.pairs:
        when = "" if found.at else " Look for them first: leaddesk duplicates."
        data: dict[str, Any] = {"lead": None, "merged": 0, "groups": [], "left_out": [], "undo": None}
        session.answer(data, f"There are no certain pairs.{when}")
        return
    done = session.desk.do(MergeMany(tuple((pair.a, pair.b) for pair in found.pairs)))
    groups = [{"lead": keep, "merged": lose} for keep, lose in done.value.groups]
    left_out = [{"a": a, "b": b, "why": why} for a, b, why in done.value.left_out]
    session.done(
        done,
        {"lead": groups[0]["lead"], "merged": done.value.gone, "groups": groups, "left_out": left_out},
        "\n".join([done.words, *(f"{one['a']} and {one['b']}: {one['why']}" for one in left_out)]),
    )
