"""The machinery: what falls due, what goes out and what has come in."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index

from bot.store.rows.row import Row, column, partial
from bot.store.types import GrowingId, Instant, Json


class TimerRow(Row, table=True):
    __tablename__ = "timer"
    __table_args__ = (
        Index("ix_timer_due", "due"),
        Index("ix_timer_not_before", "not_before"),
        {"comment": "What falls due, and when; a timer that has fired is deleted"},
    )
    key: str = column("What the timer is for; setting it again replaces it", key=True)
    due: datetime = column("When it falls due", Instant)
    event: dict[str, Any] = column("What has happened then", Json)
    version: int = column("Grows each time the timer is set anew")
    attempts: int = column("How often handling it has failed")
    not_before: datetime = column("When to look at it: its due time, or later after a failure", Instant)
    last_error: str | None = column("Why it failed last", null=True)


class OutboxRow(Row, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        partial("ix_outbox_due", "urgent", "due_at", "id", "subject", "needs", where="due_at IS NOT NULL"),
        partial("ix_outbox_gives", "subject", "id", "gives", where="due_at IS NOT NULL AND gives IS NOT NULL"),
        partial("ix_outbox_coalesce", "subject", "coalesce_key", where="due_at IS NOT NULL"),
        Index("ix_outbox_state", "state", "enqueued_at"),
        {"comment": "What is to be done outside, and what became of it", "sqlite_autoincrement": True},
    )
    id: int = column("Never used twice: messages carry it, so that they are not sent twice", GrowingId, key=True)
    kind: str = column("The kind of effect, e.g. SendPage")
    effect: dict[str, Any] = column("The whole effect", Json)
    subject: str = column("What it belongs to, e.g. incident:42; order is kept within one subject")
    gives: str | None = column("What exists once it is done", null=True)
    needs: str | None = column("What must exist first, as |channel|card|", null=True)
    coalesce_key: str | None = column("One waiting row of a subject and key is enough; empty: each counts", null=True)
    urgent: bool = column("Rides ahead of everything")
    state: str = column("waiting, sending, sent or given_up")
    attempt: int = column("How often it was tried")
    enqueued_at: datetime = column("When it was decided", Instant)
    due_at: datetime | None = column(
        "When it may be claimed: not-before while waiting, end of lease while sending; empty at the end",
        Instant,
        null=True,
    )
    owner: str | None = column("The process that has the lease", null=True)
    sent_at: datetime | None = column("When it was done", Instant, null=True)
    last_error: str | None = column("Why it failed last", null=True)


class InboxRow(Row, table=True):
    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_at", "at"),
        {"comment": "Requests already handled, so that a repeat changes nothing"},
    )
    envelope: str = column("The key by which a repeat of the request is known", key=True)
    answer: dict[str, Any] = column("What was answered", Json)
    at: datetime = column("When it was handled", Instant)


class SlackPersonRow(Row, table=True):
    __tablename__ = "slack_person"
    __table_args__ = ({"comment": "People of the configuration, found in Slack by their e-mail"},)
    person: str = column("Key of the person", key=True)
    slack_id: str = column("Slack user id")


class CounterRow(Row, table=True):
    __tablename__ = "counter"
    __table_args__ = ({"comment": "Numbers that grow without gaps"},)
    name: str = column("What is counted", key=True)
    value: int = column("The last number given")
