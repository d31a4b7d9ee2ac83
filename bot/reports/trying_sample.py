"""A sample incident to try a runbook against: what the core decides is decided, and nothing leaves this process."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.core.decide import decide
from bot.core.effects import Effect
from bot.core.events import (
    ChannelCreated,
    IncidentAcknowledged,
    IncidentDeclared,
    IncidentEvent,
    LabelsChanged,
    RoleTaken,
)
from bot.core.incident import Incident, Role, RunbookRun
from bot.core.runbook_events import RunbookStarted
from bot.policy.matching import can_apply
from bot.policy.model import Policy
from bot.policy.nearest import hint
from bot.policy.runbook import Runbook

NUMBER = 42
TITLE = "A sample, to try it out"
SEVERITY = "sev2"
_MENTION = re.compile(r"@\[([^\]]+)\]")
_STEP = timedelta(minutes=1)  # passes with everything that happens


class BadSample(ValueError):
    """There can be no such incident; the sentence says why."""


class Sample:
    """An incident in which the runbook has just been started by `me`, and that somebody else leads."""

    def __init__(
        self,
        book: Runbook,
        policy: Policy,
        now: datetime,
        service: str | None = None,
        severity: str | None = None,
        category: str | None = None,
    ) -> None:
        self.book = book
        self.policy = policy
        self._now = now
        self._incident: Incident | None = None
        self.effects: tuple[Effect, ...] = ()  # of what happened last; nobody carries them out
        service = _service(book, policy, service)
        severity = _severity(book, policy, severity)
        category = _category(book, policy, category)
        labels = book.applies_to.labels
        self.me, self.other = self._people(service)
        first = (
            IncidentDeclared(
                number=NUMBER, by=self.me, title=TITLE, severity=severity, service=service, category=category
            ),
            *((LabelsChanged(number=NUMBER, by=self.me, labels=labels),) if labels else ()),
            ChannelCreated(number=NUMBER, channel="C0SAMPLE", name=f"inc-{NUMBER}-sample"),
            IncidentAcknowledged(number=NUMBER, by=self.me),
            RoleTaken(number=NUMBER, by=self.other, role=Role.LEAD, person=self.other),
            RunbookStarted(number=NUMBER, by=self.me, runbook=book.id),
        )
        for event in first:
            if refusal := self.happens(event):
                raise BadSample(refusal)

    @property
    def incident(self) -> Incident:
        assert self._incident is not None
        return self._incident

    @property
    def run(self) -> RunbookRun:
        return self.incident.runs[0]

    def happens(self, event: IncidentEvent) -> str | None:
        """Decided as in the bot; the sentence if it is refused."""
        self._now += _STEP
        decision = decide(self._incident, event, self._now, self.policy)
        self._incident, self.effects = decision.state, decision.effects
        return decision.refusal and self.named(decision.refusal)

    def passes(self, length: timedelta) -> None:
        self._now += length

    def named(self, sentence: str) -> str:
        """With the names of people."""
        return _MENTION.sub(lambda found: self.policy.person_name(found[1]), sentence)

    def _people(self, service: str) -> tuple[str, str]:
        """Somebody who would follow the runbook, and who would lead."""
        team = self.policy.teams.get(self.policy.services[service].support or "")
        found = [*(team.members if team else ()), *self.policy.people, "you", "somebody else"]
        me = next((person for person in found if team is None or person != team.lead), found[0])
        other = team.lead if team and team.lead else next(person for person in found if person != me)
        return me, other


def _service(book: Runbook, policy: Policy, wanted: str | None) -> str:
    if wanted is not None:
        return _known("service", wanted, policy.services)
    fitting = (name for name, each in policy.services.items() if can_apply(book.applies_to, name, each.kind))
    found = next(fitting, None)
    if found is None:
        raise BadSample(f"No service of the configuration is one to which {book.id} applies; name one with --service.")
    return found


def _severity(book: Runbook, policy: Policy, wanted: str | None) -> str:
    if wanted is not None:
        return _known("severity", wanted, policy.severities)
    likely = (*book.applies_to.severities, SEVERITY, *policy.severities)
    found = next((name for name in likely if name in policy.severities), None)
    if found is None:
        raise BadSample("The configuration has no severities, so there can be no incident.")
    return found


def _category(book: Runbook, policy: Policy, wanted: str | None) -> str | None:
    if wanted is not None:
        return _known("category", wanted, policy.categories)
    return next(iter(book.applies_to.categories), None)


def _known(what: str, name: str, names: Iterable[str]) -> str:
    known = list(names)
    if name not in known:
        raise BadSample(f"There is no {what} {name!r}{hint(name, known)}")
    return name
