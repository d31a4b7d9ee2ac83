"""How things are written in YAML where the models, which hold values, do not say it: texts, short forms, rules."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bot.policy import actions, durations, forms, runbook, slas, windows
from bot.policy.actions import Action
from bot.policy.model import Calendar, Condition, Feed, Layer, PageTarget, Rotation, Service, ServiceKind, Target
from bot.policy.promises import promise
from bot.policy.runbook import KINDS, ONLY, SECOND, RunbookStep
from bot.policy.runbook_references import ROLES, STATES
from bot.policy.schedules import Every, Stay, Window

Schema = dict[str, Any]


def _fits(pattern: re.Pattern[str], *examples: str) -> Schema:
    """A text that matches the whole pattern; Python alone names groups."""
    plain = re.sub(r"\?P<\w+>", "", pattern.pattern)
    return {"type": "string", "pattern": f"^(?:{plain})$"} | ({"examples": list(examples)} if examples else {})


def _one_of(words: tuple[str, ...]) -> Schema:
    return {"enum": list(words)}


_TARGETS = re.compile(r"(person|schedule|team|group|channel):.*\S.*")
_WINDOW = re.compile(rf"\s*{windows.WINDOW.pattern}\s*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(rf"{_DAY.pattern}.*")

# what a type is in YAML, by the name under which the schemas keep it
TEXTS: Mapping[type, tuple[str, Schema]] = {
    timedelta: ("duration", _fits(durations.PARTS, "30s", "5m", "1h30m", "2d", "1w") | {"minLength": 1}),
    date: ("day", _fits(_DAY, "2026-10-01")),
    datetime: ("moment", _fits(_MOMENT, "2026-01-05T08:00")),
    float: (
        "share",
        {"anyOf": [_fits(forms.PERCENT, "75%"), {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}]},
    ),
    Window: ("window", _fits(_WINDOW, "Mon-Fri 09:00-17:00", "22:00-06:00")),
    Every: ("every", _fits(durations.EVERY, "12h", "1d", "1w", "1mo")),
}

# what may stand for a map of the model
SHORT: Mapping[type, Schema] = {
    PageTarget: _fits(_TARGETS, "person:amina", "schedule:l1", "team:support", "group:@mlops-oncall", "channel:#help"),
    Target: {"type": "string", "examples": ["4h", "2 business days", "end of next business day"]},
}

# what a text is that this function checks
CHECKED: Mapping[Callable[..., Any], Schema] = {
    forms.channel: _fits(forms.CHANNEL, "#incidents"),
    forms.slack_id: _fits(forms.SLACK_ID, "U012AB3CD"),
    forms.user_group: _fits(forms.USER_GROUP, "@mlops-oncall"),
    forms.country: _fits(forms.COUNTRY, "KE"),
    forms.holidays: _fits(forms.COUNTRY, "KE"),
    forms.environment_variable: _fits(forms.ENVIRONMENT_VARIABLE, "AMINA_SMS"),
    forms.zone: {"type": "string", "examples": ["Africa/Nairobi", "America/Bogota", "Asia/Kathmandu", "UTC"]},
    forms.zone_or_own: {"type": "string", "examples": ["own", "Africa/Nairobi"]},
    forms.ical: {"type": "string", "examples": ["shifts/vendor.ics", "https://calendar.example.com/oncall.ics"]},
    forms.channel_name: {"type": "string", "pattern": r"\{number\}", "examples": ["inc-{number}-{slug}"]},
    promise: SHORT[Target],
    actions.http_method: _one_of(actions.METHODS),
}

_Turn = str | Stay | Annotated[tuple[str | Stay, ...], Field(min_length=1)]

# what is written under a key, a type or a schema, where it is something else than in the model
AS_WRITTEN: Mapping[tuple[type, str], Any] = {
    (Service, "sla"): str | tuple[str, ...],
    (Service, "escalation_path"): str | Mapping[str, str],
    (Target, "within"): Annotated[str, AfterValidator(promise)],
    (Calendar, "exceptions"): Mapping[str, tuple[Window, ...]],
    (Layer, "rotation"): Rotation | Annotated[tuple[Rotation, ...], Field(min_length=1)],
    (Rotation, "people"): Annotated[tuple[_Turn, ...], Field(min_length=1)],
    (slas.AppliesTo, "kinds"): tuple[ServiceKind, ...],
    (runbook.AppliesTo, "kinds"): tuple[ServiceKind, ...],
    (RunbookStep, "approve"): {"type": "string", "examples": [*ROLES, SECOND]},
    (Action, "command"): str,
    (Action, "status"): _one_of(STATES),
    (Action, "role"): _one_of(ROLES),
}
BESIDE: Mapping[type, Mapping[str, Any]] = {Action: {"with": Mapping[str, str]}}
LEFT_OUT: Collection[tuple[type, str]] = {(Rotation, "joins"), (Rotation, "leaves"), (Layer, "then"), (Feed, "shifts")}
CALLED: Mapping[tuple[type, str], str] = {(runbook.Runbook, "id"): "runbook"}


def _exactly_one(keys: Iterable[str]) -> Schema:
    return {"oneOf": [{"required": [key]} for key in keys]}


# what must or must not stand together
RULES: Mapping[type, Schema] = {
    Action: _exactly_one(Action.model_fields) | {"dependentRequired": {"with": ["command"]}},
    RunbookStep: _exactly_one(KINDS)
    | {
        "dependentRequired": {"ask": ["answers"], "input": ["name"]},
        "dependentSchemas": {key: {"anyOf": [{"required": [kind]} for kind in of]} for key, of in ONLY.items()},
    },
    Layer: _exactly_one(("rotation", "feed")),
    Condition: {"dependentRequired": {"hours": ["time_zone"], "holidays": ["holiday"]}},
}
