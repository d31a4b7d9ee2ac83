"""The first version: incidents and what hangs on them, shifts, and the machinery."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

TEXT = sa.String()
INTEGER = sa.Integer()
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _incidents()
    _work()
    _runbooks()
    _shifts()
    _machinery()
    _outbox()


def _incidents() -> None:
    op.create_table(
        "incident",
        sa.Column(
            "number", INTEGER, autoincrement=False, nullable=False, comment="The number people say: 42 is INC-42"
        ),
        sa.Column("title", TEXT, nullable=False, comment="What is wrong, in a few words"),
        sa.Column("severity", TEXT, nullable=False, comment="Key of the severity in the configuration, e.g. sev1"),
        sa.Column("service", TEXT, nullable=True, comment="Key of the service in the configuration; empty if unknown"),
        sa.Column(
            "status",
            TEXT,
            nullable=False,
            comment="triage, investigating, identified, monitoring, resolved, closed or declined",
        ),
        sa.Column("summary", TEXT, nullable=False, comment="What is known, in a paragraph"),
        sa.Column("declared_by", TEXT, nullable=False, comment="Who declared it: key of a person, or a Slack user id"),
        sa.Column("declared_at", INSTANT, nullable=False, comment="When it was declared"),
        sa.Column("started_at", INSTANT, nullable=False, comment="When the trouble began"),
        sa.Column("acknowledged_by", TEXT, nullable=True, comment="Who acknowledged it first"),
        sa.Column("acknowledged_at", INSTANT, nullable=True, comment="When it was acknowledged"),
        sa.Column("mitigated_at", INSTANT, nullable=True, comment="When the harm had ended"),
        sa.Column("resolved_at", INSTANT, nullable=True, comment="When it was resolved"),
        sa.Column("closed_at", INSTANT, nullable=True, comment="When it was closed"),
        sa.Column("last_update", TEXT, nullable=False, comment="Text of the latest update to those who wait"),
        sa.Column("last_update_at", INSTANT, nullable=True, comment="When the latest update was posted"),
        sa.Column("last_update_by", TEXT, nullable=True, comment="Who posted the latest update"),
        sa.Column("schedule", TEXT, nullable=True, comment="Key of the schedule whose shift answers for it"),
        sa.Column("channel", TEXT, nullable=True, comment="Slack id of the incident channel"),
        sa.Column("channel_name", TEXT, nullable=True, comment="Name of the incident channel"),
        sa.Column("card_channel", TEXT, nullable=True, comment="Slack channel id of the incident card"),
        sa.Column("card_ts", TEXT, nullable=True, comment="Slack timestamp of the incident card"),
        sa.Column("announcement_channel", TEXT, nullable=True, comment="Slack channel id of the announcement"),
        sa.Column("announcement_ts", TEXT, nullable=True, comment="Slack timestamp of the announcement"),
        sa.Column("invited", JSON, nullable=False, comment="People invited to the incident channel"),
        sa.PrimaryKeyConstraint("number", name="pk_incident"),
        comment="Incidents as they stand now",
    )
    op.create_index("ix_incident_channel", "incident", ["channel"])
    op.create_index("ix_incident_status", "incident", ["status"])
    op.create_table(
        "timeline_entry",
        sa.Column("id", ID, nullable=False, comment="Grows with every entry; the order of the timeline"),
        sa.Column("incident", INTEGER, nullable=False, comment="Number of the incident"),
        sa.Column("at", INSTANT, nullable=False, comment="When it happened"),
        sa.Column(
            "who", TEXT, nullable=True, comment="Who did it: key of a person or a Slack user id; empty: the bot itself"
        ),
        sa.Column(
            "what", TEXT, nullable=False, comment="The kind of change, e.g. declared, paged, status, severity, note"
        ),
        sa.Column("old_value", TEXT, nullable=True, comment="What it was before, where that has a sense"),
        sa.Column("new_value", TEXT, nullable=True, comment="What it became"),
        sa.Column("text", TEXT, nullable=False, comment="The words that go with it, in full"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_timeline_entry_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_timeline_entry"),
        comment="The append-only history of incidents, one entry a change",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_timeline_entry_incident", "timeline_entry", ["incident", "id"])


def _work() -> None:
    op.create_table(
        "escalation",
        sa.Column("incident", INTEGER, nullable=False, comment="Number of the incident"),
        sa.Column("path", TEXT, nullable=False, comment="Key of the path in the configuration"),
        sa.Column("steps", JSON, nullable=False, comment="Its steps as they were when it began; waits in seconds"),
        sa.Column("repeat", INTEGER, nullable=False, comment="How many more times the whole path runs after the first"),
        sa.Column("round", INTEGER, nullable=False, comment="Which run of the path acts, from 0"),
        sa.Column("step", INTEGER, nullable=False, comment="Which step acts, from 0; -1 before the first"),
        sa.Column("state", TEXT, nullable=False, comment="running, acknowledged, exhausted or stopped"),
        sa.Column("due_at", INSTANT, nullable=True, comment="When the next step runs"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_escalation_incident"),
        sa.PrimaryKeyConstraint("incident", name="pk_escalation"),
        comment="The escalation path that acts for an incident",
    )
    op.create_table(
        "page",
        sa.Column("id", TEXT, nullable=False, comment="42-3 is the third page of INC-42"),
        sa.Column("incident", INTEGER, nullable=False, comment="Number of the incident"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="Which page of its incident, from 0"),
        sa.Column("person", TEXT, nullable=False, comment="Who is paged"),
        sa.Column("round", INTEGER, nullable=False, comment="Which run of the escalation path, from 0"),
        sa.Column("step", INTEGER, nullable=False, comment="Which step of the path, from 0"),
        sa.Column("paged_at", INSTANT, nullable=False, comment="When the page was decided"),
        sa.Column(
            "state", TEXT, nullable=False, comment="open, acknowledged, superseded, declined, exhausted or undelivered"
        ),
        sa.Column("ended_at", INSTANT, nullable=True, comment="When it was no longer open"),
        sa.Column("ended_by", TEXT, nullable=True, comment="Who ended it"),
        sa.Column("message_channel", TEXT, nullable=True, comment="Slack channel id of the page"),
        sa.Column("message_ts", TEXT, nullable=True, comment="Slack timestamp of the page"),
        sa.Column("delivered_at", INSTANT, nullable=True, comment="When Slack had taken it"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_page_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
        sa.UniqueConstraint("incident", "ordinal", name="uq_page_incident_ordinal"),
        comment="Demands that one person acknowledges an incident",
    )
    op.create_table(
        "sla_clock",
        sa.Column("incident", INTEGER, nullable=False, comment="Number of the incident"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="Which clock of its incident, from 0"),
        sa.Column("clock", TEXT, nullable=False, comment="acknowledge, first_update, update, mitigate or resolve"),
        sa.Column("started_at", INSTANT, nullable=False, comment="From when it counts"),
        sa.Column("due_at", INSTANT, nullable=False, comment="When it is broken if not met"),
        sa.Column(
            "within_seconds",
            sa.Float(53),
            nullable=False,
            comment="The time promised, in open hours of the calendar, as seconds",
        ),
        sa.Column("calendar", TEXT, nullable=False, comment="Key of the calendar whose hours count"),
        sa.Column(
            "warned_share",
            sa.Float(),
            nullable=False,
            comment="The highest share of its time already warned of; 1 is the breach",
        ),
        sa.Column("met_at", INSTANT, nullable=True, comment="When the promise was met"),
        sa.Column("breached_at", INSTANT, nullable=True, comment="When it was broken"),
        sa.Column("cancelled_at", INSTANT, nullable=True, comment="When it no longer mattered"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_sla_clock_incident"),
        sa.PrimaryKeyConstraint("incident", "ordinal", name="pk_sla_clock"),
        comment="Promises with a due time, running or ended",
    )
    op.create_table(
        "role_assignment",
        sa.Column("incident", INTEGER, nullable=False, comment="Number of the incident"),
        sa.Column("role", TEXT, nullable=False, comment="lead, communications or scribe"),
        sa.Column("person", TEXT, nullable=False, comment="Who holds it"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="In which order the roles were first taken, from 0"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_role_assignment_incident"),
        sa.PrimaryKeyConstraint("incident", "role", name="pk_role_assignment"),
        comment="Who holds which role on an incident now",
    )


def _runbooks() -> None:
    op.create_table(
        "runbook_run",
        sa.Column("id", TEXT, nullable=False, comment="42-r1 is the first run of INC-42"),
        sa.Column("incident", INTEGER, nullable=False, comment="Number of the incident"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="Which run of its incident, from 0"),
        sa.Column("runbook", TEXT, nullable=False, comment="Id of the runbook"),
        sa.Column("started_by", TEXT, nullable=False, comment="Who began it"),
        sa.Column("started_at", INSTANT, nullable=False, comment="When it was begun"),
        sa.Column("present_step", TEXT, nullable=True, comment="Id of the step in hand; empty: the end is reached"),
        sa.Column("finished_at", INSTANT, nullable=True, comment="When the end was reached"),
        sa.Column("message_channel", TEXT, nullable=True, comment="Slack channel id of the message that shows it"),
        sa.Column("message_ts", TEXT, nullable=True, comment="Slack timestamp of that message"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_runbook_run_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_runbook_run"),
        sa.UniqueConstraint("incident", "ordinal", name="uq_runbook_run_incident_ordinal"),
        comment="Runbooks that somebody works through for an incident",
    )
    op.create_table(
        "runbook_step",
        sa.Column("run", TEXT, nullable=False, comment="Id of the run"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="In which order the steps were dealt with, from 0"),
        sa.Column("step", TEXT, nullable=False, comment="Id of the step in the runbook"),
        sa.Column("state", TEXT, nullable=False, comment="done, skipped or failed"),
        sa.Column("who", TEXT, nullable=False, comment="Who dealt with it"),
        sa.Column("at", INSTANT, nullable=False, comment="When"),
        sa.Column("answer", TEXT, nullable=True, comment="The answer chosen, where the step asks"),
        sa.Column("reason", TEXT, nullable=False, comment="Why it was skipped or failed"),
        sa.ForeignKeyConstraint(["run"], ["runbook_run.id"], name="fk_runbook_step_run"),
        sa.PrimaryKeyConstraint("run", "ordinal", name="pk_runbook_step"),
        comment="Steps of a runbook that somebody has dealt with",
    )


def _shifts() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", TEXT, nullable=False, comment="Key of the schedule and the instant of the change"),
        sa.Column("schedule", TEXT, nullable=False, comment="Key of the schedule"),
        sa.Column("at", INSTANT, nullable=False, comment="When the shift changed"),
        sa.Column("outgoing", JSON, nullable=False, comment="Who went"),
        sa.Column("incoming", JSON, nullable=False, comment="Who came"),
        sa.Column("taken_by", TEXT, nullable=True, comment="Who took the work; empty: nobody yet"),
        sa.Column("taken_at", INSTANT, nullable=True, comment="When it was taken"),
        sa.Column("message_channel", TEXT, nullable=True, comment="Slack channel id of the message"),
        sa.Column("message_ts", TEXT, nullable=True, comment="Slack timestamp of the message"),
        sa.PrimaryKeyConstraint("id", name="pk_handoff"),
        comment="Transfers of open work from one shift to the next",
    )
    op.create_table(
        "handoff_item",
        sa.Column("handoff", TEXT, nullable=False, comment="Id of the handoff"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="Which item of its handoff, from 0"),
        sa.Column("incident", INTEGER, nullable=False, comment="Number of the incident"),
        sa.Column("title", TEXT, nullable=False, comment="Its title then"),
        sa.Column("severity", TEXT, nullable=False, comment="Its severity then"),
        sa.Column("status", TEXT, nullable=False, comment="Its status then"),
        sa.Column("lead", TEXT, nullable=True, comment="Who led it then"),
        sa.Column("next_clock", TEXT, nullable=True, comment="The clock that was to fall due first"),
        sa.Column("next_due_at", INSTANT, nullable=True, comment="When that clock was due"),
        sa.ForeignKeyConstraint(["handoff"], ["handoff.id"], name="fk_handoff_item_handoff"),
        sa.ForeignKeyConstraint(["incident"], ["incident.number"], name="fk_handoff_item_incident"),
        sa.PrimaryKeyConstraint("handoff", "ordinal", name="pk_handoff_item"),
        comment="Open incidents as they stood at a change of shift",
    )
    op.create_table(
        "shift_watch",
        sa.Column("schedule", TEXT, nullable=False, comment="Key of the schedule"),
        sa.Column("people", JSON, nullable=False, comment="Who has the shift"),
        sa.Column("layer", TEXT, nullable=True, comment="The layer that gave them"),
        sa.Column("until", INSTANT, nullable=True, comment="When the shift ends; empty: never"),
        sa.Column("handoff", TEXT, nullable=True, comment="Id of the latest handoff"),
        sa.ForeignKeyConstraint(["handoff"], ["handoff.id"], name="fk_shift_watch_handoff"),
        sa.PrimaryKeyConstraint("schedule", name="pk_shift_watch"),
        comment="Who has the shift of each schedule, as last seen",
    )


def _machinery() -> None:
    op.create_table(
        "timer",
        sa.Column("key", TEXT, nullable=False, comment="What the timer is for; setting it again replaces it"),
        sa.Column("due", INSTANT, nullable=False, comment="When it falls due"),
        sa.Column("event", JSON, nullable=False, comment="What has happened then"),
        sa.Column("version", INTEGER, nullable=False, comment="Grows each time the timer is set anew"),
        sa.Column("attempts", INTEGER, nullable=False, comment="How often handling it has failed"),
        sa.Column(
            "not_before", INSTANT, nullable=False, comment="When to look at it: its due time, or later after a failure"
        ),
        sa.Column("last_error", TEXT, nullable=True, comment="Why it failed last"),
        sa.PrimaryKeyConstraint("key", name="pk_timer"),
        comment="What falls due, and when; a timer that has fired is deleted",
    )
    op.create_index("ix_timer_due", "timer", ["due"])
    op.create_index("ix_timer_not_before", "timer", ["not_before"])
    op.create_table(
        "inbox",
        sa.Column("envelope", TEXT, nullable=False, comment="The key by which a repeat of the request is known"),
        sa.Column("answer", JSON, nullable=False, comment="What was answered"),
        sa.Column("at", INSTANT, nullable=False, comment="When it was handled"),
        sa.PrimaryKeyConstraint("envelope", name="pk_inbox"),
        comment="Requests already handled, so that a repeat changes nothing",
    )
    op.create_index("ix_inbox_at", "inbox", ["at"])
    op.create_table(
        "slack_person",
        sa.Column("person", TEXT, nullable=False, comment="Key of the person"),
        sa.Column("slack_id", TEXT, nullable=False, comment="Slack user id"),
        sa.PrimaryKeyConstraint("person", name="pk_slack_person"),
        comment="People of the configuration, found in Slack by their e-mail",
    )
    op.create_table(
        "counter",
        sa.Column("name", TEXT, nullable=False, comment="What is counted"),
        sa.Column("value", INTEGER, nullable=False, comment="The last number given"),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
        comment="Numbers that grow without gaps",
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "id", ID, nullable=False, comment="Never used twice: messages carry it, so that they are not sent twice"
        ),
        sa.Column("kind", TEXT, nullable=False, comment="The kind of effect, e.g. SendPage"),
        sa.Column("effect", JSON, nullable=False, comment="The whole effect"),
        sa.Column(
            "subject",
            TEXT,
            nullable=False,
            comment="What it belongs to, e.g. incident:42; order is kept within one subject",
        ),
        sa.Column("gives", TEXT, nullable=True, comment="What exists once it is done"),
        sa.Column("needs", TEXT, nullable=True, comment="What must exist first, as |channel|card|"),
        sa.Column(
            "coalesce_key",
            TEXT,
            nullable=True,
            comment="One waiting row of a subject and key is enough; empty: each counts",
        ),
        sa.Column("urgent", sa.Boolean(), nullable=False, comment="Rides ahead of everything"),
        sa.Column("state", TEXT, nullable=False, comment="waiting, sending, sent or given_up"),
        sa.Column("attempt", INTEGER, nullable=False, comment="How often it was tried"),
        sa.Column("enqueued_at", INSTANT, nullable=False, comment="When it was decided"),
        sa.Column(
            "due_at",
            INSTANT,
            nullable=True,
            comment="When it may be claimed: not-before while waiting, end of lease while sending; empty at the end",
        ),
        sa.Column("owner", TEXT, nullable=True, comment="The process that has the lease"),
        sa.Column("sent_at", INSTANT, nullable=True, comment="When it was done"),
        sa.Column("last_error", TEXT, nullable=True, comment="Why it failed last"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        comment="What is to be done outside, and what became of it",
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_coalesce",
        "outbox",
        ["subject", "coalesce_key"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["urgent", "due_at", "id", "subject", "needs"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_gives",
        "outbox",
        ["subject", "id", "gives"],
        sqlite_where=sa.text("due_at IS NOT NULL AND gives IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL AND gives IS NOT NULL"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "enqueued_at"])
