"""The clocks can be counted anew from the timeline alone, by anybody, at any time: with the same result."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.core.clocks import clocks
from bot.core.events import (
    IncidentAcknowledged,
    IncidentEvent,
    IncidentReopened,
    IncidentResolved,
    IncidentWaitEnded,
    IncidentWaits,
    InstantCorrected,
    SeverityChanged,
    StatusMoved,
    UpdatePosted,
)
from bot.core.history import COUNTED, Mark, Moment
from bot.core.incident import SlaClock, Status
from bot.engine.engine import Engine
from bot.policy.model import Sla, Waiting
from bot.store.store import Store
from tests.engine.build import POLICY, HeldClock, declared, incident, stored

PROMISED = Sla.model_validate(
    {
        "warn_at": ["50%", "90%"],
        "pause_while": {"waiting": ["customer"], "clocks": ["mitigate", "resolve"]},
        "targets": {
            "sev1": {"acknowledge": "10m", "first_update": "15m", "update": "30m", "mitigate": "2h", "resolve": "8h"},
            "sev2": {"acknowledge": "1h", "resolve": "1d"},
        },
    }
)
MINUTE = timedelta(minutes=1)


def draw(chance: Random, now: datetime, start: datetime) -> IncidentEvent:
    by = chance.choice(["amina", "luis"])
    earlier = start + (now - start) * chance.random()
    kinds: list[Callable[[], IncidentEvent]] = [
        lambda: IncidentAcknowledged(number=1, by=by),
        lambda: UpdatePosted(number=1, by=by, text="Still looking."),
        lambda: SeverityChanged(number=1, by=by, to=chance.choice(["sev1", "sev2"])),
        lambda: StatusMoved(number=1, by=by, to=chance.choice([Status.MONITORING, Status.INVESTIGATING])),
        lambda: IncidentWaits(number=1, by=by, on=Waiting.CUSTOMER, until=now + 40 * MINUTE, reason="a file"),
        lambda: IncidentWaitEnded(number=1, by=by),
        lambda: InstantCorrected(number=1, by=by, moment=chance.choice(list(Moment)), to=earlier),
        lambda: IncidentResolved(number=1, by=by),
        lambda: IncidentReopened(number=1, by=by),
    ]
    return chance.choice(kinds)()


def without_memory(held: SlaClock) -> SlaClock:
    """Who held it and what was said of it is remembered beside what is counted."""
    return replace(held, warned=0.0, held_by=None, held_on=None)


@pytest.mark.parametrize("seed", range(6))
def test_the_timeline_gives_the_clocks_that_are_kept(store: Store, clock: HeldClock, seed: int) -> None:
    policy = POLICY.model_copy(update={"slas": {"standard": PROMISED}})
    engine, chance = Engine(store, policy, clock), Random(seed)
    start = incident(engine.handle(declared())).declared_at
    counted_at = clock.now()
    for _ in range(40):
        clock.passes(minutes=chance.randrange(1, 30), seconds=chance.randrange(60))
        if engine.tick() or engine.handle(draw(chance, clock.now(), start)).refusal is None:
            counted_at = clock.now()
    with store.reading() as read:
        told = read.timeline(1)
    marks = [Mark(each.at, each.what, each.old, each.new, each.by, each.text) for each in told if each.what in COUNTED]
    kept = stored(store, 1)
    assert kept.terms is not None
    anew = clocks(marks, kept.terms, counted_at)
    assert [without_memory(held) for held in anew] == [without_memory(held) for held in kept.clocks]
    assert len(anew) >= 4
