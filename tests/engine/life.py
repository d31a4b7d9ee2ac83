"""One life of a process that declares an incident and is killed at a given point; run by test_crash.py.

It reads lines `DATABASE LEDGER POINT`, lives each of them in a fork of its own, and answers each with the
exit code. A life that is not killed at its point ends with 0.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.engine.deliver import Answer, Deliverer, Sent
from bot.store.outbox import Parcel
from bot.store.store import Store
from bot.store.work import Work
from tests.engine.build import HeldClock, declared, engine_on, receipt

KILLED = 9
ENVELOPE = "e1"


class Ledger:
    """What stands in the outside world: one line a thing done, by the parcel that asked for it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def carry(self, parcel: Parcel) -> Answer:
        """Looks before it acts, as a carrier has to."""
        if str(parcel.id) not in self.done():
            with self._file.open("a") as lines:
                lines.write(f"{parcel.id}\n")  # a line this short is written in one piece
        return Sent(receipt(parcel.effect))

    def done(self) -> list[str]:
        return self._file.read_text().split() if self._file.exists() else []


class DyingStore(Store):
    """Dies at the end of its first transaction, a moment before it is committed."""

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        with super().transaction() as work:
            yield work
            os._exit(KILLED)


def live(database: str, ledger: Ledger, point: str) -> None:
    store = (DyingStore if point == "before-commit" else Store)(database)
    engine = engine_on(store, HeldClock())
    engine.handle(declared(), envelope=ENVELOPE)
    if point == "after-commit":
        os._exit(KILLED)

    def carry(parcel: Parcel) -> Answer:
        ledger.carry(parcel)
        os._exit(KILLED)  # the world has said yes, and nobody has noted it

    deliverer = Deliverer(engine, carry)
    deliverer.start()
    deliverer.settle()


def main() -> None:
    for line in sys.stdin:
        database, ledger, point = line.split()
        child = os.fork()
        if child == 0:
            live(database, Ledger(Path(ledger)), point)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
