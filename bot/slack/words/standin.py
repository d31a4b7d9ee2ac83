"""What is said about stand-ins: who asks for what, how it stands now, and what was before.

`reader` is the person who reads it and is spoken to; None: anybody.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.permitted import Span
from bot.core.standin import StandIn, StandInKind, StandInState
from bot.oncall.coverage import in_night
from bot.oncall.schedule import Shift
from bot.policy.model import Policy
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.shifts import stretch
from bot.slack.words.text import cut, line, listed, quoted, said
from bot.slack.words.times import span, there, when

MOST_LINES = 6
MOST_ASKED = 20
MOST_REASON = 400


def who(person: str | None, reader: str | None, names: Names) -> str:
    if person is None:
        return "somebody"
    return "you" if person == reader else names.mention(person)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def deed(part: Span, reader: str | None, names: Names) -> str:
    """“@Luis for @Amina: today at 9:00 AM – …”."""
    place = f" for {who(part.instead_of, reader, names)}" if part.instead_of else ""
    return f"{capital(who(part.person, reader, names))}{place}: {stretch(part.start, part.end)}"


def asks(standin: StandIn, policy: Policy, names: Names) -> str:
    """What an open offer asks of the one who gets it."""
    by, name = names.mention(standin.asked_by), labels.schedule(standin.schedule, policy)
    if standin.kind is StandInKind.SWAP:
        return f"🔁 {by} offers you a swap of shifts on *{name}*."
    return f"🙋 {by} asks you to cover *{name}*."


def wanted(standin: StandIn, person: str) -> str:
    """The span, or for a swap both shifts, as the one who is asked sees them."""
    takes = [stretch(part.start, part.end) for part in standin.spans if part.person in (person, None)]
    if standin.kind is not StandInKind.SWAP:
        return "\n".join(takes)
    gives = [stretch(part.start, part.end) for part in standin.spans if part.instead_of == person]
    return "\n".join([*(f"*You take:* {each}" for each in takes), *(f"*You give:* {each}" for each in gives)])


def hardship(standin: StandIn, person: str, policy: Policy) -> str:
    """Whether what one would take begins in one's own night or on one's weekend; empty if it does not."""
    zone = policy.zone_of(person)
    for part in standin.spans:
        if part.person not in (person, None):
            continue
        weekend = part.start.astimezone(ZoneInfo(zone)).weekday() >= 5
        found = ["in the night"] if in_night(zone, part.start) else []
        found += ["on a weekend"] if weekend else []
        if found:
            return f"🌙 For you it begins {listed(found)}: {there(part.start, zone)}."
    return ""


def reason(standin: StandIn, names: Names) -> str:
    return quoted(said(standin.reason, names.mention, MOST_REASON)) if standin.reason else ""


def asked(standin: StandIn, names: Names) -> str:
    """To whom it was offered."""
    people = cut(listed([names.mention(offer.person) for offer in standin.offers[:MOST_ASKED]]), 500)
    more = f" and {len(standin.offers) - MOST_ASKED} more" if len(standin.offers) > MOST_ASKED else ""
    first = " The first to accept has it." if len(standin.offers) > 1 else ""
    return f"Asked: {people}{more}.{first}"


def standing(standin: StandIn, reader: str | None, policy: Policy, names: Names) -> str:
    """How it stands: what happened on a line, and whose time it is about below."""
    lines = [f"• {deed(part, reader, names)}" for part in standin.spans]
    return "\n".join([in_a_line(standin, reader, policy, names), *lines])


def in_a_line(standin: StandIn, reader: str | None, policy: Policy, names: Names) -> str:
    by, ended_by = (capital(who(person, reader, names)) for person in (standin.asked_by, standin.ended_by))
    taken_by = capital(who(standin.accepted_by, reader, names))
    change = f"*{labels.schedule(standin.schedule, policy)}* (change {standin.id})"
    swap = standin.kind is StandInKind.SWAP
    match standin.state:
        case StandInState.OFFERED if swap:
            return f"🔁 {by} offered a swap of shifts on {change}. Nothing has changed yet."
        case StandInState.OFFERED:
            return f"🙋 {by} asked for cover on {change}. Nothing has changed yet."
        case StandInState.STANDING if standin.kind is StandInKind.OVERRIDE:
            return f"↔️ {by} changed who is on call for {change}."
        case StandInState.STANDING:
            return f"✅ {taken_by} {'accepted the swap of shifts' if swap else 'took the cover'} on {change}."
        case StandInState.REFUSED if swap and standin.ended_by is None:
            return f"⚠️ The offer of a swap of shifts on {change} reached nobody. The shifts stay as they were."
        case StandInState.REFUSED if swap:
            return f"🙅 {ended_by} declined the swap of shifts on {change}. The shifts stay as they were."
        case StandInState.REFUSED:
            return f"🙅 Nobody who was asked can cover {change}. {capital(_still(standin, reader, names))}."
        case StandInState.EXPIRED if swap:
            return f"⌛ Nobody accepted the swap of shifts on {change} in time. The shifts stay as they were."
        case StandInState.EXPIRED:
            return f"⌛ Nobody took the cover on {change} in time."
        case StandInState.UNDONE if standin.stood_at is None:
            return f"↩️ {ended_by} withdrew the {'swap of shifts' if swap else 'request for cover'} on {change}."
        case StandInState.UNDONE:
            return f"↩️ {ended_by} undid the {standin.kind} on {change}. It was:"


def declined_by_you(standin: StandIn, policy: Policy, names: Names) -> str:
    what = "declined the swap of shifts with" if standin.kind is StandInKind.SWAP else "can't stand in for"
    return f"🙅 You {what} {names.mention(standin.asked_by)} on *{labels.schedule(standin.schedule, policy)}*."


def shift_lines(title: str, shifts: Iterable[Shift], names: Names) -> str:
    """The shifts under their title; a gap stands out."""
    found = list(shifts)
    lines = [f"{span(shift.start, shift.end)}: {_people(shift, names)}" for shift in found[:MOST_LINES]]
    more = [f"…and {len(found) - MOST_LINES} more"] if len(found) > MOST_LINES else []
    return "\n".join([f"*{title}*", *lines, *more])


def audit(standin: StandIn, policy: Policy, names: Names, now: datetime) -> str:
    """One change for the list of all of them."""
    asked_by = f"{names.mention(standin.asked_by)}, {when(standin.asked_at)}"
    name = labels.schedule(standin.schedule, policy)
    head = f"*#{standin.id}* {standin.kind} · *{name}* · {_state(standin, names, now)}"
    why = f" · “{line(standin.reason)}”" if standin.reason else ""
    return "\n".join([head, *(deed(part, None, names) for part in standin.spans), f"By {asked_by}{why}"])


def no_changes(schedule: str | None, policy: Policy) -> str:
    where = f" of {labels.schedule(schedule, policy)}" if schedule else ""
    return f"Nobody has changed the shifts{where}: they are as configured."


def unknown_change(number: int) -> str:
    return f"🤔 There is no change {number}. `/oncall changes` lists them."


def not_a_number(word: str) -> str:
    return (
        f"🤔 “{line(word, 60)}” is no number of a change. `/oncall changes` lists them; undo one with `/oncall undo 3`."
    )


def _state(standin: StandIn, names: Names, now: datetime) -> str:
    ended = f", {when(standin.ended_at)}" if standin.ended_at else ""
    by = f" by {names.mention(standin.ended_by)}" if standin.ended_by else ""
    match standin.state:
        case StandInState.OFFERED:
            return f"offered to {listed([names.mention(offer.person) for offer in standin.offers[:5]])}"
        case StandInState.STANDING:
            return "over" if standin.over <= now else "stands"
        case StandInState.UNDONE if standin.stood_at is None:
            return f"withdrawn{by}{ended}"
        case _:
            return f"{standin.state}{by}{ended}"


def _still(standin: StandIn, reader: str | None, names: Names) -> str:
    if standin.asked_by == reader:
        return "you still have it; ask for a shorter time, or ask your lead"
    return f"{who(standin.asked_by, reader, names)} still has it"


def _people(shift: Shift, names: Names) -> str:
    return listed([names.mention(person) for person in shift.people[:10]]) or "🚨 nobody"
