"""A page in plain words, for where there is no Slack: the essence first, short enough for an SMS, and then the rest."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core import instructions
from bot.core.incident import Incident, Page, PageState
from bot.policy.model import Policy

SHORT = 300  # characters of the essence, the link among them
_TITLE = 120
_LINE = 400
_FEWEST = 20  # characters of a title, however long the rest is
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


class Words(NamedTuple):
    title: str  # on one line
    short: str
    more: str

    @property
    def text(self) -> str:
        return f"{self.short}\n\n{self.more}" if self.more else self.short


def in_words(incident: Incident, page: Page, policy: Policy, link: str | None) -> Words:
    title = _clip(f"{incident.name} {_severity(incident, policy)}: {_flat(incident.title)}", _TITLE)
    return Words(title, _short(incident, page, policy, link), "\n".join(_more(incident, page, policy)))


def local(at: datetime, person: str, policy: Policy) -> str:
    """On the clock of whoever is paged: “Mon 2 Mar 14:00 (America/Bogota)”."""
    zone = policy.zone_of(person)
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%a} {there.day} {there:%b %H:%M} ({zone})"


def _short(incident: Incident, page: Page, policy: Policy, link: str | None) -> str:
    rest = [
        _clip(f"{_service(incident, policy)}, {_severity(incident, policy)}", 80),
        f"Since {local(incident.started_at, page.person, policy)}",
        f"Acknowledge: {link}" if link else f"Acknowledge in Slack: /incident ack {incident.number}",
    ]
    room = SHORT - sum(len(line) + 1 for line in rest)
    return "\n".join((_clip(f"{incident.name}: {_flat(incident.title)}", max(room, _FEWEST)), *rest))


def _more(incident: Incident, page: Page, policy: Policy) -> Iterator[str]:
    if page.asked_by:
        note = f": {_flat(page.note)}" if page.note else "."
        yield _clip(f"{_name(page.asked_by, policy)} asks for you{note}", _LINE)
    severity = policy.severities.get(incident.severity)
    if severity and severity.means:
        yield _clip(f"What it means: {_flat(severity.means)}", _LINE)
    first = _first_step(incident, policy)
    if first:
        yield _clip(first, _LINE)
    waiting = (other.person for other in incident.pages if other.state is PageState.OPEN)
    others = [_name(person, policy) for person in dict.fromkeys(waiting) if person != page.person]
    if others:
        yield f"Also paged: {', '.join(others)}"
    yield _clip(f"Declared by {_name(incident.declared_by, policy)}", _LINE)
    if incident.channel_name:
        yield f"In Slack: #{incident.channel_name}"


def _first_step(incident: Incident, policy: Policy) -> str:
    """Of the runbook that fits best; empty if none does."""
    found = instructions.first_step(incident, policy)
    if found is None:
        return ""
    book, step = found
    return f"First step ({_flat(book.title)}): {_flat(instructions.told(step, incident, policy))}"


def _service(incident: Incident, policy: Policy) -> str:
    known = policy.services.get(incident.service or "")
    if known is None:
        return incident.service or "No service named"
    return _flat(f"{known.name} ({policy.customer_name(known.customer)})" if known.customer else known.name)


def _severity(incident: Incident, policy: Policy) -> str:
    known = policy.severities.get(incident.severity)
    return _flat(f"{known.name} ({incident.severity})") if known else incident.severity


def _name(person: str, policy: Policy) -> str:
    return _flat(policy.person_name(person))


def _flat(text: str) -> str:
    """On one line, and without what would break a header or turn the line round."""
    return " ".join(_NOT_SHOWN.sub(" ", text).split())


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
