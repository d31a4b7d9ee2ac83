"""Escalation: an incident is never silently unanswered."""

import pytest

from bot.core import escalation
from bot.core.effects import Entry, Notice, PostNotice, Record, SendDirect, SetTimer
from bot.core.events import SilenceFellDue, StepFellDue
from bot.core.incident import Escalation, EscalationState, Status
from bot.policy.model import Override, Policy
from tests.core.given import (
    NOON,
    POLICY,
    SATURDAY,
    World,
    acknowledged,
    declared,
    escalation_asked,
    history,
    hours,
    minutes,
    moved,
    noted,
    page_declined,
    policy,
    refused,
    resolved,
    severity,
    updated,
)

WHOLE_PATH = minutes(60)  # of follow-the-sun, both rounds, for sev1


def acting(world: World) -> Escalation:
    assert world.incident.escalation is not None
    return world.incident.escalation


def test_the_first_step_is_paged_at_once() -> None:
    world = history(declared())
    assert world.paged == ["amina"]
    assert acting(world).due == world.timer("escalation") == NOON + minutes(5)


def test_an_unacknowledged_page_climbs_when_its_wait_is_over() -> None:
    world = history(declared(), minutes(4.9))
    assert world.paged == ["amina"]
    assert world.passes(minutes=0.1).paged == ["amina", "sita"]
    assert world.entry(Entry.ESCALATED).text == "Nobody acknowledged in time."
    assert world.timer("escalation") == NOON + minutes(15)
    assert world.open_pages() == ["amina", "sita"]  # the first may still answer


def test_a_step_that_pages_several_waits_for_any_of_them() -> None:
    world = history(declared(), minutes(15))
    assert world.paged[2:] == ["amina", "luis", "sita"]
    assert sorted(world.open_pages()) == ["amina", "luis", "sita"]
    assert world.facts(Notice.PAGED) == {"people": "sita"}


def test_a_step_for_another_severity_is_passed_over() -> None:
    world = history(declared("sev2"), minutes(15))
    assert world.paged == ["amina", "sita", "amina"]  # the second round follows the second step
    assert acting(world).round == 1


def test_raising_the_severity_opens_the_steps_that_are_still_to_come() -> None:
    world = history(declared("sev2"), severity("sev1"), minutes(15))
    assert world.paged == ["amina", "sita", "amina", "luis", "sita"]
    assert acting(world).round == 0


def test_the_path_is_walked_as_often_as_it_repeats() -> None:
    world = history(declared(), minutes(59))
    once = ["amina", "sita", "amina", "luis", "sita"]
    assert world.paged == once * 2


def test_after_a_power_cut_one_step_runs_and_waits_its_time() -> None:
    world = history(declared()).sleeps(hours=48)
    assert world.paged == ["amina", "sita"]
    assert world.timer("escalation") == NOON + hours(48) + minutes(10)


def test_a_path_that_has_run_out_is_said_and_the_lead_of_the_team_is_told() -> None:
    world = history(declared(), WHOLE_PATH)
    assert acting(world).state is EscalationState.EXHAUSTED
    assert world.facts(Notice.PATH_EXHAUSTED) == {"to": "noor"}
    assert [(told.to, told.notice) for told in world.done(SendDirect)] == [("noor", Notice.PATH_EXHAUSTED)]
    assert world.entry(Entry.PATH_EXHAUSTED).text == "Told @[noor]."
    assert world.open_pages() == []
    assert world.timer("escalation") is None


def test_a_path_that_has_run_out_is_said_once() -> None:
    assert history(declared(), WHOLE_PATH, hours(100)).notices.count(Notice.PATH_EXHAUSTED) == 1


def test_a_team_without_a_lead_has_nobody_to_be_told_but_the_channel_is() -> None:
    world = history(declared(service="office"), minutes(5))
    assert world.facts(Notice.PATH_EXHAUSTED) == {}
    assert world.done(SendDirect) == []


def test_an_exhausted_incident_can_still_be_acknowledged() -> None:
    world = history(declared(), WHOLE_PATH, acknowledged("luis"))
    assert world.incident.acknowledged_by == "luis"
    assert acting(world).state is EscalationState.ACKNOWLEDGED


def test_nobody_on_call_is_said_and_the_next_step_runs_at_once() -> None:
    path = {"steps": [{"page": ["schedule:l2"], "wait": "5m"}, {"page": ["person:luis"], "wait": "5m"}]}
    world = history(declared(), policy=policy(escalation_paths={"follow-the-sun": path}), now=SATURDAY)
    assert world.paged == ["luis"]
    assert world.facts(Notice.NOBODY_ON_CALL) == {"targets": "schedule:l2"}
    assert world.entry(Entry.STEP_SKIPPED).new == "schedule:l2"


def test_nobody_on_call_is_said_in_the_channel_once_however_often_the_path_repeats() -> None:
    world = history(declared(), hours(2), now=SATURDAY)
    assert world.notices.count(Notice.NOBODY_ON_CALL) == 1
    assert world.entries.count(Entry.STEP_SKIPPED) == 2
    assert world.notices.count(Notice.PATH_EXHAUSTED) == 1


def test_a_path_on_which_nobody_is_on_call_is_exhausted_at_once() -> None:
    world = history(declared(service="office"), now=SATURDAY)
    assert world.paged == []
    assert acting(world).state is EscalationState.EXHAUSTED
    assert world.notices == [Notice.NOBODY_ON_CALL, Notice.PATH_EXHAUSTED]


def test_without_a_path_that_is_said_at_once() -> None:
    world = history(declared(service="orphan"))
    assert world.paged == []
    assert world.incident.escalation is None
    assert world.facts(Notice.NO_PATH) == {"to": "noor"}
    assert world.entry(Entry.PATH_EXHAUSTED).text == "No escalation path is configured, so nobody was paged."


def test_the_default_path_answers_where_no_other_is_named() -> None:
    default = policy(workspace={"default_escalation_path": "office-only"})
    assert history(declared(service="orphan"), policy=default).paged == ["sita"]
    assert history(declared(service=None), policy=default).paged == ["sita"]
    assert history(declared(service="churn-scoring"), policy=default).paged == ["amina"]


def test_the_first_schedule_of_the_path_answers_for_the_incident() -> None:
    assert history(declared()).incident.schedule == "l1"


def test_an_acknowledgement_stops_the_escalation() -> None:
    world = history(declared(), minutes(2), acknowledged("amina")).forget()
    assert (acting(world).state, acting(world).due) == (EscalationState.ACKNOWLEDGED, None)
    assert world.timer("escalation") is None
    assert world.passes(minutes=29).paged == []


def test_a_step_that_rings_after_the_acknowledgement_does_nothing() -> None:
    world = history(declared(), acknowledged()).forget()
    assert world.happens(StepFellDue(number=1, round=0, step=0)).effects == []


def test_a_step_that_is_over_rings_in_vain() -> None:
    world = history(declared(), minutes(6)).forget()
    assert world.happens(StepFellDue(number=1, round=0, step=0)).effects == []


def test_escalating_by_hand_runs_the_next_step_at_once() -> None:
    world = history(declared(), minutes(1), escalation_asked("luis", "I know no Spark"))
    assert world.paged == ["amina", "sita"]
    assert world.timer("escalation") == NOON + minutes(11)
    asked = world.entry(Entry.ESCALATED)
    assert (asked.by, asked.text) == ("luis", "I know no Spark")


def test_escalating_what_is_acknowledged_pages_the_next_and_watches_them() -> None:
    world = history(declared(), acknowledged("amina"), escalation_asked("amina"))
    assert acting(world).state is EscalationState.RUNNING
    assert world.open_pages() == ["sita"]
    assert world.timer("silence") is None
    assert world.happens(acknowledged("sita")).refusal is None
    assert world.incident.acknowledged_by == "sita"


def test_escalating_past_the_last_step_says_that_the_path_has_run_out() -> None:
    world = history(declared(service="office"), escalation_asked())
    assert acting(world).state is EscalationState.EXHAUSTED
    assert Notice.PATH_EXHAUSTED in world.notices


def test_escalating_an_exhausted_path_starts_it_again() -> None:
    world = history(declared(), WHOLE_PATH).forget().happens(escalation_asked())
    assert world.paged == ["amina"]
    assert acting(world).state is EscalationState.RUNNING


def test_there_is_nobody_to_escalate_to_without_a_path_or_after_the_end() -> None:
    no_path = "INC-1 has no escalation path. Add one to its service in the configuration."
    assert refused(history(declared(service="orphan")), escalation_asked()) == no_path
    ended = "INC-1 is resolved; there is nobody to escalate to."
    assert refused(history(declared(), resolved()), escalation_asked()) == ended


def test_an_escalation_that_runs_keeps_the_path_it_began_with() -> None:
    world = history(declared())
    path = {"steps": [{"page": ["person:luis"], "wait": "1m"}]}
    world.policy = policy(escalation_paths={"follow-the-sun": path})
    assert world.passes(minutes=5).paged == ["amina", "sita"]


def test_who_is_on_call_is_asked_when_the_step_runs() -> None:
    before_six = NOON + hours(5) + minutes(58)
    world = history(declared("sev2"), minutes(15), now=before_six)
    assert world.paged == ["amina", "sita", "luis"]  # l1 has changed hands at 18:00


def standing_in(person: str, instead_of: str | None = None) -> Policy:
    """Somebody has the pager of l1 from ten minutes ago to ten minutes from now."""
    span = {"start": NOON - minutes(10), "end": NOON + minutes(10)}
    override = Override(id=1, schedule="l1", person=person, instead_of=instead_of, **span)
    return POLICY.model_copy(update={"overrides": (override,)})


@pytest.mark.parametrize("instead_of", [None, "amina"])
def test_whoever_stands_in_is_paged(instead_of: str | None) -> None:
    assert history(declared(), policy=standing_in("sita", instead_of)).paged == ["sita"]


def test_whoever_stands_in_for_somebody_else_is_not() -> None:
    assert history(declared(), policy=standing_in("sita", "luis")).paged == ["amina"]


def test_a_stand_in_that_is_over_is_paged_no_more() -> None:
    world = history(minutes(10), declared(), policy=standing_in("sita"))
    assert world.paged == ["amina"]


def test_whoever_stands_in_for_one_schedule_has_no_other() -> None:
    world = history(declared(), minutes(5), policy=standing_in("luis"))
    assert world.paged == ["luis", "sita"]  # that of l2 is not in other hands


def test_a_stand_in_fills_a_gap_in_which_nobody_would_have_been_paged() -> None:
    override = Override(id=1, schedule="l2", person="luis", start=SATURDAY, end=SATURDAY + hours(1))
    filled = POLICY.model_copy(update={"overrides": (override,)})
    world = history(declared(service="office"), policy=filled, now=SATURDAY)
    assert world.paged == ["luis"]
    assert Notice.NOBODY_ON_CALL not in world.notices


def test_silence_after_the_acknowledgement_starts_the_path_again() -> None:
    world = history(declared(), acknowledged("amina"), minutes(10)).happens(noted()).forget()
    assert world.passes(minutes=29).paged == []
    assert world.passes(minutes=1).paged == ["amina"]
    assert world.facts(Notice.PAGED_AGAIN) == {"by": "amina"}
    assert Entry.PAGED_AGAIN in world.entries
    assert world.passes(minutes=5).paged == ["amina", "sita"]


@pytest.mark.parametrize(
    "world",
    [history(declared()), history(declared(), resolved()), history(declared(service="orphan"), acknowledged())],
)
def test_silence_that_is_not_watched_rings_in_vain(world: World) -> None:
    assert world.forget().happens(SilenceFellDue(number=1)).effects == []


def test_silence_is_told_once_after_a_power_cut() -> None:
    world = history(declared(), acknowledged()).sleeps(hours=48)
    assert world.notices.count(Notice.PAGED_AGAIN) == 1


def test_silence_is_watched_as_the_severity_says() -> None:
    world = history(declared("sev2"), acknowledged())
    assert world.timer("silence") == NOON + hours(2)
    assert world.happens(severity("sev1")).timer("silence") == NOON + minutes(30)
    assert world.happens(severity("sev3")).timer("silence") is None


def test_nobody_is_woken_for_what_is_mitigated() -> None:
    world = history(declared(), acknowledged(), moved(Status.MONITORING)).forget()
    assert world.timer("silence") is None
    assert world.passes(hours=48).paged == []


def test_silence_is_watched_again_when_it_is_no_longer_mitigated() -> None:
    world = history(declared(), acknowledged(), moved(Status.MONITORING), moved(Status.IDENTIFIED))
    assert world.timer("silence") == NOON + minutes(30)


def test_what_nobody_has_acknowledged_is_not_silent_but_escalating() -> None:
    assert history(declared(), updated()).timer("silence") is None


def test_a_refused_request_breaks_no_silence() -> None:
    world = history(declared(), acknowledged("amina"), minutes(10))
    refused(world, acknowledged("luis"))
    assert world.timer("silence") == NOON + minutes(30)


def test_a_lonely_decline_climbs_at_once() -> None:
    world = history(declared(), minutes(1), page_declined("1-1"))
    assert world.paged == ["amina", "sita"]
    assert world.timer("escalation") == NOON + minutes(11)


def test_a_person_is_paged_once_for_a_step_that_names_them_twice() -> None:
    path = {"steps": [{"page": ["person:amina", "schedule:l1", "team:support"], "wait": "5m"}]}
    world = history(declared(), policy=policy(escalation_paths={"follow-the-sun": path}))
    assert world.paged == ["amina", "luis", "sita"]


def test_the_step_that_comes_next_can_be_shown() -> None:
    world = history(declared("sev1"), minutes(5))
    following = escalation.next_step(acting(world), "sev1")
    assert following is not None
    assert following.page[0].name == "support"
    lower = escalation.next_step(acting(world), "sev2")
    assert lower is not None
    assert lower.page[0].name == "l1"
    assert escalation.next_step(acting(world.passes(minutes=60)), "sev1") is None


def test_the_timer_belongs_to_the_step_that_acts() -> None:
    world = history(declared(), minutes(5))
    timer = [effect for effect in world.done(SetTimer) if effect.key == "incident:1:escalation"][-1]
    assert timer.event == StepFellDue(number=1, round=0, step=1)


def test_everything_that_is_said_stands_in_the_timeline_too() -> None:
    world = history(declared(), WHOLE_PATH)
    paged = [entry for entry in world.done(Record) if entry.what is Entry.PAGED]
    assert [entry.new for entry in paged] == world.paged
    assert all(isinstance(posted.facts, dict) for posted in world.done(PostNotice))
