"""The identity provider of the city, tokens for one role, one-time passwords, four eyes, who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("tied_at", sa.BigInteger, nullable=False),
    )
    op.create_table("four_eyes", sa.Column("process", sa.Text, primary_key=True))
    op.add_column("tokens", sa.Column("role", sa.Text))
    op.add_column("passwords", sa.Column("once", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("audit", sa.Column("by", sa.Text))
    op.add_column("audit", sa.Column("times", sa.Integer, nullable=False, server_default="1"))
    op.create_index("audit_at", "audit", ["at"])
