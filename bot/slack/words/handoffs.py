"""How a handoff is told: an incident as it stands and what is to be done next, the shift, and who is to take it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.handoff import ClockGlimpse, Handoff, HandoffItem, ItemState, Note, Summary, Trend
from bot.policy.model import Clock, Policy
from bot.slack.names import Names
from bot.slack.words import clocks, labels
from bot.slack.words.text import cut, line, listed, quoted, said, said_on_a_line
from bot.slack.words.times import there, when

MOST_NAMED = 8
_TRENDS = {Trend.NEW: "🆕", Trend.WORSE: "▲ worse", Trend.SAME: "● same", Trend.BETTER: "▼ better"}
_SIGNS = {Trend.NEW: "🆕", Trend.WORSE: "▲", Trend.SAME: "●", Trend.BETTER: "▼"}
_ON = ("customer", "partner", "engineering")


def people(found: Iterable[str], names: Names) -> str:
    return listed([names.mention(person) for person in found]) or "nobody"


def has(found: Sequence[str]) -> str:
    return "have" if len(found) > 1 else "has"


def comes(found: Sequence[str]) -> str:
    return "come" if len(found) > 1 else "comes"


def clock_times(handoff: Handoff, policy: Policy) -> str:
    """The change of shift on the clocks of those who go and those who come."""
    known = (policy.people.get(person) for person in (*handoff.outgoing, *handoff.incoming))
    zones = list(dict.fromkeys(person.time_zone for person in known if person)) or ["UTC"]
    return " / ".join(there(handoff.at, zone) for zone in zones[:4])


def how_many(items: Sequence[HandoffItem]) -> str:
    return f"{len(items)} open incident{'' if len(items) == 1 else 's'}"


def start_here(handoff: Handoff, names: Names, limit: int = 600) -> str:
    """What is missing says so."""
    first = handoff.words.start_here
    return f"*Start here:* {said(first, names.mention, limit)}" if first else "⚠️ Nobody has said where to start."


# One incident


def heading(item: HandoffItem, policy: Policy, most: int = 120) -> str:
    where = f" <#{item.channel}>" if item.channel else ""
    dot = labels.dot(item.severity, policy)
    return f"{dot} *INC-{item.number} {line(item.title, most)}*{where} {_TRENDS[item.trend]}"


def state(item: HandoffItem, policy: Policy, names: Names) -> str:
    """Severity, status, lead until it was handed over, and what it is about."""
    facts = [labels.severity(item.severity, policy), labels.status(item.status)]
    if item.state is not ItemState.ACCEPTED:
        facts.append(f"Lead: {names.mention(item.lead) if item.lead else 'nobody'}")
    if item.service:
        facts.append(labels.service(item.service, policy))
    if item.model:
        facts.append(f"model {line(item.model, 60)}")
    return " · ".join(facts)


def clock(glimpse: ClockGlimpse, at: datetime) -> str:
    """A running clock as it stood at that instant."""
    label = labels.clock(glimpse.clock) + (f" ({line(glimpse.sla, 60)})" if glimpse.sla else "")
    if glimpse.paused_until is not None and at < glimpse.paused_until:
        return f"⏸ {label} stands still until {when(glimpse.paused_until)}, {clocks.percent(glimpse.share)} used"
    if glimpse.due <= at:
        return f"🔴 {label} was due {when(glimpse.due)}"
    return f"{label} due {when(glimpse.due)} {clocks.bar(glimpse.share)}"


def waiting(item: HandoffItem, names: Names) -> str:
    """“Waiting on the customer: they send the file”."""
    on, _, why = item.waiting.partition(": ")
    return f"⏸ Waiting on {clocks.waiting_on(on)}: {said_on_a_line(why, names.mention, 150)}" if item.waiting else ""


def tried(item: HandoffItem, names: Names, most: int) -> str:
    shown = [f"• {said_on_a_line(each, names.mention, 130)}" for each in item.tried[-most:]]
    return "\n".join(["*Tried*", *shown]) if shown else ""


def plan(item: HandoffItem, names: Names, limit: int = 300) -> str:
    """The next action, who does it and by when; and what to do if something happens."""
    then = f"*If … then:* {said_on_a_line(item.if_then, names.mention, limit)}" if item.if_then else ""
    if not item.next_action:
        return "\n".join(filter(None, ("⚠️ Nobody has said what comes next.", then)))
    owner = names.mention(item.owner) if item.owner else ""
    due = f"due {when(item.action_due)}" if item.action_due else ""
    action = said_on_a_line(item.next_action, names.mention, limit)
    return "\n".join(filter(None, (" — ".join(filter(None, (f"*Next:* {action}", owner, due))), then)))


def path(item: HandoffItem, policy: Policy, most: int) -> str:
    """Who is on the escalation path, what their clocks show, and whether it is night there."""
    if item.path is None:
        return ""
    awake = [
        f"{line(policy.person_name(each.person), 40)} {each.local} {'🌙' if each.night else '☀️'}" for each in item.awake
    ]
    more = f", and {len(awake) - most} more" if len(awake) > most else ""
    return f"*Path* {line(item.path, 60)}: {', '.join(awake[:most]) or 'nobody is on it now'}{more}"


def answer(item: HandoffItem, names: Names) -> str:
    """What became of it; empty as long as nobody has said anything."""
    by = names.mention(item.answered_by) if item.answered_by else "somebody"
    asked = said_on_a_line(item.question, names.mention, 300)
    match item.state:
        case ItemState.ACCEPTED:
            return f"✅ Accepted by {by}{f', {when(item.answered_at)}' if item.answered_at else ''}"
        case ItemState.QUESTIONED:
            return f"❓ {by} asks: {asked}"
        case ItemState.DECLINED:
            return f"⛔ {by} declined it: {asked}"
        case ItemState.CARRIED:
            return "↪️ Nobody took it"
        case ItemState.WAITING:
            return ""


def in_a_line(item: HandoffItem, at: datetime, policy: Policy, names: Names, most: int = 60) -> str:
    """An incident among many."""
    marks = {ItemState.ACCEPTED: "✅ ", ItemState.QUESTIONED: "❓ ", ItemState.DECLINED: "⛔ ", ItemState.CARRIED: "↪️ "}
    who = names.mention(item.lead) if item.lead else "nobody leads"
    running = next((glimpse for glimpse in item.clocks if glimpse.paused_until is None), None)
    due = clock(running, at).partition(" ▰")[0].partition(" ▱")[0] if running else ""
    what = f"{labels.dot(item.severity, policy)} *INC-{item.number}* {line(item.title, most)} {_SIGNS[item.trend]}"
    return marks.get(item.state, "") + " · ".join(filter(None, (what, labels.status(item.status), who, due)))


# The shift


def watch_list(handoff: Handoff, names: Names, limit: int = 200) -> str:
    shown = [f"• {said_on_a_line(each, names.mention, limit)}" for each in handoff.words.watch]
    return "\n".join(["*Watch*", *shown]) if shown else ""


def silences(handoff: Handoff, names: Names, limit: int = 500) -> str:
    return f"*Silences:* {said(handoff.words.silences, names.mention, limit)}" if handoff.words.silences else ""


def changes_ahead(handoff: Handoff, names: Names, limit: int = 500) -> str:
    return f"*Changes ahead:* {said(handoff.words.ahead, names.mention, limit)}" if handoff.words.ahead else ""


def waits(handoff: Handoff) -> str:
    """The incidents that wait on somebody, by whom."""
    found: dict[str, list[str]] = {}
    for item in handoff.items:
        on = item.waiting.partition(": ")[0]
        if on in _ON:
            found.setdefault(on, []).append(f"INC-{item.number}")
    told = [f"on {clocks.waiting_on(on)}: {_some(numbers)}" for on, numbers in sorted(found.items())]
    return f"*Waiting* {'; '.join(told)}" if told else ""


def notes(found: Sequence[Note], names: Names, most: int, limit: int = 250) -> str:
    """The last of them, the newest last."""
    shown = [
        f"• {said_on_a_line(note.text, names.mention, limit)} ({names.mention(note.by)}, {when(note.at)})"
        for note in found[-most:]
    ]
    earlier = [f"…and {len(found) - most} earlier"] if len(found) > most else []
    return "\n".join(["*Notes*", *earlier, *shown]) if shown else ""


def gaps(summary: Summary, most: int) -> str:
    """When nobody is on call in the days that come."""
    shown = [f"⚠️ Nobody is on call {when(start)} – {when(end)}" for start, end in summary.gaps[:most]]
    return "\n".join([*shown, *_more(len(summary.gaps) - most, "more gaps")])


def holidays(summary: Summary, names: Names, most: int) -> str:
    shown = [
        f"📅 {line(names.name(person), 60)} is on call on {line(holiday, 60)}, from {when(start)}"
        for person, start, holiday in summary.holidays[:most]
    ]
    return "\n".join([*shown, *_more(len(summary.holidays) - most, "more holidays")])


def looking_back(summary: Summary, most: int = MOST_NAMED) -> str:
    """The shift that ends: what was declared, resolved and late, and who was woken."""
    told = []
    if summary.declared:
        told.append(f"{summary.declared} declared")
    if summary.resolved:
        told.append(f"resolved: {_some([f'INC-{n} {line(title, 60)}' for n, title in summary.resolved], most)}")
    if summary.breaches:
        late = [f"INC-{n} {_clock_name(clock)}" for n, clock in summary.breaches]
        told.append(f"🔴 late: {_some(late, most)}")
    if summary.pages:
        night = f", {summary.at_night} of them in somebody's night 🌙" if summary.at_night else ""
        told.append(f"{summary.pages} page{'' if summary.pages == 1 else 's'}{night}")
    return f"*Since {when(summary.since)}:* {'; '.join(told)}" if told else ""


def _clock_name(key: str) -> str:
    return labels.clock(Clock(key)) if key in list(Clock) else line(key, 40)


def _some(named: Sequence[str], most: int = MOST_NAMED) -> str:
    """“a, b and 3 more”."""
    more = [f"{len(named) - most} more"] if len(named) > most else []
    return listed([*named[:most], *more])


def _more(left_out: int, what: str) -> list[str]:
    return [f"…and {left_out} {what}"] if left_out > 0 else []


# What became of it


def until_then(handoff: Handoff) -> str:
    if not handoff.items:
        return "Accept to say that you are there."
    until = "Until an incident is accepted, whoever hands it over still has it."
    return f"{until} ▲ worse, ▼ better, ● the same and 🆕 new since the last handoff."


def nobody_comes(handoff: Handoff, names: Names) -> str:
    """Whoever had the shift keeps what is open."""
    if not handoff.items:
        return "⚠️ *Nobody is on call now.*"
    had = f"{people(handoff.outgoing, names)} still {has(handoff.outgoing)}" if handoff.outgoing else "Nobody has"
    return f"⚠️ *Nobody is on call now.* {had} the open incidents."


def taken(handoff: Handoff, names: Names) -> str:
    """Who took it, and what they read back."""
    if handoff.taken_by is None or handoff.taken_at is None:
        return ""
    back = f"\n{quoted(said(handoff.sentence, names.mention, 600))}" if handoff.sentence else ""
    return f"✅ {names.mention(handoff.taken_by)} took it, {when(handoff.taken_at)}.{back}"


def replaced(handoff: Handoff, newer: Handoff) -> str:
    """Which of its incidents went into the next one, as nobody took them."""
    again = "The shift has changed again since; the newer one counts."
    left = [item.number for item in handoff.items if item.state is not ItemState.ACCEPTED]
    if not handoff.items:
        return f"↪️ Nobody took this handoff. {again}"
    if not left:
        return f"↪️ {again}"
    there_now = {item.number for item in newer.items}
    went = [f"INC-{number}" for number in left if number in there_now]
    ended = [f"INC-{number}" for number in left if number not in there_now]
    nobody = "this handoff" if len(left) == len(handoff.items) else "all of this handoff"
    moved = f" {_some(went)} went into it." if went else ""
    over = f" {_some(ended)} {'is' if len(ended) == 1 else 'are'} not open any more." if ended else ""
    return cut(f"↪️ Nobody took {nobody}. {again}{moved}{over}", 1500)
