"""Incidents, shifts, stand-ins and instants to put into the store."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from string import ascii_lowercase
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import text

from bot.core.feeds import FeedCopy
from bot.core.handoff import (
    Awake,
    ClockGlimpse,
    Handoff,
    HandoffItem,
    ItemState,
    Note,
    ShiftWatch,
    Summary,
    Trend,
    Words,
)
from bot.core.handoff import (
    Plan as NextStep,
)
from bot.core.incident import (
    ActionRun,
    ActionState,
    Escalation,
    EscalationState,
    Incident,
    LeadOffer,
    Message,
    Page,
    PageState,
    Role,
    RunbookRun,
    SlaClock,
    Status,
    StepState,
    StepTaken,
    Tried,
    Wait,
)
from bot.core.permitted import Span
from bot.core.plan import Plan
from bot.core.standin import Offer, StandIn, StandInKind, StandInState
from bot.oncall.schedule import Shift
from bot.policy.model import (
    Calendar,
    Clock,
    Condition,
    FeedShift,
    PageTarget,
    Pick,
    Sla,
    Step,
    Target,
    TargetKind,
    Terms,
    Waiting,
    Window,
)
from bot.store.store import Store
from bot.store.work import Work

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


CALENDARS = {"office": Calendar(time_zone="Asia/Kathmandu", closed=frozenset({date(2026, 12, 24)}))}


def gold(within: str = "4h", share: float = 0.5) -> Sla:
    """Sev1 is resolved within so much of office hours."""
    target = Target.model_validate({"within": within, "calendar": "office"})
    return Sla(name="Gold", warn_at=(share,), targets={"sev1": {Clock.RESOLVE: target}})


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def incident(number: int, **fields: Any) -> Incident:
    known = {"title": "Scores are stale", "severity": "sev1", "declared_by": "amina"}
    return Incident(number=number, **{**known, "declared_at": NOW, "started_at": NOW, **fields})


def declare(store: Store, **fields: Any) -> Incident:
    with store.transaction() as work:
        declared = incident(work.next_number(), **fields)
        work.save(None, declared)
    return declared


def states(work: Work) -> list[str]:
    """Of all clocks, as reports read them."""
    return [
        row.state for row in work._connection.execute(text("SELECT state FROM sla_clock ORDER BY incident, ordinal"))
    ]


# Anything that can be an incident

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
keys = st.text(ascii_lowercase + "-_%|", min_size=1, max_size=8)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-5))])
instants = st.builds(
    lambda zone, after: (datetime(2000, 1, 1, tzinfo=UTC) + after).astimezone(zone),
    zones,
    st.timedeltas(timedelta(0), timedelta(days=36525)),
)
spans = st.timedeltas(timedelta(microseconds=1), timedelta(days=3653))
messages = st.builds(Message, keys, keys)
ordinals = st.integers(0, 1000)
places = st.integers(-1, 1000)  # -1: none, or not yet


def maybe(held: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | held


def a_few(held: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(held, max_size=3).map(tuple)


targets = st.builds(PageTarget, kind=st.sampled_from(TargetKind), name=keys)
evenings = Window(weekdays=frozenset({0, 4}), start=time(18), end=time(2))
conditions = st.builds(
    Condition,
    severity=a_few(keys),
    hours=st.sampled_from([(evenings,)]),
    time_zone=st.sampled_from(["own", "Africa/Nairobi"]),
    holiday=maybe(st.booleans()),
)
steps = st.builds(
    Step,
    page=st.lists(targets, min_size=1, max_size=2),
    wait=spans,
    when=st.just(Condition()) | conditions,
    pick=st.sampled_from(Pick),
)
escalations = st.builds(
    Escalation,
    path=keys,
    steps=a_few(steps),
    repeat=ordinals,
    round=ordinals,
    step=places,
    state=st.sampled_from(EscalationState),
    due=maybe(instants),
)
pages = st.builds(
    Page,
    id=st.just(""),
    person=keys,
    round=places,
    step=places,
    paged_at=instants,
    state=st.sampled_from(PageState),
    ended_at=maybe(instants),
    ended_by=maybe(keys),
    message=maybe(messages),
    delivered_at=maybe(instants),
    asked_by=maybe(keys),
    note=words,
    problem=words,
    tried=a_few(st.builds(Tried, words, instants, words)),
    night=maybe(st.booleans()),
)
clocks = st.builds(
    SlaClock,
    clock=st.sampled_from(Clock),
    started=instants,
    due=instants,
    within=spans,
    calendar=keys,
    sla=keys,
    turn=ordinals,
    promised=words,
    used=spans,
    since=maybe(instants),
    paused_until=maybe(instants),
    warned=st.floats(0, 1),
    met_at=maybe(instants),
    breached_at=maybe(instants),
    cancelled_at=maybe(instants),
    held_by=maybe(keys),
    held_on=maybe(keys),
)
terms = st.builds(
    lambda order, within, share: Terms(severities=order, slas={"gold": gold(within, share)}, calendars=CALENDARS),
    a_few(keys),
    st.sampled_from(["90s", "4h", "2 business days"]),
    st.floats(0.01, 0.99),
)
waits = st.builds(Wait, st.sampled_from(Waiting), instants, instants, words, keys)
taken = st.builds(
    StepTaken,
    keys,
    st.sampled_from(StepState),
    keys,
    instants,
    answer=maybe(words),
    reason=words,
    since=maybe(instants),
    evidence=a_few(words),
)
actions = st.builds(
    ActionRun,
    id=st.just(""),
    step=keys,
    request=words,
    call=words,
    asked_by=keys,
    asked_at=instants,
    state=st.sampled_from(ActionState),
    dry=st.booleans(),
    decided_by=maybe(keys),
    began_at=maybe(instants),
    ended_at=maybe(instants),
    result=words,
)
runs = st.builds(
    RunbookRun,
    id=st.just(""),
    runbook=keys,
    started_by=keys,
    started_at=instants,
    present=maybe(keys),
    taken=a_few(taken),
    finished_at=maybe(instants),
    message=maybe(messages),
    since=maybe(instants),
    assigned=maybe(keys),
    evidence=a_few(words),
    inputs=a_few(st.tuples(keys, words)),
    actions=a_few(actions),
    stopped=st.booleans(),
    helped=maybe(st.booleans()),
    rated_by=maybe(keys),
    feedback=words,
)


def incidents(number: int) -> st.SearchStrategy[Incident]:
    held = st.builds(
        Incident,
        number=st.just(number),
        title=words,
        severity=keys,
        declared_by=keys,
        declared_at=instants,
        started_at=instants,
        service=maybe(keys),
        category=maybe(keys),
        labels=st.dictionaries(keys, words, max_size=2).map(lambda labels: tuple(sorted(labels.items()))),
        status=st.sampled_from(Status),
        summary=words,
        acknowledged_by=maybe(keys),
        acknowledged_at=maybe(instants),
        mitigated_at=maybe(instants),
        resolved_at=maybe(instants),
        closed_at=maybe(instants),
        merged_into=maybe(ordinals),
        last_update=words,
        last_update_at=maybe(instants),
        last_update_by=maybe(keys),
        schedule=maybe(keys),
        channel=maybe(keys),
        channel_name=maybe(keys),
        card=maybe(messages),
        announcement=maybe(messages),
        escalation=maybe(escalations),
        roles=st.permutations(list(Role)).flatmap(
            lambda roles: a_few(keys).map(lambda people: tuple(zip(roles, people, strict=False)))
        ),
        pages=a_few(pages),
        clocks=a_few(clocks),
        terms=maybe(terms),
        waiting=maybe(waits),
        lead_offer=maybe(st.builds(LeadOffer, keys, keys, instants)),
        runs=a_few(runs),
        invited=st.frozensets(keys, max_size=3),
    )
    return held.map(_with_ids)


def _with_ids(made: Incident) -> Incident:
    return replace(
        made,
        pages=tuple(replace(page, id=f"{made.number}-{ordinal}") for ordinal, page in enumerate(made.pages, 1)),
        runs=tuple(_run_with_ids(run, f"{made.number}-r{ordinal}") for ordinal, run in enumerate(made.runs, 1)),
    )


def _run_with_ids(run: RunbookRun, id_: str) -> RunbookRun:
    actions = tuple(replace(action, id=f"{id_}-a{ordinal}") for ordinal, action in enumerate(run.actions, 1))
    return replace(run, id=id_, actions=actions)


notes = a_few(st.builds(Note, keys, instants, words))
said = st.builds(
    Words,
    start_here=words,
    watch=a_few(words),
    ahead=words,
    silences=words,
    plans=a_few(st.builds(NextStep, ordinals, words, maybe(keys), maybe(instants), words)),
    by=maybe(keys),
    at=maybe(instants),
)
summaries = st.builds(
    Summary,
    since=instants,
    declared=ordinals,
    resolved=a_few(st.tuples(ordinals, words)),
    breaches=a_few(st.tuples(ordinals, keys)),
    pages=ordinals,
    at_night=ordinals,
    gaps=a_few(st.tuples(instants, instants)),
    holidays=a_few(st.tuples(keys, instants, words)),
)
glimpses = st.builds(ClockGlimpse, st.sampled_from(Clock), instants, st.floats(0, 9, width=32), keys, maybe(instants))


def items(number: int) -> st.SearchStrategy[HandoffItem]:
    return st.builds(
        HandoffItem,
        number=st.just(number),
        title=words,
        severity=keys,
        status=keys,
        lead=maybe(keys),
        channel=maybe(keys),
        service=maybe(keys),
        model=maybe(words),
        trend=st.sampled_from(Trend),
        clocks=a_few(glimpses),
        waiting=words,
        tried=a_few(words),
        path=maybe(keys),
        awake=a_few(st.builds(Awake, keys, st.just("09:30"), st.booleans())),
        next_action=words,
        owner=maybe(keys),
        action_due=maybe(instants),
        if_then=words,
        owners=a_few(keys),
        state=st.sampled_from(ItemState),
        answered_by=maybe(keys),
        answered_at=maybe(instants),
        question=words,
        questions=ordinals,
        declines=ordinals,
    )


def handoffs(schedule: str, handoff: str, number: int) -> st.SearchStrategy[Handoff]:
    return st.builds(
        Handoff,
        id=st.just(handoff),
        schedule=st.just(schedule),
        at=instants,
        outgoing=a_few(keys),
        incoming=a_few(keys),
        items=a_few(items(number)),
        posted_at=maybe(instants),
        words=said,
        notes=notes,
        summary=maybe(summaries),
        taken_by=maybe(keys),
        taken_at=maybe(instants),
        sentence=words,
        nudges=ordinals,
        message=maybe(messages),
    )


def watches(
    schedule: str, handoff: str, number: int, previous: st.SearchStrategy[Handoff | None]
) -> st.SearchStrategy[ShiftWatch]:
    return st.builds(
        ShiftWatch,
        schedule=st.just(schedule),
        people=a_few(keys),
        layer=maybe(keys),
        until=maybe(instants),
        handoff=maybe(handoffs(schedule, handoff, number)),
        previous=previous,
        reminded=maybe(instants),
        asked=maybe(instants),
        words=said,
        notes=notes,
    )


def override(number: int, start: datetime = NOW, hours: float = 8, **fields: Any) -> StandIn:
    """Sita has the pager of l1 in the place of Amina, decided an hour before NOW."""
    known: dict[str, Any] = {"schedule": "l1", "asked_by": "amina", "asked_at": NOW, "stood_at": NOW - minutes(60)}
    spans = (Span(start, start + minutes(60 * hours), "sita", "amina"),)
    kept = {"kind": StandInKind.OVERRIDE, "spans": spans, "state": StandInState.STANDING}
    return StandIn(id=number, **{**known, **kept, **fields})


asked_spans = st.builds(
    lambda start, length, person, instead_of: Span(start, start + length, person, instead_of),
    instants,
    spans,
    maybe(keys),
    maybe(keys),
)


def stand_ins(number: int, schedule: str) -> st.SearchStrategy[StandIn]:
    return st.builds(
        StandIn,
        id=st.just(number),
        kind=st.sampled_from(StandInKind),
        schedule=st.just(schedule),
        asked_by=keys,
        asked_at=instants,
        spans=a_few(asked_spans),
        state=st.sampled_from(StandInState),
        reason=words,
        offers=st.lists(
            st.builds(Offer, keys, maybe(messages), st.booleans()), max_size=3, unique_by=lambda offer: offer.person
        ).map(tuple),
        accepted_by=maybe(keys),
        stood_at=maybe(instants),
        ended_by=maybe(keys),
        ended_at=maybe(instants),
    )


planned = st.builds(Shift, instants, instants, a_few(keys), maybe(keys))


def plans(schedule: str) -> st.SearchStrategy[Plan]:
    found = st.lists(planned, max_size=5, unique_by=lambda shift: shift.start).map(sorted_by_start)
    return st.builds(Plan, st.just(schedule), instants, found)


def sorted_by_start(found: list[Shift]) -> tuple[Shift, ...]:
    return tuple(sorted(found, key=lambda shift: shift.start))


feed_shifts = st.builds(FeedShift, start=instants, end=instants, people=st.lists(keys, min_size=1, max_size=2))


def feeds(schedule: str, layer: str) -> st.SearchStrategy[FeedCopy]:
    return st.builds(
        FeedCopy,
        schedule=st.just(schedule),
        layer=st.just(layer),
        address=words,
        shifts=a_few(feed_shifts),
        unknown=a_few(words),
        read_at=maybe(instants),
        tried_at=maybe(instants),
        problem=words,
    )
