"""More ways to sign in, and what comes with them."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Each subject below brings its own tables."""
