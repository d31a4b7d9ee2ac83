"""What was typed after /oncall, taken apart: pure, and nothing that was typed is dropped in silence.

The words of a command may stand in any order that reads well; a schedule may also stand before the verb. Schedules go
by key or by name, in any case. A schedule that is named like a verb, a time or a number is written in quotes where
these could stand; without quotes the verb and the time win, so that a command means the same in every configuration.

`override me …` says that the asker takes it, `override @sita for me …` that she takes it from the asker. Of the two
instants of a swap the first is mine, unless “my”, “their” or “@sita's” says otherwise.

Words and reasons are given as Slack escaped them; `parse.plainly` turns them into what was meant.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.policy.model import Policy
from bot.policy.nearest import known
from bot.slack.listeners import parse_path, times
from bot.slack.listeners.oncall_requests import (
    ME,
    Changes,
    Cover,
    Coverage,
    Help,
    Kind,
    Look,
    Mine,
    NotUnderstood,
    Override,
    Swap,
    Typed,
    Undo,
    Week,
    Who,
)
from bot.slack.listeners.parse import person_named, unquoted


class _Verb(StrEnum):
    LOOK = ""
    WEEK = "week"
    MINE = "mine"
    OVERRIDE = "override"
    COVER = "cover"
    SWAP = "swap"
    UNDO = "undo"
    CHANGES = "changes"
    COVERAGE = "coverage"
    PATH = "path"
    SIMULATE = "simulate"
    HELP = "help"


_VERBS: Mapping[str, _Verb] = {
    **{verb.value: verb for verb in _Verb if verb},
    "me": _Verb.MINE,
    "my shifts": _Verb.MINE,
    "my shift": _Verb.MINE,
    "list": _Verb.CHANGES,
    "history": _Verb.CHANGES,
    "audit": _Verb.CHANGES,
    "?": _Verb.HELP,
}
_WITH_REASON = (_Verb.OVERRIDE, _Verb.COVER, _Verb.SWAP)
_WITH_PEOPLE = (_Verb.OVERRIDE, _Verb.SWAP)
_WITHOUT_SCHEDULE = (_Verb.MINE, _Verb.UNDO, _Verb.PATH, _Verb.SIMULATE, _Verb.HELP)
_TIMES = ("today", "tonight", "tomorrow", "yesterday", "midnight", "until")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TOKEN = re.compile(r"""<[^<>]*>\S*|"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|'[^']*'(?!\S)|‘[^’]*’(?!\S)|\S+""")
_THE_SHIFT_OF = re.compile(r"['’]s$")
_AFTER_NAME = re.compile(r"(?:['’]s)?[,;:]*$")
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
_INSTEAD = (("instead", "of"), ("in", "place", "of"))
_BEFORE_SCHEDULE = ("on", "in", "of", "for")
_BEFORE_PERSON = ("with", "by", "to")
_BETWEEN_SHIFTS = ("for", "against", "with")
_THEIRS = ("their", "theirs", "his", "her", "hers")
_MINE = ("my", "mine")
_SHIFT = ("shift", "shifts", "turn")
_NEVER_A_NAME = ("my", "a", "an")  # “for an hour”
_LONGEST_NAME = 6  # words


@dataclass(frozen=True, slots=True)
class _Names:
    policy: Policy

    def schedule(self, words: str) -> str | None:
        wanted = html.unescape(_bare(words))
        if not wanted or _is_common(words) or words.lower() == "me":
            return None
        for key, schedule in self.policy.schedules.items():
            if wanted in (key.lower(), " ".join(schedule.name.lower().split())):
                return key
        return None

    def person(self, words: str) -> Who | None:
        words = unquoted(_AFTER_NAME.sub("", words))
        if words.lower() in ("me", "myself"):
            return ME
        return None if not words or _is_common(words) else person_named(words, self.policy)

    def nearest(self, words: str, verb: _Verb) -> str | None:
        """The name, the time or, where one could stand, the verb that is most likely meant."""
        schedules = self.policy.schedules.values()
        names = [*self.policy.schedules, *(schedule.name for schedule in schedules if schedule.name)]
        more = _VERBS if verb is _Verb.LOOK else self._people() if verb in _WITH_PEOPLE else ()
        return None if words.startswith(("<", "@")) else _nearest(words, [*names, *more, *_TIMES, *_WEEKDAYS])

    def nearest_person(self, words: str) -> str | None:
        return _nearest(words.lstrip("@"), self._people())

    def _people(self) -> list[str]:
        return [*self.policy.people, *(person.name for person in self.policy.people.values())]


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known of a command; `left` are the words not read, in order, which must be a time."""

    schedule: str | None = None
    person: Who | None = None
    instead_of: Who | None = None
    left: tuple[str, ...] = ()
    wrong: NotUnderstood | None = None


_Step: TypeAlias = Callable[[tuple[str, ...], _Read], tuple[int, _Read] | None]


@dataclass(frozen=True, slots=True)
class _Reader:
    names: _Names
    now: datetime
    zone: ZoneInfo
    verb: _Verb

    def asked(self, tokens: Sequence[str], schedule: str | None, reason: str) -> Typed:
        if self.verb is _Verb.HELP:
            return Help()
        if self.verb is _Verb.UNDO:
            return _undo(" ".join(tokens))
        read = self._read(tuple(tokens), schedule)
        if read.wrong is not None:
            return read.wrong
        if self.verb is _Verb.LOOK:
            return self._look(read)
        if self.verb is _Verb.SWAP:
            return self._swap(read, reason)
        if self.verb in (_Verb.OVERRIDE, _Verb.COVER):
            return self._for_a_span(read, reason)
        if read.left or (tokens and self.verb is _Verb.MINE):
            return self._unknown(read.left or tokens)
        if self.verb is _Verb.WEEK:
            return Week(read.schedule)
        if self.verb is _Verb.CHANGES:
            return Changes(read.schedule)
        return Coverage(read.schedule) if self.verb is _Verb.COVERAGE else Mine()

    def _look(self, read: _Read) -> Typed:
        words = " ".join(read.left)
        if not words:
            return Look(read.schedule)
        at = self._instant(words) or self._instant(words.partition(" ")[2] if read.left[0].lower() == "at" else "")
        return Look(read.schedule, at) if at else self._why(read.left, Kind.INSTANT)

    def _for_a_span(self, read: _Read, reason: str) -> Typed:
        words = " ".join(read.left)
        span = times.span(words, self.now, self.zone)
        if words and span is None:
            return NotUnderstood(Kind.END, words) if self._instant(words) else self._why(read.left, Kind.SPAN)
        if self.verb is _Verb.COVER:
            return Cover(read.schedule, span, reason)
        return Override(read.schedule, read.person, span, read.instead_of, reason)

    def _swap(self, read: _Read, reason: str) -> Typed:
        """Mine for theirs; or the other way round, if it says so."""
        cut = next((n for n, word in enumerate(read.left) if word.lower() in _BETWEEN_SHIFTS), len(read.left))
        first, second = read.left[:cut], read.left[cut + 1 :]
        if (first and first[0].lower() in _THEIRS) or (second and second[0].lower() in _MINE):
            first, second = second, first
        mine, theirs = self._shift(first), self._shift(second)
        if isinstance(mine, NotUnderstood):
            return mine
        if isinstance(theirs, NotUnderstood):
            return theirs
        return Swap(read.schedule, read.person, mine, theirs, reason)

    def _shift(self, words: tuple[str, ...]) -> datetime | NotUnderstood | None:
        left = tuple(word for word in words if word.lower() not in (*_MINE, *_THEIRS, *_SHIFT))
        return (self._instant(" ".join(left)) or self._why(left, Kind.INSTANT)) if left else None

    def _read(self, tokens: tuple[str, ...], schedule: str | None) -> _Read:
        read, at = _Read(schedule), 0
        while at < len(tokens) and read.wrong is None:
            count, read = self._step(tokens[at:], read)
            at += count
        return read

    def _step(self, tokens: tuple[str, ...], read: _Read) -> tuple[int, _Read]:
        """How many words are read now, and what is known then."""
        steps: dict[_Verb, tuple[_Step, ...]] = {
            _Verb.OVERRIDE: (self._schedule, self._instead, self._person),
            _Verb.SWAP: (self._schedule, self._person),
        }
        for step in steps.get(self.verb, (self._schedule,)):
            done = step(tokens, read)
            if done is not None:
                return done
        return 1, replace(read, left=(*read.left, tokens[0]))

    def _schedule(self, tokens: tuple[str, ...], read: _Read) -> tuple[int, _Read] | None:
        before = int(tokens[0].lower() in _BEFORE_SCHEDULE)
        count, schedule = _longest(tokens[before:], self.names.schedule)
        if read.schedule is not None or not isinstance(schedule, str):
            return None
        name = " ".join(tokens[before : before + count])
        if read.left and re.search(r"\d", read.left[-1]) and times.zone_named(name):
            return None  # “18:00 Nairobi” is a time, though a schedule may be called that
        return before + count, replace(read, schedule=schedule)

    def _instead(self, tokens: tuple[str, ...], read: _Read) -> tuple[int, _Read] | None:
        """`instead of` somebody; `for` somebody means the same."""
        lower = tuple(token.lower() for token in tokens)
        said = next((len(words) for words in _INSTEAD if lower[: len(words)] == words), 0)
        before = said or int(lower[0] == "for")
        count, person = _longest(tokens[before:], self.names.person) if before else (0, None)
        if person is not None and read.instead_of is None:
            return before + count, replace(read, instead_of=person)
        if said:
            return said, replace(read, wrong=self._nobody(tokens[said] if tokens[said:] else " ".join(tokens)))
        return None

    def _person(self, tokens: tuple[str, ...], read: _Read) -> tuple[int, _Read] | None:
        between = self.verb is _Verb.SWAP and tokens[0].lower() == "for"  # “my friday for @brian's monday”
        before = int(between or tokens[0].lower() in _BEFORE_PERSON)
        count, person = _longest(tokens[before:], self.names.person)
        if person is not None and read.person is None:
            kept = tokens[:1] if between else ()
            if self.verb is _Verb.SWAP and _THE_SHIFT_OF.search(tokens[before + count - 1]):
                kept = (*kept, _THEIRS[0])
            return before + count, replace(read, person=person, left=(*read.left, *kept))
        if person is None and re.match(r"@\w", tokens[0]):
            return 1, replace(read, wrong=self._nobody(tokens[0]))
        return None

    def _instant(self, words: str) -> datetime | None:
        return times.instant(words, self.now, self.zone) if words else None

    def _nobody(self, word: str) -> NotUnderstood:
        return NotUnderstood(Kind.PERSON, word, self.names.nearest_person(word))

    def _why(self, left: tuple[str, ...], kind: Kind) -> NotUnderstood:
        """The first words that no time has; if there are none, the time itself is wrong."""
        first = next((n for n, token in enumerate(left) if _is_strange(token)), None)
        if first is None:
            return NotUnderstood(kind, " ".join(left))
        run = takewhile(lambda token: _is_strange(token) and token[0] not in "<@", left[first + 1 :])
        return self._unknown((left[first], *run))

    def _unknown(self, words: Sequence[str]) -> NotUnderstood:
        for word in dict.fromkeys((" ".join(words), words[0])):
            nearest = self.names.nearest(word, self.verb)
            if nearest is not None:
                return NotUnderstood(Kind.WORD, word, nearest)
        return NotUnderstood(Kind.WORD, words[0])


def typed(text: str, policy: Policy, now: datetime, zone: ZoneInfo) -> Typed:
    """What is asked for; what is missing is None, and what cannot be understood as a whole is `NotUnderstood`."""
    names = _Names(policy)
    found = list(_TOKEN.finditer(text))
    verb, schedule, skip = _verb([token[0] for token in found], names)
    if verb in (_Verb.PATH, _Verb.SIMULATE):
        words = [token[0] for token in found[skip:]]
        simulated = verb is _Verb.SIMULATE
        return parse_path.simulate(words, policy, now, zone) if simulated else parse_path.path(words, policy)
    found, reason = _reason(text, found[skip:], names) if verb in _WITH_REASON else (found[skip:], "")
    return _Reader(names, now, zone, verb).asked(_told([token[0] for token in found], verb), schedule, reason)


def _verb(tokens: Sequence[str], names: _Names) -> tuple[_Verb, str | None, int]:
    """The verb, the schedule before it, and how many words these are."""
    for before in range(min(len(tokens), _LONGEST_NAME) + 1):
        schedule = names.schedule(" ".join(tokens[:before])) if before else None
        if before and schedule is None:
            continue
        for count in (2, 1):
            verb = _VERBS.get(" ".join(tokens[before : before + count]).lower().strip(":,.!"))
            if verb is not None and not (before and verb in _WITHOUT_SCHEDULE):
                return verb, schedule, before + count
    return _Verb.LOOK, None, 0


def _reason(text: str, found: list[re.Match[str]], names: _Names) -> tuple[list[re.Match[str]], str]:
    """The words before the reason, and the reason as it was typed: after “because” or “reason:”, or in quotes."""
    for n, token in enumerate(found):
        word = token[0].lower()
        if word.rstrip(":,") == "because":
            return found[:n], unquoted(re.sub(r"^\s*of\s", "", text[token.end() :]))
        if word.startswith("reason:"):
            return found[:n], unquoted(text[token.start() + len("reason:") :])
    last = found[-1][0] if found else ""
    if unquoted(last) != last and names.schedule(last) is None and names.person(last) is None:
        return found[:-1], unquoted(last)
    return found, ""


def _told(tokens: list[str], verb: _Verb) -> list[str]:
    """Without the words that only say whose shift it is where it can be no other."""
    if verb not in (_Verb.COVER, _Verb.SWAP):
        return tokens
    spare = ("me", "myself", "my", *_SHIFT) if verb is _Verb.COVER else ("me", "myself")
    kept: list[str] = []
    for token in tokens:
        if token.lower() not in spare:
            kept.append(token)
        elif kept and kept[-1].lower() == "for":  # “cover for me”
            kept.pop()
    return kept


def _undo(words: str) -> Undo | NotUnderstood:
    number = _NUMBER.fullmatch(words)
    if words and number is None:
        return NotUnderstood(Kind.NUMBER, words)
    return Undo(int(number[1]) if number else None)


def _longest(tokens: tuple[str, ...], named: Callable[[str], Who | None]) -> tuple[int, Who | None]:
    """The longest name at the front, as a number of words and what it names."""
    for count in range(min(len(tokens), _LONGEST_NAME), 0, -1):
        name = named(" ".join(tokens[:count]))
        if name is not None:
            return count, name
    return 0, None


def _bare(words: str) -> str:
    return " ".join(unquoted(words.rstrip(",;:")).lower().split())


def _is_common(words: str) -> bool:
    """Whether words without quotes are no name, but of a time or of the grammar."""
    return all(times.speaks_of_time(word) or word.lower() in _NEVER_A_NAME for word in words.split())


def _is_strange(token: str) -> bool:
    return not (token[0].isdigit() or times.speaks_of_time(token) or times.zone_named(token))


def _nearest(words: str, names: Iterable[str]) -> str | None:
    meant = known(_bare(words), names)
    return None if meant is None or meant.lower() == _bare(words) else meant
