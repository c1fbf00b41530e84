"""What leaves the desk as a list: which cards, in which order, read some hundreds at a time so that memory never grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from leaddesk.workflow.cards import Ids
from leaddesk.workflow.desk import Question
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Status, Temperature

if TYPE_CHECKING:
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import Call, Client, ClientPerson, ContactPoint, Lead, Refusal

CHUNK = 500
"""Rows read at once."""


class Kind(StrEnum):
    """What can be exported."""

    LEADS = "leads"
    CLIENTS = "clients"
    REFUSALS = "refusals"
    CALLS = "calls"


DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
"""What may stand between the cells of a .csv file, by name: what spreadsheets and our own reader take for one."""
CARD_VERSIONS = ("3.0", "4.0")


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a file is written. Spreadsheets tell UTF-8 by its `mark`; phones read version 3.0 of vCards best."""

    delimiter: str = ","
    mark: bool = True
    cards: str = "3.0"


USUAL_FORM = FileForm()


def form_of(delimiter: str = "comma", cards: str = "3.0", *, mark: bool = True) -> FileForm:
    """The form a person asked for; the delimiter by its name or its sign. Raises `Refused` for any other."""
    sign = DELIMITERS.get(delimiter.strip().casefold(), delimiter.replace("\\t", "\t"))
    if sign not in DELIMITERS.values():
        raise Refused(f"“{delimiter}” does not part cells. Choose one of: {', '.join(DELIMITERS)}.", field="delimiter")
    if cards not in CARD_VERSIONS:
        raise Refused(f"There is no vCard {cards} to write. Choose {' or '.join(CARD_VERSIONS)}.", field="vcard")
    return FileForm(sign, mark, cards)


CONDITIONS: dict[Kind, tuple[str, ...]] = {
    Kind.LEADS: ("status", "owner", "source", "search", "temperature", "country", "tag", "from", "to"),
    Kind.CLIENTS: ("owner", "search", "country", "from", "to"),
    Kind.REFUSALS: ("reason", "owner", "from", "to"),
    Kind.CALLS: ("outcome", "owner", "from", "to"),
}
"""What `--where` may ask of each kind. A refusal's and a call's owner is who wrote it; `from` and `to` are days (UTC,
both included) on which a card was made, or a refusal or call happened."""
_DAYS = ("from", "to")
_WORDS: dict[str, type[Status | Temperature]] = {"status": Status, "temperature": Temperature}


@dataclass(frozen=True)
class Where:
    """Simple conditions, all of which hold; values of one key parted by commas are alternatives."""

    kind: Kind
    conditions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def since(self) -> datetime | None:
        """The first moment, None for any."""
        return _midnight(self.conditions["from"][0]) if "from" in self.conditions else None

    @property
    def before(self) -> datetime | None:
        """The moment after the last, None for any."""
        return _midnight(self.conditions["to"][0]) + timedelta(days=1) if "to" in self.conditions else None


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def where_of(kind: Kind, conditions: Sequence[str]) -> Where:
    """Read `status=new,qualified` and the like. Raises `Refused` naming what can be asked."""
    found: dict[str, tuple[str, ...]] = {}
    for condition in conditions:
        key, sign, value = condition.partition("=")
        key = key.strip().casefold()
        if not sign or key not in CONDITIONS[kind]:
            raise Refused(
                f"“{condition}” is no condition for {kind}. Write KEY=VALUE with one of: {', '.join(CONDITIONS[kind])}.",
                field="where",
            )
        if key in found:
            raise Refused(f"“{key}” is asked twice. Part the values by commas: {key}=ONE,OTHER.", field="where")
        found[key] = _values(key, value)
    return Where(kind, found)


def _values(key: str, value: str) -> tuple[str, ...]:
    if key == "search":
        return (value.strip(),)
    values = tuple(part.strip() for part in value.split(","))
    if key in _WORDS:
        values = tuple(part.casefold().replace(" ", "_") for part in values)
        wrong = [part for part in values if part not in set(_WORDS[key])]
        if wrong:
            raise Refused(f"There is no {key} “{wrong[0]}”. There are: {', '.join(_WORDS[key])}.", field="where")
    if key == "country":
        return tuple(_country(part) for part in values)
    if key in _DAYS:
        try:
            _midnight(value.strip())
        except ValueError:
            raise Refused(f"“{value}” is no day. Write it as 2026-03-31.", field="where") from None
        return (value.strip(),)
    return values


def _country(text: str) -> str:
    from leaddesk.workflow.countries import country_code

    code = country_code(text)
    if code is None:
        raise Refused(f"“{text}” is not a country I know. Write its name or two letters, such as UA.", field="where")
    return code


@dataclass(frozen=True, slots=True)
class LeadOut:
    """A lead with everything that leaves with it. `columns` are those of its file: header → field, "" for extra.

    `refusal` is the newest that was not taken back; `barred` are the keys of its numbers and addresses that nobody
    may call or write to; `letter` says what became of the newest letter.
    """

    id: int
    lead: Lead
    source: str
    owner: str
    points: tuple[ContactPoint, ...]
    notes: tuple[str, ...]
    fields: dict[str, str]
    original: dict[str, str]
    columns: dict[str, str]
    refusal: Refusal | None = None
    barred: frozenset[str] = frozenset()
    letter: str = ""


@dataclass(frozen=True, slots=True)
class ClientOut:
    """A client card with everything that leaves with it."""

    id: int
    client: Client
    owner: str
    points: tuple[ContactPoint, ...]
    people: tuple[ClientPerson, ...]
    leads: tuple[int, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusalOut:
    """A refusal with the words for its ids."""

    id: int
    refusal: Refusal
    lead: str
    reason: str
    user: str


@dataclass(frozen=True, slots=True)
class CallOut:
    """A call with the words for its ids."""

    id: int
    call: Call
    title: str
    outcome: str
    user: str


RowOut = LeadOut | ClientOut | RefusalOut | CallOut


@dataclass(frozen=True)
class ExportRows(Question[list[RowOut]]):
    """The next rows after an id, in the order of their ids."""

    where: Where
    after: int = 0
    limit: int = CHUNK


@dataclass(frozen=True)
class ExportThese(Question[list[RowOut]]):
    """Rows by id, in the order of the ids; the ones gone, or not this user's to see, are left out."""

    kind: Kind
    ids: tuple[int, ...]


@dataclass(frozen=True)
class ExportIds(Question[Ids]):
    """Ids of what fits, in the order of one of its own columns, "-" before it for downwards. Raises `Refused`."""

    where: Where
    sort: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide the table is: the most phones and e-mails on one card, and the headers of the files cards came by."""

    phones: int
    emails: int
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportShape(Question[Shape]):
    """The shape of these cards, or of all of a kind whatever the conditions: it is asked before the first row is read."""

    kind: Kind
    ids: tuple[int, ...] | None = None


OUR_COLUMNS = frozenset(("id", "do_not_call", "do_not_mail", "external_id", "last_call_at", "return_at", "client_id"))
"""Columns by which a list of leads is known to be our own."""


def rows_of(desk: Desk, where: Where, sort: str = "") -> Iterator[RowOut]:
    """Every row that fits, read chunk by chunk; rows added meanwhile come too, none comes twice.

    With `sort` the order is that of the moment it is asked for: eight bytes for each row are kept.
    """
    if sort:
        ids = desk.read(ExportIds(where, sort))
        yield from these_rows(desk, where.kind, ids)
        return
    after = 0
    while rows := desk.read(ExportRows(where, after)):
        yield from rows
        after = rows[-1].id


def these_rows(desk: Desk, kind: Kind, ids: Sequence[int]) -> Iterator[RowOut]:
    """These cards in this order, read chunk by chunk."""
    for start in range(0, len(ids), CHUNK):
        yield from desk.read(ExportThese(kind, tuple(ids[start : start + CHUNK])))
