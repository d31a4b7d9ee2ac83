"""Stand-ins, planned shifts, the calendars of others, and how far the reminders of a schedule have come."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

TEXT = sa.String()
INTEGER = sa.Integer()
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column(
        "shift_watch",
        sa.Column("reminded", INSTANT, nullable=True, comment="Whose shift begins by then has been reminded of it"),
    )
    _stand_ins()
    _plans()
    _feeds()


def _stand_ins() -> None:
    op.create_table(
        "stand_in",
        sa.Column("id", INTEGER, autoincrement=False, nullable=False, comment="The number people say: change 7"),
        sa.Column("kind", TEXT, nullable=False, comment="override, swap or cover"),
        sa.Column("schedule", TEXT, nullable=False, comment="Key of the schedule"),
        sa.Column("asked_by", TEXT, nullable=False, comment="Who asked for it"),
        sa.Column("asked_at", INSTANT, nullable=False, comment="When it was asked for"),
        sa.Column("state", TEXT, nullable=False, comment="offered, standing, refused, expired or undone"),
        sa.Column("reason", TEXT, nullable=False, comment="Why, in the words of who asked"),
        sa.Column("accepted_by", TEXT, nullable=True, comment="Who accepted the offer"),
        sa.Column("stood_at", INSTANT, nullable=True, comment="Since when it counts; empty: it never has"),
        sa.Column("ended_by", TEXT, nullable=True, comment="Who refused or undid it"),
        sa.Column("ended_at", INSTANT, nullable=True, comment="When it was refused or undone, or expired"),
        sa.PrimaryKeyConstraint("id", name="pk_stand_in"),
        comment="Changes of shifts that people asked for: overrides, swaps and cover, with what became of them",
    )
    op.create_index("ix_stand_in_schedule", "stand_in", ["schedule", "id"])
    op.create_index("ix_stand_in_state", "stand_in", ["state", "id"])
    op.create_table(
        "override",
        sa.Column("stand_in", INTEGER, nullable=False, comment="Id of the stand-in"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="Which span of its stand-in, from 0; a swap has two"),
        sa.Column("person", TEXT, nullable=True, comment="Who has the pager; empty: nobody has accepted it"),
        sa.Column("instead_of", TEXT, nullable=True, comment="In whose place; empty: alone, above all layers"),
        sa.Column(
            "starts_at", INSTANT, nullable=False, comment="From when, as asked; or as accepted, if that was later"
        ),
        sa.Column("ends_at", INSTANT, nullable=False, comment="Until when, as asked"),
        sa.Column("holds_from", INSTANT, nullable=True, comment="From when it is in force; empty: it never is"),
        sa.Column(
            "holds_until",
            INSTANT,
            nullable=True,
            comment="Until when it is in force: shorter than asked if it was undone; empty: it never is",
        ),
        sa.ForeignKeyConstraint(["stand_in"], ["stand_in.id"], name="fk_override_stand_in"),
        sa.PrimaryKeyConstraint("stand_in", "ordinal", name="pk_override"),
        comment="The spans of a stand-in: who has the pager in whose place, and when that is really so",
    )
    op.create_index(
        "ix_override_holds_until",
        "override",
        ["holds_until"],
        sqlite_where=sa.text("holds_until IS NOT NULL"),
        postgresql_where=sa.text("holds_until IS NOT NULL"),
    )
    op.create_table(
        "stand_in_offer",
        sa.Column("stand_in", INTEGER, nullable=False, comment="Id of the stand-in"),
        sa.Column("person", TEXT, nullable=False, comment="To whom it was offered"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="In which order they were asked, from 0"),
        sa.Column("message_channel", TEXT, nullable=True, comment="Slack channel id of the offer"),
        sa.Column("message_ts", TEXT, nullable=True, comment="Slack timestamp of the offer"),
        sa.Column("declined", sa.Boolean(), nullable=False, comment="They have said no"),
        sa.ForeignKeyConstraint(["stand_in"], ["stand_in.id"], name="fk_stand_in_offer_stand_in"),
        sa.PrimaryKeyConstraint("stand_in", "person", name="pk_stand_in_offer"),
        comment="To whom a swap or cover was offered",
    )


def _plans() -> None:
    op.create_table(
        "shift_plan",
        sa.Column("schedule", TEXT, nullable=False, comment="Key of the schedule"),
        sa.Column("until", INSTANT, nullable=False, comment="Up to when its shifts are planned"),
        sa.PrimaryKeyConstraint("schedule", name="pk_shift_plan"),
        comment="How far the shifts of each schedule are planned",
    )
    op.create_table(
        "planned_shift",
        sa.Column("schedule", TEXT, nullable=False, comment="Key of the schedule"),
        sa.Column("starts_at", INSTANT, nullable=False, comment="When the shift begins, or the plan did"),
        sa.Column("ends_at", INSTANT, nullable=False, comment="When it ends; the next begins then"),
        sa.Column("people", JSON, nullable=False, comment="Who has it; an empty list is a gap"),
        sa.Column("layer", TEXT, nullable=True, comment="The layer that gives them; empty in a gap"),
        sa.ForeignKeyConstraint(["schedule"], ["shift_plan.schedule"], name="fk_planned_shift_schedule"),
        sa.PrimaryKeyConstraint("schedule", "starts_at", name="pk_planned_shift"),
        comment="The coming shifts by the configuration alone, without overrides and swaps",
    )


def _feeds() -> None:
    op.create_table(
        "feed",
        sa.Column("schedule", TEXT, nullable=False, comment="Key of the schedule"),
        sa.Column("layer", TEXT, nullable=False, comment="Name of the layer that it plans"),
        sa.Column(
            "address",
            TEXT,
            nullable=False,
            comment="Where it is read from. SECRET: it may hold a token, so show it to nobody",
        ),
        sa.Column("unknown", JSON, nullable=False, comment="Entries that name nobody of the configuration"),
        sa.Column("read_at", INSTANT, nullable=True, comment="When it was last read well; empty: not yet"),
        sa.Column("tried_at", INSTANT, nullable=True, comment="When it was last tried"),
        sa.Column("problem", TEXT, nullable=False, comment="Why the latest try failed; empty if it did not"),
        sa.Column(
            "changed_at",
            INSTANT,
            nullable=True,
            comment="When its shifts were last found to be others than before; empty: not read yet",
        ),
        sa.PrimaryKeyConstraint("schedule", "layer", name="pk_feed"),
        comment="Calendars of others that plan a layer: the last good copy, and how the latest try went",
    )
    op.create_table(
        "feed_shift",
        sa.Column("schedule", TEXT, nullable=False, comment="Key of the schedule"),
        sa.Column("layer", TEXT, nullable=False, comment="Name of the layer"),
        sa.Column("ordinal", INTEGER, nullable=False, comment="Which shift of its calendar, from 0"),
        sa.Column("starts_at", INSTANT, nullable=False, comment="When it begins"),
        sa.Column("ends_at", INSTANT, nullable=False, comment="When it ends"),
        sa.Column("people", JSON, nullable=False, comment="Who has it"),
        sa.ForeignKeyConstraint(
            ["schedule", "layer"], ["feed.schedule", "feed.layer"], name="fk_feed_shift_schedule_layer"
        ),
        sa.PrimaryKeyConstraint("schedule", "layer", "ordinal", name="pk_feed_shift"),
        comment="The shifts of the last good copy of a calendar",
    )
