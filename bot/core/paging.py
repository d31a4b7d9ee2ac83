"""Pages: demands that one person acknowledges, and how each of them ends."""

from collections.abc import Iterable
from dataclasses import replace

from bot.core import channel, contacts
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice, RefreshPage, SendDirect, SendPage
from bot.core.events import DeliveryGivenUp, PageDeclined, PageDelivered, PageFellLate
from bot.core.incident import EscalationState, Incident, Page, PageState
from bot.oncall.coverage import in_night


def open_pages(incident: Incident) -> tuple[Page, ...]:
    """Of the path: pages by hand ask one person alone, and end by themselves."""
    return tuple(page for page in incident.pages if page.is_open and not page.by_hand)


def is_channel(person: str) -> bool:
    return person.startswith("#")


def page(draft: Draft, people: Iterable[str]) -> None:
    """Pages these people for the step that acts; an earlier page, by hand too, gives way to the new one."""
    escalation = draft.incident.escalation
    assert escalation is not None
    people = tuple(people)
    for earlier in draft.incident.pages:
        if earlier.is_open and earlier.person in people:
            end(draft, earlier, PageState.SUPERSEDED, None)
    for person in people:
        add(draft, person, escalation.round, escalation.step)
        draft.record(None, Entry.PAGED, new=person)
    channel.invite(draft, (person for person in people if not is_channel(person)))
    if escalation.round or escalation.step:
        draft.tell(Notice.PAGED, people=" ".join(people))


def add(draft: Draft, person: str, round_: int, step: int, asked_by: str | None = None, note: str = "") -> Page:
    """One more page, by Slack and then by whatever else the person has configured."""
    incident = draft.incident
    known = draft.policy.people.get(person)
    made = Page(
        id=f"{incident.number}-{len(incident.pages) + 1}",
        person=person,
        round=round_,
        step=step,
        paged_at=draft.now,
        asked_by=asked_by,
        note=note,
        night=in_night(known.time_zone, draft.now) if known else None,
    )
    draft.change(pages=(*incident.pages, made))
    draft.do(SendPage(number=incident.number, page=made.id, person=person, rank=draft.policy.rank(incident.severity)))
    contacts.begin(draft, made)
    return made


def end(draft: Draft, ended: Page, state: PageState, by: str | None) -> None:
    after = replace(ended, state=state, ended_at=draft.now, ended_by=by)
    draft.replace_page(after)
    _stop(draft, ended)
    draft.do(RefreshPage(number=draft.incident.number, page=ended.id))


def answer_timer(page: Page) -> str:
    """Of a page by hand: when it rings, nobody has answered."""
    return f"page:{page.id}:answer"


def _stop(draft: Draft, ended: Page) -> None:
    contacts.stop(draft, ended)
    if ended.by_hand:
        draft.cancel_timer(answer_timer(ended))


def answer(draft: Draft, by: str, page: str | None = None) -> None:
    """Somebody has it: their page is acknowledged (or the one in a channel that they answered), others superseded."""
    for waiting in open_pages(draft.incident):
        theirs = waiting.person == by or waiting.id == page
        end(draft, waiting, PageState.ACKNOWLEDGED if theirs else PageState.SUPERSEDED, by)


def answer_for_one(draft: Draft, by: str) -> None:
    """Others must acknowledge, too: only this person's pages have got their answer."""
    for waiting in open_pages(draft.incident):
        if waiting.person == by:
            end(draft, waiting, PageState.ACKNOWLEDGED, by)


def still_asked(incident: Incident, by: str) -> tuple[Page, ...]:
    """The others of the acting step who must acknowledge, too; nobody if one is enough."""
    acting = incident.escalation
    if acting is None or not acting.needs_all:
        return ()
    return tuple(
        page for page in of_step(incident) if page.is_open and page.person != by and not is_channel(page.person)
    )


def of_step(incident: Incident) -> tuple[Page, ...]:
    """The pages of the step that acts, in this run of the path; none if no step does."""
    acting = incident.escalation
    if acting is None or acting.state is not EscalationState.RUNNING or acting.due is None:
        return ()
    since = acting.due - acting.steps[acting.step].wait  # an earlier run has had the same step
    return tuple(
        page
        for page in incident.pages
        if (page.round, page.step) == (acting.round, acting.step)
        and page.paged_at >= since
        and page.state not in (PageState.EXHAUSTED, PageState.SUPERSEDED)
    )


def has_answered(incident: Incident, by: str) -> bool:
    """Whether this person has acknowledged the acting step; a page of theirs that is open asks anew."""
    if any(page.person == by for page in open_pages(incident)):
        return False
    theirs = [page.state for page in of_step(incident) if page.person == by]
    return PageState.ACKNOWLEDGED in theirs or incident.acknowledged_by == by


def withdraw(draft: Draft, by: str | None) -> None:
    """The incident has ended: nobody need answer any more."""
    for waiting in draft.incident.pages:
        if waiting.is_open:
            end(draft, waiting, PageState.SUPERSEDED, by)


def withdraw_path(draft: Draft) -> None:
    """Another path begins; who was asked in by hand still is."""
    for waiting in open_pages(draft.incident):
        end(draft, waiting, PageState.SUPERSEDED, None)


def exhaust(draft: Draft) -> None:
    for waiting in open_pages(draft.incident):
        end(draft, waiting, PageState.EXHAUSTED, None)


def tell_directly(draft: Draft, people: Iterable[str], notice: Notice) -> None:
    for person in people:
        draft.do(SendDirect(number=draft.incident.number, to=person, notice=notice))


def page_delivered(draft: Draft, event: PageDelivered) -> None:
    page = draft.incident.page(event.page)
    if page is not None:
        draft.replace_page(replace(page, message=event.message, delivered_at=draft.now))
        contacts.in_time(draft, page)


def fell_late(draft: Draft, event: PageFellLate) -> None:
    page = draft.incident.page(event.page)
    if page is not None and page.is_open and page.delivered_at is None:
        contacts.use_all(draft, page)


def declined(draft: Draft, event: PageDeclined) -> bool:
    """Notes that this person cannot take it; True when nobody else of the step is left to answer."""
    page = draft.incident.page(event.page)
    if page is None:
        raise Refused("That page is not known here.")
    if not page.is_open:
        raise Refused(f"This page is no longer open: {draft.incident.name} {_how_it_stands(draft.incident, page)}.")
    if is_channel(page.person):
        raise Refused("This page is for everybody here; whoever can take it acknowledges it.")
    end(draft, page, PageState.DECLINED, event.by)
    draft.record(event.by, Entry.PAGE_DECLINED, old=page.person)
    draft.tell(Notice.PAGE_DECLINED, by=event.by)
    return nobody_left(draft, page)


def undelivered(draft: Draft, event: DeliveryGivenUp) -> bool:
    """Slack refused the page for good; True when nobody else of the step is left to answer.

    Whoever has another way to be reached is paged by that.
    """
    if event.effect != SendPage.__name__:
        return False  # a page that could not be redrawn has reached its person all the same
    page = draft.incident.page(event.page or "")
    if page is None or not page.is_open:
        return False
    page = replace(page, problem=event.why)
    draft.replace_page(page)
    contacts.use_all(draft, page)
    return not contacts.may_reach(draft, page) and unreached(draft, page, event.why)


def unreached(draft: Draft, page: Page, why: str) -> bool:
    """By no way at all; True when nobody else of the step is left to answer."""
    draft.replace_page(replace(page, state=PageState.UNDELIVERED, ended_at=draft.now))
    _stop(draft, page)
    draft.record(None, Entry.PAGE_UNDELIVERED, old=page.person, text=why)
    draft.tell(Notice.PAGE_UNDELIVERED, person=page.person, why=why)
    return nobody_left(draft, page)


def nobody_left(draft: Draft, page: Page) -> bool:
    """Whether this was the last page of the acting step that somebody could still answer."""
    acting = of_step(draft.incident)
    return page.id in [other.id for other in acting] and not any(other.is_open for other in acting)


def _how_it_stands(incident: Incident, page: Page) -> str:
    if not incident.is_open:
        return f"is {incident.status}"
    if incident.acknowledged_by is not None:
        return "is already acknowledged"
    return "has moved on to another page"
