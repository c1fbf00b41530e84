"""What leaves the desk as a table: the columns of each kind of row, and a row's cells under them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.export import Kind
from leaddesk.workflow.intake_cells import AS_THEY_STAND
from leaddesk.workflow.own_list import BARRED, join_notes, join_parts, join_tags
from leaddesk.workflow.vocabulary import MESSENGERS, Channel, PointState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from leaddesk.workflow.entities import ContactPoint
    from leaddesk.workflow.export import CallOut, ClientOut, LeadOut, RefusalOut, RowOut, Shape

Cells = list["str | int | bool | datetime | None"]

LEAD_TEXTS = (
    "name first_name last_name company role decides interest industry website budget country region city address "
    "postal_code language zone"
).split()


class RowTable(Protocol):
    """A kind of row as a table."""

    @property
    def columns(self) -> list[str]:
        """The header."""
        ...

    def row(self, out: Any) -> Cells:
        """One row's cells, as many as there are columns."""
        ...


def table_of(kind: Kind, shape: Shape) -> RowTable:
    """The whole table of a kind."""
    made: dict[Kind, RowTable] = {
        Kind.LEADS: LeadTable(shape),
        Kind.CLIENTS: ClientTable(shape),
        Kind.REFUSALS: RefusalTable(),
        Kind.CALLS: CallTable(),
    }
    return made[kind]


def narrowed(table: RowTable, wanted: Sequence[str]) -> tuple[list[str], list[int]]:
    """The columns asked for, each once, and their places; all for none. Raises `Refused` for one there is not."""
    columns = table.columns
    if not wanted:
        return columns, list(range(len(columns)))
    names = list(dict.fromkeys(name.strip() for name in wanted if name.strip()))
    wrong = [name for name in names if name not in columns]
    if wrong or not names:
        raise Refused(
            f"There is no column “{wrong[0] if wrong else ''}”. There are: {', '.join(columns)}.", field="columns"
        )
    return names, [columns.index(name) for name in names]


def cells_of(table: RowTable, places: Sequence[int], rows: Iterable[RowOut]) -> Iterator[Cells]:
    """Each row's cells at these places."""
    for row in rows:
        cells = table.row(row)
        yield [cells[at] for at in places]


def numbered(name: str, count: int) -> list[str]:
    """phone, phone_2, phone_3, …: at least one."""
    return [name, *(f"{name}_{at}" for at in range(2, count + 1))]


class LeadTable:
    """Leads as a table: our fields by their names, then the files' own columns under their own headers."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.ours = [
            "id", *LEAD_TEXTS, *numbered("phone", shape.phones), *numbered("email", shape.emails), *MESSENGERS,
            "status", "temperature", "score", "source", "owner", "do_not_call", "do_not_mail", "tags", "note",
            "created_at", "last_call_at", "return_at", "external_id", "client_id", "external_system", "phone_labels",
            "phone_states", "email_labels", "email_states", "preferred_channel", "preferred_part", "greet",
            "suspicion", "confirmed", "parked_why", "refusal_reason", "refusal_words", "refused_at", "retry_at", "attempts", "touches",
            "changed_at", "letter",
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
        lead, no = out.lead, out.refusal
        phones = [p for p in out.points if p.channel is Channel.PHONE]
        emails = [p for p in out.points if p.channel is Channel.EMAIL]
        return [
            lead.id, *(getattr(lead, name) for name in LEAD_TEXTS),
            *_padded([number_of(p) for p in phones], self.shape.phones),
            *_padded([p.value for p in emails], self.shape.emails),
            *(join_parts([p.value for p in out.points if p.channel == name]) for name in MESSENGERS),
            lead.status.value, lead.temperature.value, lead.score, out.source, out.owner, lead.no_call, lead.no_mail,
            join_tags(lead.tags), join_notes(out.notes), lead.created_at, lead.last_call_at, lead.return_at,
            lead.external_id, lead.client_id, lead.external_system, join_parts([p.label for p in phones]),
            _states(phones, out), join_parts([p.label for p in emails]), _states(emails, out),
            lead.preferred_channel and lead.preferred_channel.value, lead.preferred_part and lead.preferred_part.value,
            lead.greet, join_tags(lead.suspicion), lead.suspicion_ok, lead.parked_why, no.reason if no else "", no.words if no else "", no and no.at,
            lead.retry_at, lead.attempts, lead.touches, lead.changed_at, out.letter,
            *(self.original(out, header) for _, header in self._theirs),
        ]  # fmt: skip

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
            "owner", "people", "leads", "note", "created_at", "changed_at",
        ]  # fmt: skip

    def row(self, out: ClientOut) -> Cells:
        """One client's cells."""
        client = out.client
        cells: Cells = [client.id, *(getattr(client, name) for name in self.TEXTS)]
        cells += _padded([number_of(p) for p in out.points if p.channel is Channel.PHONE], self.shape.phones)
        cells += _padded([p.value for p in out.points if p.channel is Channel.EMAIL], self.shape.emails)
        others = (p for p in out.points if p.channel not in (Channel.PHONE, Channel.EMAIL))
        people = (", ".join(filter(None, (p.name, p.role, p.phone, p.email))) for p in out.people)
        return [
            *cells, "; ".join(f"{p.channel}: {p.value}" for p in others), out.owner, "; ".join(people),
            ", ".join(map(str, out.leads)), "\n".join(out.notes), client.created_at, client.changed_at,
        ]  # fmt: skip


class RefusalTable:
    """Refusals as a table."""

    def __init__(self) -> None:
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

    def __init__(self) -> None:
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


def number_of(point: ContactPoint) -> str:
    """E.164 where it is known, as COMMAND_LINE promises, with its extension; else as written."""
    digits, _, extension = point.value.partition(" ext. ")
    if not point.key:
        return point.value
    return f"{point.key} ext. {extension}" if digits and extension else point.key


def _states(points: Sequence[ContactPoint], out: LeadOut) -> str:
    """What is known of each, "" where nothing is known of any."""
    known = ("" if p.state is PointState.UNKNOWN else p.state.value for p in points)
    return join_parts(
        [f"{state} {BARRED}".strip() if p.key in out.barred else state for p, state in zip(points, known, strict=True)]
    )


def _padded(values: list[str], width: int) -> list[str]:
    return [*values[:width], *[""] * (max(1, width) - len(values))]
