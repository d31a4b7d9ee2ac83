"""Waiting on somebody outside: with a reason and an expiry, by those who are in the incident.

The clocks that the SLA names stand still meanwhile, and run on by themselves when the time is up.
"""

from datetime import timedelta

from bot.core import sla
from bot.core.decision import Draft, Refused
from bot.core.effects import Entry, Notice
from bot.core.events import IncidentWaitEnded, IncidentWaits, WaitFellDue
from bot.core.history import waits
from bot.core.incident import Incident, Wait
from bot.policy import durations
from bot.policy.model import PauseWhile, Terms, Waiting

TIMER = "waiting"
LONGEST = timedelta(days=7)  # where no SLA says otherwise


def waited(draft: Draft, event: IncidentWaits) -> None:
    draft.must_be_open()
    _must_be_in_it(draft, event.by)
    if not event.reason.strip():
        raise Refused("Say why it waits, for example `/incident sla pause customer 4h they are sending the file`.")
    if event.until <= draft.now:
        raise Refused("A pause ends in the future: say for how long, for example 4h, or until when.")
    longest = longest_wait(draft.terms, event.on)
    if event.until - draft.now > longest:
        most = durations.written(longest)
        raise Refused(f"A pause while waiting on {event.on} lasts at most {most} at once. Choose a shorter one.")
    wait = Wait(on=event.on, since=draft.now, until=event.until, reason=event.reason.strip(), by=event.by)
    draft.change(waiting=wait)
    draft.record(event.by, Entry.WAITING, new=waits(event.on, event.until), text=wait.reason)
    draft.set_timer(TIMER, event.until, WaitFellDue(number=event.number))
    moved = sla.restate(draft)
    stands = " ".join(sorted({held.clock for held in draft.incident.clocks if held.paused_until is not None}))
    until = event.until.isoformat()
    draft.tell(Notice.WAITING, by=event.by, on=event.on, until=until, note=wait.reason, stands=stands, moved=moved)


def ended(draft: Draft, event: IncidentWaitEnded) -> None:
    draft.must_be_open()
    _must_be_in_it(draft, event.by)
    if draft.incident.waiting is None:
        raise Refused(f"{draft.incident.name} does not wait on anybody, and its clocks run.")
    _end(draft, event.by)


def fell_due(draft: Draft, event: WaitFellDue) -> None:
    waiting = draft.incident.waiting
    if waiting is not None and waiting.until <= draft.now:
        _end(draft, None)


def over(draft: Draft) -> None:
    """What has ended waits on nobody."""
    if draft.incident.waiting is not None:
        _clear(draft, draft.incident.waiting, None, "the incident has ended")


def longest_wait(held: Terms, on: Waiting) -> timedelta:
    return min((pause.at_most for pause in _pauses(held) if on in pause.waiting), default=LONGEST)


def is_in_it(incident: Incident, person: str, team: tuple[str, ...]) -> bool:
    """Whoever was asked in, was paged, declared it, has a role in it, or is of the team that answers."""
    paged = {page.person for page in incident.pages}
    roles = {who for _, who in incident.roles}
    return person in paged | roles | incident.invited | {incident.declared_by, incident.acknowledged_by} | set(team)


def _must_be_in_it(draft: Draft, person: str) -> None:
    if not is_in_it(draft.incident, person, draft.team.members if draft.team else ()):
        name = draft.incident.name
        raise Refused(f"Only those who work on {name} may pause its clocks. Acknowledge it, or take a role first.")


def _end(draft: Draft, by: str | None) -> None:
    waiting = draft.incident.waiting
    assert waiting is not None
    _clear(draft, waiting, by, "" if by else "its time is up")
    draft.tell(Notice.WAITING_ENDED, by=by or "", on=waiting.on, moved=sla.restate(draft))


def _clear(draft: Draft, waiting: Wait, by: str | None, why: str) -> None:
    draft.change(waiting=None)
    draft.record(by, Entry.WAITING_ENDED, old=waiting.on, text=why)
    draft.cancel_timer(TIMER)


def _pauses(held: Terms) -> list[PauseWhile]:
    return [each.pause_while for each in held.slas.values() if each.pause_while is not None]
