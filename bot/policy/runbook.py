"""A runbook as people wrote it: when it applies, and its steps in order."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.policy import forms
from bot.policy.frozen import Frozen


def _day(value: Any) -> Any:
    return forms.day(value) if isinstance(value, str) else value


class AppliesTo(Frozen):
    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}


class HttpCall(Frozen):
    method: str = "GET"
    url: str
    body: str | None = None


class Action(Frozen):
    http: HttpCall


class RunbookStep(Frozen):
    """Exactly one of `do`, `ask`, `check` and `run`.

    `do` is an instruction, `check` something to look at with `expect` to compare, `ask` a question
    whose `answers` name the id of the step that follows (or `end`), `run` an action that, for now, a
    person carries out.
    """

    id: str
    do: str | None = None
    check: str | None = None
    expect: str | None = None
    ask: str | None = None
    answers: Mapping[str, str] = {}
    run: Action | None = None
    approve: str | None = None  # a role or team whose consent the action needs
    safe: bool = False  # L1 may do it without asking

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in ("do", "ask", "check", "run") if getattr(self, kind)]
        if len(kinds) != 1:
            found = " and ".join(kinds) or "none of them"
            raise ValueError(f"a step has exactly one of do, ask, check and run; this one has {found}")
        if self.ask and not self.answers:
            raise ValueError("a question needs answers, each with the step that follows: {yes: rerun, no: end}")
        if self.answers and not self.ask:
            raise ValueError('answers belong to a question; write "ask" or remove them')
        return self


class Runbook(Frozen):
    id: str
    title: str
    owner: str | None = None
    reviewed: Annotated[date, BeforeValidator(_day), Field(strict=True)] | None = None
    applies_to: AppliesTo = AppliesTo()
    steps: tuple[RunbookStep, ...] = Field(min_length=1)
