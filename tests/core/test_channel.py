"""The incident channel: what is made in it, who is asked in, and what Slack answered."""

from bot.core.effects import (
    AddBookmark,
    CreateChannel,
    Entry,
    IncidentEffect,
    InviteToChannel,
    Notice,
    PinCard,
    PostAnnouncement,
    PostCard,
    RefreshAnnouncement,
    RefreshCard,
    RefreshPage,
    SendDirect,
    SetTopic,
)
from bot.core.events import AnnouncementPosted, CardPosted, ChannelCreated, DeliveryGivenUp
from bot.core.incident import Message
from tests.core.given import WRITTEN, acknowledged, declared, history, noted, policy, role_taken, severity

MADE = ChannelCreated(number=1, channel="C1", name="inc-1-customers-complain")
CARD = Message("C1", "1.0")


def test_a_declaration_makes_all_that_an_incident_shows() -> None:
    made = [type(effect) for effect in history(declared()).effects if isinstance(effect, IncidentEffect)]
    assert made[:5] == [CreateChannel, PostCard, PinCard, SetTopic, PostAnnouncement]


def test_without_a_channel_for_announcements_none_is_made_or_redrawn() -> None:
    silent = policy(workspace={"announcements": None})
    world = history(declared(), severity("sev2"), policy=silent)
    assert world.done(PostAnnouncement) == []
    assert world.done(RefreshAnnouncement) == []


def test_the_links_of_the_service_become_bookmarks() -> None:
    marks = history(declared()).done(AddBookmark)
    assert [(mark.title, mark.emoji) for mark in marks] == [("Dashboard", ":bar_chart:"), ("Model card", ":link:")]
    assert marks[0].link == "https://grafana.example.com/d/churn"


def test_six_bookmarks_are_enough() -> None:
    links = {f"link{n}": "https://example.com" for n in range(9)}
    service = {**WRITTEN["services"]["churn-scoring"], "links": links}
    assert len(history(declared(), policy=policy(services={"churn-scoring": service})).done(AddBookmark)) == 6


def test_the_declarer_the_team_and_the_paged_are_asked_in_with_one_call() -> None:
    invitations = history(declared(by="U0VISITOR")).done(InviteToChannel)
    assert [asked.people for asked in invitations] == [("U0VISITOR", "amina", "luis", "sita")]


def test_nobody_is_asked_in_twice() -> None:
    world = history(declared(), acknowledged("amina"), role_taken(person="luis"))
    assert len(world.done(InviteToChannel)) == 1
    assert world.happens(role_taken(person="U0GUEST")).done(InviteToChannel)[-1].people == ("U0GUEST",)


def test_the_channel_is_kept_and_the_pages_get_their_link_to_it() -> None:
    world = history(declared()).forget().happens(MADE)
    assert (world.incident.channel, world.incident.channel_name) == ("C1", "inc-1-customers-complain")
    assert world.entry(Entry.CHANNEL).new == "inc-1-customers-complain"
    assert world.done(RefreshPage) == [RefreshPage(number=1, page="1-1")]


def test_the_places_of_card_and_announcement_are_kept_without_a_word() -> None:
    announcement = Message("C0", "2.0")
    world = history(declared()).forget()
    world.happens(CardPosted(number=1, message=CARD), AnnouncementPosted(number=1, message=announcement))
    assert (world.incident.card, world.incident.announcement) == (CARD, announcement)
    assert world.effects == []


def test_what_slack_refuses_for_good_stands_in_the_timeline() -> None:
    world = history(declared()).happens(DeliveryGivenUp(number=1, effect="SetTopic", why="not_in_channel"))
    entry = world.entry(Entry.GIVEN_UP)
    assert (entry.by, entry.old, entry.text) == (None, "SetTopic", "not_in_channel")
    assert world.done(SendDirect) == []


def test_a_channel_that_cannot_be_made_is_told_to_those_who_need_it() -> None:
    world = history(declared()).happens(DeliveryGivenUp(number=1, effect="CreateChannel", why="restricted_action"))
    told = world.done(SendDirect)
    assert [(direct.to, direct.notice, direct.facts) for direct in told] == [
        ("noor", Notice.GIVEN_UP, {"why": "restricted_action"}),
        ("amina", Notice.GIVEN_UP, {"why": "restricted_action"}),
    ]


def test_who_declared_and_is_paged_is_told_once() -> None:
    world = history(declared(by="amina")).happens(DeliveryGivenUp(number=1, effect="CreateChannel", why="no"))
    assert [direct.to for direct in world.done(SendDirect)] == ["amina"]


def test_a_note_redraws_nothing() -> None:
    world = history(declared()).forget().happens(noted())
    assert not [effect for effect in world.effects if isinstance(effect, RefreshCard | SetTopic | RefreshAnnouncement)]
