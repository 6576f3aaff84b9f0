"""Registrations for meetings, the links in their messages, what is still to be sent, and how often one registers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "registration_openings",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("meeting", sa.Text, primary_key=True),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("closes_on", sa.Text),
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("meeting", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("needs", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("waiting", sa.Boolean, nullable=False),
        sa.Column("registered_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger),
        sa.Column("told_at", sa.BigInteger, nullable=False),
        sa.Column("presence", sa.Text),
        sa.UniqueConstraint("process", "meeting", "folded"),
        sa.UniqueConstraint("process", "meeting", "number"),
    )
    op.create_table(
        "registration_links",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("registration", sa.Text, sa.ForeignKey("registrations.id"), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
    )
    op.create_index("registration_links_registration", "registration_links", ["registration"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("registration", sa.Text, sa.ForeignKey("registrations.id"), nullable=False),
        sa.Column("written_at", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("failure", sa.Text),
    )
    op.create_index("messages_registration", "messages", ["registration"])
    op.create_table(
        "registration_tries",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
