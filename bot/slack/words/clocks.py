"""How an SLA clock is told: what is due, whose promise it is, when, and how much of its time is used."""

from datetime import datetime

from bot.core import sla
from bot.core.history import Moment
from bot.core.incident import Incident, SlaClock, Wait
from bot.policy.model import Clock, SlaKind, Waiting
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.text import line, listed, said_on_a_line
from bot.slack.words.times import lasted, read_instant, when

CELLS = 10
_ON = {Waiting.CUSTOMER: "the customer", Waiting.PARTNER: "a partner", Waiting.ENGINEERING: "engineering"}


def percent(part: float) -> str:
    return f"{int(part * 100 + 1e-9)}%"


def bar(part: float) -> str:
    """`▰▰▰▱▱▱▱▱▱▱ 34%`."""
    return f"{cells(part)} {percent(part)}"


def cells(part: float) -> str:
    full = min(int(part * CELLS + 1e-9), CELLS)
    return "▰" * full + "▱" * (CELLS - full)


def share(held: SlaClock, incident: Incident, now: datetime) -> float:
    return sla.share(held, incident.terms, now)


def name(held: SlaClock, incident: Incident) -> str:
    """“Resolution”; where several SLAs count, whose it is: “Resolution (Acme gold)”."""
    label = labels.clock(held.clock)
    return f"{label} ({whose(held.sla, incident)})" if sla.several(incident) else label


def whose(key: str, incident: Incident) -> str:
    """The SLA as people know it, and that it is internal if it is."""
    known = incident.terms.slas.get(key) if incident.terms else None
    called = line(known.name if known and known.name else key, 60)
    return f"{called}, internal" if known and known.kind is SlaKind.INTERNAL else called


def is_late(held: SlaClock, now: datetime) -> bool:
    return held.breached_at is not None or (not stands_still(held, now) and now >= held.due)


def stands_still(held: SlaClock, now: datetime) -> bool:
    return held.breached_at is None and held.paused_until is not None and now < held.paused_until


def promise(held: SlaClock, incident: Incident, now: datetime) -> str:
    """“First update due today at 9:15 AM”: what stays right in a message that is not drawn anew every minute."""
    label = name(held, incident)
    if is_late(held, now):
        return f"🔴 {label} was due {when(held.due)}"
    if stands_still(held, now):
        assert held.paused_until is not None
        on = f", waiting on {waiting_on(incident.waiting.on)}" if incident.waiting else ""
        return f"⏸ {label} stands still until {when(held.paused_until)}{on}"
    return f"{label} due {when(held.due)}"


def due(held: SlaClock, incident: Incident, now: datetime) -> str:
    """“First update due today at 9:15 AM, 40% used”."""
    used = share(held, incident, now)
    return (
        f"{promise(held, incident, now)}{f', {percent(used)} used' if used >= 0.01 and not is_late(held, now) else ''}"
    )


def on_the_card(held: SlaClock, incident: Incident, now: datetime) -> str:
    """The promise, and how much of its time is used."""
    told = promise(held, incident, now)
    return told if is_late(held, now) else f"{told}\n{bar(share(held, incident, now))}"


def outcome(held: SlaClock, incident: Incident, now: datetime) -> str:
    """One clock as an entry of a list, whatever became of it; with a bar as long as it runs."""
    label, allowed = name(held, incident), f"({allowance(held)} allowed)"
    if held.met_at is not None:
        late = held.breached_at is not None or held.met_at > held.due
        by_how_much = f", {lasted(held.met_at - held.due)} after it was due" if late else ""
        return (
            f"{'🔴' if late else '✅'} {label} met {'late, ' if late else ''}{when(held.met_at)} {allowed}{by_how_much}"
        )
    if held.cancelled_at is not None:
        before = f"; it was late before, due {when(held.due)}" if held.breached_at is not None else ""
        return f"➖ {label} no longer counts {allowed}{before}"
    told = promise(held, incident, now)
    if is_late(held, now):
        return f"{told} {allowed}: {lasted(now - held.due)} late"
    used = share(held, incident, now)
    if stands_still(held, now):
        return f"{told}; then due {when(held.due)}, {percent(used)} used {allowed} {cells(used)}"
    return f"⏳ {due(held, incident, now)} {allowed} {cells(used)}"


def allowance(held: SlaClock) -> str:
    """“4 h”, “1 business day on nairobi-office”."""
    spoken = line(held.promised, 60) if "business" in held.promised else lasted(held.within)
    return spoken if held.calendar == "always" else f"{spoken} on {line(held.calendar, 60)}"


def waiting_on(on: str) -> str:
    return _ON[Waiting(on)] if on in list(Waiting) else line(on, 40) or "somebody"


def waiting(wait: Wait, names: Names) -> str:
    """On whom, until when and why."""
    why = said_on_a_line(wait.reason, names.mention, 200)
    return f"Waiting on {waiting_on(wait.on)} until {when(wait.until)}: {why} ({names.mention(wait.by)})"


def worst(incident: Incident) -> str:
    """For the topic: what is late, or else what was warned of; empty as long as all is well."""
    running = [held for held in incident.clocks if held.is_running]
    late = sorted((held for held in running if held.breached_at is not None), key=lambda held: held.due)
    if late:
        return f"late: {_short(late[0])}"
    counting = [held for held in running if held.paused_until is None]
    warned = max((held for held in counting if held.warned), key=lambda held: held.warned, default=None)
    return f"{percent(warned.warned)} of {_short(warned)} used" if warned else ""


def _short(held: SlaClock) -> str:
    return held.clock.replace("_", " ")


def due_anew(moved: str, incident: Incident) -> str:
    """A line for `clock instant;clock instant sla`, the SLA if several count; empty if nothing has moved."""
    told = []
    for each in moved.split(";"):
        clock, iso, sla_key = (*each.split(" ", 2), "", "")[:3]
        at = read_instant(iso)
        if clock in list(Clock) and at is not None:
            of = f" ({whose(sla_key, incident)})" if sla_key else ""
            told.append(f"{labels.clock(Clock(clock))}{of} {when(at)}")
    return f"\nDue anew: {', '.join(told)}." if told else ""


def standing_still(clocks: str) -> str:
    """“Mitigation and Resolution stand still”, of their keys; or that nothing does."""
    told = [labels.clock(Clock(key)) for key in clocks.split() if key in list(Clock)]
    if not told:
        return "No clock stands still for that: all of them run on."
    return f"{listed(told)} {'stands' if len(told) == 1 else 'stand'} still meanwhile."


def was(moment: str) -> str:
    """“declared”, “mitigated”."""
    return moment if moment in list(Moment) else line(moment, 40)
