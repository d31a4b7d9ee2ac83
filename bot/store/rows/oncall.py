"""Shifts, who stands in for whom, what is planned, and the calendars that plan."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index

from bot.core.handoff import Awake, ClockGlimpse, Note, Summary, Words
from bot.store.rows.row import Row, column, partial
from bot.store.types import Instant, Json, Written

# Shifts


class HandoffRow(Row, table=True):
    __tablename__ = "handoff"
    __table_args__ = (
        Index("ix_handoff_schedule", "schedule", "at"),
        {"comment": "Transfers of open work from one shift to the next"},
    )
    id: str = column("Key of the schedule and the instant at which it was composed", key=True)
    schedule: str = column("Key of the schedule")
    at: datetime = column("When the shift changed; of one begun early, the change it is for", Instant)
    outgoing: list[str] = column("Who went", Json)
    incoming: list[str] = column("Who came; an empty list: nobody", Json)
    posted_at: datetime | None = column("When it was composed; empty: an older Baton did", Instant, null=True)
    completed_by: str | None = column("Who said what only the outgoing people know; empty: nobody", null=True)
    completed_at: datetime | None = column("When they said it", Instant, null=True)
    words: Words = column("What they said, as JSON", Written(Words), default="{}")
    notes: tuple[Note, ...] = column(
        "Notes left for it during the shift, as JSON", Written(tuple[Note, ...]), default="[]"
    )
    summary: Summary | None = column("The shift that ended, and what comes, as JSON", Written(Summary), null=True)
    taken_by: str | None = column("Who took the last of it; empty: nobody yet", null=True)
    taken_at: datetime | None = column("When it was taken", Instant, null=True)
    sentence: str = column("The sentence that the receiver read back", default="")
    nudges: int = column("How often people were reminded that it waits", default="0")
    message_channel: str | None = column("Slack channel id of the message", null=True)
    message_ts: str | None = column("Slack timestamp of the message", null=True)


class HandoffItemRow(Row, table=True):
    __tablename__ = "handoff_item"
    __table_args__ = ({"comment": "Open incidents as they stood at a change of shift, and who took them"},)
    handoff: str = column("Id of the handoff", key=True, to="handoff.id")
    ordinal: int = column("Which item of its handoff, from 0", key=True)
    incident: int = column("Number of the incident", to="incident.number")
    title: str = column("Its title then")
    severity: str = column("Its severity then")
    status: str = column("Its status then")
    lead: str | None = column("Who led it then", null=True)
    channel: str | None = column("Slack id of its channel", null=True)
    service: str | None = column("Key of its service in the configuration", null=True)
    model: str | None = column("The model of that service", null=True)
    trend: str = column("Since the handoff before: new, worse, same or better", default="new")
    clocks: tuple[ClockGlimpse, ...] = column(
        "The clocks that ran, as they stood, as JSON", Written(tuple[ClockGlimpse, ...]), default="[]"
    )
    waiting: str = column("On whom it waited, and why", default="")
    tried: tuple[str, ...] = column("What was tried, the newest last, as JSON", Written(tuple[str, ...]), default="[]")
    path: str | None = column("Key of the escalation path that acted", null=True)
    awake: tuple[Awake, ...] = column(
        "Who was on that path, and their local time, as JSON", Written(tuple[Awake, ...]), default="[]"
    )
    next_action: str = column("What is to be done next", default="")
    owner: str | None = column("Who is to do it", null=True)
    action_due: datetime | None = column("By when", Instant, null=True)
    if_then: str = column("What to expect, and what to do then", default="")
    owners: tuple[str, ...] = column(
        "From whom the lead passes when it is accepted, as JSON", Written(tuple[str, ...]), default="[]"
    )
    state: str = column("waiting, accepted, questioned, declined or carried (into the next)", default="waiting")
    answered_by: str | None = column("Who accepted, questioned or declined it last", null=True)
    answered_at: datetime | None = column("When they did", Instant, null=True)
    question: str = column("What was asked, or why it was declined", default="")
    questions: int = column("How often it was asked about", default="0")
    declines: int = column("How often it was declined", default="0")


class ShiftWatchRow(Row, table=True):
    __tablename__ = "shift_watch"
    __table_args__ = ({"comment": "Who has the shift of each schedule, as last seen"},)
    schedule: str = column("Key of the schedule", key=True)
    people: list[str] = column("Who has the shift", Json)
    layer: str | None = column("The layer that gave them", null=True)
    until: datetime | None = column("When the shift ends; empty: never", Instant, null=True)
    handoff: str | None = column("Id of the latest handoff", null=True, to="handoff.id")
    previous: str | None = column("Id of the handoff that it replaced", null=True, to="handoff.id")
    reminded: datetime | None = column("Whose shift begins by then has been reminded of it", Instant, null=True)
    asked: datetime | None = column("The change whose handoff the outgoing people were asked for", Instant, null=True)
    words: Words = column("What was said for the next handoff, as JSON", Written(Words), default="{}")
    notes: tuple[Note, ...] = column("Notes left for it, as JSON", Written(tuple[Note, ...]), default="[]")
    canvas: str | None = column("Slack id of the canvas that Baton has made in the channel", null=True)


# Who stands in for whom


class StandInRow(Row, table=True):
    __tablename__ = "stand_in"
    __table_args__ = (
        Index("ix_stand_in_schedule", "schedule", "id"),
        Index("ix_stand_in_state", "state", "id"),
        {"comment": "Changes of shifts that people asked for: overrides, swaps and cover, with what became of them"},
    )
    id: int = column("The number people say: change 7", key=True)
    kind: str = column("override, swap or cover")
    schedule: str = column("Key of the schedule")
    asked_by: str = column("Who asked for it")
    asked_at: datetime = column("When it was asked for", Instant)
    state: str = column("offered, standing, refused, expired or undone")
    reason: str = column("Why, in the words of who asked")
    accepted_by: str | None = column("Who accepted the offer", null=True)
    stood_at: datetime | None = column("Since when it counts; empty: it never has", Instant, null=True)
    ended_by: str | None = column("Who refused or undid it", null=True)
    ended_at: datetime | None = column("When it was refused or undone, or expired", Instant, null=True)


class OverrideRow(Row, table=True):
    __tablename__ = "override"
    __table_args__ = (
        partial("ix_override_holds_until", "holds_until", where="holds_until IS NOT NULL"),
        {"comment": "The spans of a stand-in: who has the pager in whose place, and when that is really so"},
    )
    stand_in: int = column("Id of the stand-in", key=True, to="stand_in.id")
    ordinal: int = column("Which span of its stand-in, from 0; a swap has two", key=True)
    person: str | None = column("Who has the pager; empty: nobody has accepted it", null=True)
    instead_of: str | None = column("In whose place; empty: alone, above all layers", null=True)
    starts_at: datetime = column("From when, as asked; or as accepted, if that was later", Instant)
    ends_at: datetime = column("Until when, as asked", Instant)
    holds_from: datetime | None = column("From when it is in force; empty: it never is", Instant, null=True)
    holds_until: datetime | None = column(
        "Until when it is in force: shorter than asked if it was undone; empty: it never is", Instant, null=True
    )


class StandInOfferRow(Row, table=True):
    __tablename__ = "stand_in_offer"
    __table_args__ = ({"comment": "To whom a swap or cover was offered"},)
    stand_in: int = column("Id of the stand-in", key=True, to="stand_in.id")
    person: str = column("To whom it was offered", key=True)
    ordinal: int = column("In which order they were asked, from 0")
    message_channel: str | None = column("Slack channel id of the offer", null=True)
    message_ts: str | None = column("Slack timestamp of the offer", null=True)
    declined: bool = column("They have said no")


# What is planned, and the calendars that plan


class ShiftPlanRow(Row, table=True):
    __tablename__ = "shift_plan"
    __table_args__ = ({"comment": "How far the shifts of each schedule are planned"},)
    schedule: str = column("Key of the schedule", key=True)
    until: datetime = column("Up to when its shifts are planned", Instant)


class PlannedShiftRow(Row, table=True):
    __tablename__ = "planned_shift"
    __table_args__ = ({"comment": "The coming shifts by the configuration alone, without overrides and swaps"},)
    schedule: str = column("Key of the schedule", key=True, to="shift_plan.schedule")
    starts_at: datetime = column("When the shift begins, or the plan did", Instant, key=True)
    ends_at: datetime = column("When it ends; the next begins then", Instant)
    people: list[str] = column("Who has it; an empty list is a gap", Json)
    layer: str | None = column("The layer that gives them; empty in a gap", null=True)


class FeedRow(Row, table=True):
    __tablename__ = "feed"
    __table_args__ = (
        {"comment": "Calendars of others that plan a layer: the last good copy, and how the latest try went"},
    )
    schedule: str = column("Key of the schedule", key=True)
    layer: str = column("Name of the layer that it plans", key=True)
    address: str = column("Where it is read from. SECRET: it may hold a token, so show it to nobody")
    unknown: list[str] = column("Entries that name nobody of the configuration", Json)
    read_at: datetime | None = column("When it was last read well; empty: not yet", Instant, null=True)
    tried_at: datetime | None = column("When it was last tried", Instant, null=True)
    problem: str = column("Why the latest try failed; empty if it did not")
    changed_at: datetime | None = column(
        "When its shifts were last found to be others than before; empty: not read yet", Instant, null=True
    )


class FeedShiftRow(Row, table=True):
    __tablename__ = "feed_shift"
    __table_args__ = (
        ForeignKeyConstraint(["schedule", "layer"], ["feed.schedule", "feed.layer"]),
        {"comment": "The shifts of the last good copy of a calendar"},
    )
    schedule: str = column("Key of the schedule", key=True)
    layer: str = column("Name of the layer", key=True)
    ordinal: int = column("Which shift of its calendar, from 0", key=True)
    starts_at: datetime = column("When it begins", Instant)
    ends_at: datetime = column("When it ends", Instant)
    people: list[str] = column("Who has it", Json)
