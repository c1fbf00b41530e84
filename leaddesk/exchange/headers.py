"""Which field a column of a foreign list holds, told from its header in many languages.

Exact words only, after spelling is evened out: a column that is not surely known stays an extra field of the lead,
which loses nothing, while a wrong guess would put a newspaper's name into somebody's company. What is nearly a known
word, and what the cells say, is `columns.understand`'s to weigh.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from leaddesk.exchange.words import dictionary, languages, plain, without_number
from leaddesk.workflow.errors import Refused

FIELDS: tuple[str, ...] = (
    "name", "first_name", "last_name", "middle_name", "salutation", "company", "role", "decides", "interest",
    "industry", "website", "phone", "mobile_phone", "work_phone", "home_phone", "other_phone", "fax", "email",
    "email_2", "phone_2", "phone_3", "telegram", "whatsapp", "viber", "skype", "linkedin", "facebook", "country",
    "region", "city", "address", "postal_code", "language", "zone", "source", "status", "temperature", "score",
    "owner", "created_at", "changed_at", "note", "tags", "external_id", "do_not_call", "do_not_mail", "tax_number",
    "registration_number", "budget", "campaign", "outcome", "last_call_at", "phone_code", "phone_area",
    "phone_extension",
)  # fmt: skip
PHONES = ("phone", "mobile_phone", "work_phone", "home_phone", "other_phone", "phone_2", "phone_3")
EMAILS = ("email", "email_2")
SEVERAL = frozenset((*PHONES, *EMAILS, "fax"))  # a lead has as many of these as columns say
EXTRA = ("extra", "-", "")

_NEXT = {"phone": ("phone", "phone_2", "phone_3", "other_phone"), "email": ("email", "email_2")}
_WEAK = 100
_NUMBERED = 20
_FOREIGN = 50
_ORDER = 1 / 1000  # of a rank: between equal ones the dictionary that comes first is believed

Against = Callable[[str, str], bool]
"""Says of a column and a field whether what stands in the column cannot be that."""


def map_headers(columns: Sequence[str], overrides: Mapping[str, str] | None = None) -> dict[str, str | None]:
    """Return the field of each column in the file's order; None is a column kept as an extra field.

    A field of which a lead has one (a company, a city) is given once, to the column whose name is the plainest word
    for it; several phones and e-mails are all taken. `overrides` say header → field as a person decided, “extra” or
    “-” for none; they come first. Raises Refused for a header or a field that is not there.
    """
    chosen = assign(columns, decided(columns, overrides or {}), lambda _column, _field: False)
    return {column: chosen.get(column) for column in columns}


def assign(columns: Sequence[str], given: Mapping[str, str | None], against: Against) -> dict[str, str | None]:
    """Add to what is `given` the columns whose header the dictionaries know; those left out are not known by it.

    `against` may know from a column's cells that it is not what its header says.
    """
    chosen = dict(given)
    taken = {field for field in chosen.values() if field is not None}
    several: list[tuple[int, str, str]] = []
    for _, at, field in sorted(_wishes(columns)):
        column = columns[at]
        if column in chosen or against(column, field):
            continue
        if field in SEVERAL:
            chosen[column] = field
            several.append((at, column, field))
        elif field not in taken:
            chosen[column] = field
            taken.add(field)
    for _, column, field in sorted(several):
        chosen[column] = next_place(field, taken)
        taken.add(chosen[column] or "")
    _give_names(columns, chosen, taken, against)
    return chosen


def _give_names(columns: Sequence[str], chosen: dict[str, str | None], taken: set[str], against: Against) -> None:
    """“Nom” beside “Prénom” is the last name, “Имя” beside “Фамилия” the first, and each alone is the whole name.

    The title of a lead (“Request from the site”) is a name only where the file has no other.
    """
    for column in columns:
        if column not in chosen and _bare(column) in listed("names"):
            first, last = "first_name" in taken, "last_name" in taken
            field = "name" if first == last else "first_name" if last else "last_name"
            if field not in taken and not against(column, field):
                chosen[column] = field
                taken.add(field)
    for column in columns:
        known = taken & {"name", "first_name", "last_name"}
        if column not in chosen and not known and _bare(column) in listed("titles") and not against(column, "name"):
            chosen[column] = "name"
            taken.add("name")


def next_place(field: str, taken: Collection[str]) -> str:
    """Give the second nameless phone the next place; the last place takes all that come after."""
    ladder = _NEXT.get(field, (field,))
    return next((place for place in ladder if place not in taken), ladder[-1])


def decided(columns: Sequence[str], overrides: Mapping[str, str]) -> dict[str, str | None]:
    """What a person chose, by column. Raises Refused for a header or a field that is not there, or a field twice."""
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


def _wishes(columns: Sequence[str]) -> list[tuple[float, int, str]]:
    votes = Counter(language for column in columns for language in _spoken(column))
    return [(rank, at, field) for at, column in enumerate(columns) for rank, field in _candidates(column, votes)]


def fields_of(word: str, *, weak: bool = True) -> list[str]:
    """Fields a header may mean, the likeliest first; none where it is not known. Without `weak` ones it surely means."""
    return [field for rank, field in sorted(_candidates(word, Counter())) if weak or rank < _WEAK]


def _spoken(column: str) -> set[str]:
    """Languages in which the header is a word for a field."""
    return {language for places in meanings().get(plain(column), {}).values() for language in places}


def _candidates(column: str, votes: Counter[str]) -> list[tuple[float, str]]:
    """Fields a header may mean, each with a rank: the lower, the surer.

    “Kraj” is a country in Polish and a region in Slovak: the language most headers of the file speak decides.
    """
    word = plain(column)
    number = 1
    if word not in meanings():
        word, number = without_number(word)
    fields = meanings().get(word, {})
    most = max((votes[language] for places in fields.values() for language in places), default=0)
    return [
        (
            _NUMBERED * (number - 1)
            + min(rank + _FOREIGN * (votes[language] < most) for language, rank in places.items()),
            field,
        )
        for field, places in fields.items()
    ]


@cache
def meanings() -> dict[str, dict[str, dict[str, float]]]:
    """Join the dictionaries of all languages: word → field → language → rank.

    The rank is the word's place in its field's list; `weak` words mean one field or, where that is taken, another.
    """
    found: dict[str, dict[str, dict[str, float]]] = {}
    for order, language in enumerate(languages()):
        words = dictionary(language)
        ranked = [(word, field, rank) for field in FIELDS for rank, word in enumerate(words.get(field, ()))] + [
            (word, field, _WEAK + at)
            for word, fields in words.get("weak", {}).items()
            for at, field in enumerate(fields)
        ]
        for word, field, rank in ranked:
            places = found.setdefault(plain(word), {}).setdefault(field, {})
            places[language] = min(rank + order * _ORDER, places.get(language, _WEAK * 2))
    return found


@cache
def listed(section: str) -> frozenset[str]:
    """Words of a section that says more about them than one field."""
    return frozenset(plain(word) for language in languages() for word in dictionary(language).get(section, ()))


def _bare(column: str) -> str:
    return without_number(plain(column))[0]
