"""The schema a new database is made with: nothing to do, only a name to count from."""

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New databases are made from `tables.py` and stamped with the newest revision."""


def downgrade() -> None:
    """There is no way back but the backup made before."""
