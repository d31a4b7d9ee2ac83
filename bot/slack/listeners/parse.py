"""What was typed after a slash command, taken apart: pure, and sure of nothing that it had to guess.

Slack escapes the text (`<@U1|alice>`, `&lt;`); `plainly` turns it back into what the person meant.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from itertools import pairwise

from bot.policy.model import Policy
from bot.slack.words.text import flat


class Verb(StrEnum):
    DECLARE = "declare"
    LIST = "list"
    SHOW = "show"
    TIMELINE = "timeline"
    PATH = "path"
    SLA = "sla"
    ACK = "ack"
    DECLINE = "decline"
    ESCALATE = "escalate"
    PAGE = "page"
    UPDATE = "update"
    STATUS = "status"
    SEVERITY = "severity"
    LEAD = "lead"
    HANDOFF = "handoff"
    ROLE = "role"
    NOTE = "note"
    CATEGORY = "category"
    LABEL = "label"
    RUNBOOK = "runbook"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    MERGE = "merge"
    WAIT = "wait"
    CORRECT = "correct"
    HELP = "help"


ALSO: Mapping[str, Verb] = {
    "new": Verb.DECLARE,
    "open": Verb.DECLARE,
    "create": Verb.DECLARE,
    "acknowledge": Verb.ACK,
    "labels": Verb.LABEL,
    "?": Verb.HELP,
}
VERBS = (*Verb, *ALSO)

# What follows these is free text, which may well begin with a number: “3 replicas are down”.
FREE_TEXT = frozenset({Verb.UPDATE, Verb.NOTE, Verb.ESCALATE, Verb.RESOLVE, Verb.REOPEN, Verb.DECLINE, Verb.RUNBOOK})

_LABEL = re.compile(
    r"""([^\s=,;]+)=(?:["“”]([^"“”]*)["“”]|['‘’]([^'‘’]*)['‘’]|«([^»]*)»|([^\s,;"“”'‘’«»]*))[,;]?(?=\s|$)"""
)
_MENTION = re.compile(r"<@([UW][A-Z0-9_]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([A-Z0-9_]+)(?:\|([^>]*))?>")
_SPECIAL = re.compile(r"<!(?:subteam\^[A-Z0-9]+\|)?@?([^>|]*)(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto):[^>|]*)(?:\|[^>]*)?>")
_NAMED_NUMBER = re.compile(r"(?:inc-?|#)(\d{1,9})[:,]?", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"\d{1,9}")
_LIKE_SEVERITY = re.compile(r"sev(?:erity)?[-_]?\d+")
_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»", "'": "'", "‘": "’", "’": "’"}


@dataclass(frozen=True, slots=True)
class Typed:
    """A verb and what follows it; `verb` is None if the word is no verb, and `word` empty if there is none."""

    verb: Verb | None
    word: str
    rest: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Which incident is meant: by its number, by its channel, or (both None) by where it was typed."""

    number: int | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    title: str
    severity: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that is most likely a severity or a service, but mistyped; `command` is the text put right."""

    kind: str
    word: str
    meant: str | None
    command: str


def typed(text: str) -> Typed:
    word, rest = first_word(text)
    lower = word.lower().strip(":,.!")
    verb = Verb(lower) if lower in list(Verb) else ALSO.get(word.lower()) or ALSO.get(lower)
    return Typed(verb, word, rest)


def subject(rest: str, verb: Verb, inside: bool) -> tuple[Subject, str]:
    """The incident that is named at the front, and what follows; `inside` an incident channel it may be left out."""
    word, after = first_word(rest)
    named = _NAMED_NUMBER.fullmatch(word)
    if named:
        return Subject(number=int(named[1])), after
    channel = _CHANNEL.fullmatch(word)
    if channel:
        return Subject(channel=channel[1]), after
    is_text = verb in FREE_TEXT and inside and after
    if _BARE_NUMBER.fullmatch(word) and not is_text:
        return Subject(number=int(word)), after
    return Subject(), rest


def declaration(rest: str, policy: Policy) -> Declaration | Doubt:
    """Severity and service are known names, in either order, at the front; everything after them is the title."""
    words = _joined_severity(rest.split())
    found: dict[str, str] = {}
    while words and (match := _match(words[0], found, policy)):
        found[match[0]] = match[1]
        words = words[1:]
    doubt = _doubt(words, found, policy)
    if doubt is not None:
        return doubt
    return Declaration(unquoted(" ".join(words)), found.get("severity"), found.get("service"))


def severity_named(word: str, policy: Policy) -> str | None:
    """The severity of that name in any case, `sev-1` and `SEV1` alike."""
    wanted = _bare(word)
    return next((key for key in policy.severities if _bare(key) == wanted), None)


def service_named(word: str, policy: Policy) -> str | None:
    wanted = word.lower().strip(":,")
    return next((key for key in policy.services if key.lower() == wanted), None)


def labels_written(words: str) -> dict[str, str] | None:
    """`alertname=PredictionsStale job="nightly scoring"`, by name; None if there is anything else in it."""
    found = {name: "".join(values) for name, *values in _LABEL.findall(words)}
    return found if found and not _LABEL.sub("", words).strip() else None


def category_named(words: str, policy: Policy) -> str | None:
    """The category of that key or name, in any case."""
    wanted = words.strip().lower()
    return next((key for key, known in policy.categories.items() if wanted in (key.lower(), known.name.lower())), None)


def person_named(words: str, policy: Policy) -> str | None:
    """A mention gives the Slack user id; else the key or the whole name of somebody in the configuration."""
    mention = _MENTION.fullmatch(words.strip())
    if mention:
        return mention[1]
    wanted = words.strip().lstrip("@").lower()
    for key, person in policy.people.items():
        if wanted in (key.lower(), person.name.lower()):
            return key
    return None


def plainly(text: str, person: Callable[[str], str]) -> str:
    """Slack's escaped text as it was meant: people as `person` writes them, channels and links as they read."""
    text = _MENTION.sub(lambda found: person(found[1]), text)
    text = _CHANNEL.sub(lambda found: f"#{found[2] or found[1]}", text)
    text = _SPECIAL.sub(lambda found: f"@{found[1]}", text)
    text = _LINK.sub(lambda found: found[1], text)
    return storable(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def unquoted(text: str) -> str:
    """Without the quotation marks around the whole, straight or curly."""
    text = text.strip()
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        return text[1:-1].strip()
    return text


def first_word(text: str) -> tuple[str, str]:
    """The first word, and the rest with its lines as they are."""
    word, *rest = text.split(None, 1) or [""]
    return word, rest[0].strip() if rest else ""


def _match(word: str, found: Mapping[str, str], policy: Policy) -> tuple[str, str] | None:
    if "severity" not in found and (severity := severity_named(word, policy)):
        return "severity", severity
    if "service" not in found and (service := service_named(word, policy)):
        return "service", service
    return None


def _doubt(words: list[str], found: Mapping[str, str], policy: Policy) -> Doubt | None:
    """A first word of the title that was surely meant as a name; a word in quotes is taken at its word."""
    if not words or words[0][0] in _QUOTES:
        return None
    word = words[0]
    near = _near_severities(word, policy) if "severity" not in found else []
    if near or ("severity" not in found and _LIKE_SEVERITY.fullmatch(word.lower())):
        meant = near[0] if len(near) == 1 else None
        return Doubt("severity", word, meant, _put_right(words, found, meant))
    service = _meant_service(word, policy) if "service" not in found else None
    return Doubt("service", word, service, _put_right(words, found, service)) if service else None


def _put_right(words: list[str], found: Mapping[str, str], meant: str | None) -> str:
    return flat(" ".join(["/incident declare", *found.values(), meant or "", *words[1:]]))


def _near_severities(word: str, policy: Policy) -> list[str]:
    """The nearest by spelling; several, if the word is as near to one as to the other."""
    if not any(character.isdigit() for character in word):
        return []
    likeness = {key: SequenceMatcher(None, _bare(word), _bare(key)).ratio() for key in policy.severities}
    best = max(likeness.values(), default=0)
    return [key for key, ratio in likeness.items() if ratio == best] if best >= 0.7 else []


def _meant_service(word: str, policy: Policy) -> str | None:
    """Only of a word that looks like a key: “payment fails” is a title, though there be a service `payments`."""
    if not re.search(r"\w[-_]\w", word):
        return None
    close = get_close_matches(word.lower().strip(":,"), list(policy.services), n=1, cutoff=0.8)
    return close[0] if close else None


def _joined_severity(words: list[str]) -> list[str]:
    """`sev 1` is one name."""
    for index, (one, other) in enumerate(pairwise(words[:3])):
        if one.lower() in ("sev", "severity") and other.strip(":,").isdigit():
            return [*words[:index], f"sev{other}", *words[index + 2 :]]
    return words


def _bare(word: str) -> str:
    return re.sub(r"[-_:,]", "", word.lower())
