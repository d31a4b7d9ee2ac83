"""What people decided: the configuration as typed, frozen models.

Names (the keys of the YAML maps) are the identifiers used everywhere else: a person is `amina`, a
service `churn-scoring`. Durations are `timedelta`, times of day `time`, zones IANA names.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from bot.policy import forms
from bot.policy.fields import Channel, Country, Day, Holidays, Length, Share, Zone
from bot.policy.frozen import Frozen
from bot.policy.paging import Acknowledge as Acknowledge
from bot.policy.paging import Condition as Condition
from bot.policy.paging import Contact as Contact
from bot.policy.paging import Contacts, PathOrPaths
from bot.policy.paging import EscalationPath as EscalationPath
from bot.policy.paging import Hold as Hold
from bot.policy.paging import PageTarget as PageTarget
from bot.policy.paging import Paths as Paths
from bot.policy.paging import Pick as Pick
from bot.policy.paging import Step as Step
from bot.policy.paging import TargetKind as TargetKind
from bot.policy.runbook import Runbook
from bot.policy.schedules import Every as Every
from bot.policy.schedules import Feed as Feed
from bot.policy.schedules import FeedShift as FeedShift
from bot.policy.schedules import HandoffPlan as HandoffPlan
from bot.policy.schedules import Layer as Layer
from bot.policy.schedules import Override as Override
from bot.policy.schedules import Rotation as Rotation
from bot.policy.schedules import Schedule as Schedule
from bot.policy.schedules import Unit as Unit
from bot.policy.schedules import Window as Window


class Workspace(Frozen):
    announcements: Channel | None = None
    channel_name: Annotated[str, AfterValidator(forms.channel_name)] = "inc-{number}-{slug}"
    default_escalation_path: str | None = None
    default_sla: str | None = None


class Person(Frozen):
    name: str
    slack: Annotated[str, AfterValidator(forms.slack_id)] | None = None
    email: Annotated[str, AfterValidator(forms.email)] | None = None
    time_zone: Zone = "UTC"
    country: Country | None = None
    contact: Contacts = ()  # besides Slack, in order


class TeamKind(StrEnum):
    SUPPORT = "support"
    ENGINEERING = "engineering"
    PLATFORM = "platform"
    PARTNER = "partner"


class Team(Frozen):
    name: str
    kind: TeamKind
    channel: Channel | None = None
    lead: str | None = None
    members: tuple[str, ...] = ()


class Severity(Frozen):
    name: str
    means: str = ""
    re_page_after: Length | None = None


class Category(Frozen):
    name: str


class ServiceKind(StrEnum):
    BATCH_INFERENCE = "batch-inference"
    ONLINE_INFERENCE = "online-inference"
    TRAINING = "training"
    PIPELINE = "pipeline"
    FEATURE_STORE = "feature-store"
    LABELLING = "labelling"
    LLM = "llm"
    PLATFORM = "platform"


class Service(Frozen):
    name: str
    kind: ServiceKind
    tier: int = Field(default=3, ge=1, le=4, strict=True)
    customer: str | None = None
    support: str | None = None
    owner: str | None = None
    partners: tuple[str, ...] = ()
    escalation_path: PathOrPaths = None
    sla: str | None = None
    model: str | None = None
    freshness: str | None = None
    links: Mapping[str, str] = {}


class Calendar(Frozen):
    """The hours that count for a clock. No `hours`: always open, save the holidays."""

    time_zone: Zone = "UTC"
    hours: tuple[Window, ...] = ()
    holidays: Holidays | None = None
    closed: frozenset[Day] = frozenset()


class Clock(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    FIRST_UPDATE = "first_update"
    UPDATE = "update"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"


class Target(Frozen):
    within: Length
    calendar: str = "always"

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return {"within": value} if isinstance(value, str | int) else value


class Waiting(StrEnum):
    """On whom an open incident may wait."""

    CUSTOMER = "customer"
    PARTNER = "partner"
    ENGINEERING = "engineering"


class PauseWhile(Frozen):
    """Which clocks stand still while the incident waits on one of these."""

    waiting: tuple[Waiting, ...] = Field(min_length=1)
    clocks: tuple[Clock, ...] = Field(min_length=1)


class Sla(Frozen):
    warn_at: tuple[Share, ...] = (0.5, 0.75, 0.9)  # shares of the time, 0 < x < 1
    pause_while: PauseWhile | None = None
    targets: Mapping[str, Mapping[Clock, Target]]  # severity to clock to target


class Policy(Frozen):
    """Everything of config/ and runbooks/, checked: every name that is used exists."""

    workspace: Workspace = Workspace()
    people: Mapping[str, Person] = {}
    teams: Mapping[str, Team] = {}
    severities: Mapping[str, Severity] = {}  # in order, worst first
    categories: Mapping[str, Category] = {}
    services: Mapping[str, Service] = {}
    schedules: Mapping[str, Schedule] = {}
    escalation_paths: Mapping[str, EscalationPath] = {}
    calendars: Mapping[str, Calendar] = {"always": Calendar()}
    slas: Mapping[str, Sla] = {}
    runbooks: Mapping[str, Runbook] = {}  # by the file's `runbook:` id
    overrides: tuple[Override, ...] = ()  # not configured: those that stand at present, of every schedule

    def person_name(self, person: str) -> str:
        """As others know them; the key of somebody who has no name or is not configured."""
        known = self.people.get(person)
        return known.name if known and known.name.strip() else person

    def zone_of(self, person: str) -> str:
        """Where they live; UTC for somebody who is not configured."""
        known = self.people.get(person)
        return known.time_zone if known else "UTC"

    def schedule_name(self, schedule: str) -> str:
        """As people know it; its key if it has no name."""
        known = self.schedules.get(schedule)
        return known.name if known and known.name else schedule

    def rank(self, severity: str) -> int:
        """The place in the order of the configuration, the worst first; what it no longer knows comes last."""
        order = list(self.severities)
        return order.index(severity) if severity in order else len(order)

    def overrides_of(self, schedule: str) -> tuple[Override, ...]:
        """The overrides of one schedule, the earlier decided first."""
        found = (override for override in self.overrides if override.schedule == schedule)
        return tuple(sorted(found, key=lambda override: override.id))


def path_name(service: Service | None, severity: str, policy: Policy) -> str | None:
    """The name of the path that answers for a service, or for no service in particular, at a severity."""
    named = service.escalation_path if service else None
    own = named.of(severity) if isinstance(named, Paths) else named
    name = own or policy.workspace.default_escalation_path
    return name if name in policy.escalation_paths else None
