"""The one pure function: what it refuses, and what holds after any history whatever."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core.decide import decide
from bot.core.effects import CreateChannel, Entry, Notice, PostReminder, Record, SendPage
from bot.core.events import (
    CardPosted,
    ChannelCreated,
    DeliveryGivenUp,
    IncidentDeclared,
    IncidentEvent,
    PageDelivered,
)
from bot.core.incident import EscalationState, Message, PageState, Role, Status
from bot.policy.model import Policy
from tests.core.given import (
    NOON,
    POLICY,
    World,
    acknowledged,
    closed,
    declared,
    declined,
    escalation_asked,
    history,
    lead_handed_over,
    minutes,
    moved,
    noted,
    page_declined,
    page_given_up,
    policy,
    refused,
    reopened,
    resolved,
    role_taken,
    runbook_started,
    severity,
    step,
    updated,
)


def declaration(title: str = "Scores are stale", severity: str = "sev1", service: str | None = None) -> IncidentEvent:
    return IncidentDeclared(number=1, by="noor", title=title, severity=severity, service=service)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (declaration(title=" "), "An incident needs a title: what is wrong, in a few words."),
        (declaration(severity="sev9"), "There is no severity “sev9”. Known are sev1, sev2, sev3, sev4."),
        (declaration(service="churn-scorin"), "There is no service “churn-scorin”. Did you mean churn-scoring?"),
        (declaration(service="zzz"), "There is no service “zzz”."),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(event: IncidentEvent, sentence: str) -> None:
    decision = decide(None, event, NOON, POLICY)
    assert (decision.state, decision.effects, decision.refusal) == (None, (), sentence)


def test_the_title_is_kept_without_the_space_around_it() -> None:
    assert World().happens(declaration("  Scores are stale\n")).incident.title == "Scores are stale"


@pytest.mark.parametrize(
    "event",
    [acknowledged(), updated(), closed(), noted(), page_declined(), page_given_up(), runbook_started()],
    ids=type,
)
def test_what_is_not_there_is_refused(event: IncidentEvent) -> None:
    sentence = "There is no incident INC-1. `/incident list` shows those that are open."
    assert refused(World(), event) == sentence


def test_nothing_is_decided_by_halves_when_it_is_refused_late() -> None:
    world = history(declared())
    before = world.incident
    decision = decide(before, runbook_started("nonsense"), NOON, POLICY)
    assert decision.state is before
    assert decision.effects == ()
    assert decision.refusal is not None


def test_what_was_given_is_never_changed() -> None:
    before = history(declared()).incident
    copy = replace(before)
    decide(before, acknowledged(), NOON, POLICY)
    assert before == copy


PEOPLE = st.sampled_from(["amina", "luis", "sita", "noor", "U0VISITOR"])
SPANS = st.sampled_from([0, 1, 4, 5, 8, 10, 15, 30, 31, 60, 120, 500, 3000])
SEVERITIES = st.sampled_from(["sev1", "sev2", "sev3", "sev4", "sev9"])
POLICIES = [POLICY, policy(schedules={"l1": POLICY.schedules["l2"].model_dump()})]  # with gaps: nobody at night


class AnyHistory(RuleBasedStateMachine):
    """An incident lives; after whatever happens, in whatever order, the laws of the room hold."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @initialize(
        severity=st.sampled_from(["sev1", "sev2", "sev3", "sev4"]),
        service=st.sampled_from(["churn-scoring", "churn-scoring", "office", "orphan", None]),
        policy=st.sampled_from(POLICIES),
        start=st.sampled_from([0, 7, 24 * 5, 24 * 6 + 9]),
    )
    def declare(self, severity: str, service: str | None, policy: Policy, start: int) -> None:
        self.world = World(policy, NOON + minutes(start * 60))
        self.comes(declared(severity, service))

    def comes(self, event: IncidentEvent) -> None:
        world = self.world
        before, done = world.state, len(world.effects)
        once, again = (decide(before, event, world.now, world.policy) for _ in range(2))
        assert once == again, "decide is not deterministic"
        was_open = before is None or before.is_open
        world.happens(event)  # holds that a refusal has no effects
        if world.refusal is not None:
            assert world.state is before
            assert len(world.effects) == done
        if not was_open and world.refusal is None:
            assert not sends_a_page(world, done), "a page was sent after the end"

    @rule(by=PEOPLE)
    def acknowledge(self, by: str) -> None:
        self.comes(acknowledged(by))
        incident = self.world.incident
        if self.world.refusal is None:
            assert incident.acknowledged_by == by
            assert self.world.open_pages() == []

    @rule(ordinal=st.integers(1, 12))
    def decline_a_page(self, ordinal: int) -> None:
        page = self.world.incident.page(f"1-{ordinal}")
        self.comes(page_declined(f"1-{ordinal}", page.person if page else "amina"))

    @rule(ordinal=st.integers(1, 12), effect=st.sampled_from(["SendPage", "SendPage", "RefreshPage"]))
    def give_up_a_page(self, ordinal: int, effect: str) -> None:
        self.comes(page_given_up(f"1-{ordinal}", effect))

    @rule(ordinal=st.integers(1, 12))
    def deliver_a_page(self, ordinal: int) -> None:
        self.comes(PageDelivered(number=1, page=f"1-{ordinal}", message=Message("D1", str(ordinal))))

    @rule(made=st.booleans())
    def make_the_channel(self, made: bool) -> None:
        if made:
            self.comes(ChannelCreated(number=1, channel="C1", name="inc-1"))
            self.comes(CardPosted(number=1, message=Message("C1", "1")))
        else:
            self.comes(DeliveryGivenUp(number=1, effect=CreateChannel.__name__, why="restricted_action"))

    @rule(by=PEOPLE)
    def escalate(self, by: str) -> None:
        self.comes(escalation_asked(by))

    @rule(to=SEVERITIES)
    def change_severity(self, to: str) -> None:
        self.comes(severity(to))

    @rule(by=PEOPLE, status=st.sampled_from([None, *Status]))
    def update(self, by: str, status: Status | None) -> None:
        self.comes(updated(by=by, status=status))

    @rule(to=st.sampled_from(list(Status)))
    def move(self, to: Status) -> None:
        self.comes(moved(to))

    @rule(event=st.sampled_from([noted(), noted(""), lead_handed_over(), runbook_started(), step("last-run")]))
    def work(self, event: IncidentEvent) -> None:
        self.comes(event)

    @rule(role=st.sampled_from(list(Role)), person=PEOPLE)
    def take_a_role(self, role: Role, person: str) -> None:
        self.comes(role_taken(role, person))

    @rule(event=st.sampled_from([resolved(), closed(), declined()]))
    def end(self, event: IncidentEvent) -> None:
        self.comes(event)

    @precondition(lambda self: self.world.state is not None and not self.world.incident.is_open)
    @rule()
    def reopen(self) -> None:
        self.comes(reopened())

    @rule(span=SPANS)
    def time_passes(self, span: int) -> None:
        self.lets(span, self.world.passes)

    @rule(span=SPANS)
    def the_power_is_cut(self, span: int) -> None:
        self.lets(span, self.world.sleeps)

    @rule(span=SPANS)
    def the_next_comes_before_the_tick(self, span: int) -> None:
        self.world.without_a_tick(minutes=span)

    def lets(self, span: int, pass_time: Callable[..., object]) -> None:
        """Nobody is paged while time alone passes, unless a step was waiting or a silence watched."""
        world = self.world
        done, awaited = len(world.effects), world.timer("escalation") or world.timer("silence")
        pass_time(minutes=span)
        if awaited is None:
            assert not sends_a_page(world, done)

    @invariant()
    def one_page_at_most_is_open_for_a_person(self) -> None:
        if self.world.state is not None:
            waiting = self.world.open_pages()
            assert len(waiting) == len(set(waiting))

    @invariant()
    def who_declined_is_never_paged_again(self) -> None:
        gone: set[str] = set()
        for page in self.world.incident.pages if self.world.state is not None else ():
            assert page.person not in gone
            if page.state is PageState.DECLINED:
                gone.add(page.person)

    @invariant()
    def an_open_incident_is_never_silently_unanswered(self) -> None:
        world = self.world
        if world.state is None or not world.incident.is_open:
            return
        escalation = world.incident.escalation
        if escalation is None:
            assert Notice.NO_PATH in world.notices
        elif escalation.state is EscalationState.RUNNING:
            assert escalation.due is not None
            assert world.timer("escalation") == escalation.due
        elif escalation.state is EscalationState.EXHAUSTED:
            assert Notice.PATH_EXHAUSTED in world.notices
        else:
            assert escalation.state is EscalationState.ACKNOWLEDGED
            assert world.incident.acknowledged_by is not None

    @invariant()
    def what_is_acknowledged_or_ended_waits_for_no_step(self) -> None:
        world = self.world
        if world.state is None:
            return
        escalation = world.incident.escalation
        if escalation is None or escalation.state is not EscalationState.RUNNING:
            assert world.timer("escalation") is None
            assert world.open_pages() == []

    @invariant()
    def silence_is_watched_exactly_while_somebody_has_it_and_it_does_harm(self) -> None:
        world = self.world
        if world.state is None:
            return
        incident = world.incident
        answered = incident.escalation is not None and incident.escalation.state is EscalationState.ACKNOWLEDGED
        watched = incident.is_open and answered and incident.mitigated_at is None
        re_page = world.policy.severities[incident.severity].re_page_after
        assert (world.timer("silence") is not None) == (watched and re_page is not None)

    @invariant()
    def every_running_clock_has_one_timer_or_is_broken(self) -> None:
        world = self.world
        if world.state is None:
            return
        clocks = [held for held in world.incident.clocks if held.is_running]
        assert len(clocks) == len({held.clock for held in clocks}), "two clocks of one kind run"
        for held in clocks:
            assert held.breached_at is not None or world.timer("clocks") is not None
        ringing = {key.removeprefix("incident:1:clock:") for key in world.timers if ":clock:" in key}
        assert ringing <= {held.clock for held in clocks}

    @invariant()
    def a_broken_promise_was_broken_at_its_due_time(self) -> None:
        if self.world.state is not None:
            assert all(held.breached_at in (None, held.due) for held in self.world.incident.clocks)

    @invariant()
    def a_breach_is_said_once(self) -> None:
        said = [(told.clock, told.due) for told in self.world.done(PostReminder) if told.share == 1.0]
        assert len(said) == len(set(said))

    @invariant()
    def nothing_rings_after_the_end(self) -> None:
        if self.world.state is not None and not self.world.incident.is_open:
            assert self.world.timers == {}

    @invariant()
    def the_timeline_tells_every_page(self) -> None:
        if self.world.state is not None:
            told = [entry.new for entry in self.world.done(Record) if entry.what is Entry.PAGED]
            assert told == self.world.paged == [page.person for page in self.world.incident.pages]

    @invariant()
    def the_timeline_goes_forward(self) -> None:
        instants = [entry.at for entry in self.world.done(Record)]
        assert instants == sorted(instants)

    @invariant()
    def instants_fit_the_status(self) -> None:
        if self.world.state is not None:
            incident = self.world.incident
            assert (incident.closed_at is not None) == (incident.status in (Status.CLOSED, Status.DECLINED))
            assert (incident.resolved_at is not None) == (incident.status in (Status.RESOLVED, Status.CLOSED))


def sends_a_page(world: World, since: int) -> bool:
    return any(isinstance(effect, SendPage) for effect in world.effects[since:])


AnyHistory.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyHistory = AnyHistory.TestCase
