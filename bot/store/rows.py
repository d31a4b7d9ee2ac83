"""The tables: rows, not domain objects, with a comment on each table and column for those who query them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.types import GrowingId, Instant, Json, Seconds


class Row(SQLModel):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _column(comment: str, kind: Any = None, *, null: bool = False, key: bool = False, to: str | None = None) -> Any:
    grows = kind is GrowingId
    options: dict[str, Any] = {
        "sa_column_kwargs": {"comment": comment, "autoincrement": grows},
        "nullable": null,
    }
    if kind is not None:
        options["sa_type"] = kind
    if key:
        options["primary_key"] = True
    if to is not None:
        options["foreign_key"] = to
    return Field(**options)


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index over the few rows that are not finished, so that the finished ones never slow it."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


# Incidents and what hangs on them


class IncidentRow(Row, table=True):
    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_status", "status"),
        Index("ix_incident_channel", "channel"),
        {"comment": "Incidents as they stand now"},
    )
    number: int = _column("The number people say: 42 is INC-42", key=True)
    title: str = _column("What is wrong, in a few words")
    severity: str = _column("Key of the severity in the configuration, e.g. sev1")
    service: str | None = _column("Key of the service in the configuration; empty if unknown", null=True)
    status: str = _column("triage, investigating, identified, monitoring, resolved, closed or declined")
    summary: str = _column("What is known, in a paragraph")
    declared_by: str = _column("Who declared it: key of a person, or a Slack user id")
    declared_at: datetime = _column("When it was declared", Instant)
    started_at: datetime = _column("When the trouble began", Instant)
    acknowledged_by: str | None = _column("Who acknowledged it first", null=True)
    acknowledged_at: datetime | None = _column("When it was acknowledged", Instant, null=True)
    mitigated_at: datetime | None = _column("When the harm had ended", Instant, null=True)
    resolved_at: datetime | None = _column("When it was resolved", Instant, null=True)
    closed_at: datetime | None = _column("When it was closed", Instant, null=True)
    last_update: str = _column("Text of the latest update to those who wait")
    last_update_at: datetime | None = _column("When the latest update was posted", Instant, null=True)
    last_update_by: str | None = _column("Who posted the latest update", null=True)
    schedule: str | None = _column("Key of the schedule whose shift answers for it", null=True)
    channel: str | None = _column("Slack id of the incident channel", null=True)
    channel_name: str | None = _column("Name of the incident channel", null=True)
    card_channel: str | None = _column("Slack channel id of the incident card", null=True)
    card_ts: str | None = _column("Slack timestamp of the incident card", null=True)
    announcement_channel: str | None = _column("Slack channel id of the announcement", null=True)
    announcement_ts: str | None = _column("Slack timestamp of the announcement", null=True)
    invited: list[str] = _column("People invited to the incident channel", Json)


class TimelineEntryRow(Row, table=True):
    __tablename__ = "timeline_entry"
    __table_args__ = (
        Index("ix_timeline_entry_incident", "incident", "id"),
        {"comment": "The append-only history of incidents, one entry a change", "sqlite_autoincrement": True},
    )
    id: int = _column("Grows with every entry; the order of the timeline", GrowingId, key=True)
    incident: int = _column("Number of the incident", to="incident.number")
    at: datetime = _column("When it happened", Instant)
    who: str | None = _column("Who did it: key of a person or a Slack user id; empty: the bot itself", null=True)
    what: str = _column("The kind of change, e.g. declared, paged, status, severity, note")
    old_value: str | None = _column("What it was before, where that has a sense", null=True)
    new_value: str | None = _column("What it became", null=True)
    text: str = _column("The words that go with it, in full")


class PageRow(Row, table=True):
    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("incident", "ordinal"),
        {"comment": "Demands that one person acknowledges an incident"},
    )
    id: str = _column("42-3 is the third page of INC-42", key=True)
    incident: int = _column("Number of the incident", to="incident.number")
    ordinal: int = _column("Which page of its incident, from 0")
    person: str = _column("Who is paged")
    round: int = _column("Which run of the escalation path, from 0")
    step: int = _column("Which step of the path, from 0")
    paged_at: datetime = _column("When the page was decided", Instant)
    state: str = _column("open, acknowledged, superseded, declined, exhausted or undelivered")
    ended_at: datetime | None = _column("When it was no longer open", Instant, null=True)
    ended_by: str | None = _column("Who ended it", null=True)
    message_channel: str | None = _column("Slack channel id of the page", null=True)
    message_ts: str | None = _column("Slack timestamp of the page", null=True)
    delivered_at: datetime | None = _column("When Slack had taken it", Instant, null=True)


class EscalationRow(Row, table=True):
    __tablename__ = "escalation"
    __table_args__ = ({"comment": "The escalation path that acts for an incident"},)
    incident: int = _column("Number of the incident", key=True, to="incident.number")
    path: str = _column("Key of the path in the configuration")
    steps: list[Any] = _column("Its steps as they were when it began; waits in seconds", Json)
    repeat: int = _column("How many more times the whole path runs after the first")
    round: int = _column("Which run of the path acts, from 0")
    step: int = _column("Which step acts, from 0; -1 before the first")
    state: str = _column("running, acknowledged, exhausted or stopped")
    due_at: datetime | None = _column("When the next step runs", Instant, null=True)


class SlaClockRow(Row, table=True):
    __tablename__ = "sla_clock"
    __table_args__ = ({"comment": "Promises with a due time, running or ended"},)
    incident: int = _column("Number of the incident", key=True, to="incident.number")
    ordinal: int = _column("Which clock of its incident, from 0", key=True)
    clock: str = _column("acknowledge, first_update, update, mitigate or resolve")
    started_at: datetime = _column("From when it counts", Instant)
    due_at: datetime = _column("When it is broken if not met", Instant)
    within_seconds: timedelta = _column("The time promised, in open hours of the calendar, as seconds", Seconds)
    calendar: str = _column("Key of the calendar whose hours count")
    warned_share: float = _column("The highest share of its time already warned of; 1 is the breach")
    met_at: datetime | None = _column("When the promise was met", Instant, null=True)
    breached_at: datetime | None = _column("When it was broken", Instant, null=True)
    cancelled_at: datetime | None = _column("When it no longer mattered", Instant, null=True)


class RoleAssignmentRow(Row, table=True):
    __tablename__ = "role_assignment"
    __table_args__ = ({"comment": "Who holds which role on an incident now"},)
    incident: int = _column("Number of the incident", key=True, to="incident.number")
    role: str = _column("lead, communications or scribe", key=True)
    person: str = _column("Who holds it")
    ordinal: int = _column("In which order the roles were first taken, from 0")


class RunbookRunRow(Row, table=True):
    __tablename__ = "runbook_run"
    __table_args__ = (
        UniqueConstraint("incident", "ordinal"),
        {"comment": "Runbooks that somebody works through for an incident"},
    )
    id: str = _column("42-r1 is the first run of INC-42", key=True)
    incident: int = _column("Number of the incident", to="incident.number")
    ordinal: int = _column("Which run of its incident, from 0")
    runbook: str = _column("Id of the runbook")
    started_by: str = _column("Who began it")
    started_at: datetime = _column("When it was begun", Instant)
    present_step: str | None = _column("Id of the step in hand; empty: the end is reached", null=True)
    finished_at: datetime | None = _column("When the end was reached", Instant, null=True)
    message_channel: str | None = _column("Slack channel id of the message that shows it", null=True)
    message_ts: str | None = _column("Slack timestamp of that message", null=True)


class RunbookStepRow(Row, table=True):
    __tablename__ = "runbook_step"
    __table_args__ = ({"comment": "Steps of a runbook that somebody has dealt with"},)
    run: str = _column("Id of the run", key=True, to="runbook_run.id")
    ordinal: int = _column("In which order the steps were dealt with, from 0", key=True)
    step: str = _column("Id of the step in the runbook")
    state: str = _column("done, skipped or failed")
    who: str = _column("Who dealt with it")
    at: datetime = _column("When", Instant)
    answer: str | None = _column("The answer chosen, where the step asks", null=True)
    reason: str = _column("Why it was skipped or failed")


# Shifts


class HandoffRow(Row, table=True):
    __tablename__ = "handoff"
    __table_args__ = ({"comment": "Transfers of open work from one shift to the next"},)
    id: str = _column("Key of the schedule and the instant of the change", key=True)
    schedule: str = _column("Key of the schedule")
    at: datetime = _column("When the shift changed", Instant)
    outgoing: list[str] = _column("Who went", Json)
    incoming: list[str] = _column("Who came", Json)
    taken_by: str | None = _column("Who took the work; empty: nobody yet", null=True)
    taken_at: datetime | None = _column("When it was taken", Instant, null=True)
    message_channel: str | None = _column("Slack channel id of the message", null=True)
    message_ts: str | None = _column("Slack timestamp of the message", null=True)


class HandoffItemRow(Row, table=True):
    __tablename__ = "handoff_item"
    __table_args__ = ({"comment": "Open incidents as they stood at a change of shift"},)
    handoff: str = _column("Id of the handoff", key=True, to="handoff.id")
    ordinal: int = _column("Which item of its handoff, from 0", key=True)
    incident: int = _column("Number of the incident", to="incident.number")
    title: str = _column("Its title then")
    severity: str = _column("Its severity then")
    status: str = _column("Its status then")
    lead: str | None = _column("Who led it then", null=True)
    next_clock: str | None = _column("The clock that was to fall due first", null=True)
    next_due_at: datetime | None = _column("When that clock was due", Instant, null=True)


class ShiftWatchRow(Row, table=True):
    __tablename__ = "shift_watch"
    __table_args__ = ({"comment": "Who has the shift of each schedule, as last seen"},)
    schedule: str = _column("Key of the schedule", key=True)
    people: list[str] = _column("Who has the shift", Json)
    layer: str | None = _column("The layer that gave them", null=True)
    until: datetime | None = _column("When the shift ends; empty: never", Instant, null=True)
    handoff: str | None = _column("Id of the latest handoff", null=True, to="handoff.id")
    reminded: datetime | None = _column("Whose shift begins by then has been reminded of it", Instant, null=True)


# Who stands in for whom


class StandInRow(Row, table=True):
    __tablename__ = "stand_in"
    __table_args__ = (
        Index("ix_stand_in_schedule", "schedule", "id"),
        Index("ix_stand_in_state", "state", "id"),
        {"comment": "Changes of shifts that people asked for: overrides, swaps and cover, with what became of them"},
    )
    id: int = _column("The number people say: change 7", key=True)
    kind: str = _column("override, swap or cover")
    schedule: str = _column("Key of the schedule")
    asked_by: str = _column("Who asked for it")
    asked_at: datetime = _column("When it was asked for", Instant)
    state: str = _column("offered, standing, refused, expired or undone")
    reason: str = _column("Why, in the words of who asked")
    accepted_by: str | None = _column("Who accepted the offer", null=True)
    stood_at: datetime | None = _column("Since when it counts; empty: it never has", Instant, null=True)
    ended_by: str | None = _column("Who refused or undid it", null=True)
    ended_at: datetime | None = _column("When it was refused or undone, or expired", Instant, null=True)


class OverrideRow(Row, table=True):
    __tablename__ = "override"
    __table_args__ = (
        _partial("ix_override_holds_until", "holds_until", where="holds_until IS NOT NULL"),
        {"comment": "The spans of a stand-in: who has the pager in whose place, and when that is really so"},
    )
    stand_in: int = _column("Id of the stand-in", key=True, to="stand_in.id")
    ordinal: int = _column("Which span of its stand-in, from 0; a swap has two", key=True)
    person: str | None = _column("Who has the pager; empty: nobody has accepted it", null=True)
    instead_of: str | None = _column("In whose place; empty: alone, above all layers", null=True)
    starts_at: datetime = _column("From when, as asked; or as accepted, if that was later", Instant)
    ends_at: datetime = _column("Until when, as asked", Instant)
    holds_from: datetime | None = _column("From when it is in force; empty: it never is", Instant, null=True)
    holds_until: datetime | None = _column(
        "Until when it is in force: shorter than asked if it was undone; empty: it never is", Instant, null=True
    )


class StandInOfferRow(Row, table=True):
    __tablename__ = "stand_in_offer"
    __table_args__ = ({"comment": "To whom a swap or cover was offered"},)
    stand_in: int = _column("Id of the stand-in", key=True, to="stand_in.id")
    person: str = _column("To whom it was offered", key=True)
    ordinal: int = _column("In which order they were asked, from 0")
    message_channel: str | None = _column("Slack channel id of the offer", null=True)
    message_ts: str | None = _column("Slack timestamp of the offer", null=True)
    declined: bool = _column("They have said no")


# What is planned, and the calendars that plan


class ShiftPlanRow(Row, table=True):
    __tablename__ = "shift_plan"
    __table_args__ = ({"comment": "How far the shifts of each schedule are planned"},)
    schedule: str = _column("Key of the schedule", key=True)
    until: datetime = _column("Up to when its shifts are planned", Instant)


class PlannedShiftRow(Row, table=True):
    __tablename__ = "planned_shift"
    __table_args__ = ({"comment": "The coming shifts by the configuration alone, without overrides and swaps"},)
    schedule: str = _column("Key of the schedule", key=True, to="shift_plan.schedule")
    starts_at: datetime = _column("When the shift begins, or the plan did", Instant, key=True)
    ends_at: datetime = _column("When it ends; the next begins then", Instant)
    people: list[str] = _column("Who has it; an empty list is a gap", Json)
    layer: str | None = _column("The layer that gives them; empty in a gap", null=True)


class FeedRow(Row, table=True):
    __tablename__ = "feed"
    __table_args__ = (
        {"comment": "Calendars of others that plan a layer: the last good copy, and how the latest try went"},
    )
    schedule: str = _column("Key of the schedule", key=True)
    layer: str = _column("Name of the layer that it plans", key=True)
    address: str = _column("Where it is read from. SECRET: it may hold a token, so show it to nobody")
    unknown: list[str] = _column("Entries that name nobody of the configuration", Json)
    read_at: datetime | None = _column("When it was last read well; empty: not yet", Instant, null=True)
    tried_at: datetime | None = _column("When it was last tried", Instant, null=True)
    problem: str = _column("Why the latest try failed; empty if it did not")
    changed_at: datetime | None = _column(
        "When its shifts were last found to be others than before; empty: not read yet", Instant, null=True
    )


class FeedShiftRow(Row, table=True):
    __tablename__ = "feed_shift"
    __table_args__ = (
        ForeignKeyConstraint(["schedule", "layer"], ["feed.schedule", "feed.layer"]),
        {"comment": "The shifts of the last good copy of a calendar"},
    )
    schedule: str = _column("Key of the schedule", key=True)
    layer: str = _column("Name of the layer", key=True)
    ordinal: int = _column("Which shift of its calendar, from 0", key=True)
    starts_at: datetime = _column("When it begins", Instant)
    ends_at: datetime = _column("When it ends", Instant)
    people: list[str] = _column("Who has it", Json)


# The machinery


class TimerRow(Row, table=True):
    __tablename__ = "timer"
    __table_args__ = (
        Index("ix_timer_due", "due"),
        Index("ix_timer_not_before", "not_before"),
        {"comment": "What falls due, and when; a timer that has fired is deleted"},
    )
    key: str = _column("What the timer is for; setting it again replaces it", key=True)
    due: datetime = _column("When it falls due", Instant)
    event: dict[str, Any] = _column("What has happened then", Json)
    version: int = _column("Grows each time the timer is set anew")
    attempts: int = _column("How often handling it has failed")
    not_before: datetime = _column("When to look at it: its due time, or later after a failure", Instant)
    last_error: str | None = _column("Why it failed last", null=True)


class OutboxRow(Row, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        _partial("ix_outbox_due", "urgent", "due_at", "id", "subject", "needs", where="due_at IS NOT NULL"),
        _partial("ix_outbox_gives", "subject", "id", "gives", where="due_at IS NOT NULL AND gives IS NOT NULL"),
        _partial("ix_outbox_coalesce", "subject", "coalesce_key", where="due_at IS NOT NULL"),
        Index("ix_outbox_state", "state", "enqueued_at"),
        {"comment": "What is to be done outside, and what became of it", "sqlite_autoincrement": True},
    )
    id: int = _column("Never used twice: messages carry it, so that they are not sent twice", GrowingId, key=True)
    kind: str = _column("The kind of effect, e.g. SendPage")
    effect: dict[str, Any] = _column("The whole effect", Json)
    subject: str = _column("What it belongs to, e.g. incident:42; order is kept within one subject")
    gives: str | None = _column("What exists once it is done", null=True)
    needs: str | None = _column("What must exist first, as |channel|card|", null=True)
    coalesce_key: str | None = _column("One waiting row of a subject and key is enough; empty: each counts", null=True)
    urgent: bool = _column("Rides ahead of everything")
    state: str = _column("waiting, sending, sent or given_up")
    attempt: int = _column("How often it was tried")
    enqueued_at: datetime = _column("When it was decided", Instant)
    due_at: datetime | None = _column(
        "When it may be claimed: not-before while waiting, end of lease while sending; empty at the end",
        Instant,
        null=True,
    )
    owner: str | None = _column("The process that has the lease", null=True)
    sent_at: datetime | None = _column("When it was done", Instant, null=True)
    last_error: str | None = _column("Why it failed last", null=True)


class InboxRow(Row, table=True):
    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_at", "at"),
        {"comment": "Requests already handled, so that a repeat changes nothing"},
    )
    envelope: str = _column("The key by which a repeat of the request is known", key=True)
    answer: dict[str, Any] = _column("What was answered", Json)
    at: datetime = _column("When it was handled", Instant)


class SlackPersonRow(Row, table=True):
    __tablename__ = "slack_person"
    __table_args__ = ({"comment": "People of the configuration, found in Slack by their e-mail"},)
    person: str = _column("Key of the person", key=True)
    slack_id: str = _column("Slack user id")


class CounterRow(Row, table=True):
    __tablename__ = "counter"
    __table_args__ = ({"comment": "Numbers that grow without gaps"},)
    name: str = _column("What is counted", key=True)
    value: int = _column("The last number given")


def table(name: str) -> Table:
    return Row.metadata.tables[name]
