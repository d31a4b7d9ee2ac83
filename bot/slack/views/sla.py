"""The SLA clocks of an incident for one person: how each stands, how it was counted, and the form that pauses them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from slackblocks import Block, DateTimePicker

from bot.core.incident import Incident, SlaClock
from bot.core.ledger import ClockLedger, ledger
from bot.policy.model import Waiting
from bot.slack.ids import INPUT, Button, Field, Modal, carry
from bot.slack.names import Names
from bot.slack.views.drawn import MOST_BODY, MOST_TEXT, Drawn, actions, and_more, button, context, drawn, section
from bot.slack.views.modals import asked, choice, modal, words
from bot.slack.words import clocks, ledgers
from bot.slack.words.text import line

MOST_CLOCKS = 30
IN_A_BLOCK = 5
MOST_LEDGERS = 40
ROOM = MOST_BODY - 2500  # for the heading, the buttons and what the blocks are made of
AROUND = 60  # characters that a block needs beside its text
USUAL = timedelta(hours=4)
MOST_REASON = 500
NONE = "No clock runs: its service has no SLA for this severity."


def sla(incident: Incident, names: Names, now: datetime) -> Drawn:
    """Every clock: those that run first, the most urgent in front; then those that have ended, the latest in front."""
    heading = f"SLA clocks of {incident.name} {line(incident.title)}"
    ordered = _ordered(incident.clocks)
    told = [clocks.outcome(held, incident, now) for held in ordered[:MOST_CLOCKS]]
    parts = [section("\n".join(told[at : at + IN_A_BLOCK])) for at in range(0, len(told), IN_A_BLOCK)]
    waiting = incident.waiting if incident.is_open else None
    wait = section(f"⏸ {clocks.waiting(waiting, names)}") if waiting else None
    more = context(and_more(len(ordered) - MOST_CLOCKS, "that ended earlier"))
    return drawn(heading, [section(f"*{heading}*"), wait, *(parts or [section(NONE)]), more, _buttons(incident)])


def explained(incident: Incident, names: Names, now: datetime) -> Drawn:
    """The ledger: every stretch of every clock, counted or not, and why."""
    heading = f"How the clocks of {incident.name} {line(incident.title)} were counted"
    found = sorted(ledger(incident, now), key=lambda each: (each.ended is not None, each.due))
    told = [_ledger(each, incident, names, now) for each in found[:MOST_LEDGERS]]
    shown = _of_fit(told, ROOM, AROUND)
    more = context(and_more(len(found) - len(shown), f"more: `bot sla show {incident.number} --json` has them all"))
    parts = [section(each) for each in shown] or [section(NONE)]
    return drawn(heading, [section(f"*{heading}*"), *parts, more])


def pause(incident: Incident, now: datetime, on: str | None = None, reason: str = "") -> dict[str, Any]:
    """Asks on whom it waits, until when and why; pre-filled with what was typed."""
    whom = [(each.value, clocks.waiting_on(each).capitalize()) for each in Waiting]
    until = now.replace(second=0, microsecond=0) + USUAL
    return modal(
        Modal.PAUSE,
        f"Pause {incident.name}",
        "Pause",
        [
            context(f"*{incident.name}* {line(incident.title)}"),
            choice("On whom does it wait?", Field.ON, whom, on),
            asked(
                "Until when, at most?",
                DateTimePicker(INPUT, initial_datetime=int(until.timestamp())),
                Field.END,
                optional=False,
            ),
            words("Why?", Field.REASON, reason, "It stands in the timeline", most=MOST_REASON),
            context(
                "The clocks that the SLA names stand still meanwhile, and run on by themselves when the time is up."
            ),
        ],
        number=incident.number,
    )


def _ordered(held: Iterable[SlaClock]) -> list[SlaClock]:
    known = list(held)
    running = sorted((each for each in known if each.is_running), key=lambda each: each.due)
    ended = (each for each in known if not each.is_running)
    return [*running, *sorted(ended, key=lambda each: each.met_at or each.cancelled_at or each.due, reverse=True)]


def _buttons(incident: Incident) -> Block | None:
    about = carry(number=incident.number)
    explain = [button("Explain", Button.EXPLAIN, about)] if incident.clocks else []
    if not incident.is_open:
        return actions(*explain)
    if incident.waiting:
        return actions(button("Resume", Button.RESUME, about, "primary"), *explain)
    return actions(button("Pause", Button.PAUSE, about), *explain) if incident.clocks else None


def _ledger(each: ClockLedger, incident: Incident, names: Names, now: datetime) -> str:
    """The heading and as many stretches as one text takes, the latest in any case."""
    heading = ledgers.heading(each, incident, now)
    latest = _of_fit(
        [ledgers.stretch(one, names) for one in reversed(each.stretches)], MOST_TEXT - len(heading) - AROUND
    )
    earlier = and_more(len(each.stretches) - len(latest), "earlier")
    return "\n".join(filter(None, (heading, earlier, *reversed(latest))))


def _of_fit(told: Sequence[str], room: int, around: int = 1) -> list[str]:
    """As many from the front as there is room for with what is around each, the first in any case."""
    shown: list[str] = []
    for each in told:
        room -= len(each) + each.count("\n") + around
        if room < 0 and shown:
            break
        shown.append(each)
    return shown
