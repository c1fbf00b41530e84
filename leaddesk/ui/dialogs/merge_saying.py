"""What a merge will do, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.workflow.cards import LeadRow
    from leaddesk.workflow.merging import MergeView

SAME = "the same on both"
"""How the preview calls numbers that fall together."""

SINGULAR = {
    "numbers and addresses": "number or address",
    "calls": "call",
    "notes": "note",
    "tasks": "task",
    "refusals": "refusal",
    "stays": "stay",
    "letters": "letter",
    "answers": "answer",
    "extra fields": "extra field",
}


def standing_words(row: LeadRow | None, lead_id: int) -> str:
    """Where a card stands: status, readiness, owner, and its number."""
    if row is None:
        return ""
    owner = row.owner or "nobody’s"
    return " · ".join((row.status.words, row.temperature.value, owner, f"#{lead_id}"))


def listed(pieces: Sequence[str]) -> str:
    """Such as “a, b and c”; nothing for nothing."""
    return " and ".join(filter(None, (", ".join(pieces[:-1]), *pieces[-1:])))


def moved(moves: Mapping[str, int]) -> str:
    """Such as “3 calls, 2 notes and 1 task move over.”; says so where nothing does."""
    going = {words: number for words, number in moves.items() if number and words != SAME}
    pieces = [f"{number:,} {SINGULAR.get(words, words) if number == 1 else words}" for words, number in going.items()]
    alone = sum(going.values()) == 1
    said = (
        f"{listed(pieces)} {'moves' if alone else 'move'} over." if pieces else "Nothing hangs on the card that goes."
    )
    same = moves.get(SAME, 0)
    one = "1 number or address is" if same == 1 else f"{same:,} numbers and addresses are"
    return f"{said} {one} the same on both." if same else said


def then_words(view: MergeView) -> str:
    """The one card there will be, what moves onto it, what gives way, and what becomes of the other's number."""
    values = {row.field: row.value for row in view.rows}
    called = ", ".join(filter(None, (values.get("name"), values.get("company")))) or f"lead #{view.keep.id}"
    owner = values.get("owner_id", "")
    standing = ", ".join(filter(None, (values.get("status"), f"{owner}’s" if owner else "nobody’s")))
    aside = len(view.aside)
    many = f"{aside:,} values that give way stay as extra fields"
    giving = "1 value that gives way stays as an extra field" if aside == 1 else many
    kept = f" {giving}." if aside else ""
    return (
        f"Then: one card, {called} ({standing}). {moved(view.moves)}{kept} "
        f"#{view.lose.id} opens #{view.keep.id} from now on. One Undo takes all of it back."
    )
