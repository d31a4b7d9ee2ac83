"""Other ways than Slack to reach whoever is paged: each in its turn, and all at once when Slack does not take it."""

from dataclasses import replace
from datetime import timedelta

from bot.core.decision import Draft
from bot.core.effects import Entry, RefreshPage, SendContact
from bot.core.events import ContactFellDue, ContactTried, PageFellLate
from bot.core.incident import Page, Tried
from bot.policy.model import Contact

LATE_AFTER = timedelta(minutes=1)  # then a page that Slack has not taken goes out by every other way


def begin(draft: Draft, page: Page) -> None:
    """Those without a delay go out beside Slack; the others wait whether Slack is enough."""
    known = _contacts(draft, page)
    for contact in known:
        if contact.after:
            due = draft.now + contact.after
            fell = ContactFellDue(number=draft.incident.number, page=page.id, contact=contact.name)
            draft.set_timer(_timer(page, contact.name), due, fell)
    if known:
        late = PageFellLate(number=draft.incident.number, page=page.id)
        draft.set_timer(_late(page), draft.now + LATE_AFTER, late)
    _send(draft, page, *(contact.name for contact in known if not contact.after))


def stop(draft: Draft, page: Page) -> None:
    """The page has ended: nobody is called any more."""
    tried = {each.contact for each in page.tried}
    known = _contacts(draft, page)
    for contact in known:
        if contact.name not in tried:
            draft.cancel_timer(_timer(page, contact.name))
    if known and page.delivered_at is None:
        draft.cancel_timer(_late(page))


def in_time(draft: Draft, page: Page) -> None:
    """Slack has taken it."""
    if _contacts(draft, page):
        draft.cancel_timer(_late(page))


def use_all(draft: Draft, page: Page) -> None:
    """Slack does not take it: every way that has not been used is used now."""
    tried = {each.contact for each in page.tried}
    left = [contact.name for contact in _contacts(draft, page) if contact.name not in tried]
    for name in left:
        draft.cancel_timer(_timer(page, name))
    _send(draft, page, *left)


def may_reach(draft: Draft, page: Page) -> bool:
    """Whether one way has not failed yet."""
    present = draft.incident.page(page.id)
    return present is not None and any(not each.problem for each in present.tried)


def fell_due(draft: Draft, event: ContactFellDue) -> None:
    page = draft.incident.page(event.page)
    if page is not None and page.is_open and event.contact not in [each.contact for each in page.tried]:
        _send(draft, page, event.contact)


def tried(draft: Draft, event: ContactTried) -> Page | None:
    """What came of it; the page, if this was the last way to reach the person, and all have failed."""
    page = draft.incident.page(event.page)
    if page is None:
        return None
    entry = Entry.CONTACT_FAILED if event.problem else Entry.CONTACTED
    draft.record(None, entry, old=event.contact, new=page.person, text=event.problem)
    outcome = tuple(replace(t, problem=event.problem) if t.contact == event.contact else t for t in page.tried)
    after = replace(page, tried=outcome)
    draft.replace_page(after)
    return after if after.is_open and after.problem and not may_reach(draft, after) else None


def _send(draft: Draft, page: Page, *names: str) -> None:
    if not names:
        return
    present = draft.incident.page(page.id) or page
    draft.replace_page(replace(present, tried=(*present.tried, *(Tried(name, draft.now) for name in names))))
    for name in names:
        draft.do(SendContact(number=draft.incident.number, page=page.id, contact=name))
    if present.delivered_at is not None:
        draft.do(RefreshPage(number=draft.incident.number, page=page.id))  # it says by what else the person was paged


def _contacts(draft: Draft, page: Page) -> tuple[Contact, ...]:
    person = draft.policy.people.get(page.person)
    return person.contact if person else ()


def _timer(page: Page, contact: str) -> str:
    return f"page:{page.id}:contact:{contact}"


def _late(page: Page) -> str:
    return f"page:{page.id}:late"
