"""What is read of other people's calendars before the bot looks at who is on call."""

from datetime import UTC, datetime
from pathlib import Path

from bot.core.oncall_events import FeedFellDue, FeedUnread
from bot.engine.clock import SystemClock
from bot.integrations.feeds import Feeds
from bot.policy.model import Policy
from bot.store.feeds import FeedMark

NOWHERE = "https://calendar.invalid/secret.ics"
READ = datetime(2026, 3, 2, tzinfo=UTC)


def desk(address: str) -> Policy:
    layer = {"name": "rota", "time_zone": "UTC", "feed": {"ical": address}}
    return Policy.model_validate({"schedules": {"desk": {"layers": [layer]}}})


def mark(address: str = NOWHERE, changed_at: datetime | None = READ) -> FeedMark:
    return FeedMark(address, changed_at, READ, "", (), changed_at)


def begun(address: str, folder: Path, known: FeedMark | None) -> list[type]:
    marks = {("desk", "rota"): known} if known else {}
    return [type(event) for event in Feeds(desk(address), folder, SystemClock()).begin(marks)]


def test_with_a_good_copy_the_start_does_not_wait_for_somebody_elses_server(tmp_path: Path) -> None:
    assert begun(NOWHERE, tmp_path, mark()) == [FeedFellDue]


def test_without_a_copy_of_this_very_address_it_is_asked_first(tmp_path: Path) -> None:
    for known in (None, mark(changed_at=None), mark("https://calendar.invalid/another.ics")):
        assert begun(NOWHERE, tmp_path, known) == [FeedUnread]


def test_a_file_is_always_read_first(tmp_path: Path) -> None:
    assert begun("gone.ics", tmp_path, mark("gone.ics")) == [FeedUnread]
