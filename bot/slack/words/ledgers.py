"""How the ledger of a clock is told: what was promised, and each stretch with what it counted and why."""

from datetime import datetime

from bot.core.incident import ClockState, Incident
from bot.core.ledger import ClockLedger, Stretch
from bot.core.sla import several
from bot.slack.names import Names
from bot.slack.words import labels
from bot.slack.words.clocks import bar, whose
from bot.slack.words.text import line, said_on_a_line
from bot.slack.words.times import lasted, when

_MARKS = {
    ClockState.RUNNING: "⏳",
    ClockState.PAUSED: "⏸",
    ClockState.BREACHED: "🔴",
    ClockState.MET: "✅",
    ClockState.CANCELLED: "➖",
}


def heading(each: ClockLedger, incident: Incident, now: datetime) -> str:
    """“🔴 *Resolution*: 4h on nairobi-office from …, due …” and its state with a bar."""
    late = each.breached is not None
    mark = "🔴" if late and each.state is ClockState.MET else _MARKS[each.state]
    of = f" ({whose(each.sla, incident)})" if several(incident) else ""
    hours = f" on {line(each.calendar, 60)}" if each.calendar != "always" else ""
    promised = f"{line(each.promised, 60)}{hours} from {when(each.started)}, due {when(each.due)}"
    over = f", {lasted((each.ended or now) - each.due)} late" if late else ""
    return f"{mark} *{labels.clock(each.clock)}*{of}: {promised}\n{each.state.capitalize()}{over} · {bar(each.share)}"


def stretch(one: Stretch, names: Names) -> str:
    """“from – to: 2 h counted, it was declared, by @amina”."""
    until = when(one.end) if one.end else "now"
    counted = f"{lasted(one.passed)} counted" if one.passed or not one.end else "no open hours"
    what = f"▸ {counted}" if one.counted else "▹ not counted"
    by = f", by {names.mention(one.by)}" if one.by else ""
    return f"{what}: {when(one.start)} – {until}, {said_on_a_line(one.why, names.mention, 200)}{by}"
