"""Handoffs that are filled in, accepted incident by incident and measured; and leads that are offered alone."""

import json
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXT = sa.String()
INTEGER = sa.Integer()
INSTANT = sa.DateTime(timezone=True)

COMMENTS = {
    ("handoff", "id"): "Key of the schedule and the instant at which it was composed",
    ("handoff", "at"): "When the shift changed; of one begun early, the change it is for",
    ("handoff", "incoming"): "Who came; an empty list: nobody",
    ("handoff", "taken_by"): "Who took the last of it; empty: nobody yet",
}
TABLE_COMMENTS = {"handoff_item": "Open incidents as they stood at a change of shift, and who took them"}

# Those that were taken were taken whole; what nobody took stands in the next, unless there is none yet.
STATES = """
    UPDATE handoff_item SET
        state = CASE
            WHEN (SELECT taken_by FROM handoff WHERE id = handoff_item.handoff) IS NOT NULL THEN 'accepted'
            WHEN handoff IN (SELECT handoff FROM shift_watch WHERE handoff IS NOT NULL) THEN 'waiting'
            ELSE 'carried'
        END,
        answered_by = (SELECT taken_by FROM handoff WHERE id = handoff_item.handoff),
        answered_at = (SELECT taken_at FROM handoff WHERE id = handoff_item.handoff),
        owners = (SELECT {text} FROM handoff WHERE id = handoff_item.handoff)
"""
OUTGOING = {"postgresql": "CAST(outgoing AS text)", "sqlite": "outgoing"}


def upgrade() -> None:
    for table, columns in (("handoff", _of_handoff()), ("handoff_item", _of_item()), ("shift_watch", _of_watch())):
        for column in columns:
            op.add_column(table, column)
    previous = sa.Column("previous", TEXT, _to_handoff(), nullable=True, comment="Id of the handoff that it replaced")
    op.add_column("shift_watch", previous, inline_references=True)
    for name, kind, comment in (
        ("lead_offer_to", TEXT, "Who has been asked to take the lead; empty: nobody"),
        ("lead_offer_by", TEXT, "Who asked them"),
        ("lead_offer_at", INSTANT, "When they were asked"),
    ):
        op.add_column("incident", sa.Column(name, kind, nullable=True, comment=comment))
    op.execute(STATES.format(text=OUTGOING[op.get_bind().dialect.name]))
    _next_clocks()
    _indices()
    if op.get_bind().dialect.supports_comments:  # SQLite keeps none
        for (table, name), comment in COMMENTS.items():
            op.alter_column(table, name, comment=comment)
        for table, comment in TABLE_COMMENTS.items():
            op.create_table_comment(table, comment)


def _to_handoff() -> sa.ForeignKey:
    return sa.ForeignKey("handoff.id", name="fk_shift_watch_previous")


def _next_clocks() -> None:
    """The one clock that was kept becomes the first of several; how much of it was used nobody noted."""
    handoff = sa.table("handoff", sa.column("id"), sa.column("at", INSTANT))
    item = sa.table(
        "handoff_item",
        *(sa.column(name) for name in ("handoff", "ordinal", "next_clock", "clocks")),
        sa.column("next_due_at", INSTANT),
    )
    kept = (
        sa.select(item.c.handoff, item.c.ordinal, item.c.next_clock, item.c.next_due_at, handoff.c.at)
        .join(handoff, handoff.c.id == item.c.handoff)
        .where(item.c.next_clock.is_not(None), item.c.next_due_at.is_not(None))
    )
    for row in op.get_bind().execute(kept).all():
        glimpse = {"clock": row.next_clock, "due": _written(row.next_due_at)}
        share = 1.0 if row.next_due_at <= row.at else 0.0
        changed = item.update().where(item.c.handoff == row.handoff, item.c.ordinal == row.ordinal)
        op.execute(changed.values(clocks=json.dumps([glimpse | {"share": share}])))
    op.drop_column("handoff_item", "next_clock")
    op.drop_column("handoff_item", "next_due_at")


def _written(at: Any) -> str:
    """In UTC; SQLite keeps it without a zone."""
    return str((at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat())


def _indices() -> None:
    op.create_index("ix_handoff_schedule", "handoff", ["schedule", "at"])
    op.create_index("ix_incident_declared", "incident", ["schedule", "declared_at"])
    op.create_index("ix_incident_resolved", "incident", ["schedule", "resolved_at"])
    op.create_index("ix_page_paged", "page", ["paged_at"])
    broken = sa.text("breached_at IS NOT NULL")
    op.create_index("ix_sla_clock_breached", "sla_clock", ["breached_at"], sqlite_where=broken, postgresql_where=broken)


def _text(name: str, comment: str, default: str | None = "") -> sa.Column[Any]:
    """Without a default it may be empty."""
    return sa.Column(name, TEXT, nullable=default is None, server_default=default, comment=comment)


def _instant(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, INSTANT, nullable=True, comment=comment)


def _count(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, INTEGER, nullable=False, server_default="0", comment=comment)


def _of_handoff() -> tuple[sa.Column[Any], ...]:
    return (
        _instant("posted_at", "When it was composed; empty: an older Baton did"),
        _text("completed_by", "Who said what only the outgoing people know; empty: nobody", None),
        _instant("completed_at", "When they said it"),
        _text("words", "What they said, as JSON", "{}"),
        _text("notes", "Notes left for it during the shift, as JSON", "[]"),
        _text("summary", "The shift that ended, and what comes, as JSON", None),
        _text("sentence", "The sentence that the receiver read back"),
        _count("nudges", "How often people were reminded that it waits"),
    )


def _of_item() -> tuple[sa.Column[Any], ...]:
    return (
        _text("channel", "Slack id of its channel", None),
        _text("service", "Key of its service in the configuration", None),
        _text("model", "The model of that service", None),
        _text("trend", "Since the handoff before: new, worse, same or better", "new"),
        _text("clocks", "The clocks that ran, as they stood, as JSON", "[]"),
        _text("waiting", "On whom it waited, and why"),
        _text("tried", "What was tried, the newest last, as JSON", "[]"),
        _text("path", "Key of the escalation path that acted", None),
        _text("awake", "Who was on that path, and their local time, as JSON", "[]"),
        _text("next_action", "What is to be done next"),
        _text("owner", "Who is to do it", None),
        _instant("action_due", "By when"),
        _text("if_then", "What to expect, and what to do then"),
        _text("owners", "From whom the lead passes when it is accepted, as JSON", "[]"),
        _text("state", "waiting, accepted, questioned, declined or carried (into the next)", "waiting"),
        _text("answered_by", "Who accepted, questioned or declined it last", None),
        _instant("answered_at", "When they did"),
        _text("question", "What was asked, or why it was declined"),
        _count("questions", "How often it was asked about"),
        _count("declines", "How often it was declined"),
    )


def _of_watch() -> tuple[sa.Column[Any], ...]:
    return (
        _instant("asked", "The change whose handoff the outgoing people were asked for"),
        _text("words", "What was said for the next handoff, as JSON", "{}"),
        _text("notes", "Notes left for it, as JSON", "[]"),
        _text("canvas", "Slack id of the canvas that Baton has made in the channel", None),
    )
