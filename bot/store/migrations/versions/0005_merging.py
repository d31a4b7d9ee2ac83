"""Incidents that were merged into another."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STATUS = "triage, investigating, identified, monitoring, resolved, closed, declined or merged"


def upgrade() -> None:
    into = "Number of the incident into which it was merged"
    op.add_column("incident", sa.Column("merged_into", sa.Integer(), nullable=True, comment=into))
    if op.get_bind().dialect.supports_comments:  # SQLite keeps none
        op.alter_column("incident", "status", comment=STATUS)
