"""Labels of the alert that an incident is about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
COMMENT = "Labels of the alert that it is about, as JSON: values by name"


def upgrade() -> None:
    column = sa.Column("labels", JSON, nullable=False, server_default="{}", comment=COMMENT)
    op.add_column("incident", column)
