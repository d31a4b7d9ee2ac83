"""How well promises were kept: who is counted for what, by how much, and that the sums agree."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.core.kept import KeptClock
from bot.policy.model import Clock, Person, Policy, Schedule, Service, ServiceKind, Severity
from bot.reports.adherence import GROUPS, Adherence, Kept, adherence, as_csv, report, summary, tables
from tests.oncall.build import layer, utc

START, UNTIL, NOW = utc("2026-03-01 00:00"), utc("2026-04-01 00:00"), utc("2026-03-31 12:00")
DUE = utc("2026-03-02 12:00")
HOUR = timedelta(hours=1)

POLICY = Policy(
    people={
        "amina": Person(name="Amina", time_zone="Africa/Nairobi", country="KE"),
        "sita": Person(name="Sita", time_zone="Asia/Kathmandu"),
    },
    severities={"sev1": Severity(name="Critical"), "minor": Severity(name="Minor")},
    services={
        "churn": Service(name="Churn", kind=ServiceKind("batch-inference"), customer="acme", support="desk"),
        "inner": Service(name="Inner", kind=ServiceKind("pipeline")),
    },
    schedules={"l1": Schedule(name="First line", layers=(layer(["amina"], name="bogota", zone="America/Bogota"),))},
)


def met(clock: Clock = Clock.RESOLVE, used: timedelta = HOUR, **fields: Any) -> KeptClock:
    """Met in time, of four hours."""
    known: dict[str, Any] = {
        "number": 1,
        "severity": "sev1",
        "service": "churn",
        "sla": "gold",
        "started": DUE - 4 * HOUR,
    }
    times = {"due": DUE, "within": 4 * HOUR, "used": used, "met_at": DUE - HOUR}
    return KeptClock(clock=clock, **{**known, **times, **fields})


def broken(late: timedelta | None, clock: Clock = Clock.RESOLVE, **fields: Any) -> KeptClock:
    """Met so late, or not yet."""
    return met(clock, **{"met_at": None if late is None else DUE + late, "breached_at": DUE, **fields})


def told(*found: KeptClock, by: str = "clock") -> Adherence:
    return adherence(found, by, POLICY, START, UNTIL, NOW)


def names(found: Adherence) -> list[str]:
    return list(dict.fromkeys(each.name for each in found.groups))


def test_what_was_broken_says_by_how_much_in_the_middle_and_at_worst() -> None:
    kept = told(broken(HOUR), broken(2 * HOUR), broken(9 * HOUR), met()).overall
    assert (kept.met, kept.breached, kept.share, kept.late) == (1, 3, 0.25, (2 * HOUR, 9 * HOUR))


def test_what_is_not_met_yet_is_late_until_now() -> None:
    assert told(broken(None)).overall.late == (NOW - DUE, NOW - DUE)


def test_what_runs_beyond_its_due_time_is_broken_though_nobody_has_said_so() -> None:
    assert told(broken(None, breached_at=None)).overall.breached == 1


def test_what_was_met_says_how_much_of_its_time_it_took() -> None:
    assert told(met(used=HOUR), met(used=2 * HOUR), met(used=4 * HOUR), broken(HOUR)).overall.used == 0.5
    assert told(met(within=timedelta())).overall.used == 0.0


@pytest.mark.parametrize(
    ("by", "fields", "name"),
    [
        ("service", {}, "churn"),
        ("service", {"service": None}, "no service"),
        ("severity", {}, "sev1"),
        ("customer", {}, "acme"),
        ("customer", {"service": "inner"}, "nobody"),
        ("team", {}, "desk"),
        ("team", {"service": "gone"}, "nobody"),
        ("shift", {"held_on": "l1/bogota"}, "l1/bogota"),
        ("shift", {}, "nobody"),
        ("person", {"held_by": "amina"}, "amina"),
        ("person", {}, "nobody"),
        ("region", {"held_by": "amina"}, "KE"),  # a country
        ("region", {"held_by": "sita", "held_on": "l1/bogota"}, "Asia"),  # a person's own zone before the layer's
        ("region", {"held_by": "U0GONE", "held_on": "l1/bogota"}, "America"),
        ("region", {"held_by": "U0GONE", "held_on": "l1/gone"}, "nobody"),
        ("region", {}, "nobody"),
    ],
)
def test_each_clock_is_counted_for_whoever_it_is_of(by: str, fields: dict[str, Any], name: str) -> None:
    found = told(met(**fields), by=by)
    assert [(each.name, each.clock, each.met) for each in found.groups] == [(name, "resolve", 1)]


def test_clocks_and_severities_stand_in_their_own_order_and_names_in_that_of_the_alphabet() -> None:
    every = [met(clock) for clock in (Clock.RESOLVE, Clock.ACKNOWLEDGE, Clock.MITIGATE)]
    assert names(told(*every)) == ["acknowledge", "mitigate", "resolve"]
    assert names(told(*(met(severity=name) for name in ("gone", "minor", "sev1")), by="severity")) == [
        "sev1",
        "minor",
        "gone",
    ]
    assert names(told(met(service="inner"), met(), by="service")) == ["churn", "inner"]


def test_a_group_has_a_line_for_each_kind_of_clock() -> None:
    found = told(met(), broken(HOUR), met(Clock.ACKNOWLEDGE), by="service")
    assert [(each.clock, each.met, each.breached) for each in found.groups] == [
        ("acknowledge", 1, 0),
        ("resolve", 1, 1),
    ]


kept_clocks = st.builds(
    lambda held, clock, service, severity, by, on: replace(
        held, clock=clock, service=service, severity=severity, held_by=by, held_on=on
    ),
    st.sampled_from([met(), broken(HOUR), broken(3 * HOUR), broken(None)]),
    st.sampled_from(Clock),
    st.sampled_from(["churn", "inner", "gone", None]),
    st.sampled_from(["sev1", "minor", "gone"]),
    st.sampled_from(["amina", "sita", "U0GONE", None]),
    st.sampled_from(["l1/bogota", "gone/away", None]),
)


@given(st.lists(kept_clocks, max_size=20), st.sampled_from(sorted(GROUPS)))
def test_by_whatever_they_are_grouped_the_sums_agree(found: list[KeptClock], by: str) -> None:
    known = told(*found, by=by)
    everything = known.overall
    assert (everything.met + everything.breached, everything.counted) == (len(found), len(found))
    assert sum(each.met for each in known.groups) == everything.met
    assert sum(each.breached for each in known.groups) == everything.breached
    assert len({(each.name, each.clock) for each in known.groups}) == len(known.groups)
    for each in (*known.groups, *([everything] if found else [])):
        assert each.counted > 0
        assert (each.late is None, each.used is None) == (each.breached == 0, each.met == 0)


def test_a_machine_is_told_in_numbers() -> None:
    assert report(told(met(), broken(HOUR), broken(2 * HOUR), by="team")) == {
        "since": "2026-03-01T00:00:00Z",
        "until": "2026-04-01T00:00:00Z",
        "by": "team",
        "overall": (facts := {
            "counted": 3, "met": 1, "breached": 2, "share_met": 0.3333,
            "median_seconds_late": 5400.0, "worst_seconds_late": 7200.0, "median_share_used": 0.25,
        }),
        "groups": [{"team": "desk", "clock": "resolve", **facts}],
    }  # fmt: skip


@pytest.mark.parametrize("by", GROUPS)
def test_a_spreadsheet_has_a_line_for_each_group(by: str) -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(told(met(), broken(HOUR), met(Clock.ACKNOWLEDGE), by=by)))))
    assert [(line["clock"], line["met"], line["worst_seconds_late"]) for line in lines] == [
        ("acknowledge", "1", ""),
        ("resolve", "1", "3600.0"),
    ]
    assert by in lines[0]


def test_the_whole_is_said_in_a_sentence() -> None:
    span = "Of the incidents declared from 2026-03-01 00:00 to 2026-04-01 00:00 UTC"
    assert summary(told()) == f"{span}, no promise was met or broken."
    assert summary(told(met())) == f"{span}, 1 of 1 promises were met (100%)."
    assert summary(told(met(), met(), broken(HOUR))) == (
        f"{span}, 2 of 3 promises were met (66.6%); 1 were broken, by 1 h in the middle and 1 h at worst."
    )


def shown(found: Adherence) -> str:
    console = Console(width=160, highlight=False)
    with console.capture() as said:
        console.print(*tables(found), sep="\n")
    return said.get()


def test_a_terminal_draws_the_share_that_was_met() -> None:
    said = shown(told(*[met()] * 9, broken(HOUR), by="service"))
    assert "████░ 90%" in said  # of five: nothing but all of them fills the bar
    assert "1 h" in said
    assert "25%" in said
    assert "as time passes, also outside the hours of the calendar" in said
    assert "Promises" not in shown(told())


def test_only_all_of_them_are_a_hundred_percent() -> None:
    almost = Adherence(START, UNTIL, "clock", (kept := Kept("all", "", 9999, 1, (HOUR, HOUR))), (kept,))
    assert "99.9%" in shown(almost)
    assert "100%" not in shown(almost)


def test_names_are_no_markup() -> None:
    assert "[red]l1[/]" in shown(told(met(held_on="[red]l1[/]"), by="shift"))
