"""What a runbook can do by itself, and the commands that it may run.

Secrets never stand in a runbook: a header names the environment variable that holds its value, and a command gets
only those variables that the configuration names.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from bot.policy import forms
from bot.policy.fields import Length, wrong
from bot.policy.frozen import Frozen
from bot.policy.paging import PageTarget

LONGEST = timedelta(minutes=10)  # an action that takes longer is a job, to be started and looked at
USUAL = timedelta(seconds=30)  # where no limit is written
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_PLACE = re.compile(r"\{([^{}]*)\}")
ARGUMENT = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_ENV = "env:"


def http_method(text: str) -> str:
    if text.upper() not in METHODS:
        raise ValueError(f'"{text}" is not a method; known are {", ".join(METHODS)}')
    return text.upper()


def _header(text: str) -> str:
    if text.startswith(_ENV):
        return _ENV + forms.environment_variable(text.removeprefix(_ENV).strip())
    return text


def _limit(limit: timedelta) -> timedelta:
    if not timedelta() < limit <= LONGEST:
        raise ValueError("a time limit is more than nothing and at most 10m")
    return limit


Limit = Annotated[Length, AfterValidator(_limit)]
Header = Annotated[str, AfterValidator(_header)]


class HttpCall(Frozen):
    """`url`, `body` and the values of headers are templates; a header `env:NAME` is a secret of the environment."""

    method: Annotated[str, AfterValidator(http_method)] = "GET"
    url: str
    headers: Mapping[str, Header] = {}
    body: str | None = None
    timeout: Limit | None = None  # 30s if left out, at most 10m

    @property
    def limit(self) -> timedelta:
        return self.timeout or USUAL


class CommandCall(Frozen):
    """One of the configured commands; the values of its arguments are templates."""

    command: str
    arguments: Mapping[str, str] = Field(default={}, alias="with")


class Action(Frozen):
    """Exactly one of these. All but `http` and `command` are done by Baton itself, at once."""

    BESIDE: ClassVar = ("with",)  # of a command; written beside it

    http: HttpCall | None = None
    command: CommandCall | None = None
    severity: str | None = None
    status: str | None = None
    role: str | None = None  # taken by whoever presses the button
    page: tuple[PageTarget, ...] = ()
    update: str | None = None  # posted as a status update; a template

    @model_validator(mode="before")
    @classmethod
    def _command(cls, value: object) -> object:
        """`{command: restart, with: {job: churn}}`, as people write it, is one call."""
        if isinstance(value, Mapping) and isinstance(value.get("command"), str):
            call = {key: value[key] for key in ("command", "with") if key in value}
            rest = {key: each for key, each in value.items() if key not in call}
            return {**rest, "command": call}
        if isinstance(value, Mapping) and "with" in value:
            rest = {key: each for key, each in value.items() if key != "with"}
            if set(rest) <= set(cls.model_fields):  # else it is most likely the command that is mistyped
                raise wrong(("with",), '"with" gives a command its values; write "command" beside it', value["with"])
            return rest
        return value

    @model_validator(mode="after")
    def _one(self) -> Self:
        kinds = [kind for kind in type(self).model_fields if getattr(self, kind)]
        if len(kinds) != 1:
            known = "http, command, severity, status, role, page and update"
            raise ValueError(f"an action has exactly one of {known}; this one has {' and '.join(kinds) or 'none'}")
        return self

    @property
    def is_outward(self) -> bool:
        """Whether it reaches other systems, and may therefore fail, take long, or be cut off."""
        return self.http is not None or self.command is not None


class Command(Frozen):
    """A program that runbooks may run: a list of arguments, without a shell, in an environment of its own.

    `{job}` in a word stands for the argument `job`, whose whole value must match its pattern.
    """

    run: tuple[str, ...] = Field(min_length=1)
    dry_run: tuple[str, ...] = ()  # shows what it would do, and does nothing
    means: str = ""  # what it is good for
    arguments: Mapping[str, str] = {}  # name to regular expression
    environment: tuple[Annotated[str, AfterValidator(forms.environment_variable)], ...] = ()  # that it gets
    timeout: Limit | None = None  # 30s if left out, at most 10m

    @property
    def limit(self) -> timedelta:
        return self.timeout or USUAL

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name, pattern in self.arguments.items():
            if not ARGUMENT.fullmatch(name):
                sentence = f'"{name}" is no name of an argument; use small letters, digits and _'
                raise wrong(("arguments", name), sentence, name)
            try:
                re.compile(pattern)
            except re.error as error:
                raise wrong(("arguments", name), f"this is no regular expression: {error}", pattern) from None
        for key in ("run", "dry_run"):
            for place, word in enumerate(getattr(self, key)):
                for used in _PLACE.findall(word):
                    if used not in self.arguments:
                        sentence = f'"{{{used}}}" is no argument of this command; give it a pattern under "arguments"'
                        raise wrong((key, place), sentence, word)
        if "{" in self.run[0]:
            raise wrong(("run", 0), "the program itself cannot be an argument", self.run[0])
        return self

    def words(self, given: Mapping[str, str], dry: bool = False) -> list[str]:
        """The argument list. Raises ValueError, with a sentence, for a value that its pattern does not allow."""
        for name, pattern in self.arguments.items():
            if name not in given:
                raise ValueError(f"the argument {name} has no value")
            if re.fullmatch(pattern, given[name]) is None:
                raise ValueError(f"{name} may not be “{given[name][:60]}”: it must match {pattern}")
        return [_PLACE.sub(lambda found: given[found[1]], word) for word in (self.dry_run if dry else self.run)]
