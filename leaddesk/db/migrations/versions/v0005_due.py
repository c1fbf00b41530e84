"""Open tasks beside the owner of their lead; retries and returns by owner."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what there was not. It is filled after every migration, and kept by triggers from then on."""
    big = [sa.Column(name, sa.BigInteger, nullable=False) for name in ("owner_id", "due_at", "lead_id")]
    op.create_table(
        "due",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        big[0],
        sa.Column("place", sa.SmallInteger, nullable=False),
        *big[1:],
    )
    op.create_index("ix_due_order", "due", ["owner_id", "place", "due_at", "id", "lead_id"])
    held = "reach = 'phone' AND (spam < 50 OR suspicion_ok = 1)"
    for name, condition, columns in (
        ("retry", f"retry_at IS NOT NULL AND {held}", "owner_id retry_at id zone_key"),
        ("came_back", "came_back_at IS NOT NULL", "owner_id came_back_at id"),
    ):
        where = sa.text(condition)
        op.create_index(f"ix_lead_{name}_own", "lead", columns.split(), sqlite_where=where, postgresql_where=where)
