"""What was typed after `/incident merge`, taken apart: which incident ends, which goes on, and why."""

from dataclasses import dataclass

from bot.slack.listeners import parse
from bot.slack.listeners.parse import Subject, Verb

INTO = "into"


@dataclass(frozen=True, slots=True)
class Merge:
    """`what` is None if it is the incident of the channel, `into` if it was not said."""

    what: Subject | None = None
    into: Subject | None = None
    reason: str = ""


def merge(rest: str, inside: bool) -> Merge:
    """`inside` an incident channel one number is the one that goes on; two are `what` and `into`."""
    first, surely_into, after = _named(rest)
    if first is None:
        return Merge(reason=rest.strip())
    if surely_into:
        return Merge(into=first, reason=after)
    second, surely, then = _named(after)
    if second is not None and (surely or not inside or not then or not _is_bare(after)):
        return Merge(first, second, then)
    return Merge(into=first, reason=after) if inside else Merge(what=first, reason=after)


def _named(text: str) -> tuple[Subject | None, bool, str]:
    """The incident that is named at the front, whether “into” stands before it, and what follows."""
    word, behind = parse.first_word(text)
    surely = word.lower() == INTO
    found, after = parse.subject(behind if surely else text, Verb.MERGE, inside=False)
    if found == Subject():
        return None, False, text
    return found, surely, after


def _is_bare(text: str) -> bool:
    """A number alone may begin the reason as well: “3 replicas”."""
    return parse.first_word(text)[0].isdigit()
