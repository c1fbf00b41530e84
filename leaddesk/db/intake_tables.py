"""The tables of intake and of who is who: how files were understood, rows left out, cards merged, pairs looked at."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table

from leaddesk.db.columns import Id, count, flag, key, link, metadata, moment, new_table, words

import_profile = new_table(
    "import_profile",
    key(),
    words("name"),
    words("header"),
    words("columns"),
    words("words"),
    words("options"),
    link("user_id", "app_user"),
    moment("at", required=True),
    Index("ix_import_profile_header", "header"),
    Index("ix_import_profile_name", "name"),
)

import_reject = Table(
    "import_reject",
    metadata,
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("row", Integer, primary_key=True, autoincrement=False),
    words("cells"),
    words("surplus"),
    words("why"),
)
"""Rows left out of a batch, as they stood. Not history: never journalled, and no lead hangs on them."""

redirect = Table(
    "redirect",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("lead_id", Id, ForeignKey("lead.id", deferrable=True, initially="IMMEDIATE"), nullable=False),
    words("name"),
    link("user_id", "app_user"),
    moment("at", required=True),
    Index("ix_redirect_lead", "lead_id"),
)
"""Cards that were merged into another: `id` is the lead that is no more, `lead_id` the one it leads to for ever."""

not_same = new_table(
    "not_same",
    key(),
    Column("a", BigInteger, nullable=False),
    Column("b", BigInteger, nullable=False),
    link("user_id", "app_user"),
    moment("at", required=True),
    Index("ix_not_same_a", "a", "b"),
    Index("ix_not_same_b", "b"),
)
"""Pairs of leads a person has looked at and called two people; `a` < `b`."""

duplicate_pair = Table(
    "duplicate_pair",
    metadata,
    Column("a", BigInteger, primary_key=True, autoincrement=False),
    Column("b", BigInteger, primary_key=True, autoincrement=False),
    count("score"),
    words("why"),
    flag("certain"),
    Index("ix_duplicate_pair_score", "score", "a", "b"),
    Index("ix_duplicate_pair_b", "b"),
)
"""What the last search for duplicates found; `a` < `b`, `score` in thousandths. Not history: written anew by each search."""

duplicate_search = Table(
    "duplicate_search",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    moment("at", required=True),
    count("leads"),
    count("pairs"),
    count("seconds"),
)
"""When the pairs were last looked for; one row, id 1."""
