"""A view from which adherence can be read without Baton.

Whoever changes or drops a column that it names drops the view first, and makes it again.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

# Late until now, if it goes on. What was cancelled unbroken, declined or merged into another has no outcome.
VIEW = """
    CREATE VIEW sla_adherence AS
    SELECT
        counted.*,
        CASE WHEN outcome = 'breached' THEN {seconds} END AS seconds_late
    FROM (
        SELECT
            incident.number,
            incident.title,
            incident.service,
            incident.severity,
            incident.status,
            incident.declared_at,
            sla_clock.ordinal,
            sla_clock.clock,
            sla_clock.turn,
            sla_clock.sla,
            sla_clock.promised,
            sla_clock.calendar,
            sla_clock.within_seconds,
            sla_clock.used_seconds,
            sla_clock.started_at,
            sla_clock.due_at,
            sla_clock.met_at,
            sla_clock.breached_at,
            sla_clock.cancelled_at,
            sla_clock.held_by,
            sla_clock.held_on,
            CASE
                WHEN incident.status IN ('declined', 'merged') THEN NULL
                WHEN sla_clock.breached_at IS NOT NULL THEN 'breached'
                WHEN sla_clock.cancelled_at IS NOT NULL THEN NULL
                WHEN sla_clock.met_at IS NOT NULL THEN 'met'
            END AS outcome
        FROM sla_clock JOIN incident ON incident.number = sla_clock.incident
    ) AS counted
"""
END = "COALESCE(met_at, cancelled_at, CURRENT_TIMESTAMP)"
SECONDS = {
    "postgresql": f"CAST(EXTRACT(EPOCH FROM {END} - due_at) AS double precision)",
    "sqlite": f"ROUND((julianday({END}) - julianday(due_at)) * 86400, 3)",
}
COMMENT = "Every clock with its incident; outcome is met or breached, and empty of what does not count"


def upgrade() -> None:
    dialect = op.get_bind().dialect
    op.execute(VIEW.format(seconds=SECONDS[dialect.name]))
    if dialect.supports_comments:  # SQLite keeps none
        op.execute(f"COMMENT ON VIEW sla_adherence IS '{COMMENT}'")
