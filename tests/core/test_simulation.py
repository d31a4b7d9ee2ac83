"""What a simulation foretells is what happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.decision import Refused
from bot.core.incident import EscalationState
from bot.core.simulation import MOST_MOMENTS, NOBODY, SLACK, Paged, Simulation, Way, simulate
from bot.policy.model import Policy
from tests.core.given import NOON, POLICY, SATURDAY, World, declared, minutes, policy

OWN_DAY = {"hours": ["Mon-Sun 07:00-22:00"], "time_zone": "own"}
OFFICE = {"hours": ["Mon-Fri 09:00-17:00"], "time_zone": "Africa/Nairobi"}
TARGETS = [
    "person:amina",
    "person:luis",
    "person:sita",
    "schedule:l1",
    "schedule:l2",
    "team:support",
    "group:@oncall",
    "channel:#help",
]
CONDITIONS: list[dict[str, Any]] = [
    {},
    {},
    {"severity": ["sev1"]},
    {"severity": ["sev2", "sev3"]},
    OWN_DAY,
    OFFICE,
    {"holiday": False},
]
HOLDS = [None, None, {"until": ["Mon-Fri 09:00-17:00"], "time_zone": "Africa/Nairobi", "severity": ["sev2"]}]
steps = st.fixed_dictionaries(
    {
        "page": st.lists(st.sampled_from(TARGETS), min_size=1, max_size=3, unique=True),
        "wait": st.sampled_from(["2m", "5m", "1h", "9h"]),
        "when": st.sampled_from(CONDITIONS),
        "pick": st.sampled_from(["all", "all", "one"]),
    }
)
paths = st.fixed_dictionaries(
    {
        "steps": st.lists(steps, min_size=1, max_size=4),
        "repeat": st.integers(0, 2),
        "hold": st.sampled_from(HOLDS),
    }
)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - see timezones


def of_path(*steps: dict[str, Any], **path: Any) -> Policy:
    return policy(escalation_paths={"follow-the-sun": {"steps": list(steps), **path}})


def of_person(**fields: Any) -> Policy:
    """Amina is otherwise than she is, and alone on the path."""
    amina = {"name": "Amina Otieno", "slack": "U0AMINA", "time_zone": "Africa/Nairobi", "country": "KE", **fields}
    return policy(
        people={"amina": amina},
        escalation_paths={"follow-the-sun": {"repeat": 1, "steps": [{"page": ["person:amina"], "wait": "5m"}]}},
    )


def paged(found: Simulation) -> list[tuple[datetime, int, int, str]]:
    return [
        (each.at, each.round, each.step, person)
        for each in found.moments
        for person in (*(one.person for one in each.people), *each.channels)
    ]


def only(found: Simulation, moment: int = 0) -> Paged:
    (person,) = found.moments[moment].people
    return person


@given(path=paths, at=instants, severity=st.sampled_from(["sev1", "sev2", "sev3"]))
@settings(max_examples=60, deadline=None)
def test_whoever_is_foretold_is_paged_at_that_very_instant(path: dict[str, Any], at: datetime, severity: str) -> None:
    policy = of_path(*path["steps"], repeat=path["repeat"], hold=path["hold"])
    foretold = simulate("churn-scoring", severity, at, policy)
    world = World(policy, at).happens(declared(severity)).passes(hours=24 * 14)
    happened = sorted((page.paged_at, page.round, page.step, page.person) for page in world.incident.pages)
    assert sorted(paged(foretold)) == happened
    acting = world.incident.escalation
    assert acting is not None and acting.state is EscalationState.EXHAUSTED
    assert foretold.exhausted_at is not None
    assert acting.path == foretold.path


def test_every_step_is_told_in_its_order_and_with_its_instant() -> None:
    found = simulate("churn-scoring", "sev1", NOON, POLICY)
    assert paged(found)[:5] == [
        (NOON, 0, 0, "amina"),
        (NOON + minutes(5), 0, 1, "sita"),
        (NOON + minutes(15), 0, 2, "amina"),
        (NOON + minutes(15), 0, 2, "luis"),
        (NOON + minutes(15), 0, 2, "sita"),
    ]
    assert [each.next_at for each in found.moments[:2]] == [NOON + minutes(5), NOON + minutes(15)]
    assert found.moments[-1].next_at == found.exhausted_at == NOON + minutes(60)
    assert found.told == ("noor",)


def test_a_step_for_another_severity_is_passed_over_with_its_reason() -> None:
    third = simulate("churn-scoring", "sev2", NOON, POLICY).moments[2]
    assert third.passed_over
    assert (third.at, third.why) == (NOON + minutes(15), "only for sev1")


def test_a_gap_in_a_schedule_is_passed_over_with_its_reason() -> None:
    found = simulate("churn-scoring", "sev1", SATURDAY, POLICY)
    assert [(each.step, each.why) for each in found.moments if each.passed_over] == [(1, NOBODY), (1, NOBODY)]
    assert found.moments[1].at == found.moments[2].at == SATURDAY + minutes(5)


def test_who_is_left_out_of_a_step_is_told_beside_who_is_paged() -> None:
    at_night_in_nairobi = datetime(2026, 3, 2, 20, tzinfo=UTC)
    step = {"page": ["person:amina", "person:luis"], "wait": "5m", "when": OWN_DAY}
    moment = simulate("churn-scoring", "sev1", at_night_in_nairobi, of_path(step)).moments[0]
    assert [each.person for each in moment.people] == ["luis"]
    assert "07:00" in moment.why and "Africa/Nairobi" in moment.why


def test_a_hold_is_told_and_nobody_is_paged_before_its_end() -> None:
    found = simulate("churn-scoring", "sev2", SATURDAY, of_path({"page": ["person:luis"], "wait": "5m"}, hold=HOLDS[2]))
    monday_at_nine = datetime(2026, 3, 9, 6, tzinfo=UTC)
    assert found.held_until == monday_at_nine == found.moments[0].at
    assert (
        simulate("churn-scoring", "sev1", SATURDAY, of_path({"page": ["person:luis"], "wait": "5m"})).held_until is None
    )


def test_a_user_group_is_told_as_one_whose_members_only_slack_knows() -> None:
    step = {"page": ["group:@oncall", "channel:#help", "person:luis"], "wait": "5m", "acknowledge": "all"}
    moment = simulate("churn-scoring", "sev1", NOON, of_path(step)).moments[0]
    assert (moment.groups, moment.channels, [each.person for each in moment.people]) == (
        ("@oncall",),
        ("#help",),
        ["luis"],
    )
    assert moment.needs_all and not moment.picks_one


def test_one_in_turn_is_another_for_another_incident() -> None:
    step = {"page": ["team:support"], "wait": "5m", "pick": "one"}
    turns = [only(simulate("churn-scoring", "sev1", NOON, of_path(step), number)).person for number in (1, 2, 3)]
    assert sorted(turns) == ["amina", "luis", "sita"]
    assert simulate("churn-scoring", "sev1", NOON, of_path(step)).moments[0].picks_one


def test_night_and_holiday_are_those_of_whoever_is_paged() -> None:
    late_on_madaraka_day = datetime(2026, 6, 1, 20, tzinfo=UTC)
    found = only(simulate("churn-scoring", "sev1", late_on_madaraka_day, of_person()))
    assert (f"{found.local:%H:%M}", found.asleep, found.holiday) == ("23:00", True, "Madaraka Day")
    an_hour_later = only(simulate("churn-scoring", "sev1", late_on_madaraka_day + timedelta(hours=1), of_person()))
    assert (f"{an_hour_later.local:%H:%M}", an_hour_later.asleep, an_hour_later.holiday) == ("00:00", True, None)
    unknown = only(simulate("churn-scoring", "sev1", late_on_madaraka_day, of_person(country=None)))
    assert unknown.holiday is None


def test_every_way_is_told_with_its_instant_and_none_after_the_page_was_replaced() -> None:
    ways = [
        {"env": "MAIL", "name": "e-mail"},
        {"env": "SMS", "name": "SMS", "after": "2m"},
        {"env": "CALL", "name": "call", "after": "6m"},  # by then the next round has paged her again
    ]
    found = simulate("churn-scoring", "sev1", NOON, of_person(contact=ways))
    in_time = (Way(SLACK, NOON), Way("e-mail", NOON), Way("SMS", NOON + minutes(2)))
    assert only(found).ways == in_time
    assert [way.name for way in only(found, 1).ways] == [SLACK, "e-mail", "SMS"]


def test_whom_slack_cannot_know_is_called_at_once_by_everything_else() -> None:
    unknown = of_person(slack=None, contact=[{"env": "SMS", "name": "SMS", "after": "2m"}])
    found = simulate("churn-scoring", "sev1", NOON, unknown)
    assert [(way.name, way.at, bool(way.problem)) for way in only(found).ways] == [
        (SLACK, NOON, True),
        ("SMS", NOON, False),
    ]
    assert found.exhausted_at == NOON + minutes(10)


def test_whom_nothing_reaches_holds_nobody_up() -> None:
    found = simulate("churn-scoring", "sev1", NOON, of_person(slack=None))
    assert [each.at for each in found.moments] == [NOON, NOON]
    assert found.exhausted_at == NOON


def test_without_a_path_nobody_is_paged_and_the_lead_is_told() -> None:
    found = simulate("orphan", "sev1", NOON, POLICY)
    assert (found.path, found.moments, found.exhausted_at, found.told) == (None, (), None, ("noor",))
    assert simulate(None, "sev1", NOON, POLICY).told == ()


def test_a_path_without_an_end_in_sight_is_cut_short() -> None:
    endless = of_path({"page": ["person:luis"], "wait": "1m"}, repeat=5 * MOST_MOMENTS)
    found = simulate("churn-scoring", "sev1", NOON, endless)
    assert found.cut_short and found.exhausted_at is None
    assert len(found.moments) == MOST_MOMENTS
    assert not simulate("churn-scoring", "sev1", NOON, POLICY).cut_short


@pytest.mark.parametrize(
    ("service", "severity", "sentence"),
    [
        ("churn", "sev1", "There is no service “churn”. Did you mean churn-scoring?"),
        ("zzz", "sev1", "There is no service “zzz”. Known are churn-scoring, office, orphan."),
        (None, "sv2", "There is no severity “sv2”. Did you mean sev2?"),
    ],
)
def test_what_is_not_configured_is_refused_with_a_suggestion(service: str | None, severity: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence.replace("?", r"\?").replace(".", r"\.")):
        simulate(service, severity, NOON, POLICY)
