"""Clients: the card a lead becomes on agreement, and keeping it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from leaddesk.workflow.desk import Command
from leaddesk.workflow.duplicates import Match, Matches, keys_of
from leaddesk.workflow.entities import Client, ClientPerson, ContactPoint, Lead, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import refuse_clashes
from leaddesk.workflow.lifecycle import check_move
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from leaddesk.workflow.calls import LogCall
    from leaddesk.workflow.ports import Work

EDITABLE = [
    "name",
    "legal_name",
    "company",
    "tax_number",
    "registration_number",
    "country",
    "city",
    "legal_address",
    "postal_address",
    "contract",
    "invoice",
    "language",
    "website",
    "industry",
    "owner_id",
]


@dataclass(frozen=True, slots=True)
class PersonInput:
    """A contact person as typed in."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    decides: bool | None = None


def person_of(client_id: int, given: PersonInput) -> ClientPerson:
    """The row for a contact person as typed in."""
    return ClientPerson(
        client_id=client_id,
        name=given.name.strip(),
        role=given.role.strip(),
        phone=given.phone.strip(),
        email=given.email.strip(),
        decides=given.decides,
    )


def checked(values: dict[str, Any], country: str) -> dict[str, Any]:
    """Client fields, cleaned and checked per country. Raises `Refused` naming the field that does not fit."""
    from leaddesk.workflow.countries import country_code
    from leaddesk.workflow.tax_numbers import check_tax_number

    _check_kinds(values)
    cleaned = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    if cleaned.get("country"):
        code = country_code(cleaned["country"])
        if code is None:
            raise Refused(
                f"“{cleaned['country']}” is not a country I know. Write two letters, such as UA.", field="country"
            )
        cleaned["country"] = country = code
    kinds: tuple[tuple[str, Literal["tax", "registration"]], ...] = (
        ("tax_number", "tax"),
        ("registration_number", "registration"),
    )
    for name, kind in kinds:
        if cleaned.get(name):
            check = check_tax_number(country, cleaned[name], kind)
            if check.ok is False:
                raise Refused(check.problem or f"{cleaned[name]} is not a valid number.", field=name)
            cleaned[name] = check.display
            if name == "tax_number":
                cleaned["tax_key"] = f"{country}{check.compact}"
        elif name == "tax_number" and name in cleaned:
            cleaned["tax_key"] = ""
    return cleaned


def _check_kinds(values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in EDITABLE:
            raise Refused(f"A client has no field “{name}”. There are: {', '.join(EDITABLE)}.", field=name)
        if not isinstance(value, int | None if name == "owner_id" else str):
            raise Refused(f"{name.replace('_', ' ')} cannot be “{value}”.", field=name)


def from_lead(lead: Lead) -> dict[str, Any]:
    """What a client card takes over from its lead."""
    return {
        "name": lead.name,
        "company": lead.company,
        "country": lead.country or lead.zone_key.partition("|")[0],
        "city": lead.city,
        "postal_address": ", ".join(filter(None, (lead.address, lead.postal_code, lead.city))),
        "language": lead.language,
        "website": lead.website,
        "industry": lead.industry,
        "owner_id": lead.owner_id,
    }


@dataclass(frozen=True, kw_only=True)
class ConvertLead(Command[Client]):
    """The lead agreed: make its client card, or attach it to `client_id`.

    Clients that share a number, an address or the tax number are looked for first; unless one of them is
    chosen, or `even_if_known`, the command is refused and names them. Open tasks are carried over.
    """

    lead_id: int
    client_id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    people: tuple[PersonInput, ...] = ()
    even_if_known: bool = False
    call: LogCall | None = None

    def handle(self, work: Work) -> Client:
        """Raises `Refused` for an illegal move, a duplicate, or a number that is not valid in its country."""
        if self.call is not None:
            from leaddesk.workflow.wrap_up import log_within

            log_within(work, self.call, self.lead_id)
        lead = work.get(Lead, self.lead_id)
        status = check_move(lead, Status.CONVERTED)
        points = work.find(ContactPoint, lead_id=lead.id)
        client = self._make(work, lead, points) if self.client_id is None else self._attach(work)
        self._carry_over(work, lead, client, points)
        work.change(
            lead,
            status=status,
            client_id=client.id,
            converted_at=work.now,
            retry_at=None,
            return_at=None,
            parked_why="",
            came_back_at=None,
            came_back_why="",
        )
        work.drop_leases([lead.id])
        work.words = f"{lead.title} converted to client {client.title}"
        return client

    def _attach(self, work: Work) -> Client:
        client = work.get(Client, self.client_id or 0)
        values = checked(self.values, client.country)
        return work.change(client, **values)

    def _make(self, work: Work, lead: Lead, points: list[ContactPoint]) -> Client:
        taken = from_lead(lead)
        values = {**taken, **checked(self.values, self.values.get("country") or taken["country"])}
        if not self.even_if_known:
            self._refuse_known(work.ask(Matches(keys_of(points), values.get("tax_key", ""), clients_only=True)))
        client = work.add(Client(**values))
        people = self.people or ((PersonInput(lead.name, lead.role, decides=lead.decides),) if lead.name else ())
        for person in people:
            work.add(person_of(client.id, person))
        return client

    def _refuse_known(self, matches: list[Match]) -> None:
        if matches:
            named = "; ".join(f"client {m.id}, {m.title} ({m.why})" for m in matches[:3])
            raise Refused(
                f"Known as {named}. Attach the lead to it, or make another card all the same.", field="client"
            )

    def _carry_over(self, work: Work, lead: Lead, client: Client, points: list[ContactPoint]) -> None:
        have = {(p.channel, p.key or p.value) for p in work.find(ContactPoint, client_id=client.id)}
        for point in points:
            if point.usable and (point.channel, point.key or point.value) not in have:
                work.add(replace(point, id=0, lead_id=None, client_id=client.id))
        for task in work.find(Task, lead_id=lead.id, done_at=None, dropped=False):
            if task.title == "Make the client card":
                work.change(task, client_id=client.id, done_at=work.now, result="done")
            else:
                work.change(task, client_id=client.id, owner_id=client.owner_id or task.owner_id)


@dataclass(frozen=True, kw_only=True)
class EditClient(Command[Client]):
    """Change fields of a client card; merges with others' edits as `EditLead` does."""

    client_id: int
    values: dict[str, Any]
    base: dict[str, Any] = field(default_factory=dict)

    def handle(self, work: Work) -> Client:
        """Raises `Refused` naming the field, or `Conflict`."""
        client = work.get(Client, self.client_id)
        values = checked(self.values, self.values.get("country") or client.country)
        refuse_clashes(client, values, self.base)
        work.words = f"Edited {client.title}: {', '.join(self.values)}"
        return work.change(client, **values)


@dataclass(frozen=True, kw_only=True)
class SavePerson(Command[ClientPerson]):
    """Add a contact person to a client, or change the one with `person_id`."""

    client_id: int
    person: PersonInput
    person_id: int | None = None

    def handle(self, work: Work) -> ClientPerson:
        """Raises `Refused` for a nameless person."""
        if not self.person.name.strip():
            raise Refused("The contact person needs a name.", field="name")
        client = work.get(Client, self.client_id)
        new = person_of(client.id, self.person)
        work.words = f"{new.name} at {client.title}"
        if not self.person_id:
            return work.add(new)
        given = {name: getattr(new, name) for name in ("name", "role", "phone", "email", "decides")}
        return work.change(work.get(ClientPerson, self.person_id), **given)


@dataclass(frozen=True)
class RemovePerson(Command[None]):
    """Take a contact person off a client card."""

    person_id: int

    def handle(self, work: Work) -> None:
        """Raises `Refused` if gone already."""
        person = work.get(ClientPerson, self.person_id)
        work.remove(person)
        work.words = f"Removed {person.name}"
