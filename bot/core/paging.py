"""Pages: demands that one person acknowledges, and how each of them ends."""

from collections.abc import Iterable
from dataclasses import replace

from bot.core import channel
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice, RefreshPage, SendDirect, SendPage
from bot.core.events import DeliveryGivenUp, PageDeclined, PageDelivered
from bot.core.incident import EscalationState, Incident, Page, PageState


def has_declined(incident: Incident, person: str) -> bool:
    return any(page.person == person and page.state is PageState.DECLINED for page in incident.pages)


def open_pages(incident: Incident) -> tuple[Page, ...]:
    return tuple(page for page in incident.pages if page.state is PageState.OPEN)


def page(draft: Draft, people: Iterable[str]) -> None:
    """Pages these people for the step that acts; a page of an earlier round gives way to the new one."""
    incident, escalation = draft.incident, draft.incident.escalation
    assert escalation is not None
    people = tuple(people)
    for earlier in open_pages(incident):
        if earlier.person in people:
            end(draft, earlier, PageState.SUPERSEDED, None)
    for person in people:
        ordinal = len(draft.incident.pages) + 1
        made = Page(
            id=f"{incident.number}-{ordinal}",
            person=person,
            round=escalation.round,
            step=escalation.step,
            paged_at=draft.now,
        )
        draft.change(pages=(*draft.incident.pages, made))
        draft.record(None, Entry.PAGED, new=person)
        draft.do(SendPage(number=incident.number, page=made.id))
    channel.invite(draft, people)
    if escalation.round or escalation.step:
        draft.tell(Notice.PAGED, people=" ".join(people))


def end(draft: Draft, ended: Page, state: PageState, by: str | None) -> None:
    after = replace(ended, state=state, ended_at=draft.now, ended_by=by)
    replace_page(draft, after)
    draft.do(RefreshPage(number=draft.incident.number, page=ended.id))


def answer(draft: Draft, by: str) -> None:
    """Somebody has it: their page is acknowledged, everybody else's superseded."""
    for waiting in open_pages(draft.incident):
        end(draft, waiting, PageState.ACKNOWLEDGED if waiting.person == by else PageState.SUPERSEDED, by)


def withdraw(draft: Draft, by: str | None) -> None:
    """The incident has ended: nobody need answer any more."""
    for waiting in open_pages(draft.incident):
        end(draft, waiting, PageState.SUPERSEDED, by)


def exhaust(draft: Draft) -> None:
    for waiting in open_pages(draft.incident):
        end(draft, waiting, PageState.EXHAUSTED, None)


def tell_directly(draft: Draft, people: Iterable[str], notice: Notice) -> None:
    for person in people:
        draft.do(SendDirect(number=draft.incident.number, to=person, notice=notice))


def page_delivered(draft: Draft, event: PageDelivered) -> None:
    page = draft.incident.page(event.page)
    if page is not None:
        replace_page(draft, replace(page, message=event.message, delivered_at=draft.now))


def declined(draft: Draft, event: PageDeclined) -> bool:
    """Notes that this person cannot take it; True when nobody else of the step is left to answer."""
    page = draft.incident.page(event.page)
    if page is None:
        raise Refused("That page is not known here.")
    if page.state is not PageState.OPEN:
        raise Refused(f"This page is no longer open: {draft.incident.name} {_how_it_stands(draft.incident, page)}.")
    end(draft, page, PageState.DECLINED, event.by)
    draft.record(event.by, Entry.PAGE_DECLINED, old=page.person)
    draft.tell(Notice.PAGE_DECLINED, by=event.by)
    return _nobody_left(draft, page)


def undelivered(draft: Draft, event: DeliveryGivenUp) -> bool:
    """Slack refused the page for good; True when nobody else of the step is left to answer."""
    if event.effect != SendPage.__name__:
        return False  # a page that could not be redrawn has reached its person all the same
    page = draft.incident.page(event.page or "")
    if page is None or page.state is not PageState.OPEN:
        return False
    replace_page(draft, replace(page, state=PageState.UNDELIVERED, ended_at=draft.now))
    draft.record(None, Entry.PAGE_UNDELIVERED, old=page.person, text=event.why)
    draft.tell(Notice.PAGE_UNDELIVERED, person=page.person, why=event.why)
    return _nobody_left(draft, page)


def replace_page(draft: Draft, after: Page) -> None:
    draft.change(pages=tuple(after if page.id == after.id else page for page in draft.incident.pages))


def _nobody_left(draft: Draft, page: Page) -> bool:
    escalation = draft.incident.escalation
    if escalation is None or escalation.state is not EscalationState.RUNNING:
        return False
    acting = (escalation.round, escalation.step)
    waiting = [other for other in open_pages(draft.incident) if (other.round, other.step) == acting]
    return (page.round, page.step) == acting and not waiting


def _how_it_stands(incident: Incident, page: Page) -> str:
    if not incident.is_open:
        return f"is {incident.status}"
    if incident.acknowledged_by is not None:
        return "is already acknowledged"
    return "has moved on to another page"
