"""How instants and spans are told: each reader sees an instant in their own time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def when(at: datetime) -> str:
    """“today at 9:05 AM” in the reader's zone; UTC where Slack cannot draw it."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{in_utc(at)}>"


def span(start: datetime, end: datetime | None) -> str:
    """Both ends in the reader's zone; on which days they fall there, only Slack knows."""
    return f"{when(start)} – {when(end)}" if end else f"from {when(start)}, without an end"


def in_utc(at: datetime) -> str:
    """The instant in plain text."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def read_instant(written: str | None) -> datetime | None:
    """The instant that core wrote as text; None if it is none."""
    try:
        return datetime.fromisoformat(written or "")
    except ValueError:
        return None


def place(zone: str) -> str:
    """“Nairobi”."""
    return zone.rpartition("/")[2].replace("_", " ")


def there(at: datetime, zone: str) -> str:
    """“16:00 Nairobi”: what the clock shows in a zone."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M} {place(zone)}"


def lasted(span: timedelta) -> str:
    """A span to the minute; from a day on to the hour."""
    minutes = int(abs(span).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        parts = [(days, "d"), (hours, "h")]
    elif hours:
        parts = [(hours, "h"), (minutes, "min")]
    else:
        parts = [(minutes, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "less than a minute"
