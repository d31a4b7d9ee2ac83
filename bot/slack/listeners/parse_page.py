"""Whom somebody wants to page, and what they say to them: the targets stand in front, then follows the message.

People, schedules and teams go by key or by name, in any case, with or without @. A further one must be a mention,
follow an “and” or a comma, or be a key that no sentence has, like l2; else “@luis support is waiting” would page the
team.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.policy.model import PageTarget, Policy, TargetKind
from bot.policy.nearest import known
from bot.slack.listeners.parse import unquoted

_TOKEN = re.compile(r"""<[^<>]*>\S*|@?(?:"[^"]*"|“[^”]*”)\S*|\S+""")
_MENTION = re.compile(r"<@([UW][A-Z0-9_]+)(?:\|[^>]*)?>")
_USER_GROUP = re.compile(r"<!subteam\^[A-Z0-9]+\|(@[^>]+)>")
_NO_WORD = re.compile(r"[\d_-]")
_AND = ("and", "&amp;", "+")
_LONGEST_NAME = 6  # words


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target that is a text is the Slack user id of a mention; `message` is as Slack escaped it."""

    targets: tuple[PageTarget | str, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class Nobody:
    """A word that should name somebody and does not."""

    word: str
    nearest: str | None


def wanted(text: str, policy: Policy) -> Wanted | Nobody:
    names = _names(policy)
    tokens = list(_TOKEN.finditer(text))
    found: list[PageTarget | str] = []
    at = 0
    joined = True  # the first needs nothing before it
    while at < len(tokens):
        words = [token[0] for token in tokens[at:]]
        if found and words[0].lower() in _AND and len(words) > 1 and _target(words[1:], names)[0]:
            at, joined = at + 1, True
            continue
        count, target = _target(words, names)
        if target is None or not (joined or _stands_out(words[:count])):
            break
        found.append(target)
        joined = words[count - 1].endswith(",")
        at += count
    rest = text[tokens[at].start() :] if at < len(tokens) else ""
    first = tokens[at][0] if at < len(tokens) else ""
    if first and (not found or first.startswith("@")):
        return Nobody(first, known(_bare(first), [name for name in names if len(name) > 1]))
    return Wanted(tuple(dict.fromkeys(found)), rest.strip().lstrip(":–—").strip())


def _names(policy: Policy) -> Mapping[str, PageTarget]:
    """By what they may be called, in small letters; a key goes before a name, a person before a schedule or a team."""
    keys: dict[str, PageTarget] = {}
    called: dict[str, PageTarget] = {}
    for kind, section in (
        (TargetKind.PERSON, policy.people),
        (TargetKind.SCHEDULE, policy.schedules),
        (TargetKind.TEAM, policy.teams),
    ):
        for key, one in section.items():
            target = PageTarget(kind=kind, name=key)
            keys.setdefault(key.lower(), target)
            if one.name:
                called.setdefault(" ".join(one.name.lower().split()), target)
    for key, schedule in policy.schedules.items():
        if schedule.user_group:
            called.setdefault(schedule.user_group.lstrip("@").lower(), PageTarget(kind=TargetKind.SCHEDULE, name=key))
    return {**called, **keys}


def _target(words: list[str], names: Mapping[str, PageTarget]) -> tuple[int, PageTarget | str | None]:
    """The longest name at the front, as a number of words, and whom it means: a mention is a Slack user id."""
    mention = _MENTION.match(words[0])
    if mention:
        return 1, mention[1]
    for count in range(min(len(words), _LONGEST_NAME), 0, -1):
        target = names.get(_bare(" ".join(words[:count])))
        if target is not None:
            return count, target
    return 0, None


def _stands_out(words: list[str]) -> bool:
    """Whether it can be nothing but a name, even in the middle of a sentence."""
    return words[0][0] in "<@" or (len(words) == 1 and bool(_NO_WORD.search(words[0])))


def _bare(words: str) -> str:
    group = _USER_GROUP.fullmatch(words.rstrip(",;:"))
    text = group[1] if group else html.unescape(words)
    return " ".join(unquoted(text.rstrip(",;:").lstrip("@")).lower().split())
