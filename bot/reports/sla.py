"""The clocks of an incident as JSON and in words: what was promised, what became of it, and the ledger behind it."""

from datetime import datetime
from typing import Any

from bot.core.incident import ClockState, Incident
from bot.core.ledger import ClockLedger, Stretch, ledger
from bot.reports.coverage import iso


def report(incident: Incident, now: datetime) -> dict[str, Any]:
    """`{"incident", "clocks": [{"clock", "sla", "state", "due", "share", …, "stretches": […]}]}`, instants in UTC."""
    return {"incident": incident.number, "clocks": [_clock(each) for each in ledger(incident, now)]}


def lines(incident: Incident, now: datetime) -> list[str]:
    """A line for each clock, and one for each stretch of it."""
    found: list[str] = []
    for each in ledger(incident, now):
        due = f"{each.promised} on {each.calendar}, due {iso(each.due)}, {each.share:.0%} used"
        late = " late" if each.breached and each.state is ClockState.MET else ""
        found.append(f"{each.clock} ({each.sla}): {each.state}{late}, {due}")
        found += [f"    {_words(stretch)}" for stretch in each.stretches]
    return found or [f"No clock counts for {incident.name}: its service promises nothing at this severity."]


def _clock(each: ClockLedger) -> dict[str, Any]:
    return {
        "clock": each.clock.value,
        "sla": each.sla,
        "turn": each.turn,
        "state": each.state.value,
        "promised": each.promised,
        "calendar": each.calendar,
        "started": iso(each.started),
        "due": iso(each.due),
        "share": round(each.share, 4),
        "breached": iso(each.breached) if each.breached else None,
        "ended": iso(each.ended) if each.ended else None,
        "stretches": [_stretch(stretch) for stretch in each.stretches],
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {
        "start": iso(stretch.start),
        "end": iso(stretch.end) if stretch.end else None,
        "counted": stretch.counted,
        "seconds": stretch.passed.total_seconds(),
        "why": stretch.why,
        "by": stretch.by,
    }


def _words(stretch: Stretch) -> str:
    end = iso(stretch.end) if stretch.end else "now"
    counts = f"counts {stretch.passed}" if stretch.counted else "does not count"
    by = f", by {stretch.by}" if stretch.by else ""
    return f"{iso(stretch.start)} to {end}: {counts}; {stretch.why}{by}"
