"""What was typed after /handoff, taken apart: a verb, a schedule before or behind it, and the words of a note."""

from dataclasses import dataclass
from enum import StrEnum

from bot.policy.model import Policy
from bot.policy.nearest import known
from bot.slack.listeners.parse import first_word, unquoted


class Verb(StrEnum):
    SHOW = "show"
    NOTE = "note"
    COMPLETE = "complete"
    START = "start"
    HISTORY = "history"
    HELP = "help"


_ALSO = {"?": Verb.HELP, "now": Verb.START}


@dataclass(frozen=True, slots=True)
class Typed:
    """`odd` is what was not understood, and `nearest` what may have been meant by it."""

    verb: Verb
    schedule: str | None = None
    text: str = ""
    odd: str = ""
    nearest: str | None = None


def typed(text: str, policy: Policy) -> Typed:
    """Of a note everything that follows is its text; a schedule goes by its key or its name, in any case."""
    verb, rest = _verb(text)
    schedule = None
    if verb is None:
        schedule, rest = _schedule(text, policy)
        if schedule is not None:
            verb, rest = _verb(rest)
    if verb in (Verb.NOTE, Verb.HELP):
        return Typed(verb, schedule, rest)
    if schedule is None:
        schedule, rest = _schedule(rest, policy)
    if rest:
        names = [*policy.schedules, *(found.name for found in policy.schedules.values() if found.name), *Verb]
        return Typed(verb or Verb.SHOW, schedule, odd=rest, nearest=known(rest.split()[0].lower(), names))
    return Typed(verb or Verb.SHOW, schedule)


def _verb(text: str) -> tuple[Verb | None, str]:
    word, rest = first_word(text)
    lower = word.lower().rstrip(":,.!")
    verb = Verb(lower) if lower in list(Verb) else _ALSO.get(word.lower()) or _ALSO.get(lower)
    return (verb, rest) if verb is not None else (None, text.strip())


def _schedule(text: str, policy: Policy) -> tuple[str | None, str]:
    """The schedule at the front, the longest name that fits, and what follows it."""
    words = text.split()
    for count in range(len(words), 0, -1):
        wanted = unquoted(" ".join(words[:count])).lower().rstrip(":,")
        for key, found in policy.schedules.items():
            if wanted in (key.lower(), " ".join(found.name.lower().split())):
                rest = text.strip().split(None, count)
                return key, rest[count].strip() if len(rest) > count else ""
    return None, text.strip()
