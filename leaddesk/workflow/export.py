"""What leaves the desk as a list: rows of one kind, read some hundreds at a time so that memory never grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Question
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake_cells import AS_THEY_STAND
from leaddesk.workflow.vocabulary import Channel, Status

if TYPE_CHECKING:
    from datetime import datetime

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


CONDITIONS: dict[Kind, tuple[str, ...]] = {
    Kind.LEADS: ("status", "owner", "source", "search"),
    Kind.CLIENTS: ("owner", "search"),
    Kind.REFUSALS: ("reason", "owner"),
    Kind.CALLS: ("outcome", "owner"),
}
"""What `--where` may ask of each kind; a refusal's and a call's owner is who wrote it."""


@dataclass(frozen=True)
class Where:
    """Simple conditions, all of which hold; values of one key parted by commas are alternatives."""

    kind: Kind
    conditions: dict[str, tuple[str, ...]] = field(default_factory=dict)


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
        values = (value.strip(),) if key == "search" else tuple(part.strip() for part in value.split(","))
        if key == "status":
            values = tuple(part.casefold().replace(" ", "_") for part in values)
            wrong = [part for part in values if part not in set(Status)]
            if wrong:
                raise Refused(f"There is no status “{wrong[0]}”. There are: {', '.join(Status)}.", field="where")
        found[key] = values
    return Where(kind, found)


@dataclass(frozen=True, slots=True)
class LeadOut:
    """A lead with everything that leaves with it. `columns` are those of its file: header → field, "" for extra."""

    id: int
    lead: Lead
    source: str
    owner: str
    points: tuple[ContactPoint, ...]
    notes: tuple[str, ...]
    fields: dict[str, str]
    original: dict[str, str]
    columns: dict[str, str]


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


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide the table is: the most phones and e-mails on one card, and the headers of the files cards came by."""

    phones: int
    emails: int
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportShape(Question[Shape]):
    """The shape of all cards of a kind, whatever the conditions: it is asked before the first row is read."""

    kind: Kind


Cells = list["str | int | bool | datetime | None"]

LEAD_TEXTS = (
    "name first_name last_name company role decides interest industry website budget country region city address "
    "postal_code language zone"
).split()
OUR_COLUMNS = frozenset(("id", "do_not_call", "do_not_mail", "external_id", "last_call_at", "return_at", "client_id"))
"""Columns by which a list of leads is known to be our own."""
_MESSENGERS = ("telegram", "whatsapp", "viber", "skype", "linkedin", "facebook")


def rows_of(desk: Desk, where: Where) -> Iterator[RowOut]:
    """Every row that fits, read chunk by chunk; rows added meanwhile come too, none comes twice."""
    after = 0
    while rows := desk.read(ExportRows(where, after)):
        yield from rows
        after = rows[-1].id


def numbered(name: str, count: int) -> list[str]:
    """phone, phone_2, phone_3, …: at least one."""
    return [name, *(f"{name}_{at}" for at in range(2, count + 1))]


class LeadTable:
    """Leads as a table: our fields by their names, then the files' own columns under their own headers."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.ours = [
            "id", *LEAD_TEXTS, *numbered("phone", shape.phones), *numbered("email", shape.emails), *_MESSENGERS,
            "status", "temperature", "score", "source", "owner", "do_not_call", "do_not_mail", "tags", "note",
            "created_at", "last_call_at", "return_at", "external_id", "client_id",
        ]  # fmt: skip
        ours = set(self.ours)
        taken = ours | set(shape.headers)
        self._theirs: list[tuple[str, str]] = []
        for header in shape.headers:
            name = header
            while header in ours and name in taken:
                name += " (original)"
            taken.add(name)
            self._theirs.append((name, header))

    @property
    def columns(self) -> list[str]:
        """The header."""
        return [*self.ours, *(name for name, _ in self._theirs)]

    def row(self, out: LeadOut) -> Cells:
        """One lead's cells."""
        lead = out.lead
        cells: Cells = [lead.id, *(getattr(lead, name) for name in LEAD_TEXTS)]
        cells += _padded([_number(p) for p in out.points if p.channel is Channel.PHONE], self.shape.phones)
        cells += _padded([p.value for p in out.points if p.channel is Channel.EMAIL], self.shape.emails)
        cells += ["; ".join(p.value for p in out.points if p.channel == name) for name in _MESSENGERS]
        cells += [
            lead.status.value, lead.temperature.value, lead.score, out.source, out.owner, lead.no_call, lead.no_mail,
            ", ".join(lead.tags), "\n".join(out.notes), lead.created_at, lead.last_call_at, lead.return_at,
            lead.external_id, lead.client_id,
        ]  # fmt: skip
        return [*cells, *(self.original(out, header) for _, header in self._theirs)]

    @staticmethod
    def original(out: LeadOut, header: str) -> str:
        """The cell under a file's header: as it stood, or as it is stored where storing changed nothing."""
        text = out.original.get(header) or out.fields.get(header)
        if text is not None:
            return text
        name = out.columns.get(header, "")
        return str(getattr(out.lead, name)) if name in AS_THEY_STAND else ""


class ClientTable:
    """Client cards as a table."""

    TEXTS = (
        "name company legal_name tax_number registration_number country city legal_address postal_address contract "
        "invoice language website industry"
    ).split()

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.columns = [
            "id", *self.TEXTS, *numbered("phone", shape.phones), *numbered("email", shape.emails), "messengers",
            "owner", "people", "leads", "note", "created_at",
        ]  # fmt: skip

    def row(self, out: ClientOut) -> Cells:
        """One client's cells."""
        client = out.client
        cells: Cells = [client.id, *(getattr(client, name) for name in self.TEXTS)]
        cells += _padded([_number(p) for p in out.points if p.channel is Channel.PHONE], self.shape.phones)
        cells += _padded([p.value for p in out.points if p.channel is Channel.EMAIL], self.shape.emails)
        others = (p for p in out.points if p.channel not in (Channel.PHONE, Channel.EMAIL))
        people = (", ".join(filter(None, (p.name, p.role, p.phone, p.email))) for p in out.people)
        return [
            *cells, "; ".join(f"{p.channel}: {p.value}" for p in others), out.owner, "; ".join(people),
            ", ".join(map(str, out.leads)), "\n".join(out.notes), client.created_at,
        ]  # fmt: skip


class RefusalTable:
    """Refusals as a table."""

    def __init__(self, _shape: Shape) -> None:
        self.columns = (
            "id at lead_id lead reason reason_title words competitor change_mind return_at returned_at suppressed user"
        ).split()

    def row(self, out: RefusalOut) -> Cells:
        """One refusal's cells."""
        r = out.refusal
        return [
            r.id, r.at, r.lead_id, out.lead, r.reason, out.reason, r.words, r.competitor, r.change_mind, r.return_at,
            r.returned_at, r.suppressed, out.user,
        ]  # fmt: skip


class CallTable:
    """Calls as a table."""

    def __init__(self, _shape: Shape) -> None:
        self.columns = (
            "id started_at lead_id client_id title phone outcome outcome_title duration_s note attempt part user"
        ).split()

    def row(self, out: CallOut) -> Cells:
        """One call's cells."""
        c = out.call
        return [
            c.id, c.started_at, c.lead_id, c.client_id, out.title, c.phone, c.outcome, out.outcome, c.duration_s,
            c.note, c.attempt, c.part.value if c.part else "", out.user,
        ]  # fmt: skip


def _number(point: ContactPoint) -> str:
    """E.164 where it is known, as COMMAND_LINE promises; else as written."""
    return point.key or point.value


def _padded(values: list[str], width: int) -> list[str]:
    return [*values[:width], *[""] * (max(1, width) - len(values))]
