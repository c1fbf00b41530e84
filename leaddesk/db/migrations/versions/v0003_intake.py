"""Intake that goes on where it stopped, files understood once for all, merged cards, weighed suspicion."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
CALLABLE = "reach = 'phone' AND (spam < 50 OR suspicion_ok = 1)"
FRESH = f"status = 'new' AND last_call_at IS NULL AND {CALLABLE}"
BEST_FIRST = ("temperature", sa.text("score DESC"), "created_at", "id")
AT_ONCE = 5_000


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False, server_default="") for name in names]


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in names]


def _big(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _link(name: str, target: str, *, required: bool = False) -> sa.Column[int]:
    return sa.Column(
        name, ID, sa.ForeignKey(f"{target}.id", deferrable=True, initially="IMMEDIATE"), nullable=not required
    )


def _some(name: str, table: str, condition: str, *columns: Any) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    """Add what there was not. Whoever was held back as suspicious still is."""
    added: dict[str, list[Any]] = {
        "import_batch": [*_words("fingerprint", "options"), *_counts("rows_done")],
        "lead": [*_counts("spam"), *_words("name_key")],
    }
    for table, columns in added.items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE lead SET spam = 100 WHERE suspicion <> ''")
    _name_keys()
    _search_texts()
    _new_tables()
    _indexes()


def _name_keys() -> None:
    from leaddesk.workflow.name_keys import name_key

    connection = op.get_bind()
    lead = sa.table("lead", sa.column("id"), sa.column("name"), sa.column("company"), sa.column("name_key"))
    store = sa.update(lead).where(lead.c.id == sa.bindparam("row")).values(name_key=sa.bindparam("made"))
    last = 0
    while rows := connection.execute(
        sa.select(lead.c.id, lead.c.name, lead.c.company).where(lead.c.id > last).order_by(lead.c.id).limit(AT_ONCE)
    ).all():
        last = rows[-1].id
        connection.execute(store, [{"row": row.id, "made": name_key(row.name, row.company)} for row in rows])


def _search_texts() -> None:
    """Numbers are found as they are dialled at home, too; only the texts that change for it are written."""
    from leaddesk.db import search

    connection = op.get_bind()
    for table in ("lead", "client"):
        card = sa.table(table, sa.column("id"))
        last = 0
        while ids := list(
            connection.scalars(sa.select(card.c.id).where(card.c.id > last).order_by(card.c.id).limit(AT_ONCE))
        ):
            last = ids[-1]
            search.refresh(connection, ids if table == "lead" else (), ids if table == "client" else ())


def _new_tables() -> None:
    op.create_table(
        "import_profile",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *_words("name", "header", "columns", "words", "options"),
        _link("user_id", "app_user"),
        *_big("at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "import_reject",
        sa.Column("batch_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
        *_words("cells", "surplus", "why"),
    )
    op.create_table(
        "redirect",
        sa.Column("id", ID, primary_key=True, autoincrement=False),
        _link("lead_id", "lead", required=True),
        *_words("name"),
        _link("user_id", "app_user"),
        *_big("at"),
    )
    op.create_table(
        "not_same",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *_big("a", "b"),
        _link("user_id", "app_user"),
        *_big("at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "duplicate_pair",
        sa.Column("a", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("b", sa.BigInteger, primary_key=True, autoincrement=False),
        *_counts("score"),
        *_words("why"),
        sa.Column("certain", sa.SmallInteger, nullable=False, server_default="0"),
    )
    op.create_table(
        "duplicate_search",
        sa.Column("id", ID, primary_key=True, autoincrement=False),
        *_big("at"),
        *_counts("leads", "pairs", "seconds"),
    )


def _indexes() -> None:
    for name in ("ix_lead_retry", "ix_lead_fresh", "ix_lead_fresh_own"):
        op.drop_index(name, "lead")
    _some("ix_lead_retry", "lead", f"retry_at IS NOT NULL AND {CALLABLE}", "retry_at", "zone_key", "owner_id")
    _some("ix_lead_fresh", "lead", FRESH, *BEST_FIRST, "zone_key", "owner_id")
    _some("ix_lead_fresh_own", "lead", FRESH, "owner_id", *BEST_FIRST, "zone_key")
    _some("ix_lead_name_key", "lead", "name_key <> ''", "name_key", "id")
    _some("ix_import_batch_open", "import_batch", "state = 'running'", "fingerprint")
    op.create_index("ix_import_profile_header", "import_profile", ["header"])
    op.create_index("ix_import_profile_name", "import_profile", ["name"])
    op.create_index("ix_redirect_lead", "redirect", ["lead_id"])
    op.create_index("ix_not_same_a", "not_same", ["a", "b"])
    op.create_index("ix_not_same_b", "not_same", ["b"])
    op.create_index("ix_duplicate_pair_score", "duplicate_pair", ["score", "a", "b"])
    op.create_index("ix_duplicate_pair_b", "duplicate_pair", ["b"])
