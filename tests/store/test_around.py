"""What the store knows around a change of shift: open work, what was noted, and the shift that ends."""

from dataclasses import replace

from bot.core.effects import Record
from bot.core.handoff import Around, Summary
from bot.core.history import Entry
from bot.core.incident import Page, SlaClock, Status
from bot.policy.model import Clock
from bot.store.store import Store
from tests.store.build import NOW, declare, minutes
from tests.store.test_handoffs import keep, shift
from tests.store.test_incidents import executed

BEGAN = NOW - minutes(480)
RUNS = SlaClock(Clock.UPDATE, BEGAN, NOW, minutes(60), "always", "gold", promised="1h", since=BEGAN)


def around(store: Store, schedule: str = "l1") -> Around:
    with store.reading() as read:
        return read.around(schedule, NOW)


def summary(store: Store, schedule: str = "l1") -> Summary:
    found = around(store, schedule).summary
    assert found is not None
    return found


def test_the_open_incidents_of_the_schedule_are_handed_over(store: Store) -> None:
    mine = [declare(store, schedule="l1", clocks=(RUNS,)) for _ in range(2)]
    declare(store, schedule="l2")
    declare(store, schedule="l1", status=Status.RESOLVED)
    assert around(store).incidents == tuple(mine)


def test_the_last_three_notes_of_each_are_known_the_newest_last(store: Store) -> None:
    for schedule in ("l1", "l1", "l2", "l1"):
        declare(store, schedule=schedule)
    with store.transaction() as work:
        for text in ("a", "b", "c", "d"):
            work.record(Record(number=1, at=NOW, by="amina", what=Entry.NOTE, text=text))
            work.record(Record(number=1, at=NOW, by="amina", what=Entry.UPDATE, text="no note"))
        work.record(Record(number=2, at=NOW, by="amina", what=Entry.NOTE, text="e"))
        work.record(Record(number=3, at=NOW, by="amina", what=Entry.NOTE, text="not mine"))
    assert around(store).notes == {1: ("b", "c", "d"), 2: ("e",)}


def test_the_shift_began_at_the_latest_change_that_has_come(store: Store) -> None:
    assert summary(store).since == NOW - minutes(24 * 60)
    declare(store)
    early = shift("l1-3", NOW + minutes(30))  # begun early
    keep(store, early, shift("l1-2", BEGAN), shift("l1-1", BEGAN - minutes(480)))
    assert summary(store).since == BEGAN
    assert summary(store, "l2").since == NOW - minutes(24 * 60)


def test_what_happened_in_the_shift_is_summed_up(store: Store) -> None:
    inside, before = NOW - minutes(60), BEGAN - minutes(1)
    pages = (
        Page("1-1", "amina", 0, 0, before, night=True),
        Page("1-2", "amina", 0, 0, inside, night=True),
        Page("1-3", "luis", 0, 0, inside, night=False),
        Page("1-4", "#ops", 0, 0, inside),
    )
    broken = replace(RUNS, breached_at=inside)
    clocks = (replace(RUNS, breached_at=before), broken, RUNS)
    declare(store, schedule="l1", declared_at=before, pages=pages, clocks=clocks)
    keep(store, shift("l1-1", BEGAN))
    ended = {"schedule": "l1", "status": Status.RESOLVED, "declared_at": before}
    declare(store, **ended, resolved_at=inside, title="Drift")
    declare(store, **ended, resolved_at=before)
    declare(store, schedule="l1", declared_at=inside, clocks=(replace(broken, clock=Clock.MITIGATE),))
    declare(store, schedule="l2", declared_at=inside, resolved_at=inside, clocks=(broken,))
    assert summary(store) == Summary(
        since=BEGAN,
        declared=1,
        resolved=((2, "Drift"),),
        breaches=((1, "update"), (4, "mitigate")),
        pages=3,
        at_night=1,
    )


def test_of_a_bad_shift_the_latest_thirty_are_named(store: Store) -> None:
    with store.transaction() as work:
        for _ in range(31):
            work.next_number()
    gone = {"schedule": "l1", "declared_at": BEGAN, "status": Status.RESOLVED}
    for number in range(31):
        at = NOW - minutes(60 - number)
        declare(store, **gone, resolved_at=at, clocks=(replace(RUNS, breached_at=at),))
    found = summary(store)
    assert (found.declared, len(found.resolved), len(found.breaches)) == (31, 30, 30)
    assert [number for number, _ in found.resolved] == list(range(62, 32, -1))


def test_however_much_is_open_it_is_known_in_few_statements(store: Store) -> None:
    for _ in range(3):
        declare(store, schedule="l1")
    with store.reading() as read, executed() as statements:
        read.around("l1", NOW)
    beside_incidents = 5
    assert len([each for each in statements if each.startswith("SELECT")]) == 8 + beside_incidents


def test_missed_updates_are_told_by_incident(store: Store) -> None:
    late = [replace(RUNS, breached_at=NOW + minutes(after)) for after in (-1, 0, 30)]
    declare(store, clocks=(*late, replace(RUNS, clock=Clock.RESOLVE, breached_at=NOW), RUNS))
    declare(store, clocks=(late[1],))
    with store.reading() as read:
        assert read.missed_updates(NOW) == {1: (NOW, NOW + minutes(30)), 2: (NOW,)}
