"""Narrow indexes for a server, which orders all leads by what they hold."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a server has not; a file of SQLite wants neither."""
    if op.get_bind().dialect.name != "postgresql":
        return
    figures = "owner_id id score attempts touches changed_at last_call_at retry_at"
    op.create_index("ix_lead_figures", "lead", figures.split())
    op.create_index("ix_lead_words", "lead", ["id", "temperature", "country"])
