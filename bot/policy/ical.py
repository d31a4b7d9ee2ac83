"""Reads iCalendar: which shifts the events of somebody else's calendar are, and whom of us they name.

An event names those of its attendees whose e-mail address is known; if there are none, whom its title names:
"Amina Otieno", "On call: amina, luis", "On Call - Amina Otieno - L1" and "[L1] amina@example.com" all do.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, cast
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bot.policy.model import FeedShift, Person

BEHIND, AHEAD = timedelta(days=35), timedelta(days=400)  # how far a feed is read around the instants asked about
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_TIMES = ("DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID")
_NEEDED = {*_TIMES, "DURATION", "RRULE", "SEQUENCE"}
_REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID")
_MOST = 100_000  # steps of a rule: twelve years of hours
_STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": _DAY,
}
_FIELDS = re.compile(r"[:|()\[\]]|\s[-–—]+\s")
_PARTS = re.compile(r"[,;/&+]|\sand\s|\s(?=@)", re.IGNORECASE)
_SAID = re.compile(r"^on[- ]?call\s|\s(?:is\s)?on[- ]?call\b.*$", re.IGNORECASE)


class BadCalendar(ValueError):
    """It cannot be read as iCalendar; `str()` is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """The shifts, by their start; the titles of those events that name nobody known; how many events were there."""

    shifts: tuple[FeedShift, ...]
    unknown: tuple[str, ...]
    events: int


def as_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadCalendar("it is not UTF-8 text") from None


def around(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """The span that is read of a feed, to answer questions about instants from `since` to `until`."""
    return max(since, _FIRST + BEHIND) - BEHIND, min(until, _LAST) + AHEAD


def feed_shifts(
    text: str,
    people: Mapping[str, Person],
    zone: str,
    start: datetime | None = None,
    end: datetime | None = None,
) -> ReadFeed:
    """The whole shifts that touch a span, in UTC; `zone` is that of days and times for which the text names none.

    Without a span: from the first event that is written to 400 days after the last. Raises BadCalendar.
    """
    try:
        return _read(text, _Names(people), ZoneInfo(zone), start, end)
    except BadCalendar:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        # there is no end of what a broken text makes the libraries trip over
        raise BadCalendar(f"it cannot be read ({_brief(str(error))})") from error


def _read(text: str, names: "_Names", zone: ZoneInfo, start: datetime | None, end: datetime | None) -> ReadFeed:
    shifts, unknown, events = set[tuple[datetime, datetime, tuple[str, ...]]](), dict[str, datetime](), 0
    for calendar in _calendars(text):
        home = _home(calendar) or zone
        written = list(calendar.events)
        events += len(written)
        _check(written)
        _set_zones(calendar, written)
        for event, begins, ends in _occurrences(calendar, written, home, start, end):
            named = names.of(event)
            if named:
                shifts.add((begins, ends, named))
            else:
                title = _title(event)
                unknown[title] = min(begins, unknown.get(title, begins))
    return ReadFeed(
        tuple(FeedShift(start=begins, end=ends, people=named) for begins, ends, named in sorted(shifts)),
        tuple(sorted(unknown, key=lambda title: (unknown[title], title))),
        events,
    )


def _calendars(text: str) -> Iterator[Calendar]:
    if "BEGIN:VCALENDAR" not in text.upper():
        raise BadCalendar("it is no iCalendar, which begins with BEGIN:VCALENDAR")
    if not text.rstrip().upper().endswith("END:VCALENDAR"):
        raise BadCalendar("it is cut off: an iCalendar ends with END:VCALENDAR")
    # bytes, for a text of one line would be taken for the name of a file
    for calendar in Calendar.from_ical(text.encode(), multiple=True):
        if not isinstance(calendar, Calendar):
            raise BadCalendar(f"it has a {_brief(str(calendar.name))} outside of any calendar")
        yield calendar


def _home(calendar: Calendar) -> ZoneInfo | None:
    """The zone of the whole calendar, if it says one."""
    name = calendar.get("X-WR-TIMEZONE")
    if not name:
        return None
    zone = _known_zone(str(name))
    if zone is None:
        raise BadCalendar(f'there is no time zone "{_brief(str(name))}", which it says is its own')
    return zone


def _known_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(WINDOWS_TO_OLSON.get(name, name).strip("/"))
    except (LookupError, ValueError, OSError):
        return None


def _check(events: Iterable[Event]) -> None:
    """The library leaves out what it cannot read; a shift without its rule or its end would be another one."""
    for event in events:
        for key, _ in event.errors:
            if key in _NEEDED:
                raise BadCalendar(f"the {key} of {_told(event)} cannot be read")


def _set_zones(calendar: Calendar, events: Iterable[Event]) -> None:
    """Puts times on the clocks that this calendar defines: the library takes the first one of a name it ever saw."""
    defined: dict[str, tzinfo | None] = {
        str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.timezones
    }
    for event in events:
        for name, value in _zoned(event):
            if isinstance(value.dt, datetime) and not isinstance(value.dt.tzinfo, ZoneInfo):
                clock = defined.get(name) or _known_zone(name)
                if clock is None:
                    where = f'in the time zone "{_brief(name)}", which the calendar does not define'
                    raise BadCalendar(f"{_told(event)} is {where}")
                value.dt = value.dt.replace(tzinfo=clock)


def _zoned(event: Event) -> Iterator[tuple[str, Any]]:
    """Each time of an event that names a zone, with the name."""
    for key in _TIMES:
        values = event.get(key, [])
        for value in values if isinstance(values, list) else [values]:
            name = value.params.get("TZID")
            for one in getattr(value, "dts", [value]) if name else ():
                yield name, one


def _occurrences(
    calendar: Calendar, events: list[Event], home: ZoneInfo, start: datetime | None, end: datetime | None
) -> Iterator[tuple[Event, datetime, datetime]]:
    """Each event that is not cancelled and touches the span, as often as it happens, with its bounds in UTC."""
    groups: dict[str, list[Event]] = defaultdict(list)
    plain, repeating = list[Event](), list[Event]()
    for number, event in enumerate(events):
        groups[str(event.get("UID", number))].append(event)
    for group in groups.values():
        if any(key in event for event in group for key in _REPEATS):
            repeating += group
        else:  # the last edition of each; careless calendars give one UID to several events of the same
            last = max(_edition(event) for event in group)
            plain += (event for event in group if _edition(event) == last)
    if start is None or end is None:
        starts = [_bounds(event, home)[0] for event in events]
        start = start or min(starts, default=_FIRST)
        end = end or min(max(starts, default=start), _LAST) + AHEAD
    for event in [*plain, *_repeated(calendar, repeating, home, start, end)]:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        begins, ends = _bounds(event, home)
        if begins < ends and begins < end and start < ends:
            yield event, begins, ends


def _repeated(calendar: Calendar, events: list[Event], home: ZoneInfo, start: datetime, end: datetime) -> list[Event]:
    if not events:
        return []
    holder = Calendar()
    if "X-WR-TIMEZONE" in calendar:
        holder["X-WR-TIMEZONE"] = home.key
    for event in events:
        _bound_rules(event, home, end)
        holder.add_component(event)
    # a day more, for times without a zone are on another clock
    return cast("list[Event]", recurring_ical_events.of(holder).between(start - _DAY, end + _DAY))


def _bound_rules(event: Event, home: ZoneInfo, end: datetime) -> None:
    """Ends the rules of an event where nobody asks any more, and refuses one that would repeat without measure."""
    rules: Any = event.get("RRULE", [])
    begins = _bounds(event, home)[0]
    stop = end + 2 * _DAY
    for rule in rules if isinstance(rules, list) else [rules]:
        every = int(rule.get("INTERVAL", [1])[0])
        if "FREQ" not in rule or every < 1:
            raise BadCalendar(f"the RRULE of {_told(event)} cannot be read")
        step = _STEPS.get(str(rule["FREQ"][0]).upper(), 7 * _DAY) * every
        times = 1
        for key in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            times *= len(rule.get(key, [0]))
        if times * ((stop - begins) // step) > _MOST:
            raise BadCalendar(f"{_told(event)} repeats too often for a shift")
        until = rule.get("UNTIL", [None])[0]
        if "COUNT" not in rule and (until is None or _instant(until, home) > stop):
            written = event.start
            of_its_kind = stop if getattr(written, "tzinfo", None) else stop.replace(tzinfo=None)
            rule["UNTIL"] = [of_its_kind if isinstance(written, datetime) else of_its_kind.date()]


def _edition(event: Event) -> int:
    return int(event.get("SEQUENCE", 0))


def _bounds(event: Event, home: ZoneInfo) -> tuple[datetime, datetime]:
    try:
        begins, ends = _instant(event.start, home), _instant(event.end, home)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        raise BadCalendar(f"{_told(event)} has no start and end that can be read") from None
    if ends < begins:
        raise BadCalendar(f"{_told(event)} ends before it starts")
    return begins, ends


def _instant(at: date, home: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    return (at if at.tzinfo else at.replace(tzinfo=home)).astimezone(UTC)


def _title(event: Event) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split()) or "(no title)"


def _told(event: Event) -> str:
    return f'the event "{_brief(_title(event))}"'


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


class _Names:
    """Who is meant by a text: a name of the configuration, a full name or an e-mail address, in any case."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._emails = {person.email.casefold(): key for key, person in people.items() if person.email}
        full = {key: _plain(person.name) for key, person in people.items()}
        counted = Counter(full.values())
        self._meant: dict[str, str] = {}
        for key, name in full.items():
            if counted[name] == 1:  # else nobody can say who is meant
                self._meant.update(dict.fromkeys((name, *_last_name_first(name)), key))
        self._meant.update(self._emails)
        self._meant.update((_plain(key), key) for key in people)

    def of(self, event: Event) -> tuple[str, ...]:
        return self._attending(event) or self._titled(_title(event))

    def _attending(self, event: Event) -> tuple[str, ...]:
        written = event.get("ATTENDEE", [])
        addresses = (str(one).strip() for one in (written if isinstance(written, list) else [written]))
        found = (self._emails.get(re.sub("^mailto:", "", at, flags=re.IGNORECASE).casefold()) for at in addresses)
        return tuple(dict.fromkeys(key for key in found if key))

    def _titled(self, title: str) -> tuple[str, ...]:
        whole = self._one(title)
        if whole:
            return (whole,)
        found: list[str | None] = []
        for field in _FIELDS.split(title):
            one = self._one(field)
            found += [one] if one else [self._one(part) for part in _PARTS.split(field)]
        return tuple(dict.fromkeys(key for key in found if key))

    def _one(self, text: str) -> str | None:
        name = _plain(text).strip(" .@")
        return self._meant.get(name) or self._meant.get(_SAID.sub("", name))


def _plain(text: str) -> str:
    """Without case, accents and superfluous spaces."""
    letters = normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not combining(letter)).split())


def _last_name_first(name: str) -> Iterator[str]:
    words = name.split()
    for place in range(1, len(words)):
        yield f"{' '.join(words[place:])}, {' '.join(words[:place])}"
