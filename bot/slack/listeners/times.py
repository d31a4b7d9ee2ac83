"""Instants and spans as people say them: “tomorrow 9am”, “friday 14:00-18:00”, “tomorrow for 4h”.

A phrase is understood as a whole or not at all. What is said is meant on the wall clock of `zone`, unless a zone
stands behind the time (`9am UTC`, `18:00 Nairobi`, `9:00 Asia/Kathmandu`) or the instant has an offset.

* A clock time or a weekday is the first that is not past; in the end of a span, the first after the start.
  “next friday” is the Friday of the week after this one, and weeks begin on Monday.
* A bare day begins at 00:00 and, where a span ends, goes to its end: “tomorrow to friday” has all of Friday.
  A bare “today” begins now; a bare “tonight” is 22:00 to 06:00, and a time of tonight lies from 18:00 to 06:00.
* A bare number is an hour of 24 (“mon 9”); alone it needs two digits. If only the end of a span says am or pm, the
  start is the nearest before it: “2-5pm” and “9-5pm” are what they seem.
* A day behind a span is the day of both ends: “9am to 5pm friday”.
* A clock time that is skipped means the first instant after the gap; one that occurs twice, the first.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.oncall.wallclock import LAST_YEAR, first_instant

_LONGEST = 120  # characters of a phrase
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_NIGHT = (timedelta(hours=22), timedelta(hours=30))
_TONIGHT = (timedelta(hours=18), timedelta(hours=30))
_HALF = timedelta(hours=12)
_FIRST_YEAR = 1900
_TEN_YEARS = timedelta(days=3653)

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_NEAR = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "day after tomorrow": 2}
_DATE = rf"(?:(?:the )?{_NTH}(?: of)? ?{_MONTH}|{_MONTH} (?:the )?{_NTH})(?: \d{{4}})?"
_A_DAY = re.compile(
    rf"(?:on )?(?:(?:the )?(?P<near>{'|'.join(_NEAR)})"
    rf"|(?:(?P<which>this|next|last) )?(?P<weekday>{_WEEKDAY})"
    r"|(?P<iso>\d{4}[-/]\d\d[-/]\d\d)"
    r"|in (?P<ahead>\S+ ?(?:d|days?|w|weeks?))"
    rf"|(?:(?P<named>{_WEEKDAY}) )?(?P<calendar>{_DATE}))",
    re.ASCII,
)
_A_CLOCK = re.compile(
    r"(?P<at>at )?(?P<hour>\d{1,2})(?:(?::|(?P<dot>\.))(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?o'clock)?"
    r"|(?:at )?(?P<four>(?:[01]\d|2[0-3])[0-5]\d) ?h(?:rs?)?"
    r"|(?:at )?(?P<word>noon|midday|midnight)",
    re.ASCII,
)
_AMOUNTS = {"half an": 0.5, "half a": 0.5, "an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_PART = re.compile(
    rf"(?P<number>\d{{1,6}}(?:\.\d{{1,3}})?|{'|'.join(_AMOUNTS)}) ?"
    r"(?P<unit>weeks?|wks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m)(?![a-z])(?: and)? ?",
    re.ASCII,
)
_SIZES = {"w": timedelta(weeks=1), "d": _DAY, "h": timedelta(hours=1), "m": timedelta(minutes=1)}

# Behind a space `-05:00` is more likely the end of a span than an offset.
_OFFSET = re.compile(
    r"(?P<words>.*\d{4}-\d\d-\d\d(?:t[\d:]+|[t ][\d:]+(?= ?\+))) ?"
    r"(?P<sign>[+-])(?P<hours>0\d|1[0-4]):?(?P<minutes>[0-5]\d)",
    re.ASCII,
)
_ZULU = re.compile(r"(?<=\d) ?z$")
_IN_A_REGION = re.compile(r"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/")

_FROM = re.compile(r"(?:^| )(?:from|starting)(?= )")
_BETWEEN = re.compile(r" (?:to|until|till|til|through) | ?- ?")
_UNTIL = re.compile(r"(?:until|till|til|to) ")
_FOR = re.compile(r"(?:(?P<before>.+) )?for (?P<after>.+)")
_JOINT = re.compile(rf"{_MONTH}|now|next|last|this|from|starting|until|till|til|to|through|for|in|at|on|am|pm|ago|-")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open, aware, UTC; the start lies before the end."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Length:
    """Days go by the wall clock, the rest by the hour."""

    days: int = 0
    rest: timedelta = timedelta()

    def after(self, at: datetime, zone: tzinfo) -> datetime:
        if not self.days:
            return at + self.rest
        wall = at.astimezone(zone).replace(tzinfo=None, fold=0)
        return _instant_of(wall + _DAY * self.days, zone) + self.rest

    def back(self) -> "_Length":
        return _Length(-self.days, -self.rest)


@dataclass(frozen=True, slots=True)
class _Clock:
    time: timedelta  # since 00:00; 24 h is the end of the day
    half: str = ""  # a or p, as said
    bare: bool = False  # might be am or pm
    weak: bool = False  # a single digit that nothing makes a time of day


@dataclass(frozen=True, slots=True)
class _Said:
    """Either so far from now, or a day, a clock time or both."""

    ahead: _Length | None = None
    day: str = ""
    clock: _Clock | None = None
    day_last: bool = False
    zone: tzinfo | None = None

    @property
    def is_weak(self) -> bool:
        return self.clock is not None and self.clock.weak


@dataclass(frozen=True, slots=True)
class _Here:
    now: datetime
    zone: tzinfo

    def today(self, zone: tzinfo) -> date:
        return self.now.astimezone(zone).date()


def instant(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant that is meant, in UTC; it may lie in the past. None if it is not sure what is meant."""
    said = _said(_plain(words))
    if said is None or said.is_weak:
        return None
    try:
        return _when(said, _Here(now, zone), since=now)
    except OverflowError:  # in ten thousand years
        return None


def span(words: str, now: datetime, zone: ZoneInfo) -> Span | None:
    """The span that is meant; it may lie in the past. None if it is not sure what is meant, or has no end."""
    here, plain = _Here(now, zone), _FROM.sub("", _plain(words)).strip()
    try:
        return _whole_day(plain, here) or _until(plain, here) or _for(plain, here) or _between(plain, here)
    except OverflowError:
        return None


def zone_named(words: str) -> ZoneInfo | None:
    """UTC, GMT, an IANA name or its city, in any case: `Asia/Kathmandu`, `new york`. No abbreviations: EST is two."""
    name = _zones().get(_plain(words).replace(" ", "_"))
    return ZoneInfo(name) if name else None


def speaks_of_time(word: str) -> bool:
    """Whether a word may be a part of a time, as `friday`, `until`, `18` or `4h`."""
    plain = _plain(word)
    return any(form.fullmatch(plain) for form in (_A_DAY, _A_CLOCK, _PART, _JOINT))


def _whole_day(words: str, here: _Here) -> Span | None:
    said = _said(words)
    if said is None or not said.day or said.clock is not None:
        return None
    if said.day == "tonight":
        zone = said.zone or here.zone
        start, end = (_instant_of(_start_of(here.today(zone)) + time, zone) for time in _NIGHT)
        return _forward(max(start, here.now), end)
    start_at = _when(said, here, since=here.now)
    return _forward(start_at, start_at and _when(said, here, since=start_at, ending=True))


def _until(words: str, here: _Here) -> Span | None:
    found = _UNTIL.match(words)
    return _pair("now", words[found.end() :], here) if found else None


def _for(words: str, here: _Here) -> Span | None:
    """FROM for LENGTH, for LENGTH from FROM, for LENGTH."""
    found = _FOR.fullmatch(words)
    if found is None:
        return None
    tokens = found["after"].split()
    for count in range(len(tokens), 0, -1):
        length = _length(" ".join(tokens[:count]))
        if length is None:
            continue
        said = _said(" ".join([found["before"] or "", *tokens[count:]]).strip() or "now")
        start = _when(said, here, since=here.now) if said and not said.is_weak else None
        if said is not None and start is not None:
            return _forward(start, length.after(start, said.zone or here.zone))
    return None


def _between(words: str, here: _Here) -> Span | None:
    for found in _BETWEEN.finditer(words):
        pair = _pair(words[: found.start()], words[found.end() :], here)
        if pair is not None:
            return pair
    return None


def _pair(start: str, end: str, here: _Here) -> Span | None:
    first, last = _said(start), _said(end)
    if first is None or last is None or last.is_weak or (first.is_weak and not last.clock):
        return None
    zone = first.zone or last.zone
    first, last = replace(first, zone=zone), replace(last, zone=last.zone or zone)
    if not first.day and first.clock and last.clock and last.day and last.day_last:
        if last.clock.time <= first.clock.time:
            return None  # “22:00 to 6:00 friday”: which night?
        first, last = replace(first, day=last.day), replace(last, day="")
    for choice in _halves(first, last):
        begins = _when(choice, here, since=here.now)
        ends = begins and _when(last, here, since=begins + _INSTANT, ending=True)
        if begins and ends and (choice is first or ends - begins <= _HALF):
            return _forward(begins, ends)
    return None


def _halves(first: _Said, last: _Said) -> list[_Said]:
    """“2-5pm”: the start in the half of the end, else in the other; as it was said, if it is plain already."""
    clock = first.clock
    if clock is None or not clock.bare or last.clock is None or not last.clock.half or last.day:
        return [first]
    morning = clock.time % _HALF
    halves = [morning, morning + _HALF] if last.clock.half == "a" else [morning + _HALF, morning]
    return [replace(first, clock=_Clock(time)) for time in halves]


def _forward(start: datetime | None, end: datetime | None) -> Span | None:
    return Span(start, end) if start and end and start < end else None


def _said(words: str) -> _Said | None:
    words, zone = _zone_apart(words)
    if words in ("now", "right now"):
        return _Said(ahead=_Length(), zone=zone)
    if words.startswith("in ") and (length := _length(words[3:])):
        return _Said(ahead=length, zone=zone)
    if words.endswith(" ago") and (length := _length(words[:-4])):
        return _Said(ahead=length.back(), zone=zone)
    if _A_DAY.fullmatch(words):
        return _Said(day=words.removeprefix("on "), zone=zone)
    clock = _clock(words)
    if clock is not None:
        return _Said(clock=clock, zone=zone)
    return _day_and_clock(words.replace("t", " ", 1) if re.match(r"\d{4}-\d\d-\d\dt", words) else words, zone)


def _day_and_clock(words: str, zone: tzinfo | None) -> _Said | None:
    tokens = words.split()
    for cut in range(1, len(tokens)):
        parts = " ".join(tokens[:cut]), " ".join(tokens[cut:])
        for day, time in (parts, parts[::-1]):
            day_last = day is parts[1]
            clock = _clock(time, day.removeprefix("on ")) if _A_DAY.fullmatch(day) else None
            if clock is not None:
                return _Said(day=day.removeprefix("on "), clock=clock, day_last=day_last, zone=zone)
    return None


def _clock(words: str, day: str = "") -> _Clock | None:
    found = _A_CLOCK.fullmatch(words)
    if found is None:
        return None
    if found["word"] == "midnight":
        if day not in ("", "today", "tonight"):
            return None  # the night before, or the one after?
        return _Clock(_DAY if day else timedelta())
    if found["word"]:
        return _Clock(_HALF)
    if found["four"]:
        return _Clock(timedelta(hours=int(found["four"][:2]), minutes=int(found["four"][2:])))
    hour, minutes = int(found["hour"]), timedelta(minutes=int(found["minute"] or 0), seconds=int(found["second"] or 0))
    if found["half"]:
        time = timedelta(hours=hour % 12) + minutes + (_HALF if found["half"] == "p" else timedelta())
        return _Clock(time, found["half"]) if 1 <= hour <= 12 else None
    time = timedelta(hours=hour) + minutes
    if found["dot"] or time > _DAY:  # 3.03 might be a date
        return None
    weak = len(found["hour"]) == 1 and not (found["minute"] or found["at"] or day)
    return _Clock(time, bare=1 <= hour <= 12 and not found["hour"].startswith("0"), weak=weak)


def _when(said: _Said, here: _Here, since: datetime, ending: bool = False) -> datetime | None:
    """The first instant that fits and is not before `since`; what fits only once may be."""
    zone = said.zone or here.zone
    if said.ahead is not None:
        return said.ahead.after(here.now, zone)
    if said.clock is None and said.day == ("tonight" if ending else "today"):
        return None if ending else here.now
    time = _time(said, ending)
    if time is None:
        return None
    days = _dates(said.day, here.today(zone), since.astimezone(zone).date())
    fits = [_instant_of(_start_of(day) + time, zone) for day in days]
    return fits[0] if len(fits) == 1 else next((at for at in fits if at >= since), None)


def _time(said: _Said, ending: bool) -> timedelta | None:
    """The wall-clock time since 00:00 of the day; past 24 h if tonight goes over midnight."""
    if said.clock is None:
        return _DAY if ending else _NIGHT[0] if said.day == "tonight" else timedelta()
    if said.day != "tonight":
        return said.clock.time
    halves = (timedelta(), _HALF, _DAY) if said.clock.bare else (timedelta(), _DAY)
    return next((time for half in halves if _TONIGHT[0] <= (time := said.clock.time + half) < _TONIGHT[1]), None)


def _dates(day: str, today: date, since: date) -> list[date]:
    """The days that fit, in order: one for a certain day, several for one that comes again."""
    found = _A_DAY.fullmatch(day)
    if found is None:
        return [since + _DAY * n for n in range(3)]
    if found["near"]:
        return [today + _DAY * _NEAR[found["near"]]]
    if found["weekday"]:
        return _weekdays(_WEEKDAYS.index(found["weekday"][:3]), found["which"] or "", today, since)
    if found["iso"]:
        try:
            return [date.fromisoformat(found["iso"].replace("/", "-"))]
        except ValueError:
            return []
    if found["ahead"]:
        length = _length(found["ahead"])
        return [today + _DAY * length.days] if length and not length.rest else []
    on = _calendar_day(found["calendar"], since)
    return [on] if on is not None and _is_named(on, found["named"]) else []


def _weekdays(weekday: int, which: str, today: date, since: date) -> list[date]:
    if which == "next":
        return [today + _DAY * (7 - today.weekday() + weekday)]
    if which == "last":
        return [today - _DAY * ((today.weekday() - weekday - 1) % 7 + 1)]
    first = since + _DAY * ((weekday - since.weekday()) % 7)
    return [first, first + 7 * _DAY]


def _is_named(day: date, weekday: str | None) -> bool:
    return weekday is None or _WEEKDAYS.index(weekday[:3]) == day.weekday()


def _calendar_day(words: str, since: date) -> date | None:
    """`3 mar` or `march 3rd 2026`; without a year the first that is not before `since`."""
    import dateparser  # type: ignore[import-untyped]  # it has no hints; and it is slow to import

    before = _start_of(since) - _INSTANT  # its future begins after its base
    settings = {"RELATIVE_BASE": before, "PREFER_DATES_FROM": "future", "REQUIRE_PARTS": ["day", "month"]}
    found: datetime | None = dateparser.parse(words, languages=["en"], settings={**settings, "DATE_ORDER": "DMY"})
    return found.date() if found else None


def _length(words: str) -> _Length | None:
    """`4h`, `1h30m`, `2 days`, `half an hour`: larger units first, each once; more than nothing."""
    parts, at = [], 0
    while found := _PART.match(words, at):
        number = _AMOUNTS.get(found["number"]) or float(found["number"])
        parts.append((found["unit"][0], number))
        at = found.end()
    units = [unit for unit, _ in parts]
    if at != len(words) or not units or units != [unit for unit in _SIZES if unit in units]:
        return None
    days = int(sum(number * _SIZES[unit].days for unit, number in parts if unit in "wd" and number == int(number)))
    rest = sum((_SIZES[unit] * number for unit, number in parts if unit in "hm" or number != int(number)), timedelta())
    return _Length(days, rest) if timedelta() < _DAY * days + rest <= _TEN_YEARS else None


def _zone_apart(words: str) -> tuple[str, tzinfo | None]:
    """The words without the zone or the offset behind them."""
    words = _ZULU.sub(" utc", words)
    offset = _OFFSET.fullmatch(words)
    if offset:
        east = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"]))
        return offset["words"], timezone(east if offset["sign"] == "+" else -east)
    tokens = words.removesuffix(" time").split()
    if len(tokens) > 1 and not speaks_of_time(tokens[-1]):
        for count in range(1, min(4, len(tokens))):
            zone = zone_named(" ".join(tokens[-count:]))
            if zone is not None:
                return " ".join(tokens[:-count]).removesuffix(" in"), zone
    return words, None


@cache
def _zones() -> dict[str, str]:
    known = {"utc": "UTC", "gmt": "GMT"}
    for name in sorted(available_timezones()):
        if "/" in name:
            known[name.lower()] = name
        if _IN_A_REGION.match(name):  # of one city's several names all but one are old ones for the same
            known.setdefault(name.split("/")[-1].lower(), name)
    return known


def _instant_of(wall: datetime, zone: tzinfo) -> datetime:
    if not _FIRST_YEAR <= wall.year < LAST_YEAR:
        raise OverflowError
    return first_instant(wall, zone) if isinstance(zone, ZoneInfo) else wall.replace(tzinfo=zone).astimezone(UTC)


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall clock


def _plain(words: str) -> str:
    """Small letters without accents, one space, one kind of dash; nothing, if it is too long for a phrase."""
    if len(words) > _LONGEST:
        return ""
    letters = unicodedata.normalize("NFKD", words.lower().replace("–", "-").replace("—", "-").replace("’", "'"))
    return " ".join(
        "".join(letter for letter in letters if not unicodedata.combining(letter)).replace(",", " ").split()
    )
