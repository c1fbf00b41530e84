"""Field by field: what a merged card takes from which of two, and how the rest is kept beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Status, Temperature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.workflow.entities import Lead, LeadExtra

KEEP, LOSE = "keep", "lose"


@dataclass(frozen=True, slots=True)
class Field:
    """A field people choose the value of. Fields of one `unit` belong together: a street is of its own city.

    Nothing of a unit is filled up from the card that goes where the two disagree on any part of it, but for the
    field the unit is named after: any name is better than none.
    """

    name: str
    words: str
    unit: str = ""


FIELDS = (
    Field("name", "Name", "name"),
    Field("first_name", "First name", "name"),
    Field("last_name", "Last name", "name"),
    Field("company", "Company"),
    Field("role", "Role"),
    Field("decides", "Decides"),
    Field("interest", "Interest"),
    Field("industry", "Industry"),
    Field("website", "Website"),
    Field("budget", "Budget"),
    Field("country", "Country", "place"),
    Field("region", "Region", "place"),
    Field("city", "City", "place"),
    Field("address", "Address", "place"),
    Field("postal_code", "Postal code", "place"),
    Field("zone", "Time zone", "place"),
    Field("language", "Language"),
    Field("preferred_channel", "Preferred channel"),
    Field("preferred_part", "Preferred time"),
    Field("external_system", "External system", "external"),
    Field("external_id", "External number", "external"),
    Field("temperature", "Temperature"),
    Field("source_id", "Source"),
    Field("owner_id", "Owner"),
)
BY_NAME = {field.name: field for field in FIELDS}
FOLLOWING = {"name": ("first_name", "last_name"), "external_id": ("external_system",)}
"""Who says where one of these comes from says it of the others, unless he speaks of them too."""

NEITHER_TYPED = ("source_id", "owner_id", "external_system", "external_id")
"""Fields that are taken from one of the two cards; nothing else can be written into them here."""

_ALIASES = {"source": "source_id", "owner": "owner_id"}
_HEAT = list(Temperature)


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids on the cards are called: sources, users, imported files."""

    sources: Mapping[int, str]
    users: Mapping[int, str]
    batches: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one field: the merged card has `value`, and `side` says whose it is ("" is typed)."""

    field: Field
    keep: Any
    lose: Any
    value: Any
    side: str

    @property
    def clash(self) -> bool:
        """Whether the cards say different things."""
        return not is_empty(self.keep) and not is_empty(self.lose) and not same(self.keep, self.lose)


def is_empty(value: object) -> bool:
    """Whether a field says nothing."""
    return value is None or value == ""


def same(one: object, other: object) -> bool:
    """Whether two values say the same; case and white space say nothing."""
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
    return one == other


def checked_choices(fields: Mapping[str, str]) -> dict[str, Any]:
    """The person's choices: keep, lose, or a value in the type of its field. Raises `Refused` naming the field."""
    from leaddesk.workflow.leads import checked

    choices: dict[str, Any] = {}
    for given, said in fields.items():
        name = _ALIASES.get(given, given)
        if name not in BY_NAME:
            names = ", ".join(BY_NAME).replace("_id,", ",")
            raise Refused(f"“{given}” is no field to choose. There are: {names}.", field=given)
        if said in (KEEP, LOSE):
            choices[name] = said
        elif name in NEITHER_TYPED:
            raise Refused(f"{BY_NAME[name].words} comes from one of the two cards: say keep or lose.", field=given)
        elif name == "decides":
            choices[name] = (_truth(said, given),)
        else:
            choices[name] = (checked({name: said})[name],)
    for leader, followers in FOLLOWING.items():
        for follower in followers if leader in choices else ():
            choices.setdefault(follower, choices[leader] if choices[leader] in (KEEP, LOSE) else ("",))
    return choices


def _truth(said: str, field: str) -> bool | None:
    words = {"yes": True, "no": False, "": None}
    if said.strip().casefold() not in words:
        raise Refused(f"Decides: yes or no, not “{said}”.", field=field)
    return words[said.strip().casefold()]


def taken_fields(keep: Lead, lose: Lead, choices: Mapping[str, Any]) -> list[Taken]:
    """What the merged card takes: what was chosen, else the kept card's value, else the other's."""
    apart = {
        field.unit
        for field in FIELDS
        if field.unit and Taken(field, getattr(keep, field.name), getattr(lose, field.name), None, "").clash
    }
    return [_taken(field, keep, lose, choices.get(field.name), apart) for field in FIELDS]


def _taken(field: Field, keep: Lead, lose: Lead, choice: Any, apart: set[str]) -> Taken:
    mine, theirs = getattr(keep, field.name), getattr(lose, field.name)
    if isinstance(choice, tuple):
        return Taken(field, mine, theirs, choice[0], "")
    side = choice or KEEP
    if choice is None:
        if field.name == "temperature":
            side = LOSE if _HEAT.index(theirs) > _HEAT.index(mine) else KEEP
        elif field.name == "source_id":
            older = LOSE if _age(lose) < _age(keep) else KEEP
            side = older if not is_empty(theirs if older == LOSE else mine) else LOSE if is_empty(mine) else KEEP
        elif is_empty(mine) and not is_empty(theirs) and (field.unit not in apart or field.name == field.unit):
            side = LOSE
    return Taken(field, mine, theirs, theirs if side == LOSE else mine, side)


def _age(lead: Lead) -> tuple[bool, float, int]:
    return lead.created_at is None, lead.created_at.timestamp() if lead.created_at else 0.0, lead.id


def in_words(name: str, value: Any, names: Names) -> str:
    """A field's value as people read it; "" for nothing."""
    if is_empty(value):
        return ""
    if name == "source_id":
        return names.sources.get(value, f"no. {value}")
    if name == "owner_id":
        return names.users.get(value, f"no. {value}")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Status):
        return value.words
    return str(value.value) if isinstance(value, Enum) else str(value)


def put_aside(fields: dict[str, str], header: str, value: str) -> None:
    """Keep a value among the extra fields; a header that stands there with another value gets a number."""
    number, name = 1, header
    while name in fields and fields[name] != value:
        number += 1
        name = f"{header} {number}"
    fields[name] = value


def kept_aside(taken: list[Taken], keep: Lead, lose: Lead, names: Names) -> dict[str, str]:
    """What the merged card's own fields do not say, under headers that say whose it was."""
    aside: dict[str, str] = {}
    for one in taken:
        for value, header in ((one.keep, before(one.field.words, lose)), (one.lose, merged(one.field.words, lose))):
            if one.field.name != "temperature" and not is_empty(value) and not same(value, one.value):
                put_aside(aside, header, in_words(one.field.name, value, names))
    if lose.batch_id is not None and (lose.batch_id, lose.batch_row) != (keep.batch_id, keep.batch_row):
        row = f", row {lose.batch_row}" if lose.batch_row is not None else ""
        put_aside(aside, merged("Imported from", lose), names.batches.get(lose.batch_id, "a file") + row)
    return aside


def merged(words: str, lose: Lead) -> str:
    """The header of something that stood on the card that goes."""
    return f"{words} (merged card {lose.id})"


def before(words: str, lose: Lead) -> str:
    """The header of something that stood on the kept card and gave way."""
    return f"{words} (before card {lose.id} was merged)"


def extras(keep: LeadExtra, lose: LeadExtra, gone: Lead) -> dict[str, str]:
    """The extra fields of both, and the loser's original cells, which no longer stand for the card's own columns."""
    fields = dict(keep.fields)
    for header, value in lose.fields.items():
        if header not in fields:
            fields[header] = value
        elif not same(fields[header], value):
            put_aside(fields, merged(header, gone), value)
    there = {*keep.original.values(), *fields.values()}
    for header, value in lose.original.items():
        if value and value not in there:
            put_aside(fields, merged(header, gone), value)
    return fields
