"""The tables. Column names are the entities' field names; values are plain integers and texts on every engine.

Instants are whole milliseconds since 1970 UTC, booleans 0/1, enums their words, lists lines, mappings
JSON: the same bytes on SQLite and PostgreSQL, comparable by index, and journalled without conversion.
Foreign keys are checked at once, and may be deferred to the commit, so that undo can put rows back in any order.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, UniqueConstraint, text

from leaddesk.db.columns import (
    Id,
    count,
    flag,
    key,
    link,
    moment,
    new_table,
    some,
    version,
    words,
)
from leaddesk.db.columns import metadata as shared_metadata
from leaddesk.workflow.vocabulary import HELD_FROM

metadata = shared_metadata
"""Every table below, in order of who needs whom."""

app_user = new_table(
    "app_user",
    key(),
    Column("login", Text, nullable=False, unique=True),
    words("name"),
    words("email"),
    words("phone"),
    words("role"),
    words("state"),
    words("languages"),
    count("capacity"),
    moment("away_until"),
    words("zone"),
    words("signature"),
    moment("created_at"),
)

source = new_table(
    "source",
    key(),
    Column("name", Text, nullable=False, unique=True),
    words("kind"),
    Column("cost", Text),
    moment("created_at"),
)

client = new_table(
    "client",
    key(),
    *(
        words(name)
        for name in (
            "name legal_name company tax_number tax_key registration_number country city legal_address "
            "postal_address contract invoice language website industry"
        ).split()
    ),
    link("owner_id", "app_user"),
    moment("created_at"),
    moment("changed_at"),
    version(),
    Index("ix_client_name", "name", "id"),
    Index("ix_client_company", "company", "id"),
    Index("ix_client_changed", "changed_at", "id"),
    Index("ix_client_tax", "tax_key", sqlite_where=text("tax_key <> ''"), postgresql_where=text("tax_key <> ''")),
)

import_batch = new_table(
    "import_batch",
    key(),
    words("file"),
    link("user_id", "app_user"),
    moment("at", required=True),
    words("state"),
    Column("operation_id", BigInteger, nullable=False, server_default="0"),
    words("counts"),
    words("columns"),
    words("fingerprint"),
    words("options"),
    count("rows_done"),
    some("ix_import_batch_open", "state = 'running'", "fingerprint"),
)

lead = new_table(
    "lead",
    key(),
    *(words(name) for name in "name first_name last_name company role".split()),
    Column("decides", SmallInteger),
    *(
        words(name)
        for name in "interest industry website budget country region city address postal_code language zone zone_key".split()
    ),
    words("status"),
    words("temperature"),
    count("score"),
    link("source_id", "source"),
    link("owner_id", "app_user"),
    moment("first_assigned_at"),
    moment("assigned_at"),
    Column("preferred_channel", Text),
    Column("preferred_part", Text),
    words("reach"),
    flag("no_call"),
    flag("no_mail"),
    flag("greet"),
    words("suspicion"),
    count("spam"),
    flag("suspicion_ok"),
    words("name_key"),
    words("tags"),
    words("external_system"),
    words("external_id"),
    count("attempts"),
    count("touches"),
    moment("last_call_at"),
    moment("retry_at"),
    moment("came_back_at"),
    words("came_back_why"),
    moment("return_at"),
    words("parked_why"),
    flag("idle_ok"),
    link("client_id", "client"),
    moment("converted_at"),
    link("batch_id", "import_batch"),
    Column("batch_row", Integer),
    moment("created_at"),
    moment("changed_at"),
    version(),
)


_CALLABLE = f"reach = 'phone' AND (spam < {HELD_FROM} OR suspicion_ok = 1)"
_FRESH = f"status = 'new' AND last_call_at IS NULL AND {_CALLABLE}"
_BEST_FIRST = (lead.c.temperature, lead.c.score.desc(), lead.c.created_at, lead.c.id)

Index(
    "ix_lead_list",
    *(lead.c[name] for name in "owner_id status id temperature score source_id country last_call_at retry_at".split()),
    *(lead.c[name] for name in "return_at attempts touches created_at changed_at batch_id reach spam".split()),
    lead.c.suspicion_ok,
)
"""All that lists sort and filter by, an eighth of the table: the leads of one owner are a stretch of it, and whatever
sieves or sorts all leads reads this instead of them."""
Index("ix_lead_status", lead.c.status, lead.c.id)
Index("ix_lead_zone", lead.c.zone_key)
some("ix_lead_name_key", "name_key <> ''", lead.c.name_key, lead.c.id)
Index("ix_lead_source", lead.c.source_id)
Index("ix_lead_name", lead.c.name, lead.c.id)
Index("ix_lead_company", lead.c.company, lead.c.id)
Index("ix_lead_created", lead.c.created_at, lead.c.id)
Index("ix_lead_changed", lead.c.changed_at, lead.c.id)
Index("ix_lead_client", lead.c.client_id)
Index("ix_lead_batch", lead.c.batch_id)
some("ix_lead_tags", "tags <> ''", lead.c.tags, lead.c.id)
some("ix_lead_external", "external_id <> ''", lead.c.external_id)
some("ix_lead_return", "return_at IS NOT NULL", lead.c.return_at, lead.c.id)
some("ix_lead_came_back", "came_back_at IS NOT NULL", lead.c.came_back_at, lead.c.id)
some("ix_lead_greet", "greet = 1", lead.c.id)
some("ix_lead_converted", "converted_at IS NOT NULL", lead.c.converted_at)
some("ix_lead_retry", f"retry_at IS NOT NULL AND {_CALLABLE}", lead.c.retry_at, lead.c.zone_key, lead.c.owner_id)
some("ix_lead_came_back_own", "came_back_at IS NOT NULL", lead.c.owner_id, lead.c.came_back_at, lead.c.id)
some(
    "ix_lead_retry_own",
    f"retry_at IS NOT NULL AND {_CALLABLE}",
    *(lead.c[name] for name in "owner_id retry_at id zone_key".split()),
)
some("ix_lead_fresh", _FRESH, *_BEST_FIRST, lead.c.zone_key, lead.c.owner_id)
some("ix_lead_fresh_own", _FRESH, lead.c.owner_id, *_BEST_FIRST, lead.c.zone_key)

lead_extra = Table(
    "lead_extra",
    metadata,
    Column("id", Id, ForeignKey("lead.id", deferrable=True, initially="IMMEDIATE"), primary_key=True),
    words("fields"),
    words("original"),
)

contact_point = new_table(
    "contact_point",
    key(),
    link("lead_id", "lead"),
    link("client_id", "client"),
    words("channel"),
    words("value"),
    words("key"),
    words("raw"),
    words("label"),
    words("state"),
    flag("preferred"),
    count("position"),
    words("line_type"),
    words("zones"),
    count("attempts"),
    count("answered"),
    moment("last_tried_at"),
    moment("created_at"),
    Index("ix_contact_point_key", "key", "channel"),
    Index("ix_contact_point_lead", "lead_id", "position"),
    some("ix_contact_point_client", "client_id IS NOT NULL", "client_id"),
)

task = new_table(
    "task",
    key(),
    link("lead_id", "lead"),
    link("client_id", "client"),
    link("owner_id", "app_user"),
    words("kind"),
    words("title"),
    moment("due_at", required=True),
    flag("exact"),
    flag("promised"),
    moment("done_at"),
    flag("dropped"),
    words("result"),
    link("created_by", "app_user"),
    moment("created_at"),
    version(),
    some("ix_task_due", "done_at IS NULL AND dropped = 0", "promised", "due_at", "lead_id"),
    Index("ix_task_lead", "lead_id", "due_at"),
    some("ix_task_client", "client_id IS NOT NULL", "client_id", "due_at"),
)

call = new_table(
    "call",
    key(),
    link("lead_id", "lead"),
    link("client_id", "client"),
    Column("contact_id", BigInteger),
    words("phone"),
    link("user_id", "app_user"),
    moment("started_at", required=True),
    count("duration_s"),
    words("outcome"),
    words("note"),
    count("attempt"),
    Column("part", Text),
    Index("ix_call_lead", "lead_id", "started_at"),
    Index("ix_call_user", "user_id", "started_at", "outcome"),
    some("ix_call_client", "client_id IS NOT NULL", "client_id", "started_at"),
)

note = new_table(
    "note",
    key(),
    link("lead_id", "lead"),
    link("client_id", "client"),
    link("user_id", "app_user"),
    moment("at", required=True),
    words("text"),
    Index("ix_note_lead", "lead_id", "at"),
    some("ix_note_client", "client_id IS NOT NULL", "client_id", "at"),
)

refusal = new_table(
    "refusal",
    key(),
    link("lead_id", "lead", required=True),
    link("user_id", "app_user"),
    moment("at", required=True),
    Column("kind", Text, nullable=False, server_default="full"),
    words("reason"),
    words("words"),
    words("competitor"),
    words("change_mind"),
    moment("return_at"),
    flag("suppressed"),
    moment("returned_at"),
    moment("taken_back_at"),
    Index("ix_refusal_lead", "lead_id", "at"),
    Index("ix_refusal_at", "at", "reason"),
)

stay = new_table(
    "stay",
    key(),
    link("lead_id", "lead", required=True),
    link("user_id", "app_user"),
    moment("at", required=True),
    words("reason"),
    Index("ix_stay_lead", "lead_id"),
    Index("ix_stay_reason", "reason", "at"),
)

client_person = new_table(
    "client_person",
    key(),
    link("client_id", "client", required=True),
    words("name"),
    words("role"),
    words("phone"),
    words("email"),
    Column("decides", SmallInteger),
    Index("ix_client_person_client", "client_id"),
)

suppression = new_table(
    "suppression",
    key(),
    words("channel"),
    words("key"),
    words("why"),
    link("user_id", "app_user"),
    moment("at", required=True),
    UniqueConstraint("key", "channel"),
)

outcome = new_table(
    "outcome",
    key(),
    Column("key", Text, nullable=False, unique=True),
    words("title"),
    count("digit"),
    words("next_step"),
    *(flag(n) for n in ("answered", "human", "refusal", "suppress", "callback", "workable", "success")),
    Column("temperature", Text),
    Column("status", Text),
    flag("retired"),
)

refusal_reason = new_table(
    "refusal_reason",
    key(),
    Column("key", Text, nullable=False, unique=True),
    words("title"),
    words("titles"),
    count("digit"),
    Column("kind", Text, nullable=False, server_default="full"),
    flag("needs_words"),
    words("hint"),
    words("hints"),
    words("letter"),
    count("default_days"),
    flag("suppress"),
    flag("retired"),
)

setting = new_table("setting", key(), Column("key", Text, nullable=False, unique=True), words("value"))

operation = new_table(
    "operation",
    key(),
    moment("at", required=True),
    link("user_id", "app_user"),
    words("command"),
    words("words"),
    words("args"),
    Column("kind", Text, nullable=False, server_default="do"),
    Column("target_id", BigInteger),
    flag("undone"),
    Index("ix_operation_user", "user_id", "id"),
)
"""One line per command taken. `kind` is do, undo or redo; the latter two name their `target_id`."""

change = new_table(
    "change",
    key(),
    Column("operation_id", BigInteger, nullable=False),
    words("tbl"),
    Column("row_id", BigInteger, nullable=False),
    Column("lead_id", BigInteger),
    Column("client_id", BigInteger),
    words("cols"),
    Column("before", Text),
    Column("after", Text),
    Index("ix_change_operation", "operation_id", "tbl", "cols"),
    Index("ix_change_row", "tbl", "row_id", "operation_id"),
    some("ix_change_lead", "lead_id IS NOT NULL", "lead_id", "operation_id"),
    some("ix_change_client", "client_id IS NOT NULL", "client_id", "operation_id"),
)
"""Before and after of each row an operation changed, as JSON; `cols` names the changed columns of an update."""

lease = Table(
    "lease",
    metadata,
    Column("lead_id", Id, ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True),
    link("user_id", "app_user", required=True),
    moment("taken_at", required=True),
    moment("until", required=True),
    Index("ix_lease_user", "user_id", "until"),
)
"""Who has drawn which lead, until when. Not history: never journalled."""

draft = Table(
    "draft",
    metadata,
    Column("user_id", Id, ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Text, primary_key=True),
    words("text"),
    moment("at", required=True),
)
"""What somebody has typed and not saved. `place` says where, such as "lead:12:note". Never journalled."""

search_doc = Table(
    "search_doc",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    words("text"),
)
"""What the search box looks through, folded: id is the lead's ×2, or the client's ×2+1."""
