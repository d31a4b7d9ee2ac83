"""Links that acknowledge a page without Slack: signed, for one person, one page and one time, and not for ever.

Looking at a link changes nothing, for mail scanners look at every link; the button behind it acknowledges.
"""

import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined

from bot.core import paging
from bot.core.decide import decide
from bot.core.events import IncidentAcknowledged
from bot.core.incident import Incident, Page, PageState
from bot.engine.engine import Engine
from bot.policy.model import Policy

GOOD_FOR = timedelta(hours=24)
_PURPOSE = b"acknowledge a page"  # so that no other signature with the same secret is taken for a link
_LONGEST = 200  # characters of a token
_TEMPLATE = Path(__file__).with_name("link.html")
_STYLE = Path(__file__).with_name("link.css")
_COLOURS = ("red", "orange", "yellow", "blue")  # the worse, the redder


@dataclass(frozen=True, slots=True)
class Shown:
    status: int
    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a genuine link asks for."""

    incident: Incident
    page: Page
    expires: datetime

    @property
    def event(self) -> IncidentAcknowledged:
        return IncidentAcknowledged(number=self.incident.number, by=self.page.person, page=self.page.id)


class Links:
    """`url` is where people reach the door; `secret` signs."""

    def __init__(self, engine: Engine, url: str, secret: str) -> None:
        self._engine = engine
        self._url = url
        self._key = hmac.new(secret.encode(), _PURPOSE, sha256).digest()
        environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._template = environment.from_string(_TEMPLATE.read_text("utf-8"))
        self._style = _STYLE.read_text("utf-8")
        self._headers = _headers(self._style)

    def link(self, incident: Incident, page: Page) -> str:
        expires = int((self._engine.clock.now() + GOOD_FOR).timestamp())
        return f"{self._url}/ack/{page.id}.{expires:x}.{self._signature(incident.number, page, expires)}"

    def look(self, token: str) -> Shown:
        """What the link is about, with a button if it can still be used."""
        asked = self._asked(token)
        if asked is None:
            return self._not_genuine()
        if asked.expires <= self._engine.clock.now():
            return self._over(asked, "This link has expired", "Links in pages are good for a day.")
        refusal = decide(asked.incident, asked.event, self._engine.clock.now(), self._engine.policy).refusal
        if refusal is not None:
            return self._too_late(asked)
        return self._show(200, asked, "You are paged", answers_as=self._name(asked.page.person))

    def acknowledge(self, token: str) -> Shown:
        """Takes the incident for whoever the link was sent to, once."""
        asked = self._asked(token)
        if asked is None:
            return self._not_genuine()
        if asked.expires <= self._engine.clock.now():
            return self._over(asked, "This link has expired", "Links in pages are good for a day.")
        digest = sha256(token.encode()).hexdigest()[:40]
        outcome = self._engine.handle(asked.event, envelope=f"link:{digest}")
        asked = self._asked(token) or asked  # as it stands now
        if outcome.repeated:
            return self._over(asked, "This link has been used", self._how_it_stands(asked))
        if outcome.refusal is not None:
            return self._too_late(asked)
        who = asked.incident.acknowledged_by
        if who != asked.page.person:
            return self._show(200, asked, "You have joined", f"{self._name(who or '')} has it.", done=True)
        others = [self._name(page.person) for page in paging.still_asked(asked.incident, who)]
        too = f"{' and '.join(others)} must acknowledge, too." if others else "Nobody else is paged for it."
        return self._show(200, asked, "You have it", too, done=True)

    def _asked(self, token: str) -> _Asked | None:
        """None: it is not one of ours, or what it was about is gone."""
        parts = token.split(".")
        if len(token) > _LONGEST or not token.isascii() or len(parts) != 3:
            return None
        page_id, expiry, signature = parts
        number = page_id.partition("-")[0]
        if not number.isdigit() or len(number) > 9:
            return None
        with self._engine.store.reading() as read:
            incident = read.incident(int(number))
        page = incident.page(page_id) if incident else None
        try:
            expires = int(expiry, 16)
            until = datetime.fromtimestamp(expires, UTC)
        except (ValueError, OverflowError, OSError):
            return None
        if incident is None or page is None or expiry != f"{expires:x}":
            return None
        good = hmac.compare_digest(signature, self._signature(incident.number, page, expires))
        return _Asked(incident, page, until) if good else None

    def _signature(self, number: int, page: Page, expires: int) -> str:
        signed = "\n".join((str(number), page.id, page.person, str(expires)))
        return urlsafe_b64encode(hmac.digest(self._key, signed.encode(), "sha256")).decode().rstrip("=")

    # The pages

    def _not_genuine(self) -> Shown:
        said = "It may have been cut off on its way. Open it again from the message, or acknowledge in Slack."
        return self._draw(403, heading="This link is not valid", said=said, colour="grey")

    def _too_late(self, asked: _Asked) -> Shown:
        incident, who = asked.incident, asked.incident.acknowledged_by
        if not incident.is_open:
            return self._over(asked, f"{incident.name} is {incident.status}", "Nothing is left to do here.")
        if who == asked.page.person:
            return self._over(asked, "You have it already", self._how_it_stands(asked))
        return self._over(asked, f"{self._name(who or '')} has it", self._how_it_stands(asked))

    def _how_it_stands(self, asked: _Asked) -> str:
        incident, who = asked.incident, asked.incident.acknowledged_by
        if not incident.is_open:
            return f"{incident.name} is {incident.status}."
        others = paging.still_asked(incident, who or "")
        if who is None or incident.acknowledged_at is None:
            return f"Nobody has {incident.name} yet. Acknowledge it in Slack: /incident ack {incident.number}"
        took = "You" if who == asked.page.person else self._name(who)
        waits = f" {' and '.join(self._name(page.person) for page in others)} must acknowledge, too." if others else ""
        return f"{took} acknowledged it {self._when(incident.acknowledged_at, asked.page.person)}.{waits}"

    def _over(self, asked: _Asked, heading: str, said: str) -> Shown:
        return self._show(410, asked, heading, said)

    def _show(
        self, status: int, asked: _Asked, heading: str, said: str = "", answers_as: str = "", done: bool = False
    ) -> Shown:
        incident, policy = asked.incident, self._engine.policy
        rank = policy.rank(incident.severity)
        colour = _COLOURS[rank] if rank < len(_COLOURS) else "grey"
        channel = f"#{incident.channel_name}" if incident.channel_name else ""
        facts = self._facts(asked, policy)
        title = f"{incident.name} {incident.title}"
        about: dict[str, Any] = {"name": incident.name, "title": title, "about": incident.title, "facts": facts}
        colour = "green" if done else colour if answers_as else "grey"
        return self._draw(status, heading, said, colour, answers_as=answers_as, done=done, channel=channel, **about)

    def _facts(self, asked: _Asked, policy: Policy) -> list[tuple[str, str, str]]:
        """Each with a name, what it is, and what that means."""
        incident = asked.incident
        service, severity = policy.services.get(incident.service or ""), policy.severities.get(incident.severity)
        bad = f"{severity.name} ({incident.severity})" if severity else incident.severity
        customer = policy.customer_name(service.customer) if service and service.customer else ""
        paged = (page.person for page in incident.pages if page.state is PageState.OPEN)
        names = [self._name(person) for person in dict.fromkeys(paged)]
        facts = [
            ("Service", service.name if service else incident.service or "", customer),
            ("Severity", bad, severity.means if severity else ""),
            ("Since", self._when(incident.started_at, asked.page.person), ""),
            ("Paged now", ", ".join(names), ""),
        ]
        return [fact for fact in facts if fact[1]]

    def _draw(self, status: int, heading: str, said: str, colour: str, **more: Any) -> Shown:
        empty = {"name": "", "title": "", "about": "", "facts": [], "answers_as": "", "done": False, "channel": ""}
        facts = {"heading": heading, "said": said, "colour": colour, "style": self._style, **empty, **more}
        return Shown(status, self._template.render(facts), self._headers)

    def _name(self, person: str) -> str:
        return self._engine.policy.person_name(person)

    def _when(self, at: datetime, person: str) -> str:
        zone = self._engine.policy.zone_of(person)
        there = at.astimezone(ZoneInfo(zone))
        return f"{there:%A} {there:%H:%M} ({zone})"


def _headers(style: str) -> Mapping[str, str]:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    rules = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(rules),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }
