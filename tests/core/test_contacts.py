"""Other ways than Slack: each in its turn, and all at once when Slack does not take the page."""

from typing import Any

import pytest

from bot.core.effects import Entry, Notice, RefreshPage
from bot.core.events import ContactFellDue, PageFellLate
from bot.core.incident import PageState
from bot.policy.model import Policy
from tests.core.given import (
    NOON,
    World,
    acknowledged,
    contact_tried,
    declared,
    history,
    minutes,
    page_declined,
    page_delivered,
    page_given_up,
    resolved,
    responders_paged,
    with_path,
)

MAIL: Any = {"env": "A_MAIL", "name": "e-mail"}
SMS: Any = {"env": "A_SMS", "name": "SMS", "after": "2m"}
CALL: Any = {"env": "A_CALL", "name": "call", "after": "4m"}
LATE = PageFellLate(number=1, page="1-1")


def written(*ways: Any) -> Policy:
    steps = {"page": ["person:amina"], "wait": "10m"}, {"page": ["person:sita"], "wait": "10m"}
    return with_path(*steps, contacts={"amina": ways or (MAIL, SMS, CALL)})


def paged(*ways: Any) -> World:
    return history(declared(), policy=written(*ways))


def names(world: World) -> list[str]:
    return [contact for _, contact in world.contacted]


def timers(world: World) -> list[str]:
    return sorted(key.removeprefix("incident:1:page:") for key in world.timers if ":page:" in key)


def test_each_way_is_used_after_its_delay_while_the_page_waits() -> None:
    world = paged().happens(page_delivered())
    assert world.contacted == [("1-1", "e-mail")]
    assert names(world.passes(minutes=1.9)) == ["e-mail"]
    assert names(world.passes(minutes=0.1)) == ["e-mail", "SMS"]
    assert names(world.passes(minutes=2)) == ["e-mail", "SMS", "call"]
    assert [each.at for each in world.page_of("amina").tried] == [NOON, NOON + minutes(2), NOON + minutes(4)]


def test_who_has_no_other_way_has_no_timers() -> None:
    assert timers(history(declared())) == []


@pytest.mark.parametrize("end", [acknowledged("luis"), page_declined(), resolved()], ids=lambda end: type(end).__name__)
def test_nobody_is_called_for_a_page_that_has_ended(end: Any) -> None:
    world = paged().happens(end).forget()
    assert timers(world) == []
    assert world.passes(minutes=5).contacted == []


def test_a_way_that_rings_after_the_end_of_its_page_is_not_used() -> None:
    world = paged().happens(acknowledged()).forget()
    assert world.happens(ContactFellDue(number=1, page="1-1", contact="SMS"), LATE).effects == []


def test_a_way_is_used_once() -> None:
    rings = ContactFellDue(number=1, page="1-1", contact="SMS")
    assert names(paged().happens(rings, rings)) == ["e-mail", "SMS"]


def test_when_slack_is_a_minute_late_every_way_is_used_at_once() -> None:
    world = paged().passes(minutes=1)
    assert names(world) == ["e-mail", "SMS", "call"]
    assert timers(world) == []
    assert names(world.passes(minutes=5)) == ["e-mail", "SMS", "call"]


def test_when_slack_is_known_to_be_down_nothing_waits_for_the_minute() -> None:
    assert names(paged().happens(LATE)) == ["e-mail", "SMS", "call"]


def test_a_page_that_slack_has_taken_is_not_late() -> None:
    world = paged().happens(page_delivered())
    assert timers(world) == ["1-1:contact:SMS", "1-1:contact:call"]
    assert names(world.happens(LATE)) == ["e-mail"]


def test_refused_by_slack_a_page_goes_by_every_other_way() -> None:
    world = paged().happens(page_given_up())
    assert names(world) == ["e-mail", "SMS", "call"]
    page = world.page_of("amina")
    assert (page.state, page.problem) == (PageState.OPEN, "user_not_found")
    assert world.paged == ["amina"]  # it may still be answered: the path waits its time
    assert world.timer("escalation") == NOON + minutes(10)


def test_when_no_way_at_all_has_reached_somebody_the_path_goes_on() -> None:
    failed = [contact_tried(name, "no answer from the gateway") for name in ("e-mail", "SMS", "call")]
    world = paged().happens(page_given_up(), *failed[:2])
    assert world.page_of("amina").state is PageState.OPEN
    assert world.happens(failed[2]).page_of("amina").state is PageState.UNDELIVERED
    assert world.facts(Notice.PAGE_UNDELIVERED) == {"person": "amina", "why": "no answer from the gateway"}
    assert world.paged == ["amina", "sita"]


def test_refused_by_slack_after_all_else_has_failed_the_path_goes_on() -> None:
    world = paged(MAIL).happens(contact_tried("e-mail", "refused"))
    assert world.page_of("amina").state is PageState.OPEN  # Slack may still take it
    assert world.happens(page_given_up()).paged == ["amina", "sita"]
    assert [each.problem for each in world.page_of("amina").tried] == ["refused"]


def test_one_way_that_works_is_enough() -> None:
    world = paged().happens(
        page_given_up(), contact_tried("e-mail"), contact_tried("SMS", "x"), contact_tried("call", "x")
    )
    assert world.page_of("amina").state is PageState.OPEN
    assert world.paged == ["amina"]


def test_what_came_of_each_way_stands_in_the_timeline_and_on_the_page() -> None:
    world = paged().happens(LATE, contact_tried("e-mail"), contact_tried("SMS", "no credit"))
    done, failed = world.entry(Entry.CONTACTED), world.entry(Entry.CONTACT_FAILED)
    assert (done.old, done.new, done.text) == ("e-mail", "amina", "")
    assert (failed.old, failed.new, failed.text) == ("SMS", "amina", "no credit")
    assert [each.problem for each in world.page_of("amina").tried] == ["", "no credit", ""]


def test_an_answer_about_a_page_that_has_ended_ends_it_no_other_way() -> None:
    world = paged(MAIL).happens(page_given_up(), acknowledged(), contact_tried("e-mail", "refused"))
    assert world.page_of("amina").state is PageState.ACKNOWLEDGED
    assert world.paged == ["amina"]


def test_an_answer_about_an_unknown_page_changes_nothing() -> None:
    world = paged().forget()
    assert world.happens(contact_tried("SMS", page="1-9"), PageFellLate(number=1, page="1-9")).effects == []


def test_who_is_asked_by_hand_is_reached_by_every_way_too() -> None:
    world = history(declared(service="orphan"), responders_paged("person:amina"), policy=written())
    assert world.contacted == [("1-1", "e-mail")]
    assert names(world.passes(minutes=1)) == ["e-mail", "SMS", "call"]


def test_by_hand_and_by_no_way_reached_the_page_ends_and_no_answer_is_awaited() -> None:
    world = history(declared(service="orphan"), responders_paged("person:luis"), page_given_up())
    assert world.page_of("luis").state is PageState.UNDELIVERED
    assert timers(world) == []


def test_ways_that_left_the_configuration_ring_in_vain_once_the_page_has_ended() -> None:
    world = paged()
    world.policy = written({**MAIL, "name": "post"})
    world.happens(acknowledged()).forget().passes(minutes=5)
    assert world.contacted == []
    assert world.done(RefreshPage) == []
