"""What another version of Baton left in timers and outbox is still understood, as far as it can be."""

from typing import Any

from bot.core.effects import Notice, PostNotice
from bot.engine.engine import Engine
from bot.store.rows import table
from tests.engine.build import HeldClock, World, declared, outbox, stored
from tests.engine.conftest import Deliver


def rewrite(engine: Engine, name: str, column: str, **facts: Any) -> None:
    """As if each row of this table had been written with these facts too; None leaves one out."""
    rows = table(name)
    with engine.store.transaction() as work:
        keys = list(rows.primary_key)
        for row in work._connection.execute(rows.select()).all():
            changed = {**getattr(row, column), **facts}
            changed = {name: value for name, value in changed.items() if value is not None}
            here = [key == getattr(row, key.name) for key in keys]
            work._connection.execute(rows.update().where(*here).values({column: changed}))


def test_a_timer_with_a_fact_that_is_no_longer_known_is_handled(engine: Engine, clock: HeldClock) -> None:
    engine.handle(declared())
    rewrite(engine, "timer", "event", weather="rain", nested={"of": ["old", 1]})
    clock.passes(minutes=5)
    engine.tick()
    assert [page.person for page in stored(engine.store).pages] == ["luis", "brian"]


def test_messages_with_a_fact_that_is_no_longer_known_are_delivered(
    engine: Engine, world: World, deliver: Deliver
) -> None:
    engine.handle(declared())
    rewrite(engine, "outbox", "effect", weather="rain", nested={"of": ["old", 1]})
    deliver(engine, world).settle()
    assert {state for (state,) in outbox(engine.store, "state")} == {"sent"}
    assert stored(engine.store).card is not None


def test_a_message_that_lacks_a_newer_fact_takes_its_default(engine: Engine, world: World, deliver: Deliver) -> None:
    engine.post(PostNotice(number=1, notice=Notice.NOTE, facts={"note": "Rolled back"}))
    rewrite(engine, "outbox", "effect", facts=None)
    deliver(engine, world).settle()
    assert [parcel.effect for parcel in world.asked] == [PostNotice(number=1, notice=Notice.NOTE)]
