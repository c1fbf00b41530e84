"""What an operation changed, in people's words: the fields a person set, each before and after.

The journal keeps every column; ids (whose it is now is in the operation's own words), counters and what only follows from other fields would hide the rest.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from leaddesk.ui.cards.fields import CLIENT_FIELDS, LEAD_FIELDS, title_of_field
from leaddesk.workflow.when import MONTH_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from leaddesk.workflow.undo import ChangedField

LONGEST = 160
_LEAD = (*(f.key for f in LEAD_FIELDS), "status", "return_at", "retry_at", "parked_why")
TOLD: dict[str, tuple[str, ...]] = {
    "lead": (*_LEAD, "came_back_why", "suspicion_ok", "idle_ok"),
    "lead_extra": ("fields",),
    "client": tuple(f.key for f in CLIENT_FIELDS),
    "contact_point": ("value", "label", "state", "preferred"),
    "task": ("title", "due_at", "done_at", "dropped", "result"),
    "call": ("outcome", "note"),
    "note": ("text",),
    "refusal": ("reason", "words", "competitor", "change_mind", "return_at", "returned_at", "suppressed"),
    "letter": ("subject", "to_address", "state"),
    "client_person": ("name", "role", "phone", "email", "decides"),
    "suppression": ("key", "why"),
}
TITLES = {
    "came_back_why": "Came back because",
    "done_at": "Done",
    "dropped": "Dropped",
    "due_at": "Due",
    "fields": "Extra fields",
    "idle_ok": "No next step meant",
    "parked_why": "Parked because",
    "retry_at": "Call again",
    "return_at": "Comes back",
    "returned_at": "Came back",
    "suspicion_ok": "Confirmed",
    "to_address": "To",
    "value": "Number or address",
}
ROWS = {"contact_point": "Number", "client_person": "Person", "lead": "", "client": "", "lead_extra": ""}
"""Words before the fields of a row; other tables are called by their name."""
EMPTY = (None, "", "[]", "{}", 0, False)


def changed_lines(fields: Iterable[ChangedField], zone: ZoneInfo) -> list[str]:
    """One line for each row: "Interest: 40 seats → 45 seats; Budget: 9000"."""
    rows: dict[tuple[str, int], list[str]] = {}
    for field in fields:
        told = TOLD.get(field.table)
        if told is not None and field.field not in told:
            continue
        if field.before in EMPTY and field.after in EMPTY:
            continue
        rows.setdefault((field.table, field.row_id), []).append(field_words(field, zone))
    lines = []
    for (table, _row), words in rows.items():
        head = ROWS.get(table, table.replace("_", " ").capitalize())
        lines.append(f"{head}: {'; '.join(words)}" if head else "; ".join(words))
    return lines


def field_words(field: ChangedField, zone: ZoneInfo) -> str:
    """One field before and after."""
    title = TITLES.get(field.field) or title_of_field(field.field)
    if field.names is not None:
        before, after = (f"“{name}”" if name else "—" for name in field.names)
    else:
        before = value_words(field.field, field.before, zone)
        after = value_words(field.field, field.after, zone)
    return f"{title} {after}" if field.before in EMPTY else f"{title} {before} → {after}"


def value_words(name: str, value: object, zone: ZoneInfo) -> str:
    """A stored value as a person reads it: moments are kept as milliseconds since 1970."""
    if value in (None, "", "[]", "{}"):
        return "—"
    if name.endswith("_at") and isinstance(value, int):
        moment = datetime.fromtimestamp(value / 1000, UTC).astimezone(zone)
        return f"{moment.day} {MONTH_NAMES[moment.month - 1]} {moment.year} {moment:%H:%M}"
    if isinstance(value, bool) or (
        value in (0, 1) and name in ("decides", "dropped", "preferred", "no_call", "no_mail", "greet")
    ):
        return "yes" if value else "no"
    if name in ("status", "state", "outcome", "reason"):
        return str(value).replace("_", " ")
    text = " ".join(str(value).split())
    return f"“{text}”" if len(text) <= LONGEST else f"“{text[: LONGEST - 1].rstrip()}…”"
