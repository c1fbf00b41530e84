"""How the cell of each field is read. A cell that is stored as it stands is kept once; any other also as it stood."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from leaddesk.workflow.countries import country_code
from leaddesk.workflow.emails import split_emails
from leaddesk.workflow.intake import IGNORED
from leaddesk.workflow.leads import LONGEST_TEXT
from leaddesk.workflow.phones import split_phones
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.vocabulary import MESSENGERS, Channel, Status, Temperature
from leaddesk.workflow.zones import is_zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from leaddesk.workflow.entities import ContactPoint
    from leaddesk.workflow.intake_rows import CellReader, Cells, Reading

NAMES = ("name", "first_name", "last_name", "company")
TEXTS = ("role", "interest", "industry", "website", "budget", "region", "city", "address", "postal_code", "language")
AS_THEY_STAND = frozenset((*NAMES, *TEXTS, "country", "zone", "external_id"))
"""Fields whose cell, where it was stored unchanged, is to be found in the lead's own field."""
CONVERTED_TAG = "converted in file"
"""A file that calls a lead converted names no client card, and none is invented: somebody looks at it."""

TIMES = ("created_at", "last_call_at")
"""Fields that hold an instant."""

_PHONES = {"mobile_phone": "mobile", "work_phone": "work", "home_phone": "home"}
_PHONE_FIELDS = ("phone", "mobile_phone", "work_phone", "home_phone", "other_phone", "phone_2", "phone_3")
_FLAGS = {"do_not_call": "no_call", "do_not_mail": "no_mail", "decides": "decides"}
_NOBODY = frozenset(("unassigned", "nobody", "no owner", "не назначен", "не назначено", "не призначено"))


def reader_of(reading: Reading, field: str, at: int) -> CellReader:
    """What reads the cells of a column of this field."""
    if field in NAMES:
        return partial(_name, field=field)
    if field in TEXTS:
        return partial(_text, field=field)
    if field in _PHONE_FIELDS:
        return partial(_phones, label=_PHONES.get(field, ""))
    if field in ("email", "email_2"):
        return _emails
    if field in MESSENGERS:
        return partial(_messenger, channel=Channel(field))
    if field in _FLAGS:
        return partial(_flag, name=_FLAGS[field])
    if field in TIMES:
        return partial(_time, name=field, parse=reading.file.times(at, reading.zone))
    return _READERS[field]


def _name(cells: Cells, header: str, cell: str, *, field: str) -> None:
    """A name may look like a placeholder ("Na", "Null"); signs that say nothing are no name."""
    text = " ".join(cell.split())
    if not text.isalpha() and cells.reading.file.means_empty(text):
        cells.draft.original[header] = cell
    else:
        _put(cells, header, cell, field, text)


def _text(cells: Cells, header: str, cell: str, *, field: str) -> None:
    if cells.reading.file.means_empty(cell):
        cells.draft.original[header] = cell
    else:
        _put(cells, header, cell, field, cell.strip())


def _put(cells: Cells, header: str, cell: str, field: str, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        cells.warn(header, f"longer than {LONGEST_TEXT} characters; kept as an extra field.")
        cells.draft.fields[header] = cell
        return
    cells.values[field] = text
    if text != cell:
        cells.draft.original[header] = cell


def _middle_name(cells: Cells, header: str, cell: str) -> None:
    cells.draft.original[header] = cell
    if not cells.reading.file.means_empty(cell):
        cells.middle_name = " ".join(cell.split())


def _external_id(cells: Cells, header: str, cell: str) -> None:
    _text(cells, header, cell, field="external_id")
    if "external_id" in cells.values:
        cells.values["external_system"] = header


def _country(cells: Cells, header: str, cell: str) -> None:
    code = country_code(cell)
    if code != cell:
        cells.draft.original[header] = cell
    if code:
        cells.values["country"] = code
    elif not cells.reading.file.means_empty(cell):
        cells.warn(header, f"“{cell}” is not a country I know; kept as written.")


def _zone(cells: Cells, header: str, cell: str) -> None:
    zone = cell.strip()
    if zone != cell or not is_zone(zone):
        cells.draft.original[header] = cell
    if is_zone(zone):
        cells.values["zone"] = zone
    elif not cells.reading.file.means_empty(cell):
        cells.warn(header, f"“{cell}” is not a time zone like Europe/Kyiv; kept as written.")


def _phones(cells: Cells, header: str, cell: str, *, label: str) -> None:
    cells.draft.original[header] = cell
    if cells.reading.file.means_empty(cell):
        return
    for piece in split_phones(cell):
        point = _add(cells, PointInput(Channel.PHONE, piece, label))
        if point and not point.usable:
            cells.warn(header, f"“{piece}” is no valid phone number; kept and marked invalid.")


def _emails(cells: Cells, header: str, cell: str) -> None:
    cells.draft.original[header] = cell
    if cells.reading.file.means_empty(cell):
        return
    for piece in split_emails(cell):
        point = _add(cells, PointInput(Channel.EMAIL, piece))
        if point and not point.usable:
            cells.warn(header, f"“{piece}” is no e-mail address; kept and marked invalid.")


def _messenger(cells: Cells, header: str, cell: str, *, channel: Channel) -> None:
    cells.draft.original[header] = cell
    if not cells.reading.file.means_empty(cell):
        _add(cells, PointInput(channel, cell))


def _add(cells: Cells, given: PointInput) -> ContactPoint | None:
    """The new point; None where the row has it already."""
    points = cells.draft.points
    point = new_point(given, cells.region, len(points))
    for at, there in enumerate(points):
        if there.channel is point.channel and (there.key, there.value) == (point.key, point.value):
            points[at] = replace(there, label=there.label or point.label)
            return None
    points.append(point)
    return point


def _flag(cells: Cells, header: str, cell: str, *, name: str) -> None:
    cells.draft.original[header] = cell
    said = cells.reading.file.yes_no(cell)
    if said is not None:
        cells.values[name] = said
    elif not cells.reading.file.means_empty(cell):
        cells.warn(header, f"“{cell}” says neither yes nor no; kept as written.")


def _temperature(cells: Cells, header: str, cell: str) -> None:
    cells.draft.original[header] = cell
    if cells.reading.file.means_empty(cell):
        return
    word = cells.ours("temperature", " ".join(cell.split()))
    if word:
        cells.values["temperature"] = Temperature(word)
    else:
        cells.warn(header, f"“{cell}” is neither cold, warm nor hot; kept as written.")


def _status(cells: Cells, header: str, cell: str) -> None:
    text = " ".join(cell.split())
    cells.draft.original[header] = cell
    if cells.says_nothing("status", text):
        return
    word = cells.ours("status", text)
    if word is None:
        cells.warn(header, f"“{text}” is no status I know; the lead is new, the word is kept.")
    status = Status(word) if word else Status.NEW
    values = cells.values
    if status is Status.CONVERTED:
        status = Status.IN_PROGRESS
        values["tags"] = (*values.get("tags", ()), CONVERTED_TAG)
    values["status"] = status
    if status in (Status.IN_PROGRESS, Status.QUALIFIED):
        values["retry_at"] = cells.reading.now
    elif status is not Status.NEW:
        values["parked_why"] = f"{text} (from the file)"
    if status is Status.REFUSED:
        cells.draft.refusal = f"{text} (from {cells.reading.file.name})"


def _time(cells: Cells, header: str, cell: str, *, name: str, parse: Callable[[str], datetime | None]) -> None:
    cells.draft.original[header] = cell
    moment = parse(cell)
    if moment is None:
        if not cells.reading.file.means_empty(cell):
            cells.warn(header, f"“{cell}” is no time I can read; kept as written.")
        return
    if moment > cells.reading.now:
        cells.warn(header, f"“{cell}” is in the future; taken as today.")
        moment = cells.reading.now
    cells.values[name] = moment


def _outcome(cells: Cells, header: str, cell: str) -> None:
    cells.draft.original[header] = cell
    text = " ".join(cell.split())
    if cells.says_nothing("outcome", text):
        return
    cells.draft.outcome = cells.ours("outcome", text) or ""
    if not cells.draft.outcome:
        cells.warn(header, f"“{text}” is no outcome of a call I know; kept as written.")


def _owner(cells: Cells, header: str, cell: str) -> None:
    cells.draft.original[header] = cell
    text = " ".join(cell.split())
    if text.casefold() not in _NOBODY and not cells.reading.file.means_empty(text):
        cells.draft.owner = cells.named("owner", text)


def _source(cells: Cells, header: str, cell: str) -> None:
    cells.draft.original[header] = cell
    text = " ".join(cell.split())
    if not cells.reading.file.means_empty(text):
        cells.draft.source = cells.named("source", text)


def _note(cells: Cells, header: str, cell: str) -> None:
    cells.draft.original[header] = cell
    if not cells.reading.file.means_empty(cell):
        cells.draft.notes.append(cell.strip())


def _tags(cells: Cells, header: str, cell: str) -> None:
    cells.draft.original[header] = cell
    if cells.reading.file.means_empty(cell):
        return
    parted = cell.replace(";", ",").replace("\n", ",").split(",")
    tags = dict.fromkeys(" ".join(tag.split()) for tag in parted if tag.strip())
    cells.values["tags"] = tuple({**dict.fromkeys(cells.values.get("tags", ())), **tags})


def _part(cells: Cells, header: str, cell: str) -> None:
    """A country code, an area or an extension is read with its number."""
    cells.draft.original[header] = cell


def _ignored(_cells: Cells, _header: str, _cell: str) -> None:
    """Our own words about a row left out."""


_READERS: dict[str, CellReader] = {
    IGNORED: _ignored,
    "phone_code": _part,
    "phone_area": _part,
    "phone_extension": _part,
    "middle_name": _middle_name,
    "external_id": _external_id,
    "country": _country,
    "zone": _zone,
    "temperature": _temperature,
    "status": _status,
    "outcome": _outcome,
    "owner": _owner,
    "source": _source,
    "note": _note,
    "tags": _tags,
}
