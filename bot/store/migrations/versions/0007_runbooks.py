"""What people saw, gave and judged while they followed runbooks, the actions of these, and the reminders of reviews."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

TEXT = sa.String()
INTEGER = sa.Integer()
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

COMMENTS = {
    ("runbook_run", "finished_at"): "When the end was reached, or it was stopped",
    ("runbook_step", "answer"): "The answer chosen, the value given, or `wrong` of a check",
}


def upgrade() -> None:
    category = "Key of the kind of trouble in the configuration; empty if unknown"
    op.add_column("incident", sa.Column("category", TEXT, nullable=True, comment=category))
    for table, columns in (("runbook_run", _of_run()), ("runbook_step", _of_step())):
        for column in columns:
            op.add_column(table, column)
    _create_actions()
    told = "When owners were last told which of their runbooks are stale"
    op.create_table(
        "library",
        sa.Column("id", INTEGER, nullable=False, autoincrement=False, comment="Always 1"),
        sa.Column("reminded_at", INSTANT, nullable=False, comment=told),
        sa.PrimaryKeyConstraint("id", name="pk_library"),
        comment="The library of runbooks; one row",
    )
    if op.get_bind().dialect.supports_comments:  # SQLite keeps none
        for (table, name), comment in COMMENTS.items():
            op.alter_column(table, name, comment=comment)


def _of_run() -> tuple[sa.Column[Any], ...]:
    whose = "Who is to deal with the step in hand; empty: the lead"
    given = "What people answered, as pairs of name and value"
    wrong = "What was wrong with it, in their words"
    return (
        sa.Column("present_since", INSTANT, nullable=True, comment="When the step in hand came so"),
        sa.Column("assigned_to", TEXT, nullable=True, comment=whose),
        _list("evidence", "What was seen at the step in hand: texts and links"),
        _list("inputs", given),
        sa.Column(
            "stopped",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="It was finished before its end",
        ),
        sa.Column("helped", sa.Boolean(), nullable=True, comment="Whether it helped; empty: nobody has said"),
        sa.Column("rated_by", TEXT, nullable=True, comment="Who said so"),
        sa.Column("feedback", TEXT, nullable=False, server_default="", comment=wrong),
    )


def _of_step() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("since", INSTANT, nullable=True, comment="When it came in hand"),
        _list("evidence", "What was seen: texts and links"),
    )


def _list(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, JSON, nullable=False, server_default="[]", comment=comment)


def _create_actions() -> None:
    op.create_table(
        "runbook_action",
        sa.Column("id", TEXT, nullable=False, comment="42-r1-a2 is the second action of the first run of INC-42"),
        sa.Column("run", TEXT, nullable=False, comment="Id of the run"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="Which action of its run, from 0"),
        sa.Column("step", TEXT, nullable=False, comment="Id of the step in the runbook"),
        sa.Column("request", TEXT, nullable=False, comment="What is to be done, in words and without secrets"),
        sa.Column(
            "call",
            TEXT,
            nullable=False,
            comment="The same for a machine, as JSON: what was consented to; empty: Baton does it to the incident",
        ),
        sa.Column("asked_by", TEXT, nullable=False, comment="Who asked for it"),
        sa.Column("asked_at", INSTANT, nullable=False, comment="When it was asked for"),
        sa.Column(
            "state",
            TEXT,
            nullable=False,
            comment="asked, queued, running, done, failed, refused or unknown (cut off: perhaps done)",
        ),
        sa.Column("dry", sa.Boolean(), nullable=False, comment="It only shows what would be done"),
        sa.Column("decided_by", TEXT, nullable=True, comment="Who consented to it, or refused"),
        sa.Column("began_at", INSTANT, nullable=True, comment="When it was begun"),
        sa.Column("ended_at", INSTANT, nullable=True, comment="When it had ended"),
        sa.Column("result", TEXT, nullable=False, comment="What came of it, cut and without secrets"),
        sa.ForeignKeyConstraint(["run"], ["runbook_run.id"], name="fk_runbook_action_run"),
        sa.PrimaryKeyConstraint("id", name="pk_runbook_action"),
        sa.UniqueConstraint("run", "ordinal", name="uq_runbook_action_run_ordinal"),
        comment="Actions of runbooks that somebody asked for, with what came of them",
    )
