"""The transparency log. The leaves of the entries that are there are made when an installation is set up anew."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "log_processes",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("log_id", sa.LargeBinary, nullable=False, unique=True),
    )
    op.create_table(
        "log_leaves",
        sa.Column("position", POSITION, primary_key=True, autoincrement=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "log_tiles",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
    )
    state = op.create_table(
        "log_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("frontier", sa.LargeBinary, nullable=False),
        sa.Column("vkey", sa.Text),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.Column("began_size", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("signed_at", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    now = time.time_ns() // 1000  # microseconds, as `Instant` keeps them
    op.bulk_insert(state, [{"id": 1, "size": 0, "frontier": b"", "began_at": now, "began_size": 0}])
