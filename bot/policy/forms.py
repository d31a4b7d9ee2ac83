"""The forms of single texts: a zone, a channel, a Slack id, an instant, a day, a share, a page target."""

import re
from datetime import date, datetime
from string import Formatter
from zoneinfo import ZoneInfo, available_timezones

from bot.policy.nearest import hint

CHANNEL = re.compile(r"#[^\s#@A-Z.,/!?]{1,79}")
SLACK_ID = re.compile(r"[UW][A-Z0-9_]+", re.ASCII)
USER_GROUP = re.compile(r"@[a-z0-9][a-z0-9._-]{0,79}")
COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
ENVIRONMENT_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*", re.ASCII)
PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%", re.ASCII)
_CHANNEL_NAME_FIELDS = ("number", "slug")
NO_ADDRESS = "an address may hold a password; put the URL into an environment variable and write its name"


def zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or the name of a folder of zones
        names = sorted(available_timezones())
        meant = hint(text.replace(" ", "_"), names) or "; write it like Africa/Nairobi"
        raise ValueError(f'there is no time zone "{text}"{meant}') from None
    return text


def zone_or_own(text: str) -> str:
    """A zone, or `own` for that of the person in question."""
    return text if text == "own" else zone(text)


def channel(text: str) -> str:
    if CHANNEL.fullmatch(text):
        return text
    raise ValueError(f'"{text}" is not a channel; write it with # and in quotes, like "#{_slug(text) or "incidents"}"')


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")


def user_group(text: str) -> str:
    if not USER_GROUP.fullmatch(text):
        raise ValueError(f'"{text}" is not a user group; write its handle with @ and in quotes, like "@mlops-oncall"')
    return text


def ical(text: str) -> str:
    """Where an iCalendar is found: an https address, or a path beside the configuration."""
    scheme, colon, rest = text.partition("://")
    if colon and (scheme != "https" or not rest or " " in rest):
        raise ValueError(f'"{text}" is not an address of a calendar; it begins with https://')
    if not colon and (not text.strip() or text.startswith(("/", "~")) or ".." in text.split("/")):
        raise ValueError(f'"{text}" is not a file in the folder of the configuration; write it like shifts/vendor.ics')
    return text


def slack_id(text: str) -> str:
    if not SLACK_ID.fullmatch(text):
        raise ValueError(
            f'"{text}" is not a Slack member id; it looks like U012AB3CD (profile, the three dots, "Copy member ID")'
        )
    return text


def email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError(f'"{text}" is not an e-mail address')
    return text


def environment_variable(text: str) -> str:
    """The name of one. What is no name is not repeated in the sentence: it may be a secret in the wrong place."""
    if "://" in text:
        raise ValueError(f"{NO_ADDRESS}, like AMINA_SMS")
    if not ENVIRONMENT_VARIABLE.fullmatch(text):
        raise ValueError(
            "this is not the name of an environment variable; write it in capital letters, digits and _, like AMINA_SMS"
        )
    return text


def country(text: str) -> str:
    if not COUNTRY.fullmatch(text):
        raise ValueError(f'"{text}" is not a country; write its two capital letters, like KE')
    return text


def holidays(text: str) -> str:
    """A country whose public holidays are known."""
    from holidays.registry import COUNTRIES  # slow to import, and many configurations have no calendar with holidays

    if not any(country(text) in names for names in COUNTRIES.values()):
        instead = 'leave it out, or name the days themselves under "closed" of a calendar'
        raise ValueError(f'the public holidays of "{text}" are not known; {instead}')
    return text


def wall_clock(text: str) -> datetime:
    """An ISO 8601 instant; naive if it is local to the zone that stands beside it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not an instant; write it like 2026-01-05T08:00') from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a day; write it like 2026-10-01') from None


def share(text: str) -> float:
    """A percentage as a share of one, more than nothing and less than all."""
    found = PERCENT.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is not a percentage; write it like 75%')
    value = float(found[1]) / 100
    if not 0 < value < 1:
        raise ValueError(f'"{text}" is not between 0% and 100%; the breach itself is always told')
    return value


def page_target(text: str) -> tuple[str, str]:
    """(kind, name) of `person:amina`, `schedule:l1`, `team:support`, `group:@ml-oncall` or `channel:#mlops-support`."""
    kind, colon, name = text.partition(":")
    name = name.strip()
    if not colon or not name or kind not in ("person", "schedule", "team", "group", "channel"):
        known = "person:NAME, schedule:NAME, team:NAME, group:@HANDLE or channel:#NAME"
        raise ValueError(f'"{text}" cannot be paged; write {known}')
    if kind == "group" and not USER_GROUP.fullmatch(name):
        raise ValueError(f'"{text}" is not a user group; write its handle with @, like "group:@mlops-oncall"')
    if kind == "channel" and not CHANNEL.fullmatch(name):
        raise ValueError(f'"{text}" is not a channel; write it with #, like "channel:#{_slug(name) or "incidents"}"')
    return kind, name


def channel_name(text: str) -> str:
    """The pattern of an incident channel's name."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise ValueError(f'"{text}" has half a brace; write it like inc-{{number}}-{{slug}}') from None
    fields = [field for _, field, _, _ in parts if field is not None]
    for field in fields:
        if field not in _CHANNEL_NAME_FIELDS:
            raise ValueError(f'"{text}" uses {{{field}}}, but only {{number}} and {{slug}} are known')
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError(f'"{text}" formats a field; write only {{number}} and {{slug}}')
    if "number" not in fields:
        raise ValueError(f'"{text}" lacks {{number}}; without it two incidents could want the same channel')
    literal = "".join(plain for plain, _, _, _ in parts)
    if not re.fullmatch(r"[a-z0-9_-]{0,40}", literal):
        raise ValueError(f'"{text}" makes no channel name; use at most 40 lower-case letters, digits, - and _')
    return text
