"""“Tomorrow at nine is soon enough”: a path that pages nobody before an hour at which somebody is at a desk."""

from datetime import UTC, datetime

import pytest

from tests.flows.people import Someone
from tests.flows.world import World

TUESDAY_EIGHT_IN_NAIROBI = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
SUPPORT = ("amina", "brian", "luis", "camila", "sita", "bikash")


@pytest.fixture
def held(world: World) -> World:
    """Amina has declared INC-1 on a Monday evening in Nairobi, where nobody is at a desk."""
    world.person("amina").types("/incident declare sev3 customer-events Events are thin")
    return world


def _paged(world: World) -> list[str]:
    return [page.person for page in world.incident().pages]


def test_what_can_wait_is_held_and_says_until_when(held: World, amina: Someone) -> None:
    hours = "sev3 and sev4 are paged Mon-Fri 08:00-17:00 in Nairobi, not on public holidays of KE"
    held.channel("inc-1").sees("Nobody is paged before 2026-03-03 05:00 UTC").shows(hours)
    held.channel("inc-1").card.shows(f"🕘 Held until 2026-03-03 05:00 UTC: {hours}", "/incident escalate")
    amina.types("/incident path", in_channel="inc-1").shows("Path office-hours", "Held until 2026-03-03 05:00 UTC")
    amina.types("/incident timeline", in_channel="inc-1").shows("nobody is paged before 2026-03-03 05:00 UTC")
    held.passes(hours=9, minutes=59)
    assert _paged(held) == []


def test_it_is_paged_when_the_hour_has_come(held: World) -> None:
    held.reaches(TUESDAY_EIGHT_IN_NAIROBI)
    (paged,) = _paged(held)
    assert paged in SUPPORT
    held.person(paged).sees("You are paged for INC-1")
    held.channel("inc-1").card.does_not_show("Held until").shows("Paged")


def test_a_bot_that_was_down_over_the_hour_pages_when_it_is_back(held: World) -> None:
    held.stops_the_bot()
    held.jumps(hours=12)
    held.starts_the_bot()
    assert len(_paged(held)) == 1


def test_whoever_does_not_want_to_wait_pages_at_once(held: World, amina: Someone) -> None:
    amina.types("/incident escalate It is worse than I thought", in_channel="inc-1").shows("📟 Paged")
    (first,) = _paged(held)
    assert first in SUPPORT
    held.passes(hours=1)
    assert _paged(held) == [first, "#mlops-support"]


def test_a_worse_severity_is_not_held(held: World, amina: Someone, luis: Someone) -> None:
    amina.types("/incident severity sev1", in_channel="inc-1")
    luis.sees("You are paged for INC-1")
    held.channel("inc-1").card.does_not_show("Held until")


def test_what_is_acknowledged_while_it_is_held_pages_nobody(held: World, amina: Someone) -> None:
    amina.types("/incident ack", in_channel="inc-1")
    held.channel("inc-1").card.shows("Acknowledged by @Amina Otieno").does_not_show("Held until")
    held.passes(hours=3)
    assert _paged(held) == []
