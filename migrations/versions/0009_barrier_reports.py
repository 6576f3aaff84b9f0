"""Reports of barriers that wait for the office."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "barrier_reports",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("process", sa.Text),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":  # its statistics would keep samples of what was typed
        for column in ("address", "what", "name", "contact"):
            op.execute(f"ALTER TABLE barrier_reports ALTER COLUMN {column} SET STATISTICS 0")
