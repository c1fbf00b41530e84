"""Lists of leads that we wrote ourselves come in as they went out: what a cell says is taken word for word.

A foreign list is read with care ("N/A" is nobody's name, "a; b" are two numbers); in our own each cell was written by
`export_tables` from a stored lead, and reading it is that writing turned round. Several values of one cell are parted
by signs, and quoted as in a .csv file where they hold these signs themselves.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
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


def turn_of(field: str) -> int:
    """When a column is read: the country before the numbers, what is known of the numbers after them."""
    return 0 if field == "country" else 2 if field.endswith(("_labels", "_states")) else 1


def _odd(cells: Cells, header: str, cell: str, words: str) -> None:
    """Somebody wrote into our list what its column cannot hold: it is said, and kept."""
    cells.warn(header, f"{words}; kept as an extra field.")
    cells.draft.fields[header] = cell


def _text(cells: Cells, header: str, cell: str, *, field: str) -> None:
    if len(cell) > LONGEST_TEXT:
        _odd(cells, header, cell, f"longer than {LONGEST_TEXT} characters")
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
        point, words = cells.draft.points[at], said.split()
        state = next((word for word in words if word in set(PointState)), None)
        if state:
            cells.draft.points[at] = replace(point, state=PointState(state))
        if BARRED in words and point.key:
            cells.draft.barred.add((channel, point.key))


def _of_each(cells: Cells, channel: Channel, cell: str) -> list[tuple[int, str]]:
    places = [at for at, point in enumerate(cells.draft.points) if point.channel is channel]
    return [(at, part) for at, part in zip(places, split_parts(cell), strict=False) if part]


def _flag(cells: Cells, header: str, cell: str, *, name: str) -> None:
    said = cells.reading.file.yes_no(cell)
    if said is None:
        _odd(cells, header, cell, f"“{cell}” says neither yes nor no")
    else:
        cells.values[name] = said


def _when(cells: Cells, header: str, cell: str, *, name: str) -> None:
    moment = _moment(cell, cells.reading.zone)
    if moment is None:
        _odd(cells, header, cell, f"“{cell}” is no time I can read")
    else:
        cells.values[name] = moment


def _moment(cell: str, zone: tzinfo) -> datetime | None:
    """A time that names no zone is the reader's."""
    try:
        moment = datetime.fromisoformat(cell.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _status(cells: Cells, header: str, cell: str) -> None:
    """A converted lead comes without its client's card: somebody looks at it. Whoever is in work stays in the queue."""
    word = cell if cell in set(Status) else cells.ours("status", cell)
    if word is None:
        _odd(cells, header, cell, f"“{cell}” is no status I know")
        return
    status = Status(word)
    if status is Status.CONVERTED:
        status = Status.IN_PROGRESS
        cells.values["tags"] = (*cells.values.get("tags", ()), CONVERTED_TAG)
    if status in (Status.IN_PROGRESS, Status.QUALIFIED):
        cells.values["retry_at"] = cells.reading.now
    cells.values["status"] = status


def _one_of(cells: Cells, header: str, cell: str, *, kind: type[Temperature | Channel | PartOfDay]) -> None:
    word = cell.strip().casefold()
    if word in set(kind):
        cells.values[header] = kind(word)
    else:
        _odd(cells, header, cell, f"“{cell}” is none of {', '.join(kind)}")


def _tags(cells: Cells, _header: str, cell: str) -> None:
    there = cells.values.get("tags", ())
    cells.values["tags"] = tuple(dict.fromkeys((*there, *split_parts(cell, ","))))


def _suspicion(cells: Cells, _header: str, cell: str) -> None:
    """Known signs stay confirmed, or told: only a new one asks for another look."""
    cells.values["suspicion"] = tuple(split_parts(cell, ","))


def _notes(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.notes += split_notes(cell)


def _owner(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.owner = cells.named("owner", cell)


def _source(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.source = cells.named("source", cell)


def _refusal_words(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.refusal = cell


def _refusal_reason(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.refusal_reason = cell


def _refused_at(cells: Cells, _header: str, cell: str) -> None:
    cells.draft.refused_at = _moment(cell, cells.reading.zone)


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
        ("id", "score", "client_id", "last_call_at", "attempts", "touches", "changed_at", "letter"),
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
    "preferred_channel": partial(_one_of, kind=Channel),
    "preferred_part": partial(_one_of, kind=PartOfDay),
    "status": _status,
    "temperature": partial(_one_of, kind=Temperature),
    "tags": _tags,
    "suspicion": _suspicion,
    "note": _notes,
    "owner": _owner,
    "source": _source,
    "refusal_words": _refusal_words,
    "refusal_reason": _refusal_reason,
    "refused_at": _refused_at,
}
