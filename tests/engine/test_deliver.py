"""Delivering: what is asked of the world, in which order, and what comes of each answer."""

import threading
from datetime import timedelta

import pytest

from bot.core.effects import (
    CreateChannel,
    Entry,
    Notice,
    PinCard,
    PostCard,
    PublishHome,
    RefreshCard,
    SendDirect,
    SendPage,
)
from bot.core.events import ChannelCreated, UpdatePosted
from bot.core.incident import Message, PageState
from bot.core.lanes import Outward
from bot.core.oncall_effects import PostHandoff
from bot.core.oncall_events import ShiftFellDue
from bot.engine.deliver import MAX_BACKOFF, MOST_FAULTS, PATIENCE, WORKERS, GiveUp, Sent, TryAgain
from bot.engine.engine import Engine
from bot.store.rows import table
from tests.engine.build import NOW, PATIENT, HeldClock, World, declared, failing, hidden, outbox, stored, timers
from tests.engine.conftest import Deliver

HOME = PublishHome(person="amina")


def states(engine: Engine, kind: type[Outward]) -> list[str]:
    return [state for name, state in outbox(engine.store, "kind", "state") if name == kind.__name__]


def entries(engine: Engine) -> list[Entry]:
    with engine.store.reading() as read:
        return [entry.what for entry in read.timeline(1)]


# Sent


def test_what_was_decided_is_delivered_and_its_receipts_become_state(
    engine: Engine, world: World, deliver: Deliver
) -> None:
    deliverer = deliver(engine, world)
    engine.handle(declared())
    deliverer.settle()
    state = stored(engine.store)
    assert (state.channel, state.card) == ("C1", Message("C1", "1.0"))
    assert state.pages[0].message == Message("D1", "1-1")
    assert {state for (state,) in outbox(engine.store, "state")} == {"sent"}
    assert {(at, owner) for at, owner in outbox(engine.store, "sent_at", "owner")} == {(NOW, None)}


def test_what_waited_before_the_start_is_delivered(engine: Engine, world: World, deliver: Deliver) -> None:
    engine.post(HOME)
    deliver(engine, world).settle()
    assert [parcel.effect for parcel in world.asked] == [HOME]


def test_the_receipt_is_handled_with_the_note_that_it_was_sent_or_neither(
    engine: Engine, world: World, deliver: Deliver, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    deliverer = deliver(engine, world)
    engine.post(CreateChannel(number=1))
    deliverer.settle()  # a channel of no incident: sent, and nothing comes of its receipt
    with failing(engine.store, "timeline_entry", "NEW.what = 'channel'"):
        engine.handle(declared())
        deliverer.settle()
        assert states(engine, CreateChannel) == ["sent", "sending"]
        assert stored(engine.store).channel is None
    assert "could not be noted; its lease will run out" in caplog.text
    clock.passes(seconds=30)
    deliverer.wake()
    deliverer.settle()
    assert states(engine, CreateChannel) == ["sent", "sent"]
    assert stored(engine.store).channel == "C1"
    assert world.times(CreateChannel) == 3  # at least once


def test_a_receipt_of_what_needs_none_changes_nothing(engine: Engine, world: World, deliver: Deliver) -> None:
    deliverer = deliver(engine, world)
    engine.post(HOME)
    deliverer.settle()
    assert outbox(engine.store, "kind", "state") == [("PublishHome", "sent")]


def test_what_a_receipt_calls_for_is_delivered_too(engine: Engine, world: World, deliver: Deliver) -> None:
    """The channel stands now, so the page that left before it is drawn anew, with the link."""
    deliverer = deliver(engine, world)
    engine.handle(declared())
    deliverer.settle()
    assert world.times(CreateChannel) == 1
    assert "RefreshPage" in world.kinds()


# Order


def test_what_needs_the_channel_waits_for_it_and_what_does_not_goes_ahead(
    engine: Engine, world: World, deliver: Deliver
) -> None:
    channel, page, direct = world.holds(CreateChannel), world.holds(SendPage), world.holds(SendDirect)
    deliverer = deliver(engine, world)
    engine.handle(declared())
    engine.post(SendDirect(number=1, to="brian", notice=Notice.NO_PATH))
    for gate in (channel, page, direct):
        gate.wait_for()
    assert sorted(world.kinds()) == ["CreateChannel", "SendDirect", "SendPage"]
    world.opens_all()
    deliverer.settle()
    made = world.kinds()
    assert made.index("CreateChannel") < made.index("PostCard") < made.index("PinCard")


def test_an_incident_is_never_held_back_by_another(engine: Engine, world: World, deliver: Deliver) -> None:
    world.answers(CreateChannel, TryAgain("Slack is down", timedelta(hours=1)))
    deliverer = deliver(engine, world)
    engine.handle(declared())
    deliverer.settle()
    engine.handle(declared())
    deliverer.settle()
    assert states(engine, PostCard) == ["waiting", "sent"]
    assert stored(engine.store, 2).card is not None


def test_messages_in_the_channel_come_in_their_order(engine: Engine, world: World, deliver: Deliver) -> None:
    deliverer = deliver(engine, world)
    engine.handle(declared())
    for count in range(5):
        engine.handle(UpdatePosted(number=1, by="luis", text=f"Update {count}"))
    deliverer.settle()
    said = [getattr(parcel.effect, "text", None) for parcel in world.asked]
    assert [text for text in said if text] == [f"Update {count}" for count in range(5)]


def test_what_was_given_up_holds_nothing_back(engine: Engine, world: World, deliver: Deliver) -> None:
    world.answers(CreateChannel, GiveUp("restricted_action"))
    deliverer = deliver(engine, world)
    engine.handle(declared())
    deliverer.settle()
    assert states(engine, CreateChannel) == ["given_up"]
    assert states(engine, PostCard) == states(engine, PinCard) == ["sent"]


def test_one_drawing_is_enough_for_all_that_changed_while_another_was_under_way(
    engine: Engine, world: World, deliver: Deliver
) -> None:
    """And it begins when the other one is done, which may show an older state and must not come last."""
    card, direct = world.holds(RefreshCard), world.holds(SendDirect)
    deliverer = deliver(engine, world)
    engine.handle(declared())
    engine.handle(UpdatePosted(number=1, by="luis", text="First"))
    card.wait_for()
    for text in ("Second", "Third", "Fourth"):
        engine.handle(UpdatePosted(number=1, by="luis", text=text))
    engine.post(SendDirect(number=1, to="brian", notice=Notice.NO_PATH))
    direct.wait_for()
    assert world.times(RefreshCard) == 1
    world.opens_all()
    deliverer.settle()
    assert world.times(RefreshCard) == 2


# Pages ride ahead


def test_a_page_goes_out_while_all_ordinary_workers_are_busy(engine: Engine, world: World, deliver: Deliver) -> None:
    homes, page = world.holds(PublishHome), world.holds(SendPage)
    deliverer = deliver(engine, world)
    for count in range(WORKERS + 3):
        engine.post(PublishHome(person=f"person-{count}"))
    homes.wait_for(WORKERS)
    engine.handle(declared())
    page.wait_for()
    assert world.times(PublishHome) == WORKERS
    assert world.times(CreateChannel) == 0  # it is no page: it waits for its turn
    world.opens_all()
    deliverer.settle()
    assert world.times(PublishHome) == WORKERS + 3
    assert stored(engine.store).card is not None


# Not now


def test_what_may_be_tried_again_later_is_not_asked_before(
    engine: Engine, world: World, deliver: Deliver, clock: HeldClock
) -> None:
    world.answers(PublishHome, TryAgain("ratelimited", timedelta(seconds=90)))
    deliverer = deliver(engine, world)
    engine.post(HOME)
    deliverer.settle()
    assert outbox(engine.store, "state", "last_error") == [("waiting", "ratelimited")]
    clock.passes(seconds=89)
    deliverer.wake()
    deliverer.settle()
    assert world.times(PublishHome) == 1
    clock.passes(seconds=1)
    deliverer.wake()
    deliverer.settle()
    assert world.times(PublishHome) == 2
    assert outbox(engine.store, "state", "attempt", "last_error") == [("sent", 2, None)]


def test_without_a_time_the_pauses_grow_to_a_limit(
    engine: Engine, world: World, deliver: Deliver, clock: HeldClock
) -> None:
    world.answers(PublishHome, *[TryAgain("internal_error")] * 12)
    deliverer = deliver(engine, world)
    engine.post(HOME)
    pauses = []
    for _ in range(12):
        deliverer.settle()
        with engine.store.reading() as read:
            due = read.next_due()
        assert due is not None
        pauses.append((due - clock.now()) / timedelta(seconds=1))
        clock.passes(seconds=pauses[-1])
        deliverer.wake()
    deliverer.settle()
    assert pauses[:4] == [1, 2, 4, 8]
    assert set(pauses[6:]) == {MAX_BACKOFF / timedelta(seconds=1)}
    assert [parcel.attempt for parcel in world.asked] == list(range(1, 14))


def test_after_a_day_of_no_it_is_given_up(
    engine: Engine, world: World, deliver: Deliver, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    world.answers(SendPage, TryAgain("fatal_error"), TryAgain("fatal_error"), TryAgain("fatal_error"))
    deliverer = deliver(engine, world)
    engine.handle(declared())
    deliverer.settle()
    clock.passes(seconds=PATIENCE.total_seconds())
    deliverer.wake()
    deliverer.settle()
    assert states(engine, SendPage) == ["waiting"]
    clock.passes(minutes=1)
    deliverer.wake()
    deliverer.settle()
    assert states(engine, SendPage) == ["given_up", "sent"]  # and the next one is paged
    first, second = stored(engine.store).pages
    assert (first.state, second.person) == (PageState.UNDELIVERED, "brian")
    assert "given up: SendPage: fatal_error" in caplog.text


# Never


def test_a_page_that_cannot_reach_its_person_is_told_to_core_and_the_path_goes_on(
    engine: Engine, world: World, deliver: Deliver
) -> None:
    world.answers(SendPage, GiveUp("user_not_found"))
    deliverer = deliver(engine, world)
    engine.handle(declared())
    deliverer.settle()
    first, second = stored(engine.store).pages
    assert (first.person, first.state) == ("luis", PageState.UNDELIVERED)
    assert (second.person, second.message) == ("brian", Message("D1", "1-2"))
    assert {Entry.GIVEN_UP, Entry.PAGE_UNDELIVERED} <= set(entries(engine))
    assert dict(timers(engine.store))["incident:1:escalation"] == NOW + timedelta(minutes=10)


def test_a_handoff_that_cannot_be_posted_is_told_to_core(
    engine: Engine, world: World, deliver: Deliver, clock: HeldClock
) -> None:
    world.answers(PostHandoff, GiveUp("channel_not_found"))
    deliverer = deliver(engine, world)
    engine.handle(ShiftFellDue(schedule="l1"))
    clock.passes(days=1)
    engine.tick()
    deliverer.settle()
    assert outbox(engine.store, "kind", "state", "last_error") == [
        ("PostHandoff", "given_up", "channel_not_found"),
        ("KeepCanvas", "sent", None),
    ]


def test_a_home_that_cannot_be_drawn_is_no_affair_of_core(engine: Engine, world: World, deliver: Deliver) -> None:
    world.answers(PublishHome, GiveUp("user_not_found"))
    deliverer = deliver(engine, world)
    engine.post(HOME)
    deliverer.settle()
    assert outbox(engine.store, "state") == [("given_up",)]


# We are wrong


def test_a_carrier_that_raises_is_tried_again_and_in_the_end_given_up(
    engine: Engine, world: World, deliver: Deliver, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    world.answers(SendPage, *[ZeroDivisionError()] * MOST_FAULTS)
    deliverer = deliver(engine, world)
    engine.handle(declared())
    for _ in range(MOST_FAULTS - 1):
        deliverer.settle()
        assert states(engine, SendPage) == ["waiting"]
        clock.passes(minutes=1)
        deliverer.wake()
    deliverer.settle()
    assert states(engine, SendPage) == ["given_up", "sent"]
    assert stored(engine.store).pages[0].state is PageState.UNDELIVERED
    raised = [record for record in caplog.records if "could not be carried" in record.getMessage()]
    assert len(raised) == MOST_FAULTS
    with engine.store.reading() as read:
        assert "ZeroDivisionError in Baton itself" in [entry.text for entry in read.timeline(1)]


def test_one_fault_after_many_a_refusal_is_not_the_last(
    engine: Engine, world: World, deliver: Deliver, clock: HeldClock
) -> None:
    world.answers(PublishHome, *[TryAgain("fatal_error")] * (MOST_FAULTS + 2), ZeroDivisionError())
    deliverer = deliver(engine, world)
    engine.post(HOME)
    for _ in range(MOST_FAULTS + 3):
        deliverer.settle()
        assert states(engine, PublishHome) == ["waiting"]
        clock.passes(minutes=1)
        deliverer.wake()
    deliverer.settle()
    assert states(engine, PublishHome) == ["sent"]


def test_a_message_of_a_newer_version_does_not_stop_the_others(
    engine: Engine, world: World, deliver: Deliver, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    engine.post(HOME)
    rows = table("outbox")
    with engine.store.transaction() as work:
        work._connection.execute(rows.update().values(effect={"type": "ComesLater", "number": 1}))
    engine.post(PublishHome(person="luis"))
    deliverer = deliver(engine, world)
    deliverer.settle()
    assert outbox(engine.store, "state") == [("sending",), ("sent",)]
    assert "cannot be read by this version" in caplog.text
    with engine.store.transaction() as work:  # the newer version is back
        work._connection.execute(rows.update().values(effect={"type": "PublishHome", "person": "amina"}))
    clock.passes(seconds=30)
    deliverer.wake()
    deliverer.settle()
    assert outbox(engine.store, "state") == [("sent",), ("sent",)]


def test_an_outbox_that_cannot_be_read_is_read_again_when_woken(
    engine: Engine, world: World, deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    deliverer = deliver(engine, world)
    engine.post(HOME)
    deliverer.settle()
    with hidden(engine.store, "outbox"):
        deliverer.wake()
        deliverer.settle()
        assert "the outbox could not be read" in caplog.text
    engine.post(HOME)
    deliverer.settle()
    assert world.times(PublishHome) == 2


# Rest


def test_settle_returns_only_when_nothing_is_under_way(engine: Engine, world: World, deliver: Deliver) -> None:
    home = world.holds(PublishHome)
    deliverer = deliver(engine, world)
    engine.post(HOME)
    home.wait_for()
    with pytest.raises(TimeoutError, match="did not come to rest"):
        deliverer.settle(timeout=0.05)
    world.opens_all()
    deliverer.settle()
    assert states(engine, PublishHome) == ["sent"]


def test_stop_finishes_what_is_under_way_and_leaves_the_rest(engine: Engine, world: World, deliver: Deliver) -> None:
    channel = world.holds(CreateChannel)
    deliverer = deliver(engine, world)
    dispatching = next(thread for thread in threading.enumerate() if thread.name == "dispatch")
    engine.handle(declared())
    channel.wait_for()
    stopping = threading.Thread(target=deliverer.stop)
    stopping.start()
    dispatching.join(PATIENT)  # nothing new is begun from here on
    assert stopping.is_alive()
    world.opens_all()
    stopping.join(PATIENT)
    assert states(engine, CreateChannel) == ["sent"]
    assert stored(engine.store).channel == "C1"
    assert states(engine, PostCard) == ["waiting"]
    assert world.times(PostCard) == 0


def test_what_one_life_left_the_next_delivers(
    engine: Engine, another_engine: Engine, world: World, deliver: Deliver
) -> None:
    deliver(engine, world).stop()
    engine.handle(declared())
    assert world.asked == []
    deliver(another_engine, world).settle()
    assert {state for (state,) in outbox(engine.store, "state")} == {"sent"}


def test_a_refusal_of_a_receipt_is_nobodys_trouble(engine: Engine, world: World, deliver: Deliver) -> None:
    """The incident is not there: the receipt is refused by core, and the message counts as sent."""
    world.answers(PublishHome, Sent(ChannelCreated(number=9, channel="C9", name="inc-9")))
    deliverer = deliver(engine, world)
    engine.post(HOME)
    deliverer.settle()
    assert states(engine, PublishHome) == ["sent"]
