"""The coverage of a schedule in a terminal."""

from datetime import timedelta

from rich.console import Console

from bot.oncall.coverage import coverage
from bot.policy.model import Layer, Person, Policy, Schedule
from bot.reports.tables import coverage_tables
from tests.oncall.build import layer, utc

START = utc("2026-03-02 00:00")


def shown(*layers: Layer, weeks: int = 52, name: str = "First line") -> str:
    line = Schedule(name=name, layers=layers)
    people = {"amina": Person(name="Amina [Otieno]", time_zone="Africa/Nairobi", country="KE")}
    policy = Policy(people=people, schedules={"l1": line})
    end = START + timedelta(weeks=weeks)
    console = Console(width=160, highlight=False)
    with console.capture() as said:
        console.print(*coverage_tables("l1", coverage(line, policy, START, end), policy, START, end), sep="\n")
    return said.get()


def test_it_tells_the_score_who_and_the_holidays() -> None:
    said = shown(layer(["amina"]))
    assert "First line (l1) from 2026-03-02 00:00 to 2027-03-01 00:00 UTC: 77 of 100" in said
    assert "8,736 h" in said
    assert "██████████ 100%" in said
    assert "Amina [Otieno]  Thu 2026-04-30 21:00 UTC  1 d         Labor Day" in said
    assert "Nobody on call" not in said


def test_of_many_gaps_it_shows_twenty_and_says_how_many_more() -> None:
    said = shown(layer(["amina"], on_call=["00:00-23:00"]))
    assert said.count("23:00 │") == 20
    assert "…and 344 more" in said


def test_of_few_gaps_it_shows_all() -> None:
    said = shown(layer(["amina"], on_call=["00:00-23:00"]), weeks=1)
    assert said.count("23:00 │") == 7
    assert "more" not in said


def test_names_are_no_markup() -> None:
    assert "[red]l1[/] (l1) from" in shown(layer(["amina"]), name="[red]l1[/]")


def test_nobody_at_all_is_said() -> None:
    said = shown(layer(["amina"], starts="2040-01-01T00:00"))
    assert "0 of 100" in said
    assert "Nobody is on call at any time." in said
