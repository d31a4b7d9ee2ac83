"""Reminders before shifts: one a shift, whatever happens in between, and what becomes of one that does not arrive."""

from datetime import datetime, timedelta

import pytest

from bot.core import reminding
from bot.core.oncall_effects import RemindOfShift, TellUnreachable
from bot.core.oncall_events import PersonUnreachable, ShiftFellDue, ShiftNears
from bot.policy.model import Policy
from tests.core.rota import (
    DAY,
    NOON,
    OFFICE,
    PAIRS,
    WEEK,
    WRITTEN,
    Rota,
    accepted,
    at,
    cover,
    history,
    override,
    policy,
    turns,
    undone,
)

BEGIN = ShiftFellDue(schedule="l1")
NEARS = ShiftNears(schedule="l1")
KEY = "schedule:l1:remind"
MONDAY = at("03-09 08:00")  # Luis follows Amina
HALF_A_DAY = timedelta(hours=12)  # `remind`, unless the schedule says otherwise

HALVES = {"layers": [turns(["amina", "luis"], every="12h")]}
LONG_BEFORE = {**HALVES, "remind": "2d"}


def test_a_shift_is_announced_half_a_day_before() -> None:
    rota = history(BEGIN)
    assert rota.reminded == []
    assert rota.due(KEY) == MONDAY - HALF_A_DAY
    rota.passes(until=MONDAY - HALF_A_DAY)
    assert rota.done(RemindOfShift) == [
        RemindOfShift(schedule="l1", person="luis", start=MONDAY, end=MONDAY + WEEK),
    ]
    assert rota.due(KEY) == MONDAY + WEEK - HALF_A_DAY


def test_how_long_before_is_for_the_schedule_to_say() -> None:
    rota = history(BEGIN, policy=policy(l1={**WRITTEN["schedules"]["l1"], "remind": "1d"}))
    assert rota.due(KEY) == MONDAY - DAY


def test_whoever_is_on_call_when_the_bot_begins_is_not_reminded_but_the_next_is() -> None:
    assert history(BEGIN, now=MONDAY - timedelta(hours=3)).reminded == [("luis", MONDAY)]
    assert history(BEGIN, now=MONDAY).reminded == []


def test_every_shift_is_announced_once_however_often_one_looks() -> None:
    rota = history(BEGIN, MONDAY - HALF_A_DAY, BEGIN, NEARS, MONDAY - timedelta(hours=1), BEGIN, NEARS, MONDAY, BEGIN)
    assert rota.reminded == [("luis", MONDAY)]


@pytest.mark.parametrize("written", [WRITTEN["schedules"]["l1"], HALVES, LONG_BEFORE, PAIRS, OFFICE])
def test_whoever_comes_is_announced_once_over_a_fortnight(written: object) -> None:
    given_policy = policy(l1=written)
    rota = history(BEGIN, NOON + 14 * DAY, policy=given_policy)
    ahead = given_policy.schedules["l1"].remind
    expected = reminding.coming("l1", NOON, NOON + 14 * DAY + ahead, given_policy)
    assert rota.reminded == [(each.person, each.start) for each in expected]
    assert len(rota.reminded) == len(set(rota.reminded))


def test_reminders_reach_further_than_a_shift_is_long() -> None:
    rota = history(BEGIN, policy=policy(l1=LONG_BEFORE))
    assert rota.reminded == [
        ("luis", at("03-02 20:00")), ("amina", at("03-03 08:00")),
        ("luis", at("03-03 20:00")), ("amina", at("03-04 08:00")),
    ]  # fmt: skip
    assert rota.due(KEY) == at("03-02 20:00")
    assert rota.forget().passes(until=at("03-02 20:00")).reminded == [("luis", at("03-04 20:00"))]


def test_a_shift_that_is_moved_after_its_reminder_is_not_announced_again() -> None:
    rota = history(BEGIN, MONDAY - HALF_A_DAY).forget()
    rota.configured = policy(l1={"layers": [turns(["amina", "luis"], rotation={"starts": "2026-03-02T06:00"})]})
    rota.happens(BEGIN).passes(until=MONDAY)
    assert rota.reminded == []


def test_when_reminders_are_to_come_later_those_that_came_are_not_repeated() -> None:
    rota = history(BEGIN, policy=policy(l1=LONG_BEFORE)).forget()
    rota.configured = policy(l1={**HALVES, "remind": "1h"})
    rota.happens(BEGIN).passes(until=at("03-04 08:00"))
    assert rota.reminded == []
    assert rota.due(KEY) == at("03-04 19:00")


def test_when_reminders_are_to_come_earlier_only_the_further_ones_come() -> None:
    rota = history(BEGIN, policy=policy(l1=HALVES)).forget()
    rota.configured = policy(l1=LONG_BEFORE)
    assert [start for _, start in rota.happens(BEGIN).reminded] == [
        at("03-03 08:00"), at("03-03 20:00"), at("03-04 08:00"),
    ]  # fmt: skip


def test_shifts_that_began_while_the_bot_was_down_are_not_announced() -> None:
    rota = history(BEGIN, policy=policy(l1=HALVES)).forget().sleeps(until=at("03-05 14:00"))
    assert rota.reminded == [("luis", at("03-05 20:00"))]


def test_whoever_stands_in_is_reminded_and_whoever_comes_back_after_them() -> None:
    rota = history(BEGIN, override("sita", "03-04 12:00", "03-04 18:00")).passes(until=at("03-05 12:00"))
    assert rota.reminded == [("sita", at("03-04 12:00")), ("amina", at("03-04 18:00"))]
    assert [each.end for each in rota.done(RemindOfShift)] == [at("03-04 18:00"), MONDAY]


def test_whoever_is_stood_in_for_is_not_reminded() -> None:
    rota = history(BEGIN, cover("amina", "03-02 13:00", "03-05 12:00"), accepted("sita"), policy=policy(l2=None))
    rota.forget().passes(until=at("03-05 11:00"))
    assert [person for person, _ in rota.reminded] == ["amina"]  # she comes back at noon


def test_a_stand_in_that_is_undone_in_time_reminds_nobody() -> None:
    rota = history(BEGIN, override("sita", "03-04 12:00", "03-04 18:00"), undone("noor"))
    assert rota.passes(until=at("03-05 12:00")).reminded == []


def test_who_stays_on_over_a_change_of_layer_is_not_reminded_and_is_told_the_real_end() -> None:
    sita_by_day = turns(["sita"], name="day", on_call=["Mon-Fri 09:00-17:00"])
    rota = history(BEGIN, policy=policy(l1={"layers": [sita_by_day, turns(["luis", "sita"], every="1d")]}))
    rota.passes(until=at("03-04 08:30"))
    assert rota.done(RemindOfShift) == [
        RemindOfShift(schedule="l1", person="luis", start=at("03-02 17:00"), end=at("03-03 08:00")),
        # her turn of a day, in the midst of which the day layer has her too, and then the day layer goes on
        RemindOfShift(schedule="l1", person="sita", start=at("03-03 08:00"), end=at("03-04 08:00")),
        RemindOfShift(schedule="l1", person="luis", start=at("03-04 08:00"), end=at("03-04 09:00")),
        RemindOfShift(schedule="l1", person="sita", start=at("03-04 09:00"), end=at("03-04 17:00")),
        RemindOfShift(schedule="l1", person="luis", start=at("03-04 17:00"), end=at("03-05 08:00")),
    ]  # fmt: skip


def test_of_two_the_one_who_stays_on_is_not_reminded() -> None:
    rota = history(BEGIN, MONDAY, policy=policy(l1=PAIRS))
    assert rota.done(RemindOfShift) == [
        RemindOfShift(schedule="l1", person="sita", start=MONDAY, end=MONDAY + 2 * WEEK),  # first with Luis, then Kofi
    ]


def test_after_a_gap_everybody_is_reminded_anew() -> None:
    rota = history(BEGIN, at("03-04 12:00"), policy=policy(l1=OFFICE))
    assert rota.reminded == [("amina", at("03-03 09:00")), ("amina", at("03-04 09:00"))]


def test_a_shift_without_an_end_has_no_next_and_no_timer() -> None:
    forever = policy(l1={"layers": [turns(["amina"], rotation={"starts": "2026-03-09T08:00"})]})
    rota = history(BEGIN, MONDAY, policy=forever)
    assert rota.done(RemindOfShift) == [RemindOfShift(schedule="l1", person="amina", start=MONDAY, end=None)]
    assert rota.due(KEY) is None


def test_who_has_every_other_layer_is_told_an_end_far_away_rather_than_none() -> None:
    both = {"layers": [turns(["amina"], name="day", on_call=["Mon-Sun 09:00-17:00"]), turns(["amina"], name="night")]}
    late = policy(l1=both, l2=None)
    found = reminding.coming("l1", NOON - WEEK, NOON, late)
    assert [each.person for each in found] == ["amina"]
    assert found[0].end is not None
    assert found[0].end > NOON + 4 * WEEK


@pytest.mark.parametrize("rota", [Rota(), Rota(policy(l1=None))])
def test_a_schedule_that_is_not_watched_reminds_nobody(rota: Rota) -> None:
    assert rota.happens(NEARS).effects == []


def test_a_schedule_that_is_taken_out_reminds_nobody_any_more() -> None:
    rota = history(BEGIN).forget()
    rota.configured = policy(l1=None)
    assert rota.happens(NEARS).effects == []
    assert rota.happens(BEGIN).due(KEY) is None


# Somebody who cannot be reached


def unreachable(person: str = "luis", given_policy: Policy | None = None) -> list[TellUnreachable]:
    event = PersonUnreachable(schedule="l1", person=person, start=MONDAY, why="no Slack id")
    rota = history(BEGIN, event, policy=given_policy or policy())
    return rota.done(TellUnreachable)


def with_channels(people: tuple[str, ...] = ("luis",), lead: str | None = None, handoffs: bool = True) -> Policy:
    schedule = {**WRITTEN["schedules"]["l1"], **({"handoff": {"channel": "#handoffs"}} if handoffs else {})}
    team = {"name": "Support", "kind": "support", "lead": lead, "channel": "#support", "members": people}
    written = {
        "workspace": {"announcements": "#incidents"},
        "people": WRITTEN["people"],
        "teams": {"support": team},
        "schedules": {"l1": schedule},
    }
    return Policy.model_validate(written)


def test_the_lead_is_told_whom_nobody_could_reach() -> None:
    assert unreachable() == [
        TellUnreachable(schedule="l1", to="noor", person="luis", start=MONDAY, why="no Slack id"),
    ]


@pytest.mark.parametrize(
    ("given_policy", "to"),
    [
        (with_channels(lead="noor"), ["noor"]),
        (with_channels(), ["#handoffs"]),
        (with_channels(lead="luis"), ["#handoffs"]),  # who would be told that they cannot be told
        (with_channels(handoffs=False), ["#support"]),
        (with_channels(people=(), handoffs=False), ["#incidents"]),
        (with_channels(people=()), ["#handoffs"]),
    ],
)
def test_without_a_lead_a_channel_is_told(given_policy: Policy, to: list[str]) -> None:
    assert [told.to for told in unreachable(given_policy=given_policy)] == to


def test_all_the_leads_are_told() -> None:
    assert [told.to for told in unreachable("rosa")] == ["vera"]


def test_whoever_could_not_be_reached_is_tried_again_half_an_hour_before_the_shift() -> None:
    rota = history(BEGIN, PersonUnreachable(schedule="l1", person="luis", start=MONDAY, why="no Slack id"))
    rota.forget().passes(until=MONDAY - timedelta(minutes=31))
    assert [told.person for told in rota.done(RemindOfShift)] == ["luis"]  # the one of half a day before
    rota.forget().passes(until=MONDAY - timedelta(minutes=30))
    assert [(told.person, told.start) for told in rota.done(RemindOfShift)] == [("luis", MONDAY)]
    late = PersonUnreachable(schedule="l1", person="luis", start=MONDAY, why="no Slack id")
    assert len(rota.forget().happens(late).done(TellUnreachable)) == 1
    assert rota.forget().passes(until=MONDAY - timedelta(minutes=1)).done(RemindOfShift) == []


def test_whoever_no_longer_has_the_shift_is_not_tried_again() -> None:
    rota = history(BEGIN, PersonUnreachable(schedule="l1", person="luis", start=MONDAY, why="no Slack id"))
    rota.happens(override("sita", "03-09 08:00", "03-10 08:00", by="noor")).forget()
    assert rota.refusal is None
    assert "luis" not in [told.person for told in rota.passes(until=MONDAY).done(RemindOfShift)]


def test_whoever_has_another_way_to_be_paged_is_not_called_unreachable() -> None:
    written = {
        **WRITTEN,
        "people": {**WRITTEN["people"], "luis": {"name": "Luis", "contact": [{"env": "L", "name": "SMS"}]}},
    }
    assert unreachable(given_policy=Policy.model_validate(written)) == []


def test_who_cannot_be_reached_has_the_shift_nevertheless() -> None:
    rota = history(BEGIN)
    before = rota.watches["l1"]
    rota.happens(PersonUnreachable(schedule="l1", person="luis", start=MONDAY, why="no Slack id"))
    assert rota.watches["l1"] == before
    assert rota.who(MONDAY) == ("luis",)


def test_the_bounds_of_what_is_coming_are_half_open() -> None:
    def starts(after: datetime, until: datetime) -> list[datetime]:
        return [each.start for each in reminding.coming("l1", after, until, policy())]

    assert starts(MONDAY - DAY, MONDAY) == [MONDAY]
    assert starts(MONDAY, MONDAY + DAY) == []
    assert starts(MONDAY - DAY, MONDAY - timedelta(microseconds=1)) == []
