"""Who is paged, when and by what, as people write it: contacts, targets, conditions, steps and paths.

The environment variable of a contact holds its address; the address itself never stands in the configuration.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    RootModel,
    model_validator,
)
from pydantic_core import PydanticKnownError

from bot.policy import forms
from bot.policy.fields import Holidays, Length, Zone, wrong
from bot.policy.frozen import Frozen
from bot.policy.schedules import Window

OWN = "own"  # the time zone of whoever is paged
DEFAULT = "default"  # the path of all severities that have none of their own


class Contact(Frozen):
    """A way to reach a person beside Slack; used if a page still waits so long `after` it was sent."""

    env: Annotated[str, AfterValidator(forms.environment_variable)]  # it holds an Apprise URL
    name: str  # as people know it, like SMS
    after: Length = timedelta()

    @model_validator(mode="before")
    @classmethod
    def _no_text(cls, value: Any) -> Any:
        return _not_a_text(value)


def _not_a_text(value: Any) -> Any:
    """A text here is most likely the address itself, which must not be told on."""
    if isinstance(value, str):
        raise ValueError(f"{forms.NO_ADDRESS}: {{env: AMINA_SMS, name: SMS}}")
    return value


def _each_its_own_name(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    names = [contact.name for contact in contacts]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise wrong((place, "name"), f'two contacts of this person are called "{name}"; give each its own', name)
    return contacts


Contacts = Annotated[tuple[Contact, ...], BeforeValidator(_not_a_text), AfterValidator(_each_its_own_name)]


class TargetKind(StrEnum):
    PERSON = "person"
    SCHEDULE = "schedule"
    TEAM = "team"
    GROUP = "group"  # a user group of Slack; the name has its @
    CHANNEL = "channel"  # where anyone may acknowledge; the name has its #


class PageTarget(Frozen):
    kind: TargetKind
    name: str

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, str | int):
            return value
        kind, name = forms.page_target(str(value))
        return {"kind": kind, "name": name}


class Condition(Frozen):
    """When a step is for somebody. What is left out restricts nothing."""

    severity: tuple[str, ...] = ()
    hours: tuple[Window, ...] = ()
    time_zone: Annotated[str, AfterValidator(forms.zone_or_own)] | None = None  # of the hours; a name or `own`
    holiday: bool | None = None  # only on public holidays, or on none of them
    holidays: Holidays | None = None  # of this country; none: of that of whoever is paged

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if self.hours and self.time_zone is None:
            zone = 'add "time_zone": a name like Africa/Nairobi, or own for that of whoever is paged'
            raise wrong(("hours",), f"nothing says whose hours these are; {zone}", self.hours)
        if self.time_zone and not self.hours and self.holiday is None:
            raise wrong(("time_zone",), "a zone alone restricts nothing; add hours, or remove it", self.time_zone)
        if self.holidays and self.holiday is None:
            meant = 'add "holiday: true" to page only on them, or "holiday: false" to page on none of them'
            raise wrong(("holidays",), f"nothing says what these holidays do; {meant}", self.holidays)
        return self


class Acknowledge(StrEnum):
    """Who of those that a step pages must acknowledge before nobody else is paged."""

    ANY = "any"
    ALL = "all"


class Pick(StrEnum):
    """Whom of those that a step means it pages: all, or one, in turn from incident to incident."""

    ALL = "all"
    ONE = "one"


class Step(Frozen):
    page: tuple[PageTarget, ...] = Field(min_length=1)
    wait: Length
    when: Condition = Condition()
    acknowledge: Acknowledge = Acknowledge.ANY
    pick: Pick = Pick.ALL

    @model_validator(mode="after")
    def _all_are_known(self) -> Self:
        if self.acknowledge is Acknowledge.ALL and all(target.kind is TargetKind.CHANNEL for target in self.page):
            sentence = "in a channel anyone may acknowledge, and nobody knows who all are; leave it out, or page people"
            raise wrong(("acknowledge",), sentence, self.acknowledge)
        return self

    def to_json(self) -> dict[str, Any]:
        """As plain data that `from_json` reads back as an equal step."""
        return self.model_dump(mode="json") | {"wait": self.wait.total_seconds()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Step":
        return cls.model_validate({**data, "wait": timedelta(seconds=data["wait"])})


class Hold(Frozen):
    """For these severities (none: for all) nobody is paged before the next of these hours."""

    severity: tuple[str, ...] = ()
    until: tuple[Window, ...] = Field(min_length=1)
    time_zone: Zone
    holidays: Holidays | None = None  # the hours of these days do not count

    @model_validator(mode="before")
    @classmethod
    def _of_some_zone(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and value.get("time_zone") == OWN:
            sentence = (
                "nobody is paged yet when a page is held, so there is no zone of their own; write one by its name"
            )
            raise wrong(("time_zone",), sentence, OWN)
        return value


class EscalationPath(Frozen):
    repeat: int = Field(default=0, ge=0, strict=True)  # how many more times the whole path runs after the first
    hold: Hold | None = None
    steps: tuple[Step, ...] = Field(min_length=1)


class Paths(RootModel[Mapping[str, str]]):
    """The names of a service's paths by severity, with DEFAULT for the others."""

    model_config = ConfigDict(frozen=True)

    def of(self, severity: str) -> str | None:
        return self.root.get(severity) or self.root.get(DEFAULT)


def _one_or_by_severity(value: Any) -> str | Paths | None:
    if value is None or isinstance(value, str | Paths):
        return value
    if isinstance(value, Mapping):
        return Paths.model_validate(value)
    raise PydanticKnownError("string_type")


def _written(paths: str | Paths | None) -> str | dict[str, str] | None:
    return dict(paths.root) if isinstance(paths, Paths) else paths


PathOrPaths = Annotated[str | Paths | None, PlainValidator(_one_or_by_severity), PlainSerializer(_written)]
