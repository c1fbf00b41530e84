"""Which field a column of a foreign list holds, told from its header in many languages.

Exact words only, after spelling is evened out: a column that is not surely known stays an extra field of the lead,
which loses nothing, while a wrong guess would put a newspaper's name into somebody's company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from leaddesk.exchange.words import dictionary, languages, plain, without_number
from leaddesk.workflow.errors import Refused

FIELDS: tuple[str, ...] = (
    "name", "first_name", "last_name", "middle_name", "salutation", "company", "role", "decides", "interest",
    "industry", "website", "phone", "mobile_phone", "work_phone", "home_phone", "other_phone", "fax", "email",
    "email_2", "phone_2", "phone_3", "telegram", "whatsapp", "viber", "skype", "linkedin", "facebook", "country",
    "region", "city", "address", "postal_code", "language", "zone", "source", "status", "temperature", "score",
    "owner", "created_at", "changed_at", "note", "tags", "external_id", "do_not_call", "do_not_mail", "tax_number",
    "registration_number", "budget", "campaign",
)  # fmt: skip
PHONES = ("phone", "mobile_phone", "work_phone", "home_phone", "other_phone", "phone_2", "phone_3")
EMAILS = ("email", "email_2")
SEVERAL = frozenset((*PHONES, *EMAILS, "fax"))  # a lead has as many of these as columns say
EXTRA = ("extra", "-", "")

_NEXT = {"phone": ("phone", "phone_2", "phone_3", "other_phone"), "email": ("email", "email_2")}
_WEAK = 100
_NUMBERED = 20


def map_headers(columns: Sequence[str], overrides: Mapping[str, str] | None = None) -> dict[str, str | None]:
    """Return the field of each column in the file's order; None is a column kept as an extra field.

    A field of which a lead has one (a company, a city) is given once, to the column whose name is the plainest word
    for it; several phones and e-mails are all taken. `overrides` say header → field as a person decided, “extra” or
    “-” for none; they come first. Raises Refused for a header or a field that is not there.
    """
    chosen = _decided(columns, overrides or {})
    taken = {field for field in chosen.values() if field is not None}
    several: list[tuple[int, str, str]] = []
    for _, at, field in sorted(_wishes(columns)):
        column = columns[at]
        if column in chosen:
            continue
        if field in SEVERAL:
            chosen[column] = field
            several.append((at, column, field))
        elif field not in taken:
            chosen[column] = field
            taken.add(field)
    for _, column, field in sorted(several):
        chosen[column] = _free(field, taken)
        taken.add(chosen[column] or "")
    _give_names(columns, chosen, taken)
    return {column: chosen.get(column) for column in columns}


def _give_names(columns: Sequence[str], chosen: dict[str, str | None], taken: set[str]) -> None:
    """“Nom” beside “Prénom” is the last name, “Имя” beside “Фамилия” the first, and each alone is the whole name.

    The title of a lead (“Request from the site”) is a name only where the file has no other.
    """
    for column in columns:
        if column not in chosen and _bare(column) in _listed("names"):
            first, last = "first_name" in taken, "last_name" in taken
            field = "name" if first == last else "first_name" if last else "last_name"
            if field not in taken:
                chosen[column] = field
                taken.add(field)
    for column in columns:
        known = taken & {"name", "first_name", "last_name"}
        if column not in chosen and not known and _bare(column) in _listed("titles"):
            chosen[column] = "name"
            taken.add("name")


def _free(field: str, taken: set[str]) -> str:
    """Give the second nameless phone the next place; the last place takes all that come after."""
    ladder = _NEXT.get(field, (field,))
    return next((place for place in ladder if place not in taken), ladder[-1])


def _decided(columns: Sequence[str], overrides: Mapping[str, str]) -> dict[str, str | None]:
    by_plain = {plain(column): column for column in reversed(columns)}
    chosen: dict[str, str | None] = {}
    for header, wish in overrides.items():
        column = header if header in columns else by_plain.get(plain(header)) if plain(header) else None
        if column is None:
            known = ", ".join(f"“{name}”" for name in columns)
            raise Refused(f"There is no column “{header}” in this file. It has: {known}.", field="map")
        field = wish.strip().casefold().replace("-", "_") if wish.strip() not in EXTRA else None
        if field in EXTRA:
            field = None
        if field is not None and field not in FIELDS:
            raise Refused(f"There is no field “{wish}”. Choose one of: {', '.join(FIELDS)}, extra.", field="map")
        other = next((name for name, given in chosen.items() if given == field and name != column), None)
        if field is not None and field not in SEVERAL and other is not None:
            raise Refused(f"Both “{other}” and “{column}” are to be {field}; a lead has one. Choose.", field="map")
        chosen[column] = field
    return chosen


def _wishes(columns: Sequence[str]) -> list[tuple[int, int, str]]:
    return [(rank, at, field) for at, column in enumerate(columns) for rank, field in _candidates(column)]


def _candidates(column: str) -> list[tuple[int, str]]:
    """Fields a header may mean, each with a rank: the lower, the surer."""
    word = plain(column)
    if not word:
        return []
    if word in _meanings():
        return _meanings()[word]
    bare, number = without_number(word)
    return [(rank + _NUMBERED * number, field) for rank, field in _meanings().get(bare, [])]


@cache
def _meanings() -> dict[str, list[tuple[int, str]]]:
    """Join the dictionaries of all languages: word → (rank, field).

    The rank is the word's place in its field's list; `weak` words mean one field or, where that is taken, another.
    """
    found: dict[str, dict[str, int]] = {}
    for language in languages():
        words = dictionary(language)
        for field in FIELDS:
            for rank, word in enumerate(words.get(field, ())):
                places = found.setdefault(plain(word), {})
                places[field] = min(rank, places.get(field, rank))
        for word, fields in words.get("weak", {}).items():
            places = found.setdefault(plain(word), {})
            for rank, field in enumerate(fields):
                places.setdefault(field, _WEAK + rank)
    return {word: [(rank, field) for field, rank in places.items()] for word, places in found.items()}


@cache
def _listed(section: str) -> frozenset[str]:
    """Words of a section that says more about them than one field."""
    return frozenset(plain(word) for language in languages() for word in dictionary(language).get(section, ()))


def _bare(column: str) -> str:
    return without_number(plain(column))[0]
