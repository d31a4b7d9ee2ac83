"""What people decided: the configuration as typed, frozen models.

Names (the keys of the YAML maps) are the identifiers used everywhere else: a person is `amina`, a
service `churn-scoring`. Durations are `timedelta`, times of day `time`, zones IANA names.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.policy import forms
from bot.policy.actions import Command as Command
from bot.policy.fields import Channel, Country, Length, Zone
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
from bot.policy.slas import AppliesTo as AppliesTo
from bot.policy.slas import BusinessDays as BusinessDays
from bot.policy.slas import Calendar as Calendar
from bot.policy.slas import Clock as Clock
from bot.policy.slas import DayEnd as DayEnd
from bot.policy.slas import DayTime as DayTime
from bot.policy.slas import PauseWhile as PauseWhile
from bot.policy.slas import Sla as Sla
from bot.policy.slas import SlaKind as SlaKind
from bot.policy.slas import Target as Target
from bot.policy.slas import Terms as Terms
from bot.policy.slas import Waiting as Waiting
from bot.policy.slas import Within as Within

Names = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else () if value is None else value),
]


class Workspace(Frozen):
    announcements: Channel | None = None  # where new incidents are announced
    channel_name: Annotated[str, AfterValidator(forms.channel_name)] = "inc-{number}-{slug}"
    default_escalation_path: str | None = None  # of services that name none
    default_sla: str | None = None  # likewise
    runbooks_reviewed_within: Length = timedelta(days=180)  # then they are called stale, and their owners told
    step_stalls_after: Length = timedelta(minutes=15)  # whoever has a step of a runbook in hand is reminded


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
    re_page_after: Length | None = None  # nothing heard for so long: the escalation starts again


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
    customer: str | None = None  # a key of `customers`, or a name
    support: str | None = None  # the team that answers
    owner: str | None = None  # the team that fixes
    partners: tuple[str, ...] = ()  # teams of kind partner
    escalation_path: PathOrPaths = None  # one, or by severity with `default` for the others
    sla: Names = ()  # one or several, such as what the customer was promised and what the teams promise each other
    model: str | None = None
    freshness: str | None = None  # how old its output may be, in words
    links: Mapping[str, str] = {}  # that runbooks use as `service.links.NAME`


class Customer(Frozen):
    name: str
    tier: str | None = None  # as the contracts call it; the `applies_to` of an SLA may name it


class Policy(Frozen):
    """Everything of config/ and runbooks/, checked: every name that is used exists."""

    workspace: Workspace = Workspace()
    people: Mapping[str, Person] = {}
    teams: Mapping[str, Team] = {}
    severities: Mapping[str, Severity] = {}  # in order, worst first
    categories: Mapping[str, Category] = {}
    customers: Mapping[str, Customer] = {}
    services: Mapping[str, Service] = {}
    schedules: Mapping[str, Schedule] = {}
    escalation_paths: Mapping[str, EscalationPath] = {}
    calendars: Mapping[str, Calendar] = {"always": Calendar()}
    slas: Mapping[str, Sla] = {}
    commands: Mapping[str, Command] = {}  # that runbooks may run
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

    def customer_name(self, customer: str) -> str:
        """As people know them; a service may also just name them."""
        known = self.customers.get(customer)
        return known.name if known else customer

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


def slas_of(service: str | None, policy: Policy) -> tuple[str, ...]:
    """The names of the SLAs of a service: its own; or else all that apply to it; or else the default."""
    known = policy.services.get(service or "")
    named = known.sla if known else ()
    if known and not named:
        named = tuple(
            name for name, sla in policy.slas.items() if sla.applies_to and _applies(sla.applies_to, known, policy)
        )
    if not named and policy.workspace.default_sla:
        named = (policy.workspace.default_sla,)
    return tuple(name for name in dict.fromkeys(named) if name in policy.slas)


def terms_of(service: str | None, policy: Policy) -> Terms:
    """What is promised of an incident of this service that is declared now."""
    slas = {name: policy.slas[name] for name in slas_of(service, policy)}
    named = {target.calendar for sla in slas.values() for each in sla.targets.values() for target in each.values()}
    calendars = {name: policy.calendars[name] for name in sorted(named) if name in policy.calendars}
    return Terms(severities=tuple(policy.severities), slas=slas, calendars=calendars)


def _applies(to: AppliesTo, service: Service, policy: Policy) -> bool:
    customer = policy.customers.get(service.customer or "")
    return (
        (not to.kinds or service.kind in to.kinds)
        and (not to.tiers or service.tier in to.tiers)
        and (not to.customer_tiers or (customer is not None and customer.tier in to.customer_tiers))
    )
