"""A button that was clicked, and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.slack.listeners.asked import Asked, Unclear
from bot.slack.words import answers


@dataclass(frozen=True, slots=True)
class Click:
    asked: Asked
    about: Mapping[str, str]

    def fact(self, name: str) -> str:
        """A button from an older version may not carry it."""
        if name not in self.about:
            raise Unclear(answers.no_such_button())
        return self.about[name]

    @property
    def number(self) -> int:
        return int(self.fact("number"))

    @property
    def by(self) -> str:
        return self.asked.by
