"""The feeds of schedules and people: what calendars demand of them, and that they say what is so."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from prometheus_client import CollectorRegistry

from bot.oncall.schedule import shifts
from bot.policy.ical import feed_shifts
from bot.policy.model import Layer, Override, Person, Policy, Schedule
from bot.policy.schedules import with_feed
from bot.web.calendars import AHEAD, BEHIND, Calendars, person_calendar, schedule_calendar
from bot.web.door import make_door
from bot.web.server import HttpServer

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
PEOPLE = {
    "amina": Person(name="Amina Otieno", time_zone="Africa/Nairobi"),
    "luis": Person(name="Luis Herrera, Jr.; “Lucho”", time_zone="America/Bogota"),
    "owen": Person(name="Owen Clarke", time_zone="America/New_York"),
}


def layer(people: list[Any], name: str = "day", zone: str = "UTC", every: str = "1w", **more: Any) -> Layer:
    rotation = {"every": every, "starts": "2026-01-05T09:00", "people": people}
    return Layer.model_validate({"name": name, "time_zone": zone, "rotation": rotation, **more})


def policy(overrides: tuple[Override, ...] = (), **schedules: Layer) -> Policy:
    made = {name: Schedule(name=name.upper(), layers=(first,)) for name, first in schedules.items()}
    return Policy(people=PEOPLE, schedules=made, overrides=overrides)


def override(person: str, start: datetime, end: datetime, instead_of: str | None = None) -> Override:
    return Override(id=1, schedule="l1", person=person, start=start, end=end, instead_of=instead_of)


def events(feed: bytes) -> list[Any]:
    found: Any = Calendar.from_ical(feed)
    return list(found.events)


def uids(feed: bytes) -> dict[str, str]:
    return {str(event["UID"]): f"{event.start:%Y-%m-%d %H:%M} {event['SUMMARY']}" for event in events(feed)}


@pytest.mark.parametrize("draw", [lambda p: schedule_calendar(p, "l1", NOW), lambda p: person_calendar(p, "luis", NOW)])
def test_a_feed_has_what_google_and_outlook_demand(draw: Callable[[Policy], bytes]) -> None:
    feed = draw(policy(l1=layer(["amina", "luis"])))
    found: Any = Calendar.from_ical(feed)
    assert (found["VERSION"], found["METHOD"], found["PRODID"]) == ("2.0", "PUBLISH", "-//Baton//On call//EN")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\nX-PUBLISHED-TTL:PT15M\r\n" in feed
    assert len({event["UID"] for event in found.events}) == len(found.events) > 10
    for event in found.events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"} <= event.keys()
        assert event["DTSTART"].to_ical().endswith(b"Z")
        assert event.start < event.end
        assert event["TRANSP"] == "TRANSPARENT"
        assert "RRULE" not in event
    assert found.walk("VTIMEZONE") == []


def test_lines_end_as_they_must_and_none_is_too_long() -> None:
    feed = schedule_calendar(policy(l1=layer([["amina", "luis", "owen"]])), "l1", NOW)
    assert feed.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in feed.replace(b"\r\n", b"")
    assert max(map(len, feed.split(b"\r\n"))) <= 75


def test_a_shift_says_who_has_it_and_when_it_is_for_them() -> None:
    feed = schedule_calendar(policy(l1=layer([["amina", "luis"]], every="1d", on_call=["Mon 09:00-17:00"])), "l1", NOW)
    event = next(event for event in events(feed) if event.start.day == 9 and event.start.month == 3)
    assert event["SUMMARY"] == "On call L1: Amina Otieno, Luis Herrera, Jr.; “Lucho”"
    assert event["DESCRIPTION"].splitlines() == [
        "Schedule: L1 (l1)",
        "Layer: day",
        "Amina Otieno: Mon 9 Mar 2026 12:00 to Mon 9 Mar 2026 20:00 (Africa/Nairobi)",
        "Luis Herrera, Jr.; “Lucho”: Mon 9 Mar 2026 04:00 to Mon 9 Mar 2026 12:00 (America/Bogota)",
    ]


def test_a_feed_reaches_from_30_days_back_to_180_days_ahead() -> None:
    found = events(schedule_calendar(policy(l1=layer(["amina", "luis"], every="1d")), "l1", NOW))
    today = NOW.replace(hour=0, minute=0)
    assert found[0].start < today - BEHIND < found[0].end
    assert found[-1].start < today + AHEAD < found[-1].end


def test_the_same_shift_is_the_same_event_in_every_rendering() -> None:
    made = policy(l1=layer(["amina", "luis"]))
    before, after = (schedule_calendar(made, "l1", NOW + timedelta(days=days)) for days in (0, 40))
    both = uids(before).keys() & uids(after).keys()
    assert len(both) >= 20
    alike = [
        {event["UID"]: event.to_ical() for event in events(feed) if event["UID"] in both} for feed in (before, after)
    ]
    assert alike[0] == alike[1]


def test_within_a_day_nothing_at_all_changes() -> None:
    made = policy(l1=layer(["amina"]), l2=layer(["amina", "luis"]))
    for name in made.schedules:
        assert schedule_calendar(made, name, NOW) == schedule_calendar(made, name, NOW + timedelta(hours=8))


def test_a_shift_without_end_stays_the_same_event_and_is_drawn_ever_further() -> None:
    made = policy(l1=layer(["amina"]))
    (first,), (second,) = (events(schedule_calendar(made, "l1", NOW + timedelta(days=days))) for days in (0, 100))
    assert first["UID"] == second["UID"]
    assert first.start == second.start == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert second.end - first.end == timedelta(days=100)
    assert "to further notice" in first["DESCRIPTION"]


def test_who_stands_in_is_in_the_feed_and_the_rest_is_as_before() -> None:
    one_day = (datetime(2026, 3, 10, 9, tzinfo=UTC), datetime(2026, 3, 11, 9, tzinfo=UTC))
    plain = policy(l1=layer(["amina", "luis"]))
    covered = plain.model_copy(update={"overrides": (override("owen", *one_day, instead_of="luis"),)})
    before, after = (uids(schedule_calendar(each, "l1", NOW)) for each in (plain, covered))
    assert [told for uid, told in before.items() if uid not in after] == [
        "2026-03-09 09:00 On call L1: Luis Herrera, Jr.; “Lucho”"
    ]
    assert [told for uid, told in after.items() if uid not in before] == [
        "2026-03-09 09:00 On call L1: Luis Herrera, Jr.; “Lucho”",
        "2026-03-10 09:00 On call L1: Owen Clarke",
        "2026-03-11 09:00 On call L1: Luis Herrera, Jr.; “Lucho”",
    ]


def test_gaps_are_not_drawn() -> None:
    made = policy(l1=layer(["amina"], on_call=["Mon 09:00-17:00"]))
    found = events(schedule_calendar(made, "l1", NOW))
    assert {(event.start.weekday(), event.end - event.start) for event in found} == {(0, timedelta(hours=8))}


def test_the_shifts_of_a_person_are_those_of_every_schedule_in_order() -> None:
    cover = override("owen", datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 3, 10, 9, tzinfo=UTC))
    made = policy((cover,), l1=layer(["amina", "luis"]), l2=layer([["luis", "owen"], ["amina"]], every="2w"))
    found = events(person_calendar(made, "owen", NOW))
    named = [(f"{event.start:%m-%d %H:%M}", str(event["SUMMARY"])) for event in found]
    assert named[:4] == [
        ("02-02 09:00", "On call: L2"),
        ("03-02 09:00", "On call: L2"),
        ("03-09 09:00", "On call: L1"),
        ("03-30 09:00", "On call: L2"),
    ]
    assert "Layer: override" in found[2]["DESCRIPTION"]


def test_the_events_of_a_person_are_others_than_those_of_the_schedule() -> None:
    made = policy(l1=layer([["amina", "luis"]], every="1d", on_call=["Mon 09:00-17:00"]))
    feeds = [schedule_calendar(made, "l1", NOW), *(person_calendar(made, name, NOW) for name in ("amina", "luis"))]
    assert len({uid for feed in feeds for uid in uids(feed)}) == sum(len(events(feed)) for feed in feeds)


def test_a_change_of_the_clock_is_in_the_instants_and_not_on_the_wall() -> None:
    made = policy(l1=layer(["owen"], zone="America/New_York", on_call=["Sun 01:00-09:00"]))
    found = {event.start.date().isoformat(): event for event in events(schedule_calendar(made, "l1", NOW))}
    spring = found["2026-03-08"]
    assert (spring.start.hour, spring.end.hour, found["2026-03-15"].start.hour) == (6, 13, 5)
    assert "Sun 8 Mar 2026 01:00 to Sun 8 Mar 2026 09:00 (America/New_York)" in spring["DESCRIPTION"]


def test_our_own_feed_read_again_gives_the_same_shifts() -> None:
    windows = ["Mon-Fri 22:00-06:00", "Sun 01:00-09:00"]
    away = override("amina", datetime(2026, 3, 11, 1, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC))
    made = policy((away,), l1=layer(["owen", ["amina", "owen"]], zone="America/New_York", on_call=windows))
    span = (NOW - BEHIND, NOW + timedelta(days=170))
    read = feed_shifts(schedule_calendar(made, "l1", NOW).decode(), PEOPLE, "UTC", *span)
    empty = Layer.model_validate({"name": "copy", "time_zone": "UTC", "feed": {"ical": "copy.ics"}})
    copy = with_feed(Schedule(layers=(empty,)), "copy", read.shifts)
    ours = shifts(made.schedules["l1"], *span, made.overrides_of("l1"))
    assert [shift[:3] for shift in shifts(copy, *span)] == [shift[:3] for shift in ours]
    assert len(ours) > 200
    assert read.unknown == ()


@pytest.fixture(scope="module")
def door() -> Iterator[httpx.Client]:
    made = policy(l1=layer(["amina", "luis"]))
    server = HttpServer(
        make_door(list, CollectorRegistry(), None, Calendars(lambda: made, lambda: NOW)), "127.0.0.1", 0
    )
    server.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as client:
        yield client
    server.stop()


@pytest.mark.parametrize("path", ["/calendars/l1.ics", "/calendars/people/amina.ics"])
def test_the_door_hands_a_feed_out_once_and_then_says_that_nothing_changed(door: httpx.Client, path: str) -> None:
    answer = door.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert len(events(answer.content)) > 10
    again = door.get(path, headers={"If-None-Match": f"W/{answer.headers['etag']}"})
    assert (again.status_code, again.content) == (304, b"")
    assert door.head(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/calendars/l2.ics", 'There is no schedule "l2"; known are l1.\n'),
        ("/calendars/people/aminna.ics", 'There is no person "aminna"; did you mean "amina"?\n'),
        ("/calendars/people/zzz.ics", 'There is no person "zzz".\n'),
    ],
)
def test_the_door_says_which_name_is_unknown(door: httpx.Client, path: str, said: str) -> None:
    answer = door.get(path)
    assert (answer.status_code, answer.text) == (404, said)
