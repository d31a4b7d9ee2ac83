"""Stand-ins: kept whole, and the overrides that they put in force found at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.core.incident import Message
from bot.core.oncall_events import OverrideSet
from bot.core.permitted import Span
from bot.core.standin import Offer, StandIn, StandInKind, StandInState
from bot.policy.model import Override
from bot.store.standins import IN_FORCE
from bot.store.store import Store
from tests.store.build import NOW, instants, minutes, override, stand_ins

HOUR = minutes(60)


def keep(store: Store, *made: StandIn) -> None:
    with store.transaction() as work:
        for each in made:
            work.save_stand_in(None, each)


def in_force(store: Store, hours: float = 0) -> list[int]:
    with store.reading() as reading:
        return [each.id for each in reading.overrides(NOW + hours * HOUR)]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_a_stand_in_is_saved_whole_and_so_is_what_it_puts_in_force(
    store: Store, data: st.DataObject
) -> None:
    with store.transaction() as work:
        number = work.next_number("stand_in")
        before = data.draw(stand_ins(number, "l1"))
        work.save_stand_in(None, before)
        assert work.stand_in(number) == before
    after, since = data.draw(stand_ins(number, "l1")), data.draw(instants)
    with store.transaction() as work:
        work.save_stand_in(before, after)
    with store.reading() as reading:
        assert reading.stand_in(number) == after
        found = [each for each in reading.overrides(since) if each.id == number]
    assert found == [each for each in after.overrides() if each.end > since]


def test_a_stand_in_that_nobody_asked_for_is_none(store: Store) -> None:
    with store.transaction() as work:
        assert work.stand_in(7) is None
    with store.reading() as reading:
        assert (reading.stand_in(7), reading.stand_ins(), reading.overrides(NOW)) == (None, [], ())


def test_stand_ins_are_counted_by_themselves(store: Store) -> None:
    with store.transaction() as work:
        assert [work.next_number(), work.next_number("stand_in"), work.next_number("stand_in")] == [1, 1, 2]
        assert work.next_number() == 2


# What is in force


def test_overrides_of_all_schedules_come_by_id_with_the_spans_of_a_swap_in_order(store: Store) -> None:
    late, early = Span(NOW + 9 * HOUR, NOW + 10 * HOUR, "sita", "luis"), Span(NOW, NOW + HOUR, "luis", "sita")
    swap = override(3, kind=StandInKind.SWAP, schedule="l2", spans=(late, early))
    keep(store, swap, override(2), override(1, start=NOW + 30 * HOUR))
    with store.reading() as reading:
        found = reading.overrides(NOW)
    assert [(each.id, each.schedule, each.person) for each in found] == [
        (1, "l1", "sita"),
        (2, "l1", "sita"),
        (3, "l2", "sita"),
        (3, "l2", "luis"),
    ]
    first = Override(id=1, schedule="l1", person="sita", start=NOW + 30 * HOUR, end=NOW + 38 * HOUR, instead_of="amina")
    assert found[0] == first


def test_an_override_that_is_over_is_no_longer_in_force(store: Store) -> None:
    keep(store, override(1, hours=8))
    assert (in_force(store, 7.99), in_force(store, 8)) == ([1], [])


def test_what_was_so_until_it_was_undone_stays_so(store: Store) -> None:
    standing = override(1, hours=8)
    keep(store, standing)
    with store.transaction() as work:
        undone = replace(standing, state=StandInState.UNDONE, ended_by="amina", ended_at=NOW + 2 * HOUR)
        work.save_stand_in(standing, undone)
    with store.reading() as reading:
        (held,) = reading.overrides(NOW)
    assert (held.start, held.end) == (NOW, NOW + 2 * HOUR)
    assert (in_force(store, 1.99), in_force(store, 2)) == ([1], [])


def test_what_was_undone_before_it_began_was_never_in_force(store: Store) -> None:
    keep(store, override(1, start=NOW + 2 * HOUR, state=StandInState.UNDONE, ended_at=NOW))
    assert in_force(store, -24) == []


def test_what_is_only_offered_is_not_in_force_until_somebody_accepts(store: Store) -> None:
    span = Span(NOW, NOW + HOUR, None, "amina")
    cover = override(1, kind=StandInKind.COVER, spans=(span,), state=StandInState.OFFERED, stood_at=None)
    keep(store, cover)
    assert in_force(store) == []
    with store.transaction() as work:
        spans = (replace(span, person="luis"),)
        work.save_stand_in(cover, replace(cover, spans=spans, state=StandInState.STANDING, stood_at=NOW))
    assert in_force(store) == [1]


def test_the_same_override_is_the_same_object_for_everybody_who_asks(store: Store, another_store: Store) -> None:
    keep(store, override(1), override(2, start=NOW + 9 * HOUR))
    with store.reading() as mine, another_store.reading() as theirs:
        first, second = mine.overrides(NOW)
        (later,) = theirs.overrides(NOW + 8 * HOUR)
    assert first is not second
    assert later is second


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_overrides_in_force_are_found_without_a_walk_through_all_there_were(store: Store) -> None:
    with store.transaction() as work:
        query = str(IN_FORCE.compile(work._connection.engine)).replace("?", ":since")
        plan = (
            work._connection.execute(text(f"EXPLAIN QUERY PLAN {query}"), {"since": str(NOW)}).scalars("detail").all()
        )
    assert plan[0] == "SEARCH override USING INDEX ix_override_holds_until (holds_until>?)"
    assert not any("SCAN" in step for step in plan)


# Lists


def test_stand_ins_are_listed_newest_first(store: Store) -> None:
    made = [override(number, schedule=f"l{number % 2}") for number in range(1, 6)]
    keep(store, *made)
    with store.reading() as reading:
        assert [each.id for each in reading.stand_ins(limit=3)] == [5, 4, 3]
        assert reading.stand_ins("l1") == [made[4], made[2], made[0]]
        assert reading.stand_ins("l3") == []


def test_what_a_person_could_accept_is_listed(store: Store) -> None:
    asked = (Offer("luis", Message("D1", "1.1")), Offer("maya", declined=True))
    offered = override(1, state=StandInState.OFFERED, stood_at=None, offers=asked)
    keep(store, offered, replace(offered, id=2, state=StandInState.EXPIRED), replace(offered, id=3))
    with store.reading() as reading:
        assert reading.offers_to("luis") == [offered, replace(offered, id=3)]
        assert (reading.offers_to("maya"), reading.offers_to("amina")) == ([], [])


# At once


def test_of_those_who_accept_at_once_one_is_first(store: Store, another_store: Store) -> None:
    people = ("luis", "maya", "sita", "brian")
    keep(store, override(1, state=StandInState.OFFERED, stood_at=None, offers=tuple(map(Offer, people))))
    barrier = Barrier(len(people))

    def accept(person: str) -> bool:
        barrier.wait()
        with (store if person < "m" else another_store).transaction() as work:
            found = work.stand_in(1)
            assert found is not None
            if found.state is not StandInState.OFFERED:
                return False
            work.save_stand_in(found, replace(found, state=StandInState.STANDING, accepted_by=person, stood_at=NOW))
            return True

    with ThreadPoolExecutor(len(people)) as threads:
        firsts = [person for person, first in zip(people, threads.map(accept, people), strict=True) if first]
    with store.reading() as reading:
        found = reading.stand_in(1)
    assert found is not None
    assert [found.accepted_by] == firsts


def test_of_overrides_set_at_once_each_sees_those_before(store: Store, another_store: Store) -> None:
    event = OverrideSet(schedule="l1", by="amina", person="sita", start=NOW, end=NOW + HOUR)

    def set_one(thread: int) -> None:
        for _ in range(5):
            with (store, another_store)[thread % 2].transaction() as work:
                work.lock(event)
                after = len(work.overrides(NOW)) * 8 * HOUR
                work.save_stand_in(None, override(work.next_number("stand_in"), start=NOW + after))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(set_one, range(4)))
    with store.reading() as reading:
        assert [each.start for each in reading.overrides(NOW)] == [NOW + n * 8 * HOUR for n in range(20)]
