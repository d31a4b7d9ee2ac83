"""What other systems publish about theirs, put into our words: the examples and test tables that our YAML can say.

GoAlert: the ends of its turns across the changes of 2017 in Chicago. Grafana OnCall: who has which day. PagerDuty: a
layer of daily turns restricted to hours. IncidentRelay: an override in the middle of a shift.
"""

import pytest

from bot.oncall.schedule import on_call, shifts
from tests.oncall.build import DAY, HOUR, brief, layer, override, schedule, utc

GOALERT = [
    # every, a turn starts, it ends (Chicago), hours
    ("1w", "2017-06-10T08:00", "2017-06-17 13:00", 7 * 24),
    ("2w", "2017-06-10T08:00", "2017-06-24 13:00", 14 * 24),
    ("1w", "2017-03-10T08:00", "2017-03-17 13:00", 7 * 24 - 1),
    ("1w", "2017-11-04T08:00", "2017-11-11 14:00", 7 * 24 + 1),
    ("1d", "2017-06-10T08:00", "2017-06-11 13:00", 24),
    ("2d", "2017-06-10T08:00", "2017-06-12 13:00", 48),
    ("1d", "2017-03-11T08:00", "2017-03-12 13:00", 23),
    ("1d", "2017-11-04T08:00", "2017-11-05 14:00", 25),
    ("1h", "2017-06-10T08:00", "2017-06-10 14:00", 1),
    ("2h", "2017-06-10T08:00", "2017-06-10 15:00", 2),
    ("3h", "2017-03-12T00:00", "2017-03-12 08:00", 2),
    ("3h", "2017-11-05T00:00", "2017-11-05 09:00", 4),
    ("1h", "2017-11-05T01:00", "2017-11-05 08:00", 2),
    ("1h", "2017-03-12T01:00", "2017-03-12 08:00", 1),
]

WEEKDAYS, WEEKENDS = ["Mon-Fri 00:00-24:00"], ["Sat,Sun 00:00-24:00"]
GRAFANA = [
    # people, every, starts, hours, who has the days from the first one on ("-": nobody)
    (["A", "B", "C", "D", "E"], "1w", "2024-08-05", WEEKDAYS, "AAAAA--BBBBB--"),
    (["A", "B", "C", "D", "E"], "1mo", "2024-08-26", WEEKDAYS, "AAAAA--AAAAA"),
    (["A", "B", "C", "D", "E"], "1mo", "2024-08-01", WEEKDAYS, "AA--AAAAA--AAAAA--AAAAA--AAAAA--BBBBB--BBB"),
    ([["A", "B"], "C"], "1d", "2024-08-14", [], "+C+C+C+C+"),
    (["A", "B", "C"], "1w", "2024-07-29", WEEKENDS, "-----AA-----BB-----CC"),
    (["A", "B", "C"], "2w", "2024-07-29", WEEKENDS, "-----AA-----AA-----BB-----BB"),
    (["A", "B", "C"], "1d", "2024-08-03", ["Sat 00:00-24:00"], "A------B------C------A"),
]


@pytest.mark.parametrize(("every", "starts", "ends", "hours"), GOALERT)
def test_a_turn_ends_where_goalert_ends_it(every: str, starts: str, ends: str, hours: int) -> None:
    first = shifts(
        schedule(layer(["a", "b", "c"], every, starts, "America/Chicago")), utc("2017-01-01"), utc("2018-01-01")
    )[1]
    assert (first.people, brief(first.end), first.end - first.start) == (("a",), ends, hours * HOUR)


@pytest.mark.parametrize(("people", "every", "starts", "hours", "days"), GRAFANA)
def test_a_day_is_whose_grafana_says(
    people: list[str | list[str]], every: str, starts: str, hours: list[str], days: str
) -> None:
    of = schedule(layer(people, every, starts, on_call=hours))
    held = [on_call(of, utc(starts) + day * DAY).people for day in range(len(days))]
    assert "".join("+" if len(each) > 1 else "".join(each) or "-" for each in held) == days


def test_a_restricted_layer_of_pagerduty() -> None:
    """Turns of a day from 20:00 in New York, restricted to nine hours from 08:00."""
    night = schedule(layer(["a", "b"], "1d", "2015-11-06T20:00-05:00", "America/New_York", ["08:00-17:00"]))
    found = shifts(night, utc("2015-11-07 00:00"), utc("2015-11-09 00:00"))
    assert [(brief(shift.start), shift.people) for shift in found] == [
        ("2015-11-07 00:00", ()),
        ("2015-11-07 13:00", ("a",)),
        ("2015-11-07 22:00", ()),
        ("2015-11-08 13:00", ("b",)),
        ("2015-11-08 22:00", ()),
    ]


def test_an_override_of_incidentrelay_splits_the_shift() -> None:
    office = schedule(layer(["ivan", "petr", "anna"], "1w", "2026-05-25T09:00", on_call=["Mon-Fri 09:00-18:00"]))
    over = (override(1, "sergey", "2026-05-25 12:00", "2026-05-25 16:00"),)
    found = shifts(office, utc("2026-05-25 09:00"), utc("2026-05-25 18:00"), over)
    assert [(brief(shift.start), shift.people[0]) for shift in found] == [
        ("2026-05-25 09:00", "ivan"),
        ("2026-05-25 12:00", "sergey"),
        ("2026-05-25 16:00", "ivan"),
    ]
