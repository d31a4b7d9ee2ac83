"""The ledger adds up: its stretches follow each other without a gap, and what they counted is what is used."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import calendar, sla
from bot.core import events as happened
from bot.core.decide import decide
from bot.core.events import IncidentEvent
from bot.core.incident import ClockState, Incident, Status
from bot.core.ledger import ClockLedger, ledger
from bot.policy.model import Waiting
from tests.slack.build import DECLARED, History, under_way
from tests.slack.sla_pictures import TWO, paused, told

STEPS = st.lists(st.tuples(st.integers(0, 8), st.integers(1, 600)), min_size=1, max_size=10)


def _event(kind: int, now: datetime, minutes: int) -> IncidentEvent:
    until = now + timedelta(minutes=minutes)
    events: list[IncidentEvent] = [
        happened.IncidentWaits(number=42, by="amina", on=Waiting.CUSTOMER, until=until, reason="x"),
        happened.IncidentWaits(number=42, by="luis", on=Waiting.PARTNER, until=until, reason="y"),
        happened.IncidentWaitEnded(number=42, by="amina"),
        happened.SeverityChanged(number=42, by="amina", to="sev2"),
        happened.SeverityChanged(number=42, by="amina", to="sev1"),
        happened.StatusMoved(number=42, by="amina", to=Status.MONITORING),
        happened.StatusMoved(number=42, by="amina", to=Status.INVESTIGATING),
        happened.UpdatePosted(number=42, by="amina", text="z"),
        happened.IncidentResolved(number=42, by="amina"),
    ]
    return events[kind]


def _lived(steps: list[tuple[int, int]]) -> tuple[Incident, datetime]:
    history = History(TWO).happens(DECLARED)
    for kind, minutes in steps:
        history.passes(minutes=minutes).happens(happened.WaitFellDue(number=42))
        event = _event(kind, history.now, minutes)
        decision = decide(history.incident, event, history.now, TWO)
        if decision.refusal is None:
            history.state = decision.state
    return history.incident, history.now + timedelta(minutes=7)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_what_the_stretches_counted_is_what_is_used(steps: list[tuple[int, int]]) -> None:
    incident, now = _lived(steps)
    assert incident.terms is not None
    found: dict[tuple[str, str, int], ClockLedger] = {
        (each.sla, each.clock, each.turn): each for each in ledger(incident, now)
    }
    assert set(found) == {held.key for held in incident.clocks}
    for held in incident.clocks:
        each = found[held.key]
        for one, following in zip(each.stretches, each.stretches[1:], strict=False):
            assert one.end == following.start
        assert each.stretches[-1].end == each.ended
        assert each.due == held.due
        assert all(one.why for one in each.stretches)
        if each.state is not ClockState.CANCELLED:
            hours = incident.terms.calendar(held.calendar)
            running = calendar.elapsed(held.since, now, hours) if held.since else timedelta()
            counted = sum((one.passed for one in each.stretches if one.counted), timedelta())
            assert counted == held.used + running
        if each.state in (ClockState.RUNNING, ClockState.PAUSED):
            assert each.share == sla.share(held, incident.terms, now)


def test_what_was_corrected_is_counted_as_corrected() -> None:
    acknowledged = next(each for each in ledger(told().incident, told().now) if each.clock == "acknowledge")
    assert [(one.passed, one.counted) for one in acknowledged.stretches] == [(timedelta(minutes=4), True)]


def test_a_wait_that_does_not_pause_a_clock_is_told_beside_it() -> None:
    update = [each for each in ledger(paused().incident, paused().now) if each.clock == "update"][-1]
    assert [one.counted for one in update.stretches] == [True, True]
    assert "this clock runs on meanwhile" in update.stretches[-1].why


def test_an_incident_without_terms_has_no_ledger() -> None:
    assert ledger(replace(under_way().incident, terms=None), under_way().now) == ()
