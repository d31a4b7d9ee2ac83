"""What was typed after `/oncall path` and `/oncall simulate`: a service, a severity and a time, in any order."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.policy.model import Policy
from bot.policy.nearest import known
from bot.slack.listeners import times
from bot.slack.listeners.parse import severity_named, unquoted

_LONGEST_NAME = 6  # words
_SPARE = ("for", "of", "on")


@dataclass(frozen=True, slots=True)
class Path:
    service: str | None
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Simulate:
    """What is missing is None; no time means now."""

    service: str | None
    severity: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that is neither: what it should have been (“service”, “severity”, “time”), and the nearest that is."""

    kind: str
    word: str
    nearest: str | None = None


Read: TypeAlias = Path | Simulate | Unknown


def path(tokens: Sequence[str], policy: Policy) -> Path | Unknown:
    service, severity, left = _named(tokens, policy)
    return _unknown(left, service, severity, policy) if left else Path(service, severity)


def simulate(tokens: Sequence[str], policy: Policy, now: datetime, zone: ZoneInfo) -> Simulate | Unknown:
    service, severity, left = _named(tokens, policy)
    if not left:
        return Simulate(service, severity)
    words = " ".join(left[1:] if left[0].lower() == "at" and len(left) > 1 else left)
    at = times.instant(words, now, zone)
    if at is not None:
        return Simulate(service, severity, at)
    if service is not None and severity is not None:
        return Unknown("time", words)
    return _unknown(left, service, severity, policy)


def _named(tokens: Sequence[str], policy: Policy) -> tuple[str | None, str | None, list[str]]:
    """The service, the severity, and the words that name neither."""
    service = severity = None
    left: list[str] = []
    at = 0
    while at < len(tokens):
        words = tokens[at:]
        count, found = _longest(words, lambda text: _service(text, policy)) if service is None else (0, None)
        if found is not None:
            service, at = found, at + count
            continue
        count, found = _severity(words, policy) if severity is None else (0, None)
        if found is not None:
            severity, at = found, at + count
            continue
        if not (words[0].lower() in _SPARE and not left and len(words) > 1):
            left.append(words[0])
        at += 1
    return service, severity, left


def _severity(words: Sequence[str], policy: Policy) -> tuple[int, str | None]:
    """`sev1`, `SEV-1`, `sev 1`, or its name."""
    for count in (2, 1):
        if len(words) >= count:
            text = " ".join(words[:count])
            found = severity_named(text.replace(" ", ""), policy) or _by_name(text, policy)
            if found is not None:
                return count, found
    return 0, None


def _by_name(text: str, policy: Policy) -> str | None:
    return next((key for key, known_ in policy.severities.items() if _bare(text) == known_.name.lower()), None)


def _service(text: str, policy: Policy) -> str | None:
    wanted = _bare(text)
    for key, service in policy.services.items():
        if wanted and wanted in (key.lower(), " ".join(service.name.lower().split())):
            return key
    return None


def _longest(words: Sequence[str], named: Callable[[str], str | None]) -> tuple[int, str | None]:
    for count in range(min(len(words), _LONGEST_NAME), 0, -1):
        found = named(" ".join(words[:count]))
        if found is not None:
            return count, found
    return 0, None


def _unknown(left: Sequence[str], service: str | None, severity: str | None, policy: Policy) -> Unknown:
    """The first thing that is missing is what the first strange word was most likely meant as."""
    if service is None:
        names = [*policy.services, *(each.name for each in policy.services.values())]
        return Unknown("service", left[0], known(_bare(left[0]), names))
    if severity is None:
        return Unknown("severity", left[0], known(_bare(left[0]), policy.severities))
    return Unknown("word", " ".join(left))


def _bare(text: str) -> str:
    return " ".join(unquoted(html.unescape(text).strip(",;:?")).lower().split())
