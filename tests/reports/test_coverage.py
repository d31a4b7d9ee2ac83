"""The coverage of a schedule in words: what machines read, and what people read."""

from datetime import timedelta

from bot.oncall.coverage import Coverage, coverage
from bot.policy.model import Layer, Person, Policy, Schedule
from bot.reports.coverage import gaps_told, length, people_of, report, summary
from tests.oncall.build import DAY, HOUR, layer, utc

PEOPLE = {
    "amina": Person(name="Amina Otieno", time_zone="Africa/Nairobi", country="KE"),
    "luis": Person(name="Luis Herrera", time_zone="America/Bogota", country="CO"),
}


def found(*layers: Layer, start: str, end: str) -> tuple[Coverage, Policy]:
    line = Schedule(name="First line", layers=layers)
    policy = Policy(people=PEOPLE, schedules={"l1": line})
    return coverage(line, policy, utc(start), utc(end)), policy


def test_the_record_names_every_gap_holiday_and_night() -> None:
    mornings = layer(["amina"], on_call=["00:00-12:00"])
    known, _ = found(mornings, start="2026-05-01 00:00", end="2026-05-02 00:00")
    assert report("l1", known, utc("2026-05-01 00:00"), utc("2026-05-02 00:00")) == {
        "schedule": "l1",
        "from": "2026-05-01T00:00:00Z",
        "to": "2026-05-02T00:00:00Z",
        "score": known.score,
        "reasons": known.reasons,
        "gaps": [{"start": "2026-05-01T12:00:00Z", "end": "2026-05-02T00:00:00Z"}],
        "holidays": [
            {
                "start": "2026-05-01T00:00:00Z",
                "end": "2026-05-01T12:00:00Z",
                "person": "amina",
                "holiday": "Labor Day",
            }
        ],
        "nights": [{"start": "2026-05-01T00:00:00Z", "end": "2026-05-01T03:00:00Z", "person": "amina"}],
        "people": {"amina": {"hours": 12.0, "night_hours": 3.0, "weekends": 0}},
    }


def test_the_sentences_tell_the_score_the_longest_gaps_the_holidays_and_the_spread() -> None:
    day = layer(["amina", "luis"], every="1d", starts="2026-05-01T00:00", on_call=["Mon-Fri 03:00-14:00"])
    known, policy = found(day, start="2026-05-01 00:00", end="2026-05-08 00:00")
    assert summary("l1", known, policy) == [
        f"First line scores {known.score:g} of 100 for its coverage.",
        "Nobody is on call 6 times, for 4 d 17 h in all, the longest: "
        "Fri 1 May 2026 14:00 – Mon 4 May 2026 03:00 UTC (2 d 13 h); "
        "Mon 4 May 2026 14:00 – Tue 5 May 2026 03:00 UTC (13 h); "
        "Tue 5 May 2026 14:00 – Wed 6 May 2026 03:00 UTC (13 h).",
        "On call on a public holiday of their own: Amina Otieno on Labor Day (Fri 1 May 2026).",
        "2 people share the hours: Amina Otieno has 33 h, the most; Luis Herrera has 22 h, the least.",
        "On call in their own night (22:00–06:00): Luis Herrera 16 h.",
    ]


def test_what_is_good_is_said_as_well() -> None:
    day = layer(["amina"], zone="Africa/Nairobi", on_call=["Mon-Fri 09:00-17:00"])
    known, policy = found(day, start="2026-03-02 06:00", end="2026-03-02 14:00")
    assert summary("l1", known, policy) == [
        "First line scores 100 of 100 for its coverage.",
        "Somebody is on call at every moment.",
        "Nobody is on call on a public holiday of their own country.",
        "Amina Otieno has 8 h and shares them with nobody.",
        "No hour lies in the night (22:00–06:00) of whoever is on call.",
    ]


def test_those_who_have_the_same_share_evenly() -> None:
    known, policy = found(layer([["amina", "luis"]]), start="2026-03-02 00:00", end="2026-03-03 00:00")
    assert "2 people share the hours evenly: 24 h each." in summary("l1", known, policy)


def test_many_holidays_are_named_by_the_first_three() -> None:
    known, policy = found(layer(["luis"]), start="2026-03-02 00:00", end="2026-06-02 00:00")
    told = next(sentence for sentence in summary("l1", known, policy) if "holiday" in sentence)
    assert told.startswith(
        "On call on a public holiday of their own: Luis Herrera on Saint Joseph's Day (observed) (Mon"
    )
    assert told.count("Luis") == 3
    assert told.endswith("; and 2 more.")


def test_a_holiday_cut_by_a_change_of_layer_is_named_once() -> None:
    halves = layer(["amina"], on_call=["00:00-06:00"]), layer(["amina"], name="second")
    known, policy = found(*halves, start="2026-04-30 00:00", end="2026-05-03 00:00")
    assert len(known.holidays) > 1
    assert "their own: Amina Otieno on Labor Day (Fri 1 May 2026)." in summary("l1", known, policy)[2]


def test_a_schedule_that_has_not_begun_has_nobody_and_says_no_more() -> None:
    known, policy = found(layer(["amina"], starts="2030-01-01T00:00"), start="2026-03-02 00:00", end="2026-03-03 00:00")
    assert summary("l1", known, policy) == [
        "First line scores 0 of 100 for its coverage.",
        "Nobody is on call at any time.",
    ]


def test_one_gap_is_told_as_one() -> None:
    day = layer(["amina"], on_call=["00:00-12:00"])
    known, _ = found(day, start="2026-03-02 00:00", end="2026-03-02 12:15")
    assert gaps_told(known) == "Nobody is on call once: Mon 2 Mar 2026 12:00 – Mon 2 Mar 2026 12:15 UTC (15 min)."


def test_people_stand_in_the_order_of_the_configuration_and_strangers_after_them() -> None:
    known, policy = found(layer([["zoe", "luis", "bo", "amina"]]), start="2026-03-02 00:00", end="2026-03-03 00:00")
    assert people_of(known, policy) == ["amina", "luis", "bo", "zoe"]


def test_a_length_is_told_in_the_units_it_has() -> None:
    lengths = (2 * DAY + 12 * HOUR, 90 * timedelta(minutes=1), timedelta(seconds=45), 7 * DAY + timedelta(minutes=1))
    assert [length(each) for each in lengths] == ["2 d 12 h", "1 h 30 min", "45 s", "7 d 1 min"]
