"""A runbook as people wrote it: when it applies, and its steps in order."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.policy import forms
from bot.policy.actions import Action
from bot.policy.fields import Length, wrong
from bot.policy.frozen import Frozen

SECOND = "second"  # consent of any second person
KINDS = ("do", "check", "ask", "input", "wait", "run")
VALUE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}", re.ASCII)  # as monitoring tools have them, and templates can say them
LONGEST_LABEL = 200


def _day(value: Any) -> Any:
    return forms.day(value) if isinstance(value, str) else value


class AppliesTo(Frozen):
    """What is left out restricts nothing; `labels` are those of an alert."""

    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}

    @model_validator(mode="after")
    def _labels_that_can_be(self) -> Self:
        for name, value in self.labels.items():
            if LABEL.fullmatch(name) is None:
                sentence = f'"{name}" cannot name a label: letters, digits and _, such as alertname'
                raise wrong(("labels", name), sentence, name)
            if not value.strip() or len(value) > LONGEST_LABEL:
                sentence = f"the value of a label has 1 to {LONGEST_LABEL} characters"
                raise wrong(("labels", name), sentence, value)
        return self


class RunbookStep(Frozen):
    """Exactly one of `do`, `check`, `ask`, `input`, `wait` and `run`.

    * `do` is an instruction; `check` something to look at, with `expect` to compare: looks right, or looks wrong,
      which leads to `wrong` if that is written;
    * `ask` is a question whose `answers` name the id of the step that follows (or `end`);
    * `input` asks for a value, which later texts use as `inputs.NAME`;
    * `wait` lets so much time pass; `why` says for what;
    * `run` is an action, with `dry_run` one that shows beforehand what it would do.
    """

    id: str
    do: str | None = None  # an instruction
    check: str | None = None  # something to look at
    ask: str | None = None  # a question
    input: str | None = None  # asks for a value
    wait: Length | None = None  # lets time pass
    run: Action | None = None  # does something itself, once somebody presses the button
    expect: str | None = None  # what it looks like when all is well
    wrong: str | None = None  # the step that follows a check that looks wrong, or `end`; the next one if left out
    answers: Mapping[str, str] = {}  # each with the step that follows, or `end`
    name: str | None = None  # of the value, which later texts use as `inputs.NAME`
    matches: str | None = None  # a regular expression, which the whole value must match
    why: str | None = None  # what the wait or the action is for
    dry_run: Action | None = None  # shows beforehand what the action would do
    approve: str | None = None  # a role, a team, or `second`: whose consent it needs
    safe: bool = False  # L1 may do it without asking
    stalls_after: Length | None = None  # then whoever has it is reminded

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1 or not getattr(self, kinds[0]):
            found = " and ".join(kind for kind in kinds if getattr(self, kind)) or "none of them"
            raise ValueError(f"a step has exactly one of {', '.join(KINDS[:-1])} and {KINDS[-1]}; this one has {found}")
        if self.ask and not self.answers:
            raise ValueError("a question needs answers, each with the step that follows: {yes: rerun, no: end}")
        if self.input and not self.name:
            raise ValueError('an input needs a name, by which later steps use its value: "name: partition"')
        self._nothing_of_other_kinds(kinds[0])
        self._checked_values()
        return self

    def _nothing_of_other_kinds(self, kind: str) -> None:
        for key, of in ONLY.items():
            if getattr(self, key) and kind not in of:
                what = " or ".join(f'"{each}"' for each in of)
                raise ValueError(f'"{key}" belongs to {_MEANS[key]}; write {what} or remove it')

    def _checked_values(self) -> None:
        if self.name is not None and not VALUE.fullmatch(self.name):
            raise wrong(("name",), f'"{self.name}" is no name of a value; use small letters, digits and _', self.name)
        if self.matches is not None:
            try:
                re.compile(self.matches)
            except re.error as error:
                raise wrong(("matches",), f"this is no regular expression: {error}", self.matches) from None
        if self.dry_run is not None and not self.dry_run.is_outward:
            raise wrong(("dry_run",), "a dry run is an http call or a command that changes nothing", self.dry_run)

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def text(self) -> str:
        """What it says, as a template; empty for an action, which says for itself what it does."""
        return self.do or self.check or self.ask or self.input or self.why or ""


ONLY: Mapping[str, tuple[str, ...]] = {
    "answers": ("ask",),
    "wrong": ("check",),
    "name": ("input",),
    "matches": ("input",),
    "why": ("wait", "run"),
    "dry_run": ("run",),
    "approve": ("do", "run"),
}
_MEANS: Mapping[str, str] = {
    "answers": "a question",
    "wrong": "a check",
    "name": "an input",
    "matches": "an input",
    "why": "a wait or an action",
    "dry_run": "an action",
    "approve": "what changes something",
}


class Runbook(Frozen):
    id: str
    title: str
    owner: str | None = None  # the team that keeps it right
    reviewed: Annotated[date, BeforeValidator(_day), Field(strict=True)] | None = None  # the day of the last review
    applies_to: AppliesTo = AppliesTo()
    steps: tuple[RunbookStep, ...] = Field(min_length=1)

    def step(self, id_: str | None) -> RunbookStep | None:
        return next((step for step in self.steps if step.id == id_), None)

    def age(self, today: date) -> timedelta | None:
        """Since it was last reviewed; None: never."""
        return today - self.reviewed if self.reviewed else None
