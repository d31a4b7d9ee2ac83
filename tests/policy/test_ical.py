"""Somebody else's calendar as shifts: when they are, whom they name, and what is said of a broken one."""

from datetime import UTC, datetime

import pytest

from bot.policy.ical import BadCalendar, ReadFeed, feed_shifts
from bot.policy.model import Person

PEOPLE = {
    "amina": Person(name="Amina Otieno", email="amina@example.com", time_zone="Africa/Nairobi"),
    "luis": Person(name="Luis Herrera", email="luis@example.com"),
    "andres": Person(name="Andrés Pardo Ruiz", email="andres@example.com"),
    "sam": Person(name="Sam Lee"),
    "sam2": Person(name="Sam Lee"),
}
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
FIRST = ("DTSTART:20260105T080000Z", "DTEND:20260105T160000Z")
OURS = (
    "BEGIN:VTIMEZONE|TZID:Ours|BEGIN:STANDARD|DTSTART:19700101T000000|"
    "TZOFFSETFROM:{0}|TZOFFSETTO:{0}|END:STANDARD|END:VTIMEZONE"
)


def calendar(*lines: str) -> str:
    """A calendar of these lines; `|` stands for the end of a line too."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *"|".join(lines).split("|"), "END:VCALENDAR", ""])


def event(*lines: str, title: str = "amina", uid: str = "1") -> str:
    return "|".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT"])


def read(*lines: str, zone: str = "UTC") -> ReadFeed:
    return feed_shifts(calendar(*lines), PEOPLE, zone, START, END)


def shifts(*lines: str, zone: str = "UTC") -> list[str]:
    """`2026-01-05 08:00 to 16:00 amina`, or with the other day if it ends on another."""
    return [
        f"{shift.start:%Y-%m-%d %H:%M} to {shift.end:%H:%M} {' '.join(shift.people)}"
        for shift in read(*lines, zone=zone).shifts
    ]


def refusal(text: str) -> str:
    with pytest.raises(BadCalendar) as caught:
        feed_shifts(text, PEOPLE, "UTC", START, END)
    return str(caught.value)


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("amina", "amina"),
        ("AMINA OTIENO", "amina"),
        ("amina@Example.com", "amina"),
        ("Andres Pardo Ruiz", "andres"),
        ("Pardo Ruiz, Andrés", "andres"),
        ("Amina Otieno, Luis Herrera", "amina luis"),
        ("luis & amina", "luis amina"),
        ("luis / amina", "luis amina"),
        ("luis+amina", "luis amina"),
        ("Luis Herrera and Amina Otieno", "luis amina"),
        ("On call: Amina Otieno", "amina"),
        ("L1 - amina", "amina"),
        ("Amina Otieno (L1)", "amina"),
        ("On Call - Amina Otieno - First line", "amina"),
        ("[L1] amina@example.com", "amina"),
        ("[L2] @amina @luis", "amina luis"),
        ("Rotation L1: luis@example.com", "luis"),
        ("Luis Herrera is on call for First line", "luis"),
        ("On-call Luis Herrera", "luis"),
        ("amina, somebody new", "amina"),
        ("amina, Amina Otieno", "amina"),
        ("sam", "sam"),
    ],
)
def test_a_title_names_people_by_key_name_or_address(title: str, people: str) -> None:
    found = read(event(*FIRST, title=title.replace(",", "\\,")))
    assert [" ".join(shift.people) for shift in found.shifts] == [people]
    assert found.unknown == ()


@pytest.mark.parametrize("title", ["Sam Lee", "Bob", "aminata", "Team meeting about luis", "covering amina for luis"])
def test_an_event_that_names_nobody_for_certain_is_told_and_is_no_shift(title: str) -> None:
    assert read(event(*FIRST, title=title)) == ReadFeed((), (title,), 1)


def test_attendees_come_before_the_title() -> None:
    invited = "ATTENDEE;CN=Luis:mailto:LUIS@example.com|ATTENDEE:mailto:room-7@example.com"
    assert shifts(event(*FIRST, invited)) == ["2026-01-05 08:00 to 16:00 luis"]


def test_attendees_whom_nobody_knows_leave_it_to_the_title() -> None:
    assert shifts(event(*FIRST, "ATTENDEE:mailto:room-7@example.com")) == ["2026-01-05 08:00 to 16:00 amina"]


def test_the_titles_that_name_nobody_are_told_once_and_in_order() -> None:
    later = ("DTSTART:20260106T080000Z", "DTEND:20260106T160000Z")
    found = read(
        event(*later, title="A", uid="1"), event(*FIRST, title="B", uid="2"), event(*later, title="B", uid="3")
    )
    assert found.unknown == ("B", "A")


def test_a_whole_day_is_one_of_the_layers_zone() -> None:
    day = event("DTSTART;VALUE=DATE:20260110", "DTEND;VALUE=DATE:20260112")
    assert shifts(day, zone="Asia/Kathmandu") == ["2026-01-09 18:15 to 18:15 amina"]
    assert shifts(event("DTSTART;VALUE=DATE:20260110"), zone="America/Bogota") == ["2026-01-10 05:00 to 05:00 amina"]


def test_a_whole_day_is_one_of_the_calendars_own_zone_if_it_says_one() -> None:
    day = event("DTSTART;VALUE=DATE:20260110", "DTEND;VALUE=DATE:20260111")
    assert shifts("X-WR-TIMEZONE:Africa/Nairobi", day) == ["2026-01-09 21:00 to 21:00 amina"]
    assert shifts("X-WR-TIMEZONE:E. Africa Standard Time", day) == ["2026-01-09 21:00 to 21:00 amina"]


def test_a_whole_day_may_have_23_hours() -> None:
    (shift,) = read(event("DTSTART;VALUE=DATE:20260308"), zone="America/Chicago").shifts
    assert (shift.end - shift.start).total_seconds() == 23 * 3600


def test_a_time_without_a_zone_is_one_of_the_layers_zone() -> None:
    assert shifts(event("DTSTART:20260105T080000", "DURATION:PT8H"), zone="Africa/Nairobi") == [
        "2026-01-05 05:00 to 13:00 amina"
    ]


def test_a_zone_that_two_calendars_define_is_each_ones_own() -> None:
    local = event("DTSTART;TZID=Ours:20260105T080000", "DTEND;TZID=Ours:20260105T160000")
    assert shifts(OURS.format("+0300"), local) == ["2026-01-05 05:00 to 13:00 amina"]
    assert shifts(OURS.format("-0500"), local) == ["2026-01-05 13:00 to 21:00 amina"]
    assert shifts(local, OURS.format("+0545")) == ["2026-01-05 02:15 to 10:15 amina"]
    assert "Ours" in refusal(calendar(local))


def test_a_zone_by_its_windows_name_is_known() -> None:
    local = event("DTSTART;TZID=Nepal Standard Time:20260105T080000", "DTEND;TZID=Nepal Standard Time:20260105T160000")
    assert shifts(local) == ["2026-01-05 02:15 to 10:15 amina"]


def test_a_rule_keeps_to_the_wall_clock_over_a_change_of_it() -> None:
    nightly = event(
        "DTSTART;TZID=America/Chicago:20260306T220000",
        "DTEND;TZID=America/Chicago:20260307T060000",
        "RRULE:FREQ=DAILY;COUNT=3",
    )
    assert shifts(nightly) == [
        "2026-03-07 04:00 to 12:00 amina",
        "2026-03-08 04:00 to 11:00 amina",
        "2026-03-09 03:00 to 11:00 amina",
    ]


def test_what_is_left_out_moved_or_cancelled_of_a_rule_is_so() -> None:
    weekly = event(*FIRST, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20260112T080000Z")
    moved = event("RECURRENCE-ID:20260119T080000Z", "DTSTART:20260120T080000Z", "DTEND:20260120T160000Z", title="luis")
    cancelled = event(
        "RECURRENCE-ID:20260126T080000Z", "DTSTART:20260126T080000Z", "DTEND:20260126T160000Z", "STATUS:CANCELLED"
    )
    assert shifts(weekly, moved, cancelled) == ["2026-01-05 08:00 to 16:00 amina", "2026-01-20 08:00 to 16:00 luis"]


def test_a_cancelled_event_is_no_shift_and_names_nobody_unknown() -> None:
    assert read(event(*FIRST, "STATUS:CANCELLED", title="Bob")) == ReadFeed((), (), 1)


def test_of_two_editions_of_an_event_the_later_counts() -> None:
    assert shifts(event(*FIRST, "SEQUENCE:2", title="luis"), event(*FIRST, "SEQUENCE:1")) == [
        "2026-01-05 08:00 to 16:00 luis"
    ]
    assert shifts(event(*FIRST, "SEQUENCE:1", "STATUS:CANCELLED"), event(*FIRST)) == []


def test_events_of_one_careless_uid_are_all_shifts() -> None:
    later = ("DTSTART:20260106T080000Z", "DTEND:20260106T160000Z")
    assert len(shifts(event(*FIRST), event(*later))) == 2


def test_the_span_is_half_open_and_shifts_are_whole() -> None:
    over_the_end = event("DTSTART:20261231T230000Z", "DTEND:20270101T010000Z", uid="1")
    after_the_end = event("DTSTART:20270101T000000Z", "DTEND:20270101T010000Z", uid="2")
    before = event("DTSTART:20251231T230000Z", "DTEND:20260101T000000Z", uid="3")
    over_the_start = event("DTSTART:20251231T230000Z", "DTEND:20260101T000001Z", uid="4")
    assert shifts(over_the_end, after_the_end, before, over_the_start) == [
        "2025-12-31 23:00 to 00:00 amina",
        "2026-12-31 23:00 to 01:00 amina",
    ]


def test_an_endless_rule_ends_with_the_span() -> None:
    endless = event("DTSTART:20200106T080000Z", "DTEND:20200113T080000Z", "RRULE:FREQ=WEEKLY")
    found = read(endless).shifts
    assert (found[0].start, found[-1].start) == (
        datetime(2025, 12, 29, 8, tzinfo=UTC),
        datetime(2026, 12, 28, 8, tzinfo=UTC),
    )
    assert len(found) == 53


def test_without_a_span_it_is_read_until_400_days_after_the_last_event_that_is_written() -> None:
    endless = event("DTSTART:20200106T080000Z", "DTEND:20200113T080000Z", "RRULE:FREQ=WEEKLY")
    found = feed_shifts(calendar(endless), PEOPLE, "UTC").shifts
    assert (found[0].start, len(found)) == (datetime(2020, 1, 6, 8, tzinfo=UTC), 58)


def test_an_event_without_length_is_no_shift() -> None:
    assert read(event("DTSTART:20260105T080000Z")) == ReadFeed((), (), 1)


def test_several_calendars_in_one_text_are_all_read() -> None:
    text = calendar(event(*FIRST)) + calendar(event(*FIRST, title="luis"))
    assert [shift.people for shift in feed_shifts(text, PEOPLE, "UTC", START, END).shifts] == [("amina",), ("luis",)]


def test_an_export_of_pagerduty_is_read() -> None:
    """One event a shift, the address without mailto:, and the title folded."""
    text = calendar(
        "PRODID:-//PagerDuty//On-Call Schedule//EN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:On Call Schedule for First line",
        "BEGIN:VEVENT|DTSTART;VALUE=DATE-TIME:20260105T080000Z|DTEND;VALUE=DATE-TIME:20260112T080000Z",
        "ATTENDEE:amina@example.com|URL:https://example.pagerduty.com/schedules#P1",
        "UID:Q0@pagerduty.com|SUMMARY:On Call - Amina Otieno - First|  line|END:VEVENT",
    )
    (shift,) = feed_shifts(text, PEOPLE, "UTC", START, END).shifts
    assert (shift.people, shift.end) == (("amina",), datetime(2026, 1, 12, 8, tzinfo=UTC))


def test_an_export_of_grafana_oncall_is_read() -> None:
    text = calendar(
        "PRODID:-//My calendar product//amixr//|CALSCALE:GREGORIAN",
        "BEGIN:VEVENT|SUMMARY:Rotation L1: luis@example.com|DTSTART;VALUE=DATE-TIME:20260105T230000Z",
        "DTEND;VALUE=DATE-TIME:20260112T230000Z|DTSTAMP;VALUE=DATE-TIME:20260101T001500Z|UID:OE33-202601052300-U8",
        "LAST-MODIFIED;VALUE=DATE-TIME:20260101T001500Z|LOCATION:primary|END:VEVENT",
    )
    assert [shift.people for shift in feed_shifts(text, PEOPLE, "UTC", START, END).shifts] == [("luis",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is no iCalendar, which begins with BEGIN:VCALENDAR"),
        ("<html><body>Sign in</body></html>", "it is no iCalendar, which begins with BEGIN:VCALENDAR"),
        (calendar(event(*FIRST))[:-20], "it is cut off: an iCalendar ends with END:VCALENDAR"),
        (calendar("what is this"), "it cannot be read (Content line could not be parsed into parts"),
        (calendar(event("DTSTART:tomorrow")), 'the DTSTART of the event "amina" cannot be read'),
        (calendar(event(*FIRST, "RRULE:FREQ=NOW")), 'the RRULE of the event "amina" cannot be read'),
        (calendar(event(*FIRST, "RRULE:COUNT=2")), 'the RRULE of the event "amina" cannot be read'),
        (calendar(event(*FIRST, "RRULE:FREQ=DAILY;INTERVAL=0")), 'the RRULE of the event "amina" cannot be read'),
        (calendar(event(*FIRST, "RRULE:FREQ=MINUTELY")), 'the event "amina" repeats too often for a shift'),
        (calendar(event("X-A:b")), 'the event "amina" has no start and end that can be read'),
        (calendar(event(FIRST[0], "DTEND:20260104T080000Z")), 'the event "amina" ends before it starts'),
        (
            calendar(event("DTSTART;TZID=Moon/Base:20260105T080000", "DURATION:PT8H")),
            'the event "amina" is in the time zone "Moon/Base", which the calendar does not define',
        ),
        (calendar("X-WR-TIMEZONE:Moon/Base"), 'there is no time zone "Moon/Base", which it says is its own'),
    ],
)
def test_a_broken_calendar_is_refused_with_one_sentence(text: str, said: str) -> None:
    told = refusal(text)
    assert told.startswith(said)
    assert "\n" not in told


def test_a_calendar_that_is_cut_off_anywhere_is_refused() -> None:
    """Half of the shifts would be a schedule with gaps."""
    text = calendar(OURS.format("+0300"), event(*FIRST, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20260112T080000Z"))
    for length in range(0, len(text.rstrip()), 7):
        assert refusal(text[:length])


def test_a_calendar_that_is_spoilt_anywhere_gives_shifts_or_a_sentence() -> None:
    """The libraries may not let anything else through."""
    lines = calendar(OURS.format("+0300"), event(*FIRST, "RRULE:FREQ=WEEKLY;COUNT=4", "SEQUENCE:1")).split("\r\n")
    for place, line in enumerate(lines):
        for spoilt in ("", line[1:], line.replace(":", ";"), line.replace(":", ":-"), f"{line}x", f"{line}\r\n{line}"):
            text = "\r\n".join([*lines[:place], spoilt, *lines[place + 1 :]])
            try:
                feed_shifts(text, PEOPLE, "UTC", START, END)
            except BadCalendar as bad:
                assert str(bad)
