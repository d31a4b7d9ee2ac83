"""Timers: replaced when set again, taken once, held off after a failure; and when there is next something to do."""

from bot.core.effects import CreateChannel, PostCard, PublishHome, SendPage
from bot.core.events import ContactFellDue, SilenceFellDue
from bot.core.oncall_events import ShiftFellDue
from bot.store.store import Store
from bot.store.timers import Timer
from tests.store.build import NOW, minutes

SILENCE = SilenceFellDue(number=1)


def set_timer(store: Store, key: str, due: float) -> None:
    with store.transaction() as work:
        work.set_timer(key, NOW + minutes(due), SILENCE)


def due_timer(store: Store, at: float) -> Timer | None:
    with store.transaction() as work:
        return work.due_timer(NOW + minutes(at))


def take(store: Store, timer: Timer | None) -> bool:
    assert timer is not None
    with store.transaction() as work:
        return work.take_timer(timer)


def test_a_timer_falls_due_at_its_time_with_its_event(store: Store) -> None:
    event = ContactFellDue(number=1, page="1-2", contact="SMS")
    with store.transaction() as work:
        work.set_timer("contact", NOW, event)
        assert work.due_timer(NOW - minutes(0.01)) is None
        timer = work.due_timer(NOW)
    assert timer is not None
    assert (timer.key, timer.due, timer.event, timer.attempts) == ("contact", NOW, event, 0)


def test_the_most_overdue_timer_comes_first(store: Store) -> None:
    for key, due in (("later", 3), ("first", 1), ("second", 2)):
        set_timer(store, key, due)
    taken = []
    while timer := due_timer(store, 3):
        taken.append(timer.key)
        assert take(store, timer)
    assert taken == ["first", "second", "later"]


def test_setting_a_timer_again_replaces_it(store: Store) -> None:
    set_timer(store, "shift", 1)
    with store.transaction() as work:
        work.set_timer("shift", NOW + minutes(5), ShiftFellDue(schedule="l1"))
    assert due_timer(store, 4) is None
    timer = due_timer(store, 5)
    assert timer is not None
    assert timer.event == ShiftFellDue(schedule="l1")


def test_a_timer_is_taken_once_by_two_processes(store: Store, another_store: Store) -> None:
    set_timer(store, "silence", 0)
    mine, theirs = due_timer(store, 0), due_timer(another_store, 0)
    assert take(store, mine)
    assert not take(another_store, theirs)


def test_a_timer_replaced_meanwhile_is_not_taken(store: Store, another_store: Store) -> None:
    set_timer(store, "silence", 0)
    old = due_timer(store, 0)
    set_timer(another_store, "silence", 10)
    assert not take(store, old)
    assert due_timer(store, 10) is not None


def test_a_timer_set_anew_after_it_was_taken_is_not_the_old_one(store: Store) -> None:
    set_timer(store, "silence", 0)
    old = due_timer(store, 0)
    assert take(store, old)
    set_timer(store, "silence", 10)
    assert not take(store, old)


def test_a_cancelled_timer_never_falls_due(store: Store) -> None:
    set_timer(store, "silence", 0)
    with store.transaction() as work:
        work.cancel_timer("silence")
        work.cancel_timer("never set")
    assert due_timer(store, 60) is None


def test_a_timer_that_failed_is_held_off_and_others_go_on(store: Store) -> None:
    set_timer(store, "bad", 0)
    set_timer(store, "good", 1)
    with store.transaction() as work:
        bad = work.due_timer(NOW)
        assert bad is not None
        work.hold_off_timer(bad, NOW + minutes(5), "division by zero")
    good = due_timer(store, 1)
    assert good is not None
    assert good.key == "good"
    assert take(store, good)
    assert due_timer(store, 4) is None
    again = due_timer(store, 5)
    assert again is not None
    assert (again.key, again.attempts, again.due) == ("bad", 1, NOW)


def test_a_timer_set_anew_is_held_off_no_longer(store: Store) -> None:
    set_timer(store, "silence", 0)
    with store.transaction() as work:
        timer = work.due_timer(NOW)
        assert timer is not None
        work.hold_off_timer(timer, NOW + minutes(60), "oops")
    set_timer(store, "silence", 1)
    fresh = due_timer(store, 1)
    assert fresh is not None
    assert fresh.attempts == 0


# When there is next something to do


def next_due(store: Store) -> float | None:
    """In minutes from NOW."""
    with store.reading() as reading:
        due = reading.next_due()
    return None if due is None else (due - NOW) / minutes(1)


def test_nothing_is_due_in_an_empty_store(store: Store) -> None:
    assert next_due(store) is None


def test_the_next_due_is_the_earliest_of_all(store: Store) -> None:
    set_timer(store, "silence", 9)
    assert next_due(store) == 9
    with store.transaction() as work:
        work.enqueue(PublishHome(person="amina"), NOW + minutes(7))
        (parcel,) = work.claim(NOW + minutes(7), minutes(1), "me", 1, False)
    assert next_due(store) == 8  # the end of the lease
    with store.transaction() as work:
        work.try_again(parcel, NOW + minutes(8.5), "429")
    assert next_due(store) == 8.5
    with store.transaction() as work:
        work.enqueue(SendPage(number=1, page="1-1"), NOW + minutes(3))
    assert next_due(store) == 3


def test_what_is_done_is_never_due(store: Store) -> None:
    with store.transaction() as work:
        work.enqueue(PublishHome(person="amina"), NOW)
        work.enqueue(PublishHome(person="luis"), NOW)
        done, lost = work.claim(NOW, minutes(1), "me", 2, False)
        work.sent(done, NOW)
        work.give_up(lost, "gone")
    assert next_due(store) is None


def test_what_is_held_back_is_not_due_before_what_holds_it(store: Store) -> None:
    with store.transaction() as work:
        work.enqueue(CreateChannel(number=1), NOW)
        work.enqueue(PostCard(number=1), NOW)
        (channel,) = work.claim(NOW, minutes(1), "me", 1, False)
        work.try_again(channel, NOW + minutes(5), "500")
    assert next_due(store) == 5


def test_a_timer_held_off_is_due_when_it_may_be_tried_again(store: Store) -> None:
    set_timer(store, "bad", 0)
    with store.transaction() as work:
        timer = work.due_timer(NOW)
        assert timer is not None
        work.hold_off_timer(timer, NOW + minutes(5), "oops")
    assert next_due(store) == 5
