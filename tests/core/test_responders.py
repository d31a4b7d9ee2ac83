"""People asked in by hand: each joins, declines or does not answer, and the path goes on beside them."""

import pytest

from bot.core.effects import Entry, InviteToChannel, Notice, RefreshPage, SendPage
from bot.core.events import AnswerFellDue, IncidentEvent
from bot.core.incident import EscalationState, PageState, Role
from tests.core.given import (
    NOON,
    SATURDAY,
    World,
    acknowledged,
    closed,
    declared,
    history,
    lead_handed_over,
    minutes,
    page_declined,
    refused,
    resolved,
    responders_paged,
)

LUIS = responders_paged("person:luis", note="Do you know this table?")


def asked_in() -> World:
    """Amina has it, and Noor has asked Luis in."""
    return history(declared(), acknowledged("amina"), LUIS)


def test_somebody_is_asked_in_with_a_message() -> None:
    world = asked_in()
    page = world.page_of("luis")
    assert (page.asked_by, page.note, page.by_hand) == ("noor", "Do you know this table?", True)
    assert world.done(SendPage)[-1].page == page.id
    assert world.facts(Notice.RESPONDERS) == {"by": "noor", "people": "luis", "note": "Do you know this table?"}
    entry = world.entry(Entry.RESPONDER_PAGED)
    assert (entry.by, entry.new, entry.text) == ("noor", "luis", "Do you know this table?")


def test_a_schedule_and_a_team_may_be_asked_in_and_each_person_once() -> None:
    world = history(declared(service="orphan"), responders_paged("schedule:l2", "team:support"))
    assert world.paged == ["sita", "amina", "luis"]
    assert world.facts(Notice.RESPONDERS) == {"by": "noor", "people": "sita amina luis"}


def test_who_is_asked_in_is_asked_into_the_channel() -> None:
    world = history(declared(service="office"), responders_paged("person:amina"))
    assert world.done(InviteToChannel)[-1].people == ("amina",)


def test_joining_is_said_and_changes_nobody_s_charge() -> None:
    world = asked_in().happens(acknowledged("luis"))
    assert (world.page_of("luis").state, world.page_of("luis").ended_by) == (PageState.ACKNOWLEDGED, "luis")
    assert world.facts(Notice.JOINED) == {"person": "luis"}
    assert world.entry(Entry.RESPONDER_JOINED).by == "luis"
    assert world.incident.acknowledged_by == "amina"
    assert world.notices.count(Notice.ACKNOWLEDGED) == 1
    assert world.timer("page:1-2:answer") is None


def test_joining_what_nobody_has_acknowledges_it() -> None:
    world = history(declared(), LUIS, acknowledged("luis"))
    assert (world.incident.acknowledged_by, world.incident.lead) == ("luis", "luis")
    assert world.path_state is EscalationState.ACKNOWLEDGED
    assert world.page_of("luis").state is PageState.ACKNOWLEDGED
    assert world.page_of("amina").state is PageState.SUPERSEDED
    assert {Notice.JOINED, Notice.ACKNOWLEDGED} <= set(world.notices)


def test_who_has_joined_already_is_told_who_has_it() -> None:
    assert refused(asked_in().happens(acknowledged("luis")), acknowledged("luis")) == "@[amina] already has it."


def test_who_is_asked_in_may_decline() -> None:
    world = asked_in().happens(page_declined("1-2", "luis"))
    assert world.page_of("luis").state is PageState.DECLINED
    assert world.facts(Notice.PAGE_DECLINED) == {"by": "luis"}
    assert world.timer("page:1-2:answer") is None
    assert world.paged == ["amina", "luis"]  # nobody else is paged for it


def test_no_answer_is_said_to_the_one_who_asked() -> None:
    world = asked_in().passes(minutes=14.9)
    assert Notice.UNANSWERED not in world.notices
    world.passes(minutes=0.1)
    assert world.page_of("luis").state is PageState.UNANSWERED
    assert world.facts(Notice.UNANSWERED) == {"person": "luis", "by": "noor"}
    assert world.entry(Entry.RESPONDER_UNANSWERED).new == "luis"
    assert world.done(RefreshPage)[-1].page == "1-2"  # its buttons go


def test_an_answer_that_was_given_is_not_missed() -> None:
    world = asked_in().happens(acknowledged("luis")).forget()
    assert world.happens(AnswerFellDue(number=1, page="1-2")).effects == []


def test_who_gave_no_answer_may_be_asked_again() -> None:
    assert asked_in().passes(minutes=15).forget().happens(LUIS).paged == ["luis"]


def test_asking_in_by_hand_does_not_stop_the_path() -> None:
    world = history(declared(), minutes(1), LUIS, page_declined("1-2", "luis"))
    assert world.timer("escalation") == NOON + minutes(5)
    assert world.passes(minutes=4).paged == ["amina", "luis", "sita"]


def test_who_declined_by_hand_is_not_paged_by_the_path() -> None:
    world = history(declared(), LUIS, page_declined("1-2", "luis"), minutes(15))
    assert world.paged == ["amina", "luis", "sita", "amina", "sita"]  # the team without Luis


def test_a_path_that_runs_out_leaves_those_who_were_asked_in_alone() -> None:
    world = history(declared(service="office"), minutes(1), LUIS, minutes(4))
    assert world.path_state is EscalationState.EXHAUSTED
    assert world.open_pages() == ["luis"]


def test_the_page_of_the_path_takes_the_place_of_one_by_hand() -> None:
    """Nobody has two open pages for one incident: the answer to the one would leave the other open."""
    world = history(declared(), minutes(4), responders_paged("person:sita"), minutes(1))
    assert [page.state for page in world.incident.pages if page.person == "sita"] == [
        PageState.SUPERSEDED,
        PageState.OPEN,
    ]
    assert world.timer("page:1-2:answer") is None
    assert world.happens(acknowledged("sita")).open_pages() == []


def test_who_takes_a_handoff_has_joined() -> None:
    world = asked_in().happens(lead_handed_over("luis"))
    assert world.page_of("luis").state is PageState.ACKNOWLEDGED
    assert dict(world.incident.roles)[Role.LEAD] == "luis"
    assert world.passes(minutes=15).notices.count(Notice.UNANSWERED) == 0


def test_the_end_of_the_incident_ends_their_pages() -> None:
    world = asked_in().happens(resolved())
    assert world.page_of("luis").state is PageState.SUPERSEDED
    assert world.timers == {}


@pytest.mark.parametrize(
    ("world", "event", "sentence"),
    [
        (asked_in(), LUIS, "@[luis] is being paged for this already."),
        (
            history(declared(), minutes(15)),
            responders_paged("person:luis", "person:sita"),
            "@[luis] and @[sita] are being paged for this already.",
        ),
        (
            history(declared(service="orphan"), now=SATURDAY),
            responders_paged("schedule:l2"),
            "Nobody is on call there now, so nobody was paged. Name somebody else.",
        ),
        (history(declared(), resolved()), LUIS, "INC-1 is resolved. Reopen it first."),
        (history(declared(), closed()), LUIS, "INC-1 is closed."),
    ],
)
def test_what_cannot_be_is_refused(world: World, event: IncidentEvent, sentence: str) -> None:
    assert refused(world, event) == sentence
