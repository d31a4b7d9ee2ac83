"""The versions of the database, and the way from one to the next (Alembic, without a settings file)."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

_LOCK = 4_271_828  # any number, the same in every process: PostgreSQL lets one at a time through


class NewerDatabase(Exception):
    """The database was written by a newer Baton."""


class OlderDatabase(Exception):
    """The database has to be migrated first."""


def migrate(connection: Connection) -> None:
    """Forward to the newest version, in the transaction of this connection, one process after the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if _is_newest(connection):
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def check(connection: Connection) -> None:
    if not _is_newest(connection):
        raise OlderDatabase("The database is older than this Baton: run `bot migrate` once, then start again.")


def _is_newest(connection: Connection) -> bool:
    known, newest = _versions()
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known:
        raise NewerDatabase(
            f"The database is from a newer Baton (version {present}), which this one cannot read:"
            " install that version or a later one, or name another database."
        )
    return present == newest


@cache
def _versions() -> tuple[frozenset[str], str | None]:
    """All that this Baton knows, and the newest."""
    versions = ScriptDirectory.from_config(_config())
    return frozenset(each.revision for each in versions.walk_revisions()), versions.get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
