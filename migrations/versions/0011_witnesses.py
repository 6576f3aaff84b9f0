"""Witnesses of the transparency log, what they signed, and the keys that have signed the log itself."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "log_cosignatures",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("witness", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.UniqueConstraint("size", "witness"),
    )
    op.create_table(
        "log_witnesses",
        sa.Column("witness", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.BigInteger),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
    )
    keys = op.create_table(
        "log_keys",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("vkey", sa.Text, nullable=False, unique=True),
        sa.Column("first_size", sa.BigInteger, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("last_size", sa.BigInteger),
        sa.Column("until", sa.BigInteger),
    )
    state = sa.table("log_state", sa.column("vkey"), sa.column("began_at"))
    for vkey, began_at in op.get_bind().execute(sa.select(state.c.vkey, state.c.began_at)).all():
        if vkey is not None:
            op.bulk_insert(keys, [{"number": 1, "vkey": vkey, "first_size": 0, "since": began_at}])
