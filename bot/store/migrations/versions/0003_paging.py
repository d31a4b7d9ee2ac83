"""Pages by hand and at night, the ways beside Slack by which people are paged, and escalations that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.String()
INSTANT = sa.DateTime(timezone=True)

PAGE_COMMENTS = {
    "person": "Who is paged; a channel, with its #, where anybody may acknowledge",
    "round": "Which run of the escalation path, from 0; -1 for a page by hand",
    "step": "Which step of the path, from 0; -1 for a page by hand",
    "state": "open, acknowledged, superseded, declined, exhausted, undelivered or unanswered",
}
ESCALATION_COMMENTS = {
    "state": "held, running, acknowledged, exhausted or stopped",
    "due_at": "When the next step runs, or the hold ends",
}


def upgrade() -> None:
    for column in (
        sa.Column("asked_by", TEXT, nullable=True, comment="Who paged by hand; empty: the escalation path did"),
        sa.Column("note", TEXT, nullable=False, server_default="", comment="What they said to whom they paged"),
        sa.Column(
            "problem",
            TEXT,
            nullable=False,
            server_default="",
            comment="Why Slack refused it for good; empty if it did not",
        ),
        sa.Column(
            "night",
            sa.Boolean(),
            nullable=True,
            comment="Paged between 22:00 and 06:00 by the person's own clock; empty: not known",
        ),
    ):
        op.add_column("page", column)
    _indices()
    op.create_table(
        "page_contact",
        sa.Column("page", TEXT, nullable=False, comment="Id of the page"),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="In which order they were tried, from 0"),
        sa.Column("contact", TEXT, nullable=False, comment="Name of the contact in the configuration, e.g. SMS"),
        sa.Column("tried_at", INSTANT, nullable=False, comment="When it was decided to try it"),
        sa.Column("problem", TEXT, nullable=False, comment="Why it failed; empty if it did not, or is not known yet"),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name="fk_page_contact_page"),
        sa.PrimaryKeyConstraint("page", "ordinal", name="pk_page_contact"),
        comment="Ways beside Slack by which a page went out",
    )
    if op.get_bind().dialect.supports_comments:  # SQLite keeps none
        for table, comments in (("page", PAGE_COMMENTS), ("escalation", ESCALATION_COMMENTS)):
            for name, comment in comments.items():
                op.alter_column(table, name, comment=comment)


def _indices() -> None:
    op.create_index("ix_page_message", "page", ["message_channel", "message_ts"])
    is_open, at_night = sa.text("state = 'open'"), sa.text("night")
    op.create_index("ix_page_open", "page", ["person"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_page_night", "page", ["paged_at", "person"], sqlite_where=at_night, postgresql_where=at_night)
