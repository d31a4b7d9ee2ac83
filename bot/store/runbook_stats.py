"""The uses of runbooks, as the report reads them: parameters in, plain facts out."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select

from bot.core.incident import StepState
from bot.core.kept import Dealt, Use
from bot.store.grouping import grouped
from bot.store.rows import table
from bot.store.types import Instant

RUN = table("runbook_run")
STEP = table("runbook_step")

_SINCE = bindparam("since", type_=Instant)
_IN_TIME = or_(_SINCE.is_(None), RUN.c.started_at >= _SINCE)
_RUNS = select(RUN).where(_IN_TIME).order_by(RUN.c.started_at, RUN.c.incident, RUN.c.ordinal)
_STEPS = (
    select(STEP.c.run, STEP.c.step, STEP.c.state, STEP.c.at, STEP.c.since)
    .join(RUN)
    .where(_IN_TIME)
    .order_by(STEP.c.run, STEP.c.ordinal)
)


def uses(connection: Connection, since: datetime | None = None) -> list[Use]:
    """Those that were started since then, in that order; all, if no instant is named."""
    steps = grouped(connection, _STEPS, {"since": since}, "run")
    return [
        Use(
            runbook=row.runbook,
            incident=row.incident,
            started=row.started_at,
            finished=row.finished_at,
            stopped=row.stopped,
            present=row.present_step,
            dealt=tuple(Dealt(each.step, StepState(each.state), each.at, each.since) for each in steps[row.id]),
            helped=row.helped,
            rated_by=row.rated_by,
            feedback=row.feedback,
        )
        for row in connection.execute(_RUNS, {"since": since})
    ]
