"""What was promised of an incident, on whom it waits, and clocks that tell how they were counted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.String()
INSTANT = sa.DateTime(timezone=True)
SPAN = sa.Float(53)

COMMENTS = {
    ("sla_clock", "clock"): "acknowledge, first_update, update, mitigate, resolve, rca, action or accept",
    ("timeline_entry", "what"): "The kind of change, e.g. declared, paged, status, severity, waiting, corrected, note",
}
# Clocks never stood still before, so one that runs has counted since it started.
STATES = """
    UPDATE sla_clock SET
        state = CASE
            WHEN cancelled_at IS NOT NULL THEN 'cancelled'
            WHEN met_at IS NOT NULL THEN 'met'
            WHEN breached_at IS NOT NULL THEN 'breached'
            ELSE 'running'
        END,
        since = CASE WHEN cancelled_at IS NULL AND met_at IS NULL THEN started_at END
"""


def upgrade() -> None:
    for table, columns in (("incident", _of_incident()), ("sla_clock", _of_clock())):
        for column in columns:
            op.add_column(table, column)
    op.execute(STATES)
    if op.get_bind().dialect.supports_comments:  # SQLite keeps none
        for (table, name), comment in COMMENTS.items():
            op.alter_column(table, name, comment=comment)


def _of_incident() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column(
            "waiting_on",
            TEXT,
            nullable=True,
            comment="On whom it waits: customer, partner or engineering; empty: nobody",
        ),
        sa.Column("waiting_since", INSTANT, nullable=True, comment="Since when it waits"),
        sa.Column("waiting_until", INSTANT, nullable=True, comment="When it waits no longer, at the latest"),
        sa.Column("waiting_reason", TEXT, nullable=True, comment="Why it waits"),
        sa.Column("waiting_by", TEXT, nullable=True, comment="Who said that it waits"),
        sa.Column("terms", TEXT, nullable=True, comment="What was promised when it was declared, as JSON"),
    )


def _of_clock() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column(
            "sla",
            TEXT,
            nullable=False,
            server_default="",
            comment="Key of the SLA in the configuration; empty in what an older Baton wrote",
        ),
        sa.Column(
            "turn",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="Which of the clocks of this kind and SLA, from 0; an update begins the next",
        ),
        sa.Column(
            "state",
            TEXT,
            nullable=False,
            server_default="",
            comment="running, paused, breached (and not met yet), met (in time or late) or cancelled",
        ),
        sa.Column(
            "promised",
            TEXT,
            nullable=False,
            server_default="",
            comment="The time promised as it is written, e.g. 4h or 1 business day",
        ),
        sa.Column(
            "used_seconds",
            SPAN,
            nullable=False,
            server_default="0",
            comment="Open time used until `since`; in all, if it is empty",
        ),
        sa.Column("since", INSTANT, nullable=True, comment="From when on it counts now, or will; empty: it does not"),
        sa.Column("paused_until", INSTANT, nullable=True, comment="Until when it stands still at the latest"),
        sa.Column("held_by", TEXT, nullable=True, comment="Who had it when it was met or broken"),
        sa.Column("held_on", TEXT, nullable=True, comment="Their schedule and layer then, e.g. l1/nairobi"),
    )
