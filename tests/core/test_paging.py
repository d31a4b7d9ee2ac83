"""Pages: who is asked, and how each page ends."""

import pytest

from bot.core.effects import Entry, InviteToChannel, Notice, RefreshPage, SendDirect, SendPage
from bot.core.events import DeliveryGivenUp, PageDelivered
from bot.core.incident import EscalationState, Message, PageState
from tests.core.given import (
    NOON,
    World,
    acknowledged,
    declared,
    escalation_asked,
    history,
    hours,
    minutes,
    page_declined,
    page_given_up,
    policy,
    refused,
    resolved,
    with_path,
)

IN_SLACK = Message("D1", "1.0")


def ended(world: World, person: str) -> tuple[PageState, str | None]:
    page = world.page_of(person)
    return page.state, page.ended_by


def redrawn(world: World) -> list[str]:
    return [effect.page for effect in world.done(RefreshPage)]


def test_pages_are_numbered_within_their_incident() -> None:
    world = history(declared(), minutes(15))
    assert [page.id for page in world.incident.pages] == ["1-1", "1-2", "1-3", "1-4", "1-5"]
    assert [sent.page for sent in world.done(SendPage)] == ["1-1", "1-2", "1-3", "1-4", "1-5"]


def test_a_page_knows_its_step_and_instant() -> None:
    page = history(declared(), minutes(5)).page_of("sita")
    assert (page.round, page.step, page.paged_at, page.state) == (0, 1, NOON + minutes(5), PageState.OPEN)


def test_acknowledging_ends_all_pages_and_says_who_took_it() -> None:
    world = history(declared(), minutes(6)).forget().happens(acknowledged("sita"))
    assert ended(world, "sita") == (PageState.ACKNOWLEDGED, "sita")
    assert ended(world, "amina") == (PageState.SUPERSEDED, "sita")
    assert redrawn(world) == ["1-1", "1-2"]


def test_somebody_who_was_never_paged_may_acknowledge() -> None:
    world = history(declared(), acknowledged("U0VISITOR"))
    assert ended(world, "amina") == (PageState.SUPERSEDED, "U0VISITOR")


def test_a_later_page_replaces_the_open_one_of_the_same_person() -> None:
    world = history(declared(), minutes(15))
    amina = [page for page in world.incident.pages if page.person == "amina"]
    assert [page.state for page in amina] == [PageState.SUPERSEDED, PageState.OPEN]
    assert "1-1" in redrawn(world)


def test_declining_is_said_and_kept() -> None:
    world = history(declared(), page_declined("1-1", by="amina"))
    assert ended(world, "amina") == (PageState.DECLINED, "amina")
    assert world.facts(Notice.PAGE_DECLINED) == {"by": "amina"}
    assert world.entry(Entry.PAGE_DECLINED).old == "amina"
    assert "1-1" in redrawn(world)


def test_declining_waits_for_the_others_of_the_step() -> None:
    world = history(declared(), minutes(15)).forget().happens(page_declined("1-3"))
    assert world.paged == []
    assert world.timer("escalation") == NOON + minutes(30)
    world.happens(page_declined("1-4", "luis"), page_declined("1-5", "sita"))
    assert world.paged == []  # all of them have declined: the second round has nobody left
    assert world.incident.escalation is not None
    assert world.incident.escalation.state is EscalationState.EXHAUSTED
    assert world.timer("escalation") is None


def test_declining_the_page_of_an_earlier_step_does_not_hurry_the_present_one() -> None:
    world = history(declared(), minutes(6)).forget().happens(page_declined("1-1"))
    assert world.paged == []
    assert world.timer("escalation") == NOON + minutes(15)


def test_who_has_declined_is_never_paged_again_for_this_incident() -> None:
    world = history(declared(), page_declined("1-1"), hours(2))
    assert world.paged == ["amina", "sita", "luis", "sita", "sita", "luis", "sita"]
    world.forget().happens(escalation_asked(), acknowledged("sita")).passes(hours=3)
    assert "amina" not in world.paged


def test_who_has_declined_may_still_change_their_mind() -> None:
    assert history(declared(), page_declined("1-1"), acknowledged("amina")).incident.acknowledged_by == "amina"


@pytest.mark.parametrize(
    ("world", "page", "sentence"),
    [
        (history(declared()), "1-9", "That page is not known here."),
        (
            history(declared(), acknowledged("sita")),
            "1-1",
            "This page is no longer open: INC-1 is already acknowledged.",
        ),
        (history(declared(), resolved()), "1-1", "This page is no longer open: INC-1 is resolved."),
        (history(declared(), minutes(15)), "1-1", "This page is no longer open: INC-1 has moved on to another page."),
    ],
)
def test_a_page_that_is_not_open_cannot_be_declined(world: World, page: str, sentence: str) -> None:
    assert refused(world, page_declined(page)) == sentence


def test_the_place_of_a_delivered_page_is_kept() -> None:
    world = history(declared(), PageDelivered(number=1, page="1-1", message=IN_SLACK))
    assert world.page_of("amina").message == IN_SLACK
    assert world.page_of("amina").delivered_at == NOON


def test_a_page_that_is_delivered_after_its_end_stays_ended() -> None:
    world = history(declared(), acknowledged("sita"), PageDelivered(number=1, page="1-1", message=IN_SLACK))
    assert world.page_of("amina").state is PageState.SUPERSEDED


def test_the_receipt_of_an_unknown_page_changes_nothing() -> None:
    world = history(declared())
    before = world.incident
    assert world.forget().happens(PageDelivered(number=1, page="1-9", message=IN_SLACK)).incident == before
    assert world.effects == []


def test_a_page_that_cannot_be_delivered_counts_as_no_answer() -> None:
    world = history(declared(), minutes(1), page_given_up("1-1"))
    assert world.page_of("amina").state is PageState.UNDELIVERED
    assert world.facts(Notice.PAGE_UNDELIVERED) == {"person": "amina", "why": "user_not_found"}
    assert world.entry(Entry.PAGE_UNDELIVERED).old == "amina"
    assert world.paged == ["amina", "sita"]
    assert world.timer("escalation") == NOON + minutes(11)


def test_an_undeliverable_page_waits_for_the_others_of_the_step() -> None:
    world = history(declared(), minutes(15)).forget().happens(page_given_up("1-4"))
    assert world.paged == []


def test_an_undeliverable_page_that_has_ended_is_of_no_interest() -> None:
    world = history(declared(), acknowledged("sita")).forget().happens(page_given_up("1-1"))
    assert world.page_of("amina").state is PageState.SUPERSEDED
    assert world.notices == []


def test_a_page_that_could_not_be_redrawn_has_reached_its_person_all_the_same() -> None:
    world = history(declared()).happens(page_given_up("1-1", effect="RefreshPage", why="message_not_found"))
    assert world.page_of("amina").state is PageState.OPEN
    assert world.paged == ["amina"]


def test_given_up_without_a_page_touches_no_page() -> None:
    world = history(declared()).happens(DeliveryGivenUp(number=1, effect="SetTopic", why="no_permission"))
    assert world.open_pages() == ["amina"]


def test_an_exhausted_path_ends_its_pages_so() -> None:
    world = history(declared(), minutes(60))
    assert {world.page_of(person).state for person in ("amina", "luis", "sita")} == {PageState.EXHAUSTED}


def test_those_who_are_paged_are_asked_into_the_channel_once() -> None:
    path = {"steps": [{"page": ["person:noor"], "wait": "5m"}, {"page": ["person:noor", "person:amina"], "wait": "5m"}]}
    alone = policy(escalation_paths={"follow-the-sun": path}, teams={"support": {"name": "S", "kind": "support"}})
    world = history(declared(by="luis"), minutes(5), policy=alone)
    assert [asked.people for asked in world.done(InviteToChannel)] == [("luis", "noor"), ("amina",)]


def test_the_first_page_stands_on_the_card_and_the_later_ones_are_said() -> None:
    assert history(declared()).notices == []
    assert history(declared(), minutes(5)).notices == [Notice.PAGED]


# Where everybody must acknowledge

BOTH = {"page": ["person:amina", "person:luis"], "wait": "5m", "acknowledge": "all"}
SITA = {"page": ["person:sita"], "wait": "5m"}


def both() -> World:
    return history(declared(), policy=with_path(BOTH, SITA))


def test_the_first_who_acknowledges_has_it_and_the_other_is_still_asked() -> None:
    world = both().happens(acknowledged("amina"))
    assert (world.incident.acknowledged_by, world.open_pages()) == ("amina", ["luis"])
    assert world.facts(Notice.ACKNOWLEDGED) == {"by": "amina", "waiting": "luis"}
    assert (world.path_state, world.timer("escalation")) == (EscalationState.RUNNING, NOON + minutes(5))
    assert world.incident.status == "investigating"


def test_when_the_last_has_acknowledged_the_path_stops() -> None:
    world = both().happens(acknowledged("amina"), acknowledged("luis"))
    assert world.path_state is EscalationState.ACKNOWLEDGED
    assert [page.state for page in world.incident.pages] == [PageState.ACKNOWLEDGED] * 2
    assert [page.ended_by for page in world.incident.pages] == ["amina", "luis"]
    assert world.incident.lead == "amina"
    assert world.timer("escalation") is None
    assert world.timer("silence") == NOON + minutes(30)


def test_who_has_acknowledged_is_told_who_must_too() -> None:
    sentence = "You already have it; @[luis] must acknowledge, too."
    assert refused(both().happens(acknowledged("amina")), acknowledged("amina")) == sentence


def test_somebody_who_was_not_asked_does_not_answer_for_those_who_were() -> None:
    world = both().happens(acknowledged("noor"))
    assert (world.incident.acknowledged_by, world.open_pages()) == ("noor", ["amina", "luis"])
    assert refused(world, acknowledged("noor")) == "You already have it; @[amina] and @[luis] must acknowledge, too."


def test_whoever_must_and_has_not_moves_the_path_on_in_time() -> None:
    world = both().happens(acknowledged("amina")).passes(minutes=5)
    assert world.paged == ["amina", "luis", "sita"]
    assert world.entry(Entry.ESCALATED).text == "Not everybody who must has acknowledged in time."
    assert world.passes(minutes=5).path_state is EscalationState.EXHAUSTED


def test_whoever_must_and_cannot_moves_the_path_on_at_once() -> None:
    world = both().happens(acknowledged("amina"), page_declined("1-2", "luis"))
    assert world.paged == ["amina", "luis", "sita"]


def test_paged_again_after_silence_everybody_must_acknowledge_anew() -> None:
    world = both().happens(acknowledged("luis"), acknowledged("amina")).passes(minutes=30)
    assert world.open_pages() == ["amina", "luis"]
    assert world.passes(minutes=5).entry(Entry.ESCALATED).text == "Nobody acknowledged in time."
    world = both().happens(acknowledged("luis"), acknowledged("amina")).passes(minutes=30)
    world.happens(acknowledged("amina"))
    assert (world.refusal, world.open_pages()) == (None, ["luis"])


def test_who_is_asked_by_an_earlier_step_may_answer_while_others_must() -> None:
    world = history(
        declared(),
        acknowledged("noor"),
        minutes(5),
        policy=with_path(BOTH, {**BOTH, "page": ["person:sita", "person:noor"]}),
    )
    world.happens(acknowledged("amina"))
    assert (world.refusal, world.open_pages()) == (None, ["luis", "sita", "noor"])


def test_a_channel_beside_those_who_must_need_not_answer() -> None:
    step = {**BOTH, "page": ["person:amina", "channel:#ml"]}
    assert history(declared(), acknowledged("amina"), policy=with_path(step)).open_pages() == []


def test_a_missing_channel_is_not_told_to_a_channel() -> None:
    step = {"page": ["channel:#ml", "person:luis"], "wait": "5m"}
    missing = DeliveryGivenUp(number=1, effect="CreateChannel", why="restricted_action")
    world = history(declared(), missing, policy=with_path(step))
    assert [told.to for told in world.done(SendDirect)] == ["noor", "luis"]
