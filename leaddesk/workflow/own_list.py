"""Lists of leads that we wrote ourselves come in as they went out: what a cell says is taken word for word.

A foreign list is read with care ("N/A" is nobody's name, "a; b" are two numbers); in our own each cell was written by
`export_tables` from a stored lead, and reading it is that writing turned round. Several values of one cell are parted
by signs, and quoted as in a .csv file where they hold these signs themselves.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from leaddesk.workflow.leads import LONGEST_TEXT
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.vocabulary import MESSENGERS, Channel, PartOfDay, PointState, Status, Temperature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.workflow.intake_rows import CellReader, Cells

BARRED = "suppressed"
"""Stands beside the state of a number or address that nobody may call or write to."""
CONVERTED_TAG = "converted in file"
_BETWEEN_NOTES = "* * *"
_STARS = re.compile(r"^\*(?: \*){2,}$", re.MULTILINE)
_MORE_STARS = re.compile(r"^(\*(?: \*){2,}) \*$", re.MULTILINE)
_NUMBERED = re.compile(r"(?P<name>phone|email)(?:_\d+)?")


def join_parts(values: Iterable[str], sign: str = ";") -> str:
    """Several values in one cell, "" for none but empty ones."""
    parts = [_quoted(value, sign) for value in values]
    return f"{sign} ".join(parts) if any(parts) else ""


def split_parts(cell: str, sign: str = ";") -> list[str]:
    """`join_parts` turned round."""
    part = re.compile(rf'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^{sign}]*?))\s*(?P<end>{sign}|$)')
    found: list[str] = []
    at = 0
    while match := part.match(cell, at):
        quoted = match["quoted"]
        found.append(match["plain"] if quoted is None else quoted.replace('""', '"'))
        at = match.end()
        if not match["end"]:
            return found
    return [*found, cell[at:]]


def join_tags(tags: Iterable[str]) -> str:
    """Tags in one cell."""
    return join_parts(tags, ",")


def join_notes(notes: Iterable[str]) -> str:
    """Notes in one cell, the oldest first, a line of stars between each."""
    return f"\n{_BETWEEN_NOTES}\n".join(_STARS.sub(r"\g<0> *", note) for note in notes)


def split_notes(cell: str) -> list[str]:
    """`join_notes` turned round."""
    return [_MORE_STARS.sub(r"\1", note) for note in cell.split(f"\n{_BETWEEN_NOTES}\n")]


def _quoted(value: str, sign: str) -> str:
    plain = value == value.strip() and not any(mark in value for mark in (sign, '"', "\n", "\r"))
    return value if plain else '"' + value.replace('"', '""') + '"'


# Reading


def own_reader(field: str) -> CellReader | None:
    """What reads the cells of our own column of this name; None where it is read as any list's."""
    numbered = _NUMBERED.fullmatch(field)
    if numbered:
        return partial(_point, channel=Channel(numbered["name"]))
    if field in MESSENGERS:
        return partial(_messengers, channel=Channel(field))
    return _READERS.get(field)


def _text(cells: Cells, header: str, cell: str, *, field: str) -> None:
    if len(cell) > LONGEST_TEXT:
        cells.warn(header, f"longer than {LONGEST_TEXT} characters; kept as an extra field.")
        cells.draft.fields[header] = cell
    else:
        cells.values[field] = cell


def _point(cells: Cells, _header: str, cell: str, *, channel: Channel) -> None:
    points = cells.draft.points
    points.append(new_point(PointInput(channel, cell), cells.region, len(points)))


def _messengers(cells: Cells, _header: str, cell: str, *, channel: Channel) -> None:
    for value in split_parts(cell):
        _point(cells, "", value, channel=channel)


def _labels(cells: Cells, _header: str, cell: str, *, channel: Channel) -> None:
    for at, label in _of_each(cells, channel, cell):
        cells.draft.points[at] = replace(cells.draft.points[at], label=label)


def _states(cells: Cells, _header: str, cell: str, *, channel: Channel) -> None:
    for at, said in _of_each(cells, channel, cell):
        state = next((word for word in said.split() if word in set(PointState)), None)
        if state:
            cells.draft.points[at] = replace(cells.draft.points[at], state=PointState(state))


def _of_each(cells: Cells, channel: Channel, cell: str) -> list[tuple[int, str]]:
    places = [at for at, point in enumerate(cells.draft.points) if point.channel is channel]
    return [(at, part) for at, part in zip(places, split_parts(cell), strict=False) if part]


def _flag(cells: Cells, _header: str, cell: str, *, name: str) -> None:
    said = cells.reading.file.yes_no(cell)
    if said is not None:
        cells.values[name] = said


def _when(cells: Cells, header: str, cell: str, *, name: str) -> None:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        cells.warn(header, f"“{cell}” is no time I can read; kept as written.")
        return
    cells.values[name] = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _status(cells: Cells, header: str, cell: str) -> None:
    """A converted lead comes without its client's card: somebody looks at it. Whoever is in work stays in the queue."""
    if cell not in set(Status):
        cells.warn(header, f"“{cell}” is no status I know; the lead is new, the word is kept.")
        return
    status = Status(cell)
    if status is Status.CONVERTED:
        status = Status.IN_PROGRESS
        cells.values["tags"] = (*cells.values.get("tags", ()), CONVERTED_TAG)
    if status in (Status.IN_PROGRESS, Status.QUALIFIED):
        cells.values["retry_at"] = cells.reading.now
    cells.values["status"] = status


def _temperature(cells: Cells, _header: str, cell: str) -> None:
    if cell in set(Temperature):
        cells.values["temperature"] = Temperature(cell)


def _channel(cells: Cells, _header: str, cell: str) -> None:
    if cell in set(Channel):
        cells.values["preferred_channel"] = Channel(cell)


def _part(cells: Cells, _header: str, cell: str) -> None:
    if cell in set(PartOfDay):
        cells.values["preferred_part"] = PartOfDay(cell)


def _tags(cells: Cells, _header: str, cell: str) -> None:
    there = cells.values.get("tags", ())
    cells.values["tags"] = tuple(dict.fromkeys((*there, *split_parts(cell, ","))))


def _notes(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.notes += split_notes(cell)


def _owner(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.owner = cell


def _source(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.source = cell


def _refusal_words(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.refusal = cell


def _left_alone(_cells: Cells, _header: str, _cell: str) -> None:
    """Counted, worked out or given anew where the lead is now."""


_TEXTS = (
    "name first_name last_name company role interest industry website budget region city address postal_code language "
    "country zone external_id external_system parked_why"
).split()
_READERS: dict[str, CellReader] = {
    **{name: partial(_text, field=name) for name in _TEXTS},
    **{name: partial(_when, name=name) for name in ("created_at", "return_at", "retry_at")},
    **dict.fromkeys(
        ("id", "score", "client_id", "last_call_at", "attempts", "touches", "changed_at", "refusal_reason", "letter"),
        _left_alone,
    ),
    "do_not_call": partial(_flag, name="no_call"),
    "do_not_mail": partial(_flag, name="no_mail"),
    "decides": partial(_flag, name="decides"),
    "greet": partial(_flag, name="greet"),
    "confirmed": partial(_flag, name="suspicion_ok"),
    "phone_labels": partial(_labels, channel=Channel.PHONE),
    "phone_states": partial(_states, channel=Channel.PHONE),
    "email_labels": partial(_labels, channel=Channel.EMAIL),
    "email_states": partial(_states, channel=Channel.EMAIL),
    "preferred_channel": _channel,
    "preferred_part": _part,
    "status": _status,
    "temperature": _temperature,
    "tags": _tags,
    "note": _notes,
    "owner": _owner,
    "source": _source,
    "refusal_words": _refusal_words,
}
