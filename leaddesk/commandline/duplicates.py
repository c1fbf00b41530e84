"""`duplicates`."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import click

from leaddesk.commandline.files import BROKEN_OFF, asked_to_stop
from leaddesk.commandline.root import Command

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session

SUGGEST = 0.9
"""`duplicate_scoring.SUGGEST`, which is imported no sooner than it is needed; a test holds the two together."""


@click.command("duplicates", cls=Command)
@click.option("--min", "least", type=click.FloatRange(0, 1), default=SUGGEST, show_default=True, metavar="SCORE")
@click.option("--limit", type=click.IntRange(1), default=1_000_000, metavar="N", help="The N best pairs.")
@click.option("--certain", is_flag=True, help="Only pairs that may be merged without being looked at.")
@click.pass_obj
def duplicates(session: Session, *, least: float, limit: int, certain: bool) -> None:
    """Look through all leads for cards of one person, the likeliest pairs first, and say why."""
    from leaddesk.workflow.duplicate_search import search_duplicates
    from leaddesk.workflow.duplicates import FoundPairs

    desk = session.desk
    started = perf_counter()
    with asked_to_stop() as stopped:
        searched = search_duplicates(desk, session.progress("Looking for duplicates"), stopped)
    if searched.at is None:
        session.answer({"error": "Broken off.", "field": None}, "Broken off.")
        session.exit_code = BROKEN_OFF
        return
    found = desk.read(FoundPairs(min_score=least, limit=limit, certain_only=certain))
    seconds = round(perf_counter() - started, 2)
    data = {
        "pairs": [{"a": p.a, "b": p.b, "score": p.score, "why": p.why, "certain": p.certain} for p in found.pairs],
        "leads": found.leads,
        "seconds": seconds,
        "total": found.total,
    }

    def words() -> str:
        told = f"{found.total:,} pairs among {found.leads:,} leads in {seconds} s, {found.certain:,} of them certain"
        rows = [(p.a, p.b, f"{p.score:.3f}", "certain" if p.certain else "", "; ".join(p.why)) for p in found.pairs]
        return f"{told}\n\n{session.table(('lead', 'lead', 'score', '', 'why'), rows)}" if rows else told

    session.answer(data, words)
