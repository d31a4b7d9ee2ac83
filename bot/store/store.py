"""The store: opens the database and hands out its transactions."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from bot.store import backups, migrations
from bot.store.engines import must_open, open_engine
from bot.store.reading import Reading
from bot.store.turns import Turns
from bot.store.work import Work


class Store:
    def __init__(self, url: str) -> None:
        """`sqlite:///baton.db` or `postgresql://…`; connects to nothing yet. Raises BadAddress."""
        self._engine = open_engine(url)
        self._is_sqlite = self._engine.dialect.name == "sqlite"
        self._writes = self._engine.execution_options(writes=True)
        # All statements of one reading see the same instant; SQLite does that by itself.
        self._reads = (
            self._engine
            if self._is_sqlite
            else self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )
        self._turns = Turns()

    def migrate(self) -> None:
        """Forward to the newest version. Raises NewerDatabase and BadAddress."""
        must_open(self._engine)
        with self._turn(), self._writes.begin() as connection:
            migrations.migrate(connection)

    def bring_up_to_date(self) -> None:
        """At the start: a file is migrated; a server, which others may be using, is only looked at.

        Raises NewerDatabase, OlderDatabase and BadAddress.
        """
        if self._is_sqlite:
            self.migrate()
            return
        self.must_be_current()

    @property
    def exists(self) -> bool:
        """Whether there is a file; of a server, only connecting tells."""
        return not self._is_sqlite or Path(str(self._engine.url.database)).exists()

    def must_be_current(self) -> None:
        """For whoever only looks. Raises NewerDatabase, OlderDatabase and BadAddress."""
        must_open(self._engine)
        with self._reads.begin() as connection:
            migrations.check(connection)

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """A transaction that writes: kept as a whole at the end, undone as a whole by an exception.

        SQLite has one writer at a time, so threads take turns here, in the order in which they come.
        """
        with self._turn(), self._writes.begin() as connection:
            yield Work(connection)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A short transaction that only reads, and waits for no writer."""
        with self._reads.begin() as connection:
            yield Reading(connection)

    def close(self) -> None:
        self._engine.dispose()

    def backup(self, file: Path) -> None:
        """A consistent copy in a new file, while others go on writing. Raises NoBackup."""
        backups.backup(self._engine, file)

    def _turn(self) -> AbstractContextManager[None]:
        return self._turns.mine() if self._is_sqlite else nullcontext()
