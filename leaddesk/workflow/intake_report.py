"""What came of an import, in sentences: for the wizard, for toasts, for the report beside a file."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from leaddesk.workflow.intake import RejectedRow, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.workflow.intake import Counts, ImportResult

KNOWN = (Verdict.AGAIN, Verdict.UPDATE, Verdict.SKIP, Verdict.DUPLICATE)
"""Rows about somebody who is here already."""
MOST_REASONS = 6
"""Reasons told with their counts; the others are among the rows."""
_ON_CARD = re.compile(r" is on (lead|client|row) ")
_CARDS = {"lead": ("a lead’s card", "leads’ cards"), "client": ("a client’s card", "clients’ cards")}


def summary(name: str, counts: Counts) -> str:
    """In one sentence: “web-form.csv: 12 new, 3 came again”."""
    told = [(counts.created, "new"), (counts.came_again, "came again")]
    told += [(counts.updated - counts.came_again, "completed"), (counts.rejected, "left out")]
    said = [f"{count:,} {words}" for count, words in told if count]
    return f"{name}: {', '.join(said) or 'nothing new'}"


def reasons(result: ImportResult) -> list[str]:
    """Why rows are not simply new, counted: “214 known already: 180 on leads’ cards, 34 on clients’ cards”."""
    return [*_known(result), *left_out(result.rejects)]


def left_out(rejects: Sequence[RejectedRow]) -> list[str]:
    """Why rows were left out, the usual reasons first."""
    why = Counter(row.why for row in rejects)
    lines = [f"{times:,} left out: {words}" for words, times in why.most_common(MOST_REASONS)]
    if len(why) > MOST_REASONS:
        rest = sum(why.values()) - sum(times for _words, times in why.most_common(MOST_REASONS))
        lines.append(f"{rest:,} left out for {len(why) - MOST_REASONS:,} other reasons")
    return lines


def _known(result: ImportResult) -> list[str]:
    known = [verdict for verdict in result.verdicts if verdict.verdict in KNOWN]
    if not known:
        return []
    found = Counter(match[1] for one in known if (match := _ON_CARD.search(one.why)))
    told = [f"{found[kind]:,} on {_CARDS[kind][found[kind] > 1]}" for kind in _CARDS if found[kind]]
    told += [f"{found['row']:,} twice in this file"] if found["row"] else []
    first = f" (of the first {len(known):,})" if len(known) < result.counts.duplicates else ""
    return [f"{result.counts.duplicates:,} known already{first}{': ' if told else ''}{', '.join(told)}"]
