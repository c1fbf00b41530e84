"""The tables. Column names are the entities' field names; values are plain integers and texts on every engine.

Instants are whole milliseconds since 1970 UTC, booleans 0/1, enums their words, lists lines, mappings
JSON: the same bytes on SQLite and PostgreSQL, comparable by index, and journalled without conversion.
All foreign keys are deferred to the commit, so undo may put rows back in any order.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

SCHEMA_VERSION = 1
"""Bumped by every migration; SQLite keeps it in `PRAGMA user_version`, PostgreSQL in `leaddesk_schema`."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")


def _key() -> Column[int]:
    """An id that is never used twice, not even after its row is gone."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _flag(name: str) -> Column[int]:
    return Column(name, SmallInteger, nullable=False, server_default="0")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _at(name: str, *, required: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=not required)


def _to(name: str, target: str, *, required: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED"), nullable=not required)


def _version() -> Column[int]:
    return Column("version", BigInteger, nullable=False, server_default="0")


def _table(name: str, *parts: Column[int] | Column[str] | Index | UniqueConstraint) -> Table:
    return Table(name, metadata, *parts, sqlite_autoincrement=True)


def _some(index: str, condition: str, *columns: str | ColumnElement[Any]) -> Index:
    """An index over the few rows that `condition` holds for; the queue reads nothing but these."""
    return Index(index, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


app_user = _table(
    "app_user",
    _key(),
    Column("login", Text, nullable=False, unique=True),
    _text("name"),
    _text("email"),
    _text("phone"),
    _text("role"),
    _text("state"),
    _text("languages"),
    _count("capacity"),
    _at("away_until"),
    _text("zone"),
    _at("created_at"),
)

source = _table(
    "source",
    _key(),
    Column("name", Text, nullable=False, unique=True),
    _text("kind"),
    Column("cost", Text),
    _at("created_at"),
)

client = _table(
    "client",
    _key(),
    *(
        _text(name)
        for name in (
            "name",
            "legal_name",
            "company",
            "tax_number",
            "tax_key",
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
        )
    ),
    _to("owner_id", "app_user"),
    _at("created_at"),
    _at("changed_at"),
    _version(),
    Index("ix_client_tax", "tax_key", sqlite_where=text("tax_key <> ''"), postgresql_where=text("tax_key <> ''")),
)

import_batch = _table(
    "import_batch",
    _key(),
    _text("file"),
    _to("user_id", "app_user"),
    _at("at", required=True),
    _text("state"),
    Column("operation_id", BigInteger, nullable=False, server_default="0"),
    _text("counts"),
    _text("columns"),
)

lead = _table(
    "lead",
    _key(),
    *(
        _text(name)
        for name in (
            "name",
            "first_name",
            "last_name",
            "company",
            "role",
        )
    ),
    Column("decides", SmallInteger),
    *(
        _text(name)
        for name in (
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
            "zone_key",
        )
    ),
    _text("status"),
    _text("temperature"),
    _count("score"),
    _to("source_id", "source"),
    _to("owner_id", "app_user"),
    _at("first_assigned_at"),
    _at("assigned_at"),
    Column("preferred_channel", Text),
    Column("preferred_part", Text),
    _text("reach"),
    _flag("no_call"),
    _flag("no_mail"),
    _text("suspicion"),
    _flag("suspicion_ok"),
    _text("tags"),
    _text("external_system"),
    _text("external_id"),
    _count("attempts"),
    _count("touches"),
    _at("last_call_at"),
    _at("retry_at"),
    _at("came_back_at"),
    _text("came_back_why"),
    _at("return_at"),
    _text("parked_why"),
    _flag("idle_ok"),
    _to("client_id", "client"),
    _to("batch_id", "import_batch"),
    Column("batch_row", Integer),
    _at("created_at"),
    _at("changed_at"),
    _version(),
)


_CALLABLE = "reach = 'phone' AND (suspicion = '' OR suspicion_ok = 1)"
_FRESH = f"status = 'new' AND last_call_at IS NULL AND {_CALLABLE}"
_BEST_FIRST = (lead.c.temperature, lead.c.score.desc(), lead.c.created_at, lead.c.id)

Index("ix_lead_owner", lead.c.owner_id, lead.c.status, lead.c.id)
Index("ix_lead_status", lead.c.status, lead.c.id)
Index("ix_lead_zone", lead.c.zone_key)
Index("ix_lead_source", lead.c.source_id)
Index("ix_lead_name", lead.c.name, lead.c.id)
Index("ix_lead_company", lead.c.company, lead.c.id)
Index("ix_lead_created", lead.c.created_at, lead.c.id)
Index("ix_lead_changed", lead.c.changed_at, lead.c.id)
Index("ix_lead_client", lead.c.client_id)
Index("ix_lead_batch", lead.c.batch_id)
_some("ix_lead_external", "external_id <> ''", lead.c.external_id)
_some("ix_lead_return", "return_at IS NOT NULL", lead.c.return_at, lead.c.id)
_some("ix_lead_came_back", "came_back_at IS NOT NULL", lead.c.came_back_at, lead.c.id)
_some("ix_lead_retry", f"retry_at IS NOT NULL AND {_CALLABLE}", lead.c.retry_at, lead.c.zone_key, lead.c.owner_id)
_some("ix_lead_fresh", _FRESH, *_BEST_FIRST, lead.c.zone_key, lead.c.owner_id)
_some("ix_lead_fresh_own", _FRESH, lead.c.owner_id, *_BEST_FIRST, lead.c.zone_key)

lead_extra = Table(
    "lead_extra",
    metadata,
    Column("id", Id, ForeignKey("lead.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    _text("fields"),
    _text("original"),
)

contact_point = _table(
    "contact_point",
    _key(),
    _to("lead_id", "lead"),
    _to("client_id", "client"),
    _text("channel"),
    _text("value"),
    _text("key"),
    _text("raw"),
    _text("label"),
    _text("state"),
    _flag("preferred"),
    _count("position"),
    _text("line_type"),
    _text("zones"),
    _count("attempts"),
    _count("answered"),
    _at("last_tried_at"),
    _at("created_at"),
    Index("ix_contact_point_key", "key", "channel"),
    Index("ix_contact_point_lead", "lead_id", "position"),
    _some("ix_contact_point_client", "client_id IS NOT NULL", "client_id"),
)

task = _table(
    "task",
    _key(),
    _to("lead_id", "lead"),
    _to("client_id", "client"),
    _to("owner_id", "app_user"),
    _text("kind"),
    _text("title"),
    _at("due_at", required=True),
    _flag("exact"),
    _flag("promised"),
    _at("done_at"),
    _flag("dropped"),
    _text("result"),
    _to("created_by", "app_user"),
    _at("created_at"),
    _version(),
    _some("ix_task_due", "done_at IS NULL AND dropped = 0", "promised", "due_at", "lead_id"),
    Index("ix_task_lead", "lead_id", "due_at"),
    _some("ix_task_client", "client_id IS NOT NULL", "client_id", "due_at"),
)

call = _table(
    "call",
    _key(),
    _to("lead_id", "lead"),
    _to("client_id", "client"),
    _to("contact_id", "contact_point"),
    _text("phone"),
    _to("user_id", "app_user"),
    _at("started_at", required=True),
    _count("duration_s"),
    _text("outcome"),
    _text("note"),
    _count("attempt"),
    Column("part", Text),
    Index("ix_call_lead", "lead_id", "started_at"),
    Index("ix_call_user", "user_id", "started_at", "outcome"),
    _some("ix_call_client", "client_id IS NOT NULL", "client_id", "started_at"),
)

note = _table(
    "note",
    _key(),
    _to("lead_id", "lead"),
    _to("client_id", "client"),
    _to("user_id", "app_user"),
    _at("at", required=True),
    _text("text"),
    Index("ix_note_lead", "lead_id", "at"),
    _some("ix_note_client", "client_id IS NOT NULL", "client_id", "at"),
)

refusal = _table(
    "refusal",
    _key(),
    _to("lead_id", "lead", required=True),
    _to("user_id", "app_user"),
    _at("at", required=True),
    _text("reason"),
    _text("words"),
    _text("competitor"),
    _text("change_mind"),
    _at("return_at"),
    _flag("suppressed"),
    _at("returned_at"),
    Index("ix_refusal_lead", "lead_id", "at"),
    Index("ix_refusal_at", "at", "reason"),
)

letter = _table(
    "letter",
    _key(),
    _to("lead_id", "lead", required=True),
    _to("refusal_id", "refusal"),
    _to("user_id", "app_user"),
    _text("template"),
    _text("language"),
    _text("to_address"),
    _text("subject"),
    _text("body"),
    _text("state"),
    _at("created_at"),
    Index("ix_letter_lead", "lead_id", "created_at"),
)

client_person = _table(
    "client_person",
    _key(),
    _to("client_id", "client", required=True),
    _text("name"),
    _text("role"),
    _text("phone"),
    _text("email"),
    Column("decides", SmallInteger),
    Index("ix_client_person_client", "client_id"),
)

suppression = _table(
    "suppression",
    _key(),
    _text("channel"),
    _text("key"),
    _text("why"),
    _to("user_id", "app_user"),
    _at("at", required=True),
    UniqueConstraint("key", "channel"),
)

outcome = _table(
    "outcome",
    _key(),
    Column("key", Text, nullable=False, unique=True),
    _text("title"),
    _count("digit"),
    _text("next_step"),
    *(_flag(n) for n in ("answered", "human", "refusal", "suppress", "callback", "workable", "success")),
    Column("temperature", Text),
    Column("status", Text),
    _flag("retired"),
)

refusal_reason = _table(
    "refusal_reason",
    _key(),
    Column("key", Text, nullable=False, unique=True),
    _text("title"),
    _count("digit"),
    _flag("needs_words"),
    _text("hint"),
    _text("letter"),
    _count("default_days"),
    _flag("suppress"),
    _flag("retired"),
)

setting = _table("setting", _key(), Column("key", Text, nullable=False, unique=True), _text("value"))

operation = _table(
    "operation",
    _key(),
    _at("at", required=True),
    _to("user_id", "app_user"),
    _text("command"),
    _text("words"),
    _text("args"),
    Column("kind", Text, nullable=False, server_default="do"),
    Column("target_id", BigInteger),
    _flag("undone"),
    Index("ix_operation_user", "user_id", "id"),
)
"""One line per command taken. `kind` is do, undo or redo; the latter two name their `target_id`."""

change = _table(
    "change",
    _key(),
    _to("operation_id", "operation", required=True),
    _text("tbl"),
    Column("row_id", BigInteger, nullable=False),
    Column("lead_id", BigInteger),
    Column("client_id", BigInteger),
    _text("cols"),
    Column("before", Text),
    Column("after", Text),
    Index("ix_change_operation", "operation_id", "tbl", "cols"),
    Index("ix_change_row", "tbl", "row_id", "operation_id"),
    _some("ix_change_lead", "lead_id IS NOT NULL", "lead_id", "operation_id"),
    _some("ix_change_client", "client_id IS NOT NULL", "client_id", "operation_id"),
)
"""Before and after of each row an operation changed, as JSON; `cols` names the changed columns of an update."""

lease = Table(
    "lease",
    metadata,
    Column("lead_id", Id, ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True),
    _to("user_id", "app_user", required=True),
    _at("taken_at", required=True),
    _at("until", required=True),
    Index("ix_lease_user", "user_id", "until"),
)
"""Who has drawn which lead, until when. Not history: never journalled."""

draft = Table(
    "draft",
    metadata,
    Column("user_id", Id, ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Text, primary_key=True),
    _text("text"),
    _at("at", required=True),
)
"""What somebody has typed and not saved. `place` says where, such as "lead:12:note". Never journalled."""

search_doc = Table(
    "search_doc",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _text("text"),
)
"""What the search box looks through, folded: id is the lead's ×2, or the client's ×2+1."""
