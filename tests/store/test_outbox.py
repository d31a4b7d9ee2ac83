"""The outbox: claims, leases, order within a subject, and one message for what is only state."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot.core.effects import (
    CreateChannel,
    IncidentEffect,
    Notice,
    PinCard,
    PostCard,
    PostNotice,
    PublishHome,
    RefreshCard,
    RefreshPage,
    SendDirect,
    SendPage,
    SetTopic,
)
from bot.core.lanes import Outward
from bot.core.oncall_effects import HandoffEffect, PostHandoff, RefreshHandoff
from bot.store.outbox import Backlog, Parcel
from bot.store.store import Store
from tests.store.build import NOW, minutes

LEASE = timedelta(minutes=1)


def enqueue(store: Store, *effects: Outward, now: datetime = NOW) -> list[int | None]:
    with store.transaction() as work:
        return [work.enqueue(effect, now) for effect in effects]


def claim(
    store: Store, now: datetime = NOW, *, owner: str = "me", limit: int = 100, urgent: bool = False
) -> list[Parcel]:
    with store.transaction() as work:
        return work.claim(now, LEASE, owner, limit, urgent)


def effects(parcels: list[Parcel]) -> list[Outward]:
    return [parcel.effect for parcel in parcels]


def send(store: Store, parcel: Parcel, now: datetime = NOW) -> bool:
    with store.transaction() as work:
        return work.sent(parcel, now)


def home(count: int) -> list[PublishHome]:
    return [PublishHome(person=f"person-{number}") for number in range(count)]


def test_a_parcel_is_the_effect_that_was_enqueued(store: Store) -> None:
    notice = PostNotice(number=1, notice=Notice.PAGED, facts={"person": "amina", "text": "ولكن 🙂"})
    (row,) = enqueue(store, notice)
    assert claim(store) == [Parcel(row or 0, notice, 1, NOW, "me")]


def test_what_is_claimed_is_not_claimed_again(store: Store, another_store: Store) -> None:
    enqueue(store, *home(3))
    assert len(claim(store, limit=2)) == 2
    assert effects(claim(another_store, owner="other")) == home(3)[2:]


def test_what_is_sent_is_done(store: Store) -> None:
    enqueue(store, *home(1))
    (parcel,) = claim(store)
    assert send(store, parcel)
    assert claim(store, NOW + minutes(60)) == []
    assert not send(store, parcel)


def test_those_due_longest_come_first(store: Store) -> None:
    late, early = home(2)
    enqueue(store, late, now=NOW + minutes(2))
    enqueue(store, early, now=NOW + minutes(1))
    assert effects(claim(store, NOW + minutes(3))) == [early, late]


def test_nothing_is_claimed_before_its_time(store: Store) -> None:
    enqueue(store, *home(1), now=NOW + minutes(1))
    assert claim(store, NOW) == []


def test_pages_ride_in_a_lane_of_their_own(store: Store) -> None:
    page, card = SendPage(number=1, page="1-1"), PublishHome(person="amina")
    enqueue(store, card, page)
    assert effects(claim(store, urgent=True)) == [page]
    assert effects(claim(store, urgent=False)) == [card]


def test_a_lease_that_has_ended_is_taken_over(store: Store, another_store: Store) -> None:
    enqueue(store, *home(1))
    (dead,) = claim(store, owner="dead")
    assert claim(another_store, NOW + LEASE - minutes(0.5), owner="alive") == []
    (parcel,) = claim(another_store, NOW + LEASE, owner="alive")
    assert (parcel.id, parcel.attempt) == (dead.id, 2)
    with store.transaction() as work:
        assert not work.sent(dead, NOW)
        assert not work.try_again(dead, NOW, "late")
        assert not work.give_up(dead, "late")
    assert send(another_store, parcel)


def test_the_same_owner_does_not_end_its_own_younger_claim(store: Store) -> None:
    enqueue(store, *home(1))
    (slow,) = claim(store)
    (again,) = claim(store, NOW + LEASE)
    assert not send(store, slow)
    assert send(store, again)


def test_what_failed_waits_until_it_may_be_tried_again(store: Store) -> None:
    enqueue(store, *home(1))
    (parcel,) = claim(store)
    with store.transaction() as work:
        assert work.try_again(parcel, NOW + minutes(5), "429")
    assert claim(store, NOW + minutes(4)) == []
    assert [again.attempt for again in claim(store, NOW + minutes(5))] == [2]


def test_what_was_given_up_is_never_claimed_again(store: Store) -> None:
    enqueue(store, *home(1))
    (parcel,) = claim(store)
    with store.transaction() as work:
        assert work.give_up(parcel, "channel_not_found")
    assert claim(store, NOW + minutes(600)) == []


# Order within a subject


def test_what_needs_the_channel_waits_for_it_and_the_rest_does_not(store: Store) -> None:
    channel, card, pin = CreateChannel(number=1), PostCard(number=1), PinCard(number=1)
    direct = SendDirect(number=1, to="amina", notice=Notice.NO_PATH)
    enqueue(store, channel, card, pin, direct)
    first, beside = claim(store)
    assert effects([first, beside]) == [channel, direct]
    assert claim(store) == []
    send(store, first)
    (second,) = claim(store)
    assert second.effect == card
    send(store, second)
    assert effects(claim(store)) == [pin]


def test_subjects_never_hold_each_other_back(store: Store) -> None:
    mine, theirs = PostCard(number=1), PostCard(number=11)
    enqueue(store, CreateChannel(number=1), mine, theirs)
    assert effects(claim(store)) == [CreateChannel(number=1), theirs]


def test_an_older_one_is_not_held_back_by_a_younger_one(store: Store) -> None:
    card, channel = PostCard(number=1), CreateChannel(number=1)
    enqueue(store, card, channel)
    assert effects(claim(store)) == [card, channel]


def test_messages_in_the_channel_come_in_their_order(store: Store) -> None:
    notices = [PostNotice(number=1, notice=Notice.NOTE, facts={"text": str(count)}) for count in range(3)]
    enqueue(store, *notices)
    for notice in notices:
        (parcel,) = claim(store)
        assert parcel.effect == notice
        send(store, parcel)


def test_one_that_waits_for_its_next_try_still_holds_back(store: Store) -> None:
    enqueue(store, CreateChannel(number=1), PostCard(number=1))
    (channel,) = claim(store)
    with store.transaction() as work:
        work.try_again(channel, NOW + minutes(5), "500")
    assert claim(store, NOW + minutes(1)) == []


def test_one_that_was_given_up_holds_nothing_back(store: Store) -> None:
    enqueue(store, CreateChannel(number=1), PostCard(number=1))
    (channel,) = claim(store)
    with store.transaction() as work:
        work.give_up(channel, "restricted_action")
    assert effects(claim(store)) == [PostCard(number=1)]


@pytest.mark.parametrize("held", ["2-1", "1-11", "1-1%"])
def test_names_that_only_resemble_each_other_hold_nothing_back(store: Store, held: str) -> None:
    refresh = RefreshPage(number=1, page=held)
    enqueue(store, SendPage(number=1, page="1-1"), refresh)
    assert effects(claim(store)) == [refresh]


def test_a_page_holds_back_its_own_refresh_across_lanes(store: Store) -> None:
    enqueue(store, SendPage(number=1, page="1-1"), RefreshPage(number=1, page="1-1"))
    assert claim(store) == []
    (page,) = claim(store, urgent=True)
    send(store, page)
    assert effects(claim(store)) == [RefreshPage(number=1, page="1-1")]


def test_a_handoff_is_posted_before_it_is_refreshed(store: Store) -> None:
    post, refresh = PostHandoff(schedule="l1", handoff="l1-1"), RefreshHandoff(schedule="l1", handoff="l1-1")
    enqueue(store, post, refresh)
    assert effects(claim(store)) == [post]


# One message for what is only state


def test_one_waiting_refresh_is_enough(store: Store) -> None:
    refresh = RefreshCard(number=1)
    first, second = enqueue(store, refresh, refresh)
    assert first is not None
    assert second is None
    assert effects(claim(store)) == [refresh]


def test_a_refresh_that_is_being_sent_does_not_count(store: Store) -> None:
    enqueue(store, RefreshCard(number=1))
    assert len(claim(store)) == 1
    assert enqueue(store, RefreshCard(number=1)) != [None]


@pytest.mark.parametrize("other", [RefreshCard(number=2), SetTopic(number=1), RefreshPage(number=1, page="1-1")])
def test_only_the_same_state_of_the_same_subject_coalesces(store: Store, other: IncidentEffect | HandoffEffect) -> None:
    assert None not in enqueue(store, RefreshCard(number=1), other)


def test_messages_that_each_count_are_never_merged(store: Store) -> None:
    notice = PostNotice(number=1, notice=Notice.NOTE)
    assert None not in enqueue(store, notice, notice)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_refresh_relied_on_is_not_claimed_before_the_change_is_there(store: Store, another_store: Store) -> None:
    enqueue(store, RefreshCard(number=1))
    with store.transaction() as work:
        assert work.enqueue(RefreshCard(number=1), NOW) is None
        assert claim(another_store) == []
    assert effects(claim(another_store)) == [RefreshCard(number=1)]


# Leases while their owner lives, and after


def test_a_renewed_lease_is_not_taken_over(store: Store, another_store: Store) -> None:
    enqueue(store, *home(2))
    kept, left = claim(store)
    with store.transaction() as work:
        work.renew("me", NOW + minutes(5), [kept.id])
        work.renew("somebody else", NOW + minutes(5))
    assert [parcel.id for parcel in claim(another_store, NOW + LEASE, owner="other")] == [left.id]
    assert [parcel.id for parcel in claim(another_store, NOW + minutes(5), owner="other")] == [left.id, kept.id]


def test_all_leases_of_an_owner_can_be_renewed(store: Store) -> None:
    enqueue(store, *home(2))
    claim(store)
    with store.transaction() as work:
        work.renew("me", NOW + minutes(5))
    assert claim(store, NOW + LEASE) == []


def test_what_a_dead_owner_had_is_taken_over_at_once(store: Store, another_store: Store) -> None:
    enqueue(store, *home(2))
    (mine,), (lost,) = claim(store, owner="alive", limit=1), claim(store, owner="dead", limit=1)
    with another_store.transaction() as work:
        assert sorted(work.claimants()) == ["alive", "dead"]
        work.release("dead", NOW)
    assert [(parcel.id, parcel.attempt) for parcel in claim(another_store, owner="other")] == [(lost.id, 2)]
    assert send(store, mine)
    with store.reading() as reading:
        assert reading.backlog().sending == 1


# Many at once


def test_no_row_is_claimed_twice_by_threads_of_two_processes(store: Store, another_store: Store) -> None:
    rows = enqueue(store, *home(120))

    def work_off(owner: int) -> list[int]:
        mine: list[int] = []
        opened = (store, another_store)[owner % 2]
        while parcels := claim(opened, owner=str(owner), limit=7):
            mine.extend(parcel.id for parcel in parcels)
        return mine

    with ThreadPoolExecutor(8) as threads:
        claimed = [row for mine in threads.map(work_off, range(8)) for row in mine]
    while parcels := claim(store):  # what was locked by others at the very end
        claimed.extend(parcel.id for parcel in parcels)
    assert sorted(claimed) == rows


# What is left


def test_the_backlog_says_what_stands_where(store: Store) -> None:
    with store.reading() as reading:
        assert reading.backlog() == Backlog(0, None, 0, 0)
    enqueue(store, *home(3))
    lost, done, _ = claim(store)
    enqueue(store, *(SendDirect(number=1, to="amina", notice=Notice.NO_PATH) for _ in range(2)), now=NOW + minutes(1))
    with store.transaction() as work:
        work.give_up(lost, "no such user")
        work.sent(done, NOW)
    with store.reading() as reading:
        assert reading.backlog() == Backlog(waiting=2, oldest=NOW + minutes(1), sending=1, given_up=1)


def test_old_deliveries_are_forgotten_and_unfinished_ones_are_not(store: Store) -> None:
    enqueue(store, *home(3))
    done, lost = claim(store, limit=2)
    with store.transaction() as work:
        work.sent(done, NOW)
        work.give_up(lost, "gone")
        work.forget_before(NOW + minutes(1))
    with store.reading() as reading:
        assert reading.backlog() == Backlog(1, NOW, 0, 1)


def test_an_id_is_never_used_twice(store: Store) -> None:
    (first,) = enqueue(store, *home(1))
    (parcel,) = claim(store)
    with store.transaction() as work:
        work.sent(parcel, NOW)
        work.forget_before(NOW + minutes(1))
    assert enqueue(store, *home(1)) != [first]
