"""Why two leads may be one person, in words, the strongest reason first. Imports numpy: import this late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import JaroWinkler

from leaddesk.workflow.duplicate_columns import EXTRA
from leaddesk.workflow.duplicate_scoring import NEAR, SAME, SLIGHT

if TYPE_CHECKING:
    from leaddesk.workflow.duplicate_columns import Leads, Rows
    from leaddesk.workflow.duplicate_scoring import Scoring

CALLED = {"postal_code": "postal code"}
CHANNELS = {"phone": "the same phone", "email": "the same e-mail"}
REASONS = 6
"""As many reasons as are read at a glance."""


def reasons(leads: Leads, scoring: Scoring, a: Rows, b: Rows, shared: list[dict[str, str]]) -> list[tuple[str, ...]]:
    """The reasons for each pair; `shared` has the numbers and mailboxes of each, by channel."""
    told: list[list[tuple[float, str]]] = [
        [(100 - place, f"{CHANNELS[channel]} {key}") for place, (channel, key) in enumerate(found.items())]
        for found in shared
    ]
    for left, right, words in _names(leads, a, b):
        told[left].append((right, words))
    for column in leads.columns:
        if column in {"given", "family"}:
            continue
        levels = scoring.levels(column, column, a, b)
        worth = scoring.worth(column, column, levels, a, b)
        texts = leads.columns[column].words
        codes = leads.columns[column].codes
        for place, (level, bits) in enumerate(zip(levels.tolist(), worth.tolist(), strict=True)):
            if level:
                one, two = texts[codes[a[place]]], texts[codes[b[place]]]
                told[place].append((bits, said(column, level, one, two)))
    return [tuple(words for _, words in sorted(found, key=lambda one: -one[0])[:REASONS]) for found in told]


def _names(leads: Leads, a: Rows, b: Rows) -> list[tuple[int, float, str]]:
    """Place, weight and words of each pair's names, as whole names: people do not think in their parts."""
    words = leads.names
    given, family = leads.columns["given"].codes, leads.columns["family"].codes
    found = []
    for place, (x, y) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        one = f"{words[given[x]]} {words[family[x]]}".strip()
        two = f"{words[given[y]]} {words[family[y]]}".strip()
        if one and two:
            found.append((place, *names_said(one, two)))
    return found


def names_said(one: str, two: str) -> tuple[float, str]:
    """How alike two plain names are, as a weight and in words."""
    if one == two:
        return 30.0, f"the same name: {one.title()}"
    if sorted(one.split()) == sorted(two.split()):
        return 28.0, f"the same name in another order: {one.title()} / {two.title()}"
    alike = JaroWinkler.similarity(one, two)
    words = f"names alike {alike:.0%}".replace("%", " %")
    return (25.0 if alike > 0.85 else -1.0), f"{words}: {one.title()} / {two.title()}"


def said(column: str, level: int, one: str, two: str) -> str:
    """What a column says of two leads. Texts are plain: without case and accents."""
    name = column.removeprefix(EXTRA) if column.startswith(EXTRA) else CALLED.get(column, column)
    if level == SAME:
        return f"the same {name}: {one}"
    if level == NEAR:
        return f"{name} nearly the same: {one} / {two}"
    if level == SLIGHT:
        return f"{name} somewhat alike: {one} / {two}"
    return f"another {name}: {one} / {two}"
