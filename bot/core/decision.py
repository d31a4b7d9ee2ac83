"""The form of an answer: a decision, and the draft in which it is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.core.effects import CancelTimer, Effect, Entry, Notice, PostNotice, Record, SetTimer
from bot.core.events import Event
from bot.core.history import COUNTED, Mark
from bot.core.incident import Incident, Page, RunbookRun, Status
from bot.policy.model import Policy, Service, Team, Terms, terms_of

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Decision(Generic[State]):
    """What becomes of the state, what is to be done, or why nothing is (`refusal`, a sentence).

    Refused means nothing happened: then `state` is the one that was given and there are no effects.
    A sentence names a person as `@[key]`; the room that shows it draws the name.
    """

    state: State
    effects: tuple[Effect, ...] = ()
    refusal: str | None = None


class Refused(Exception):
    """What was asked for is not allowed; the message is the sentence for the person who asked."""


def mention(person: str) -> str:
    return f"@[{person}]"


def ended(incident: Incident) -> str:
    """Why nothing more is done to what has ended."""
    if incident.merged_into is not None:
        into = f"INC-{incident.merged_into}"
        return f"{incident.name} was merged into {into}; work on that one, or declare a new one."
    again = " Reopen it first." if incident.status is Status.RESOLVED else ""
    return f"{incident.name} is {incident.status}.{again}"


class Draft:
    """A decision about one incident in the making; nobody outside sees it before it is whole."""

    def __init__(self, incident: Incident, now: datetime, policy: Policy) -> None:
        self.incident = incident
        self.now = now
        self.policy = policy
        self.effects: list[Effect] = []
        self.counted = incident.history  # from which the clocks have been counted

    def change(self, **fields: Any) -> None:
        self.incident = replace(self.incident, **fields)

    def replace_page(self, after: Page) -> None:
        self.change(pages=tuple(after if page.id == after.id else page for page in self.incident.pages))

    def replace_run(self, after: RunbookRun) -> None:
        self.change(runs=tuple(after if run.id == after.id else run for run in self.incident.runs))

    def do(self, *effects: Effect) -> None:
        self.effects.extend(effects)

    def record(
        self, by: str | None, what: Entry, old: str | None = None, new: str | None = None, text: str = ""
    ) -> None:
        entry = Record(number=self.incident.number, at=self.now, by=by, what=what, old=old, new=new, text=text)
        self.effects.append(entry)
        if what in COUNTED:
            self.change(history=(*self.incident.history, Mark(self.now, what, old, new, by, text)))

    def tell(self, notice: Notice, **facts: str) -> None:
        """Short news in the incident channel; facts that are empty are left out."""
        known = {name: fact for name, fact in facts.items() if fact}
        self.effects.append(PostNotice(number=self.incident.number, notice=notice, facts=known))

    @property
    def terms(self) -> Terms:
        """What was promised when it was declared; an incident of an older Baton takes on what is promised now."""
        return self.incident.terms or terms_of(self.incident.service, self.policy)

    @property
    def service(self) -> Service | None:
        return self.policy.services.get(self.incident.service or "")

    @property
    def team(self) -> Team | None:
        """The team that answers for the service."""
        return self.policy.teams.get(self.service.support or "") if self.service else None

    def must_be_open(self) -> None:
        if not self.incident.is_open:
            raise Refused(ended(self.incident))

    def set_timer(self, name: str, due: datetime, event: Event) -> None:
        self.effects.append(SetTimer(key=self.timer_key(name), due=due, event=event))

    def cancel_timer(self, name: str) -> None:
        self.effects.append(CancelTimer(key=self.timer_key(name)))

    def timer_key(self, name: str) -> str:
        return f"incident:{self.incident.number}:{name}"


Handler = Callable[[Draft, Any], None]
