"""Persons that the office knows, the entries they are tied to, and the list of what was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TYPED = {
    "persons": ("function", "contact", "note", "name"),
    "people": ("name",),
    "tokens": ("label",),
    "drafts": ("content",),
    "registrations": ("email", "folded", "name", "organisation", "needs"),
    "messages": ("subject", "body"),
    "documents": ("name", "reason"),
}


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("function", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("since", sa.Text),
        sa.Column("until", sa.Text),
    )
    op.create_table(
        "ties",
        sa.Column("person", sa.Text, sa.ForeignKey("persons.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("keeper", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":  # its statistics would keep samples of what was typed
        for table, columns in TYPED.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
