"""Leads: adding, editing (two people at once included), notes, and the numbers and addresses on the card."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from leaddesk.workflow.derived import refresh
from leaddesk.workflow.desk import Command
from leaddesk.workflow.entities import Lead, LeadExtra, Note, Source
from leaddesk.workflow.errors import Conflict, Refused
from leaddesk.workflow.lifecycle import check_move
from leaddesk.workflow.points import PointInput, new_point, put_point
from leaddesk.workflow.vocabulary import Channel, PartOfDay, Role, SourceKind, Status, Temperature

if TYPE_CHECKING:
    from leaddesk.workflow.entities import Client
    from leaddesk.workflow.ports import Work

EDITABLE = [
    "name",
    "first_name",
    "last_name",
    "company",
    "role",
    "decides",
    "interest",
    "industry",
    "website",
    "budget",
    "country",
    "region",
    "city",
    "address",
    "postal_code",
    "language",
    "zone",
    "temperature",
    "source_id",
    "preferred_channel",
    "preferred_part",
    "no_call",
    "no_mail",
    "tags",
    "suspicion_ok",
    "idle_ok",
]
"""Fields a person may edit on the card; the rest follow from deeds."""

LONGEST_TEXT = 20_000


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values, cleaned, in the types of `Lead`. Raises `Refused` naming the field that does not fit."""
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Refused(
            f"A lead has no field “{min(unknown)}” to edit. There are: {', '.join(EDITABLE)}.", field=min(unknown)
        )
    return {name: _checked(name, value) for name, value in values.items()}


_KINDS: dict[str, type[Temperature | Channel | PartOfDay]] = {
    "temperature": Temperature,
    "preferred_channel": Channel,
    "preferred_part": PartOfDay,
}


_FLAGS = ("no_call", "no_mail", "suspicion_ok", "idle_ok")


def _checked(name: str, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
        if len(value) > LONGEST_TEXT:
            raise Refused(f"{name}: at most {LONGEST_TEXT} characters; put the rest into a note.", field=name)
    if name in _KINDS:
        return _one_of(name, value)
    if name == "country" and value:
        from leaddesk.workflow.countries import country_code

        code = country_code(value)
        if code is None:
            raise Refused(f"“{value}” is not a country I know. Write its name or two letters, such as UA.", field=name)
        return code
    if name == "zone" and value:
        from leaddesk.workflow.zones import is_zone

        if not is_zone(value):
            raise Refused(f"“{value}” is not a time zone. Write one such as Europe/Kyiv.", field=name)
    if name == "tags":
        return _tags(value)
    if not _fits(name, value):
        raise Refused(f"{name.replace('_', ' ')} cannot be “{value}”.", field=name)
    return value


def _fits(name: str, value: Any) -> bool:
    if value is None:
        return name in ("decides", "source_id")
    if name == "source_id":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, bool if name in (*_FLAGS, "decides") else str)


def _tags(value: Any) -> tuple[str, ...]:
    """Tags as typed, or one by one; each on one line, none empty."""
    tags = value.split(",") if isinstance(value, str) else value
    if not isinstance(tags, list | tuple) or not all(isinstance(tag, str) for tag in tags):
        raise Refused("Tags are words, parted by commas.", field="tags")
    return tuple(filter(None, (" ".join(tag.split()) for tag in tags)))


def _one_of(name: str, value: Any) -> Any:
    if value in (None, "") and name != "temperature":
        return None
    try:
        return _KINDS[name](str(value).casefold())
    except ValueError:
        names = ", ".join(_KINDS[name])
        raise Refused(f"{name}: one of {names}, not “{value}”.", field=name) from None


def find_or_add_source(work: Work, name: str, kind: SourceKind = SourceKind.NET) -> int | None:
    """The id of a source by name, whatever its case; a new one is made. None for no name."""
    from leaddesk.workflow.sources import SourceByName

    name = name.strip()
    if not name:
        return None
    known = work.ask(SourceByName(name))
    return known.id if known else work.add(Source(name=name, kind=kind)).id


@dataclass(frozen=True, kw_only=True)
class AddLead(Command[Lead]):
    """A new lead. Duplicates by number or address are refused by name unless `even_if_known`.

    `values` are fields of `EDITABLE`; `points` its phones, addresses, messengers.
    """

    values: dict[str, Any]
    points: tuple[PointInput, ...] = ()
    source: str = ""
    note: str = ""
    owner_id: int | None = None
    region: str = ""
    even_if_known: bool = False

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` for a lead without anybody or anything to reach, or one we have already."""
        from leaddesk.workflow.duplicates import refuse_known

        if work.user.role is Role.OPERATOR and self.owner_id not in (None, work.user.id):
            raise Refused("Only a team lead gives leads to others. Add it for yourself or the pool.", field="owner")
        values = checked(self.values)
        if not any(values.get(name) for name in ("name", "company")) and not self.points:
            raise Refused("A lead needs at least a name, a company, a phone or an e-mail.", field="name")
        region = self.region or values.get("country") or work.settings.text("phones.region")
        points = [new_point(p, region, position) for position, p in enumerate(self.points)]
        if not self.even_if_known:
            refuse_known(work, points)
        owner = self.owner_id
        lead = work.add(
            Lead(
                **values,
                source_id=find_or_add_source(work, self.source),
                owner_id=owner,
                first_assigned_at=work.now if owner else None,
                assigned_at=work.now if owner else None,
            )
        )
        for point in points:
            work.add(replace(point, lead_id=lead.id))
        if self.note.strip():
            work.add(Note(lead_id=lead.id, user_id=work.user.id, at=work.now, text=self.note.strip()))
        work.words = f"Added {lead.title}"
        return refresh(work, lead)


@dataclass(frozen=True, kw_only=True)
class EditLead(Command[Lead]):
    """Change fields of a card.

    With `base` (the values the editor saw) fields that somebody else changed meanwhile are noticed: different
    fields merge, the same field raises `Conflict` with both values. Without it the new values simply stand.
    """

    lead_id: int
    values: dict[str, Any]
    base: dict[str, Any] = field(default_factory=dict)
    points: tuple[PointInput, ...] = ()

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` naming the field, or `Conflict`."""
        lead = work.get(Lead, self.lead_id)
        values = checked(self.values)
        if values.get("suspicion_ok", lead.suspicion_ok) != lead.suspicion_ok:
            _refuse_judging(work)
        refuse_clashes(lead, values, self.base)
        if "name" in values and not {"first_name", "last_name"} & set(values) and values["name"] != lead.name:
            values |= {"first_name": "", "last_name": ""}
        lead = work.change(lead, **values)
        if "idle_ok" in values:
            from leaddesk.workflow.tasks import check_next_step

            check_next_step(work, lead)
        for given in self.points:
            put_point(work, lead, given)
        edited = [*self.values, *(str(given.channel) for given in self.points)]
        work.words = f"Edited {lead.title}: {', '.join(edited)}"
        return refresh(work, lead)


def _refuse_judging(work: Work) -> None:
    """Whether a suspicious lead is real is a team lead's word, by whichever way it is given."""
    if not work.user.role.covers(ConfirmLead.role):
        raise Refused("Whether a suspicious lead is real is for your team lead to say.", field="suspicion_ok")


def refuse_clashes(row: Lead | Client, values: dict[str, Any], base: dict[str, Any]) -> None:
    """Raise `Conflict` if both sides changed the same field to different things since `base`."""
    stored = {name: getattr(row, name) for name in values if name in base}
    clashes: dict[str, tuple[object, object]] = {
        name: (theirs, values[name]) for name, theirs in stored.items() if theirs not in (base[name], values[name])
    }
    if clashes:
        raise Conflict(
            f"Somebody changed {', '.join(sorted(clashes))} of {row.title} while you were editing. Choose theirs or yours.",
            clashes=clashes,
            version=row.version,
        )


@dataclass(frozen=True)
class EditExtras(Command[LeadExtra]):
    """Change the extra fields that came with a file; an empty value removes one."""

    lead_id: int
    fields: dict[str, str]

    def handle(self, work: Work) -> LeadExtra:
        """Raises `Refused` if the lead is not there."""
        lead = work.get(Lead, self.lead_id)
        found = work.find(LeadExtra, id=lead.id)
        row = found[0] if found else work.add(LeadExtra(id=lead.id))
        kept = {k: v for k, v in {**row.fields, **self.fields}.items() if v}
        work.words = f"Edited {lead.title}: {', '.join(self.fields)}"
        return work.change(row, fields=kept)


@dataclass(frozen=True)
class AddNote(Command[Note]):
    """Write something down on a lead's card, or on a client's."""

    text: str
    lead_id: int | None = None
    client_id: int | None = None

    def handle(self, work: Work) -> Note:
        """Raises `Refused` for an empty note."""
        from leaddesk.workflow.entities import Client

        text = self.text.strip()
        if not text:
            raise Refused("The note is empty. Write something first.", field="text")
        card = work.get(Lead, self.lead_id) if self.lead_id else work.get(Client, self.client_id or 0)
        note = work.add(
            Note(lead_id=self.lead_id, client_id=self.client_id, user_id=work.user.id, at=work.now, text=text)
        )
        if self.lead_id:
            work.save_draft(f"lead:{self.lead_id}:note", "")
        work.words = f"Note on {card.title}"
        return note


@dataclass(frozen=True)
class Qualify(Command[Lead]):
    """The lead fits: in the market, able to buy."""

    lead_id: int

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` for an illegal move."""
        lead = work.get(Lead, self.lead_id)
        status = check_move(lead, Status.QUALIFIED)
        retry = lead.retry_at or work.now
        lead = work.change(lead, status=status, return_at=None, parked_why="", retry_at=retry)
        work.words = f"Qualified {lead.title}"
        return refresh(work, lead)


@dataclass(frozen=True)
class Disqualify(Command[Lead]):
    """Not a lead: spam, a competitor's probe, the wrong person, not in the market."""

    lead_id: int
    why: str

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` without a reason or for an illegal move."""
        from leaddesk.workflow.tasks import drop_open_tasks

        if not self.why.strip():
            raise Refused("Say why it is not a lead: spam, competitor, wrong person, not in the market…", field="why")
        lead = work.get(Lead, self.lead_id)
        status = check_move(lead, Status.DISQUALIFIED)
        drop_open_tasks(work, lead, "disqualified")
        work.words = f"Disqualified {lead.title}: {self.why.strip()}"
        return work.change(
            lead, status=status, parked_why=self.why.strip(), retry_at=None, return_at=None, came_back_at=None
        )


@dataclass(frozen=True)
class ConfirmLead(Command[Lead]):
    """A team lead looked at a suspicious lead and says it is real: it enters the queue."""

    lead_id: int
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` if nothing about it is suspicious."""
        lead = work.get(Lead, self.lead_id)
        if not lead.suspicion or lead.suspicion_ok:
            raise Refused(f"Nothing about {lead.title} is held back.", field="lead_id")
        work.words = f"Confirmed {lead.title}"
        return refresh(work, work.change(lead, suspicion_ok=True))


@dataclass(frozen=True)
class SaveDraft(Command[None]):
    """Keep what is being typed, so that a crash loses nothing; empty text forgets it.

    `place` says where, such as "lead:12:note".
    """

    place: str
    text: str
    journalled: ClassVar[bool] = False
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> None:
        """Nothing to refuse."""
        work.save_draft(self.place, self.text)
