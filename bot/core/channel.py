"""The incident channel: what is made in it, who is asked in, and what Slack answered."""

from collections.abc import Iterable

from bot.core import effects as do
from bot.core.decision import Draft
from bot.core.effects import Entry, Notice
from bot.core.events import AnnouncementPosted, CardPosted, ChannelCreated, DeliveryGivenUp
from bot.core.history import merged_in
from bot.core.incident import Incident

BOOKMARKS = {"dashboard": ":bar_chart:", "runbook": ":book:", "jobs": ":gear:", "ticket": ":ticket:"}
OTHER_BOOKMARK = ":link:"
MOST_BOOKMARKS = 6


def make(draft: Draft) -> None:
    """Everything a new incident shows in Slack; the outbox keeps what needs the channel behind it."""
    number = draft.incident.number
    draft.do(do.CreateChannel(number=number), do.PostCard(number=number), do.PinCard(number=number))
    draft.do(do.SetTopic(number=number))
    if draft.policy.workspace.announcements:
        draft.do(do.PostAnnouncement(number=number))
    for name, link in list((draft.service.links if draft.service else {}).items())[:MOST_BOOKMARKS]:
        emoji = BOOKMARKS.get(name, OTHER_BOOKMARK)
        title = name.replace("_", " ").capitalize()
        draft.do(do.AddBookmark(number=number, title=title, link=link, emoji=emoji))


def invite(draft: Draft, people: Iterable[str]) -> None:
    """Asks in those who have not been asked yet, with one call for all that one decision asks in."""
    new = tuple(person for person in dict.fromkeys(people) if person not in draft.incident.invited)
    if not new:
        return
    draft.change(invited=draft.incident.invited | frozenset(new))
    asked = next((effect for effect in draft.effects if isinstance(effect, do.InviteToChannel)), None)
    if asked is not None:
        draft.effects.remove(asked)
        new = (*asked.people, *new)
    draft.do(do.InviteToChannel(number=draft.incident.number, people=new))


def invite_team(draft: Draft) -> None:
    invite(draft, (draft.incident.declared_by, *(draft.team.members if draft.team else ())))


def channel_created(draft: Draft, event: ChannelCreated) -> None:
    draft.change(channel=event.channel, channel_name=event.name)
    draft.record(None, Entry.CHANNEL, new=event.name)
    for page in draft.incident.pages:  # pages that left before the channel stood now get their link
        draft.do(do.RefreshPage(number=event.number, page=page.id))


def card_posted(draft: Draft, event: CardPosted) -> None:
    draft.change(card=event.message)


def announcement_posted(draft: Draft, event: AnnouncementPosted) -> None:
    draft.change(announcement=event.message)


def given_up(draft: Draft, event: DeliveryGivenUp) -> None:
    """What Slack refused for good stands in the timeline; a missing channel is told to those who need it."""
    draft.record(None, Entry.GIVEN_UP, old=event.effect, text=event.why)
    if event.effect == do.CreateChannel.__name__:
        facts = {"why": event.why}
        paged = (page.person for page in draft.incident.pages if page.is_open and not page.person.startswith("#"))
        for person in dict.fromkeys((draft.incident.declared_by, *paged)):
            draft.do(do.SendDirect(number=event.number, to=person, notice=Notice.GIVEN_UP, facts=facts))


def redraw(draft: Draft, before: Incident | None) -> None:
    """Whatever shows the state is drawn anew when what it shows has changed."""
    after = draft.incident
    if before is None:
        return
    number = after.number
    if _shown_on_card(before) != _shown_on_card(after):
        draft.do(do.RefreshCard(number=number))
    if before.escalation != after.escalation:  # a page that waits says who is next
        known = {page.id for page in before.pages}
        waiting = (page for page in after.pages if page.is_open and page.id in known)
        draft.do(*(do.RefreshPage(number=number, page=page.id) for page in waiting))
    told_apart = (before.severity, before.status, before.lead) != (after.severity, after.status, after.lead)
    if told_apart or _pressing(before) != _pressing(after):
        draft.do(do.SetTopic(number=number))
    if told_apart and draft.policy.workspace.announcements:
        draft.do(do.RefreshAnnouncement(number=number))


def _shown_on_card(incident: Incident) -> tuple[object, ...]:
    paged = tuple((page.person, page.state, page.by_hand) for page in incident.pages)
    return (
        incident.severity,
        incident.status,
        incident.category,
        incident.labels,
        incident.roles,
        incident.summary,
        incident.acknowledged_by,
        incident.declared_at,
        merged_in(incident.history),
        incident.last_update_at,
        incident.escalation,
        incident.clocks,
        incident.waiting,
        paged,
    )


def _pressing(incident: Incident) -> tuple[object, ...]:
    """The clocks of which the topic warns."""
    running = (held for held in incident.clocks if held.is_running)
    return tuple((held.key, held.warned) for held in running if held.warned)
