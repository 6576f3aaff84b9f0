"""Which entries lost their texts, and by which entry."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    position = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "erased_texts",
        sa.Column("position", position, sa.ForeignKey("entries.position"), primary_key=True, autoincrement=False),
        sa.Column("erased_by", position, sa.ForeignKey("entries.position"), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":  # its statistics would keep samples of what is erased
        op.execute("ALTER TABLE texts ALTER COLUMN texts SET STATISTICS 0")
        op.execute("ALTER TABLE texts ALTER COLUMN texts TYPE bytea")  # forgets those that there are
