"""Incidents and what hangs on them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, UniqueConstraint

from bot.policy.model import Terms
from bot.store.rows.row import Row, column, partial
from bot.store.types import GrowingId, Instant, Json, Promised, Seconds


class IncidentRow(Row, table=True):
    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_status", "status"),
        Index("ix_incident_channel", "channel"),
        Index("ix_incident_declared", "schedule", "declared_at"),
        Index("ix_incident_resolved", "schedule", "resolved_at"),
        {"comment": "Incidents as they stand now"},
    )
    number: int = column("The number people say: 42 is INC-42", key=True)
    title: str = column("What is wrong, in a few words")
    severity: str = column("Key of the severity in the configuration, e.g. sev1")
    service: str | None = column("Key of the service in the configuration; empty if unknown", null=True)
    category: str | None = column("Key of the kind of trouble in the configuration; empty if unknown", null=True)
    status: str = column("triage, investigating, identified, monitoring, resolved, closed, declined or merged")
    summary: str = column("What is known, in a paragraph")
    declared_by: str = column("Who declared it: key of a person, or a Slack user id")
    declared_at: datetime = column("When it was declared", Instant)
    started_at: datetime = column("When the trouble began", Instant)
    acknowledged_by: str | None = column("Who acknowledged it first", null=True)
    acknowledged_at: datetime | None = column("When it was acknowledged", Instant, null=True)
    mitigated_at: datetime | None = column("When the harm had ended", Instant, null=True)
    resolved_at: datetime | None = column("When it was resolved", Instant, null=True)
    closed_at: datetime | None = column("When it was closed", Instant, null=True)
    merged_into: int | None = column("Number of the incident into which it was merged", null=True)
    last_update: str = column("Text of the latest update to those who wait")
    last_update_at: datetime | None = column("When the latest update was posted", Instant, null=True)
    last_update_by: str | None = column("Who posted the latest update", null=True)
    schedule: str | None = column("Key of the schedule whose shift answers for it", null=True)
    channel: str | None = column("Slack id of the incident channel", null=True)
    channel_name: str | None = column("Name of the incident channel", null=True)
    card_channel: str | None = column("Slack channel id of the incident card", null=True)
    card_ts: str | None = column("Slack timestamp of the incident card", null=True)
    announcement_channel: str | None = column("Slack channel id of the announcement", null=True)
    announcement_ts: str | None = column("Slack timestamp of the announcement", null=True)
    labels: dict[str, str] = column("Labels of the alert that it is about, as JSON: values by name", Json)
    invited: list[str] = column("People invited to the incident channel", Json)
    waiting_on: str | None = column("On whom it waits: customer, partner or engineering; empty: nobody", null=True)
    waiting_since: datetime | None = column("Since when it waits", Instant, null=True)
    waiting_until: datetime | None = column("When it waits no longer, at the latest", Instant, null=True)
    waiting_reason: str | None = column("Why it waits", null=True)
    waiting_by: str | None = column("Who said that it waits", null=True)
    lead_offer_to: str | None = column("Who has been asked to take the lead; empty: nobody", null=True)
    lead_offer_by: str | None = column("Who asked them", null=True)
    lead_offer_at: datetime | None = column("When they were asked", Instant, null=True)
    terms: Terms | None = column("What was promised when it was declared, as JSON", Promised, null=True)


class TimelineEntryRow(Row, table=True):
    __tablename__ = "timeline_entry"
    __table_args__ = (
        Index("ix_timeline_entry_incident", "incident", "id"),
        {"comment": "The append-only history of incidents, one entry a change", "sqlite_autoincrement": True},
    )
    id: int = column("Grows with every entry; the order of the timeline", GrowingId, key=True)
    incident: int = column("Number of the incident", to="incident.number")
    at: datetime = column("When it happened", Instant)
    who: str | None = column("Who did it: key of a person or a Slack user id; empty: the bot itself", null=True)
    what: str = column("The kind of change, e.g. declared, paged, status, severity, waiting, corrected, note")
    old_value: str | None = column("What it was before, where that has a sense", null=True)
    new_value: str | None = column("What it became", null=True)
    text: str = column("The words that go with it, in full")


class PageRow(Row, table=True):
    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("incident", "ordinal"),
        Index("ix_page_message", "message_channel", "message_ts"),
        Index("ix_page_paged", "paged_at"),
        partial("ix_page_open", "person", where="state = 'open'"),
        partial("ix_page_night", "paged_at", "person", where="night"),
        {"comment": "Demands that one person acknowledges an incident"},
    )
    id: str = column("42-3 is the third page of INC-42", key=True)
    incident: int = column("Number of the incident", to="incident.number")
    ordinal: int = column("Which page of its incident, from 0")
    person: str = column("Who is paged; a channel, with its #, where anybody may acknowledge")
    round: int = column("Which run of the escalation path, from 0; -1 for a page by hand")
    step: int = column("Which step of the path, from 0; -1 for a page by hand")
    paged_at: datetime = column("When the page was decided", Instant)
    state: str = column("open, acknowledged, superseded, declined, exhausted, undelivered or unanswered")
    ended_at: datetime | None = column("When it was no longer open", Instant, null=True)
    ended_by: str | None = column("Who ended it", null=True)
    message_channel: str | None = column("Slack channel id of the page", null=True)
    message_ts: str | None = column("Slack timestamp of the page", null=True)
    delivered_at: datetime | None = column("When Slack had taken it", Instant, null=True)
    asked_by: str | None = column("Who paged by hand; empty: the escalation path did", null=True)
    note: str = column("What they said to whom they paged", default="")
    problem: str = column("Why Slack refused it for good; empty if it did not", default="")
    night: bool | None = column("Paged between 22:00 and 06:00 by the person's own clock; empty: not known", null=True)


class PageContactRow(Row, table=True):
    __tablename__ = "page_contact"
    __table_args__ = ({"comment": "Ways beside Slack by which a page went out"},)
    page: str = column("Id of the page", key=True, to="page.id")
    ordinal: int = column("In which order they were tried, from 0", key=True)
    contact: str = column("Name of the contact in the configuration, e.g. SMS")
    tried_at: datetime = column("When it was decided to try it", Instant)
    problem: str = column("Why it failed; empty if it did not, or is not known yet")


class EscalationRow(Row, table=True):
    __tablename__ = "escalation"
    __table_args__ = ({"comment": "The escalation path that acts for an incident"},)
    incident: int = column("Number of the incident", key=True, to="incident.number")
    path: str = column("Key of the path in the configuration")
    steps: list[Any] = column("Its steps as they were when it began; waits in seconds", Json)
    repeat: int = column("How many more times the whole path runs after the first")
    round: int = column("Which run of the path acts, from 0")
    step: int = column("Which step acts, from 0; -1 before the first")
    state: str = column("held, running, acknowledged, exhausted or stopped")
    due_at: datetime | None = column("When the next step runs, or the hold ends", Instant, null=True)


class SlaClockRow(Row, table=True):
    __tablename__ = "sla_clock"
    __table_args__ = (
        partial("ix_sla_clock_breached", "breached_at", where="breached_at IS NOT NULL"),
        {"comment": "Promises with a due time, running or ended"},
    )
    incident: int = column("Number of the incident", key=True, to="incident.number")
    ordinal: int = column("Which clock of its incident, from 0", key=True)
    sla: str = column("Key of the SLA in the configuration; empty in what an older Baton wrote", default="")
    clock: str = column("acknowledge, first_update, update, mitigate, resolve, rca, action or accept")
    turn: int = column("Which of the clocks of this kind and SLA, from 0; an update begins the next", default="0")
    state: str = column("running, paused, breached (and not met yet), met (in time or late) or cancelled", default="")
    started_at: datetime = column("From when it counts", Instant)
    due_at: datetime = column("When it is broken if not met", Instant)
    within_seconds: timedelta = column("The time promised, in open hours of the calendar, as seconds", Seconds)
    promised: str = column("The time promised as it is written, e.g. 4h or 1 business day", default="")
    calendar: str = column("Key of the calendar whose hours count")
    used_seconds: timedelta = column("Open time used until `since`; in all, if it is empty", Seconds, default="0")
    since: datetime | None = column("From when on it counts now, or will; empty: it does not", Instant, null=True)
    paused_until: datetime | None = column("Until when it stands still at the latest", Instant, null=True)
    warned_share: float = column("The highest share of its time already warned of; 1 is the breach")
    met_at: datetime | None = column("When the promise was met", Instant, null=True)
    breached_at: datetime | None = column("When it was broken", Instant, null=True)
    cancelled_at: datetime | None = column("When it no longer mattered", Instant, null=True)
    held_by: str | None = column("Who had it when it was met or broken", null=True)
    held_on: str | None = column("Their schedule and layer then, e.g. l1/nairobi", null=True)


class RoleAssignmentRow(Row, table=True):
    __tablename__ = "role_assignment"
    __table_args__ = ({"comment": "Who holds which role on an incident now"},)
    incident: int = column("Number of the incident", key=True, to="incident.number")
    role: str = column("lead, communications or scribe", key=True)
    person: str = column("Who holds it")
    ordinal: int = column("In which order the roles were first taken, from 0")


class RunbookRunRow(Row, table=True):
    __tablename__ = "runbook_run"
    __table_args__ = (
        UniqueConstraint("incident", "ordinal"),
        {"comment": "Runbooks that somebody works through for an incident"},
    )
    id: str = column("42-r1 is the first run of INC-42", key=True)
    incident: int = column("Number of the incident", to="incident.number")
    ordinal: int = column("Which run of its incident, from 0")
    runbook: str = column("Id of the runbook")
    started_by: str = column("Who began it")
    started_at: datetime = column("When it was begun", Instant)
    present_step: str | None = column("Id of the step in hand; empty: the end is reached", null=True)
    present_since: datetime | None = column("When the step in hand came so", Instant, null=True)
    assigned_to: str | None = column("Who is to deal with the step in hand; empty: the lead", null=True)
    evidence: list[str] = column("What was seen at the step in hand: texts and links", Json, default="[]")
    inputs: list[Any] = column("What people answered, as pairs of name and value", Json, default="[]")
    finished_at: datetime | None = column("When the end was reached, or it was stopped", Instant, null=True)
    stopped: bool = column("It was finished before its end", default="false")
    message_channel: str | None = column("Slack channel id of the message that shows it", null=True)
    message_ts: str | None = column("Slack timestamp of that message", null=True)
    helped: bool | None = column("Whether it helped; empty: nobody has said", null=True)
    rated_by: str | None = column("Who said so", null=True)
    feedback: str = column("What was wrong with it, in their words", default="")


class RunbookStepRow(Row, table=True):
    __tablename__ = "runbook_step"
    __table_args__ = ({"comment": "Steps of a runbook that somebody has dealt with"},)
    run: str = column("Id of the run", key=True, to="runbook_run.id")
    ordinal: int = column("In which order the steps were dealt with, from 0", key=True)
    step: str = column("Id of the step in the runbook")
    state: str = column("done, skipped or failed")
    who: str = column("Who dealt with it")
    at: datetime = column("When", Instant)
    answer: str | None = column("The answer chosen, the value given, or `wrong` of a check", null=True)
    reason: str = column("Why it was skipped or failed")
    since: datetime | None = column("When it came in hand", Instant, null=True)
    evidence: list[str] = column("What was seen: texts and links", Json, default="[]")


class RunbookActionRow(Row, table=True):
    __tablename__ = "runbook_action"
    __table_args__ = (
        UniqueConstraint("run", "ordinal"),
        {"comment": "Actions of runbooks that somebody asked for, with what came of them"},
    )
    id: str = column("42-r1-a2 is the second action of the first run of INC-42", key=True)
    run: str = column("Id of the run", to="runbook_run.id")
    ordinal: int = column("Which action of its run, from 0")
    step: str = column("Id of the step in the runbook")
    request: str = column("What is to be done, in words and without secrets")
    call: str = column("The same for a machine, as JSON: what was consented to; empty: Baton does it to the incident")
    asked_by: str = column("Who asked for it")
    asked_at: datetime = column("When it was asked for", Instant)
    state: str = column("asked, queued, running, done, failed, refused or unknown (cut off: perhaps done)")
    dry: bool = column("It only shows what would be done")
    decided_by: str | None = column("Who consented to it, or refused", null=True)
    began_at: datetime | None = column("When it was begun", Instant, null=True)
    ended_at: datetime | None = column("When it had ended", Instant, null=True)
    result: str = column("What came of it, cut and without secrets")


class LibraryRow(Row, table=True):
    __tablename__ = "library"
    __table_args__ = ({"comment": "The library of runbooks; one row"},)
    id: int = column("Always 1", key=True)
    reminded_at: datetime = column("When owners were last told which of their runbooks are stale", Instant)
