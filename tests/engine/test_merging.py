"""A merge happens to both incidents or to neither, also when two are merged crosswise at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.core.events import IncidentMerged, IncidentResolved
from bot.core.incident import Incident, Status
from bot.engine.engine import Engine
from tests.engine.build import HeldClock, declared, everything, failing, incident, stored


@pytest.fixture(autouse=True)
def two(engine: Engine, clock: HeldClock) -> None:
    engine.handle(declared())
    clock.passes(minutes=10)
    engine.handle(declared("Labels are stale"))


def merged(number: int, into: int) -> IncidentMerged:
    return IncidentMerged(number=number, by="luis", into=into, reason="One job")


def test_one_ends_and_the_other_counts_from_its_declaration(engine: Engine) -> None:
    ended = incident(engine.handle(merged(1, into=2), envelope="e1"))
    assert (ended.status, ended.merged_into) == (Status.MERGED, 2)
    survivor = stored(engine.store, 2)
    assert survivor.declared_at == ended.declared_at
    assert {held.started for held in survivor.clocks} == {ended.declared_at}
    assert engine.handle(merged(1, into=2), envelope="e1").repeated


@pytest.mark.parametrize(
    ("into", "why"),
    [
        (2, "INC-2 is resolved. Reopen it first, and merge then."),
        (99, "There is no incident INC-99. `/incident list` shows those that are open."),
    ],
)
def test_what_the_survivor_refuses_has_not_happened(engine: Engine, into: int, why: str) -> None:
    engine.handle(IncidentResolved(number=2, by="luis"))
    before = everything(engine.store)
    outcome = engine.handle(merged(1, into=into), envelope="e1")
    assert (outcome.state, outcome.refusal) == (None, why)
    assert everything(engine.store) == before


def test_a_merge_that_fails_halfway_has_not_happened(engine: Engine) -> None:
    before = everything(engine.store)
    with failing(engine.store, "timeline_entry", "NEW.incident = 2"), pytest.raises(Exception, match="no space left"):
        engine.handle(merged(1, into=2), envelope="e1")
    assert everything(engine.store) == before
    assert engine.handle(merged(1, into=2), envelope="e1").refusal is None


def test_of_two_that_merge_them_crosswise_at_once_one_is_refused(engine: Engine, another_engine: Engine) -> None:
    with ThreadPoolExecutor(2) as both:
        asked = both.submit(engine.handle, merged(1, into=2)), both.submit(another_engine.handle, merged(2, into=1))
    refusals = [each.result().refusal for each in asked]
    assert [refusal is None for refusal in refusals].count(True) == 1
    found: list[Incident] = [stored(engine.store, number) for number in (1, 2)]
    assert sorted(each.is_open for each in found) == [False, True]


def test_a_merge_that_a_timer_brings_and_the_survivor_refuses_is_held_off(
    engine: Engine, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.store.transaction() as work:
        work.set_timer("odd", clock.now(), merged(1, into=99))
    engine.tick()
    assert stored(engine.store, 1).is_open
    assert "There is no incident INC-99" in caplog.text
