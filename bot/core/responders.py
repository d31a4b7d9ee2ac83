"""People asked in by hand: each joins, declines or does not answer; the escalation goes on beside them."""

from datetime import timedelta

from bot.core import channel, paging
from bot.core.decision import Draft, Refused, mention
from bot.core.effects import Entry, Notice
from bot.core.events import AnswerFellDue, RespondersPaged
from bot.core.incident import Incident, Page, PageState
from bot.core.targets import who

ANSWER_WITHIN = timedelta(minutes=15)
NO_STEP = -1


def paged(draft: Draft, event: RespondersPaged) -> None:
    draft.must_be_open()
    found = (person for target in event.targets for person in who(target, draft.policy, draft.now))
    people = tuple(dict.fromkeys(found))
    if not people:
        raise Refused("Nobody is on call there now, so nobody was paged. Name somebody else.")
    waiting = {page.person for page in draft.incident.pages if page.is_open}
    new = tuple(person for person in people if person not in waiting)
    if not new:
        are = "is" if len(people) == 1 else "are"
        raise Refused(f"{' and '.join(mention(person) for person in people)} {are} being paged for this already.")
    for person in new:
        page = paging.add(draft, person, NO_STEP, NO_STEP, event.by, event.note.strip())
        fell = AnswerFellDue(number=draft.incident.number, page=page.id)
        draft.set_timer(paging.answer_timer(page), draft.now + ANSWER_WITHIN, fell)
        draft.record(event.by, Entry.RESPONDER_PAGED, new=person, text=event.note.strip())
    channel.invite(draft, new)
    draft.tell(Notice.RESPONDERS, by=event.by, people=" ".join(new), note=event.note.strip())


def asked(incident: Incident, person: str) -> Page | None:
    """The page by hand that waits for this person's answer."""
    return next((page for page in incident.pages if page.by_hand and page.is_open and page.person == person), None)


def joined(draft: Draft, page: Page) -> None:
    paging.end(draft, page, PageState.ACKNOWLEDGED, page.person)
    draft.record(page.person, Entry.RESPONDER_JOINED)
    draft.tell(Notice.JOINED, person=page.person)


def answer_fell_due(draft: Draft, event: AnswerFellDue) -> None:
    page = draft.incident.page(event.page)
    if page is None or not page.is_open:
        return
    paging.end(draft, page, PageState.UNANSWERED, None)
    draft.record(None, Entry.RESPONDER_UNANSWERED, new=page.person)
    draft.tell(Notice.UNANSWERED, person=page.person, by=page.asked_by or "")
