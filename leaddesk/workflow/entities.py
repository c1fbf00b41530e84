"""What is kept: one frozen dataclass per kind of row.

A row is never changed in place: a handler asks `Work.change(row, field=value)` and gets the new row back.
`id` 0 means "not saved yet". `version` is the id of the operation that last wrote the row, so it never
repeats and undo can put the old one back; `Work` keeps it and `changed_at`, handlers never set them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.vocabulary import (
    HELD_FROM,
    Channel,
    PartOfDay,
    PointState,
    Reach,
    RefusalKind,
    Role,
    SourceKind,
    Status,
    TaskKind,
    Temperature,
    UserState,
)

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Anything with an identity of its own."""

    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Row):
    """Somebody who works leads. `zone` is the IANA zone the screen shows times in; "" means the machine's.

    `signature` stands under letters; "" means one made of name, company and phone.
    """

    login: str
    name: str
    email: str = ""
    phone: str = ""
    role: Role = Role.OPERATOR
    state: UserState = UserState.ACTIVE
    languages: tuple[str, ...] = ()
    capacity: int = 0
    away_until: datetime | None = None
    zone: str = ""
    signature: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Row):
    """A channel leads come by. `cost` is what it cost in all, in the floor's own currency."""

    name: str
    kind: SourceKind = SourceKind.NET
    cost: Decimal | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Row):
    """A real person with contact data who showed interest and may negotiate.

    `greet` says that holiday greetings are welcome. `zone_key` is "COUNTRY|zone,zone" (see `calling_hours`), kept on the row so that the queue can ask the
    database for the callable ones. `suspicion` holds the keys of its signs and `spam` their weight; `suspicion_ok`
    says a person looked and confirmed. `name_key` is the name as duplicates are looked for by it. `attempts` counts unanswered calls since the last talk, `touches` all contacts ever.
    """

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    role: str = ""
    decides: bool | None = None
    interest: str = ""
    industry: str = ""
    website: str = ""
    budget: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    address: str = ""
    postal_code: str = ""
    language: str = ""
    zone: str = ""
    zone_key: str = ""
    status: Status = Status.NEW
    temperature: Temperature = Temperature.COLD
    score: int = 0
    source_id: int | None = None
    owner_id: int | None = None
    first_assigned_at: datetime | None = None
    assigned_at: datetime | None = None
    preferred_channel: Channel | None = None
    preferred_part: PartOfDay | None = None
    reach: Reach = Reach.NONE
    no_call: bool = False
    no_mail: bool = False
    greet: bool = False
    suspicion: tuple[str, ...] = ()
    spam: int = 0
    suspicion_ok: bool = False
    name_key: str = ""
    tags: tuple[str, ...] = ()
    external_system: str = ""
    external_id: str = ""
    attempts: int = 0
    touches: int = 0
    last_call_at: datetime | None = None
    retry_at: datetime | None = None
    came_back_at: datetime | None = None
    came_back_why: str = ""
    return_at: datetime | None = None
    parked_why: str = ""
    idle_ok: bool = False
    client_id: int | None = None
    converted_at: datetime | None = None
    batch_id: int | None = None
    batch_row: int | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None
    version: int = 0

    @property
    def held_back(self) -> bool:
        """Suspicious and nobody has confirmed it yet: kept out of the queue."""
        return self.spam >= HELD_FROM and not self.suspicion_ok

    @property
    def title(self) -> str:
        """The best thing to call the lead by without looking further."""
        return self.name or self.company or (f"Lead {self.external_id}" if self.external_id else f"Lead #{self.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadExtra(Row):
    """Columns of an imported file that fit no field; `id` is the lead's.

    `original` keeps the cells of mapped columns as they stood in the file where storing changed them, so
    that an export gives every original cell back.
    """

    fields: dict[str, str] = field(default_factory=dict)
    original: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint(Row):
    """One phone, address or messenger of a lead or of a client.

    `key` is what equal ones share (E.164, normalised address); `value` is what is shown and dialled.
    """

    lead_id: int | None = None
    client_id: int | None = None
    channel: Channel
    value: str
    key: str = ""
    raw: str = ""
    label: str = ""
    state: PointState = PointState.UNKNOWN
    preferred: bool = False
    position: int = 0
    line_type: str = ""
    zones: tuple[str, ...] = ()
    attempts: int = 0
    answered: int = 0
    last_tried_at: datetime | None = None
    created_at: datetime | None = None

    @property
    def usable(self) -> bool:
        """Not known to be dead or somebody else's."""
        return self.state not in (PointState.INVALID, PointState.WRONG_PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Row):
    """Something promised or planned. `exact` means the minute matters; `promised` that the lead expects it."""

    lead_id: int | None = None
    client_id: int | None = None
    owner_id: int | None = None
    kind: TaskKind = TaskKind.CALL
    title: str = ""
    due_at: datetime
    exact: bool = False
    promised: bool = False
    done_at: datetime | None = None
    dropped: bool = False
    result: str = ""
    created_by: int | None = None
    created_at: datetime | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Still to be done."""
        return self.done_at is None and not self.dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Row):
    """One call, attempted or talked. `part` is the part of the lead's own day it fell in."""

    lead_id: int | None = None
    client_id: int | None = None
    contact_id: int | None = None
    phone: str = ""
    user_id: int | None = None
    started_at: datetime
    duration_s: int = 0
    outcome: str
    note: str = ""
    attempt: int = 0
    part: PartOfDay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Row):
    """Something somebody wrote down."""

    lead_id: int | None = None
    client_id: int | None = None
    user_id: int | None = None
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Row):
    """One "no", kept for ever: a lead that comes back and refuses again has two.

    `taken_back_at` marks one that was undone after its letter had left: the letter needs it, the reports do not
    count it.
    """

    lead_id: int
    user_id: int | None = None
    at: datetime
    kind: RefusalKind = RefusalKind.FULL
    reason: str
    words: str = ""
    competitor: str = ""
    change_mind: str = ""
    return_at: datetime | None = None
    suppressed: bool = False
    returned_at: datetime | None = None
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay(Row):
    """Somebody who gave `reason` to refuse and stayed after the rebuttal."""

    lead_id: int
    user_id: int | None = None
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Row):
    """The card made from a lead on agreement; the leads that lead to it carry its id."""

    name: str
    legal_name: str = ""
    company: str = ""
    tax_number: str = ""
    tax_key: str = ""
    registration_number: str = ""
    country: str = ""
    city: str = ""
    legal_address: str = ""
    postal_address: str = ""
    contract: str = ""
    invoice: str = ""
    language: str = ""
    website: str = ""
    industry: str = ""
    owner_id: int | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None
    version: int = 0

    @property
    def title(self) -> str:
        """What the card is called."""
        return self.company or self.legal_name or self.name or f"Client #{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPerson(Row):
    """Somebody at the client one may talk to."""

    client_id: int
    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    decides: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression(Row):
    """A number or address nobody may call or write to. `channel` is `PHONE` or `EMAIL`."""

    channel: Channel
    key: str
    why: str = ""
    user_id: int | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Row):
    """How a call may end, with the flags reports read and the rule that says what happens then.

    `next_step` is one of: "retry" (by the cadence), "callback" (asks when), "offer" (task and follow-up
    call), "convert", "refuse", "not_now" (asks channel or time), "wrong_number", "suppress".
    """

    key: str
    title: str
    digit: int
    next_step: str
    answered: bool = False
    human: bool = False
    refusal: bool = False
    suppress: bool = False
    callback: bool = False
    workable: bool = True
    success: bool = False
    temperature: Temperature | None = None
    status: Status | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReason(Row):
    """Why people say no; `hint` is what to answer before letting go. `default_days` 0 means "ask".

    `titles` and `hints` are the same in other languages of the screen; `letter` is the template proposed, "" for
    none.
    """

    key: str
    title: str
    titles: dict[str, str] = field(default_factory=dict)
    digit: int
    kind: RefusalKind = RefusalKind.FULL
    needs_words: bool = False
    hint: str = ""
    hints: dict[str, str] = field(default_factory=dict)
    letter: str = ""
    default_days: int = 0
    suppress: bool = False
    retired: bool = False

    def title_in(self, language: str) -> str:
        """What the screen calls it in this language."""
        return self.titles.get(language) or self.title

    def hint_in(self, language: str) -> str:
        """What to answer, in this language."""
        return self.hints.get(language) or self.hint


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBatch(Row):
    """One file brought in. `operation_id` is what undo takes back; `state` is running, done or stopped.

    `columns` are the file's headers in their order, each with the field it was read into, "" for an extra field:
    an export gives the file's own columns back by them. `rows_done` rows of the file are in, written in the same
    transaction as they: with the file's `fingerprint` and the `options` it was begun with, an import that was cut
    short goes on where it stopped.
    """

    file: str
    user_id: int | None = None
    at: datetime
    state: str = "running"
    operation_id: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    rows_done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Row):
    """A setting that somebody changed from its default; the value is JSON."""

    key: str
    value: str
