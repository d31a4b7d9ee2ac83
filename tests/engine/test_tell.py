"""What thereby happened to another aggregate is handled in the same transaction: a handoff moves the leads."""

import pytest

from bot.core.events import IncidentAcknowledged, IncidentResolved
from bot.core.handoff import Handoff, ShiftWatch
from bot.core.incident import Role
from bot.core.oncall_events import HandoffTaken, ShiftFellDue
from bot.engine.engine import Engine
from tests.engine.build import HeldClock, declared, everything, failing, outbox, stored


@pytest.fixture
def handoff(engine: Engine, clock: HeldClock) -> Handoff:
    """Luis leads two open incidents when the shift changes from him to amina."""
    engine.handle(ShiftFellDue(schedule="l1"))
    for number in (1, 2):
        engine.handle(declared())
        engine.handle(IncidentAcknowledged(number=number, by="luis"))
    clock.passes(hours=15)
    watch = engine.handle(ShiftFellDue(schedule="l1")).state
    assert isinstance(watch, ShiftWatch)
    assert watch.handoff is not None
    assert [item.number for item in watch.handoff.items] == [1, 2]
    return watch.handoff


def taken(handoff: Handoff, by: str = "amina") -> HandoffTaken:
    return HandoffTaken(schedule="l1", by=by, handoff=handoff.id)


def leads(engine: Engine) -> list[str | None]:
    return [stored(engine.store, number).lead for number in (1, 2)]


def taken_by(engine: Engine) -> str | None:
    with engine.store.reading() as read:
        watch = read.watch("l1")
    assert watch is not None
    assert watch.handoff is not None
    return watch.handoff.taken_by


def test_who_takes_a_handoff_leads_what_is_in_it(engine: Engine, handoff: Handoff) -> None:
    assert leads(engine) == ["luis", "luis"]
    outcome = engine.handle(taken(handoff), envelope="e1")
    assert isinstance(outcome.state, ShiftWatch)
    assert taken_by(engine) == "amina"
    assert leads(engine) == ["amina", "amina"]
    subjects = outbox(engine.store, "subject", "kind")
    assert ("schedule:l1", "RefreshHandoff") in subjects
    assert {("incident:1", "PostNotice"), ("incident:2", "PostNotice")} <= set(subjects)


def test_a_handoff_is_not_taken_if_one_of_its_incidents_cannot_be(engine: Engine, handoff: Handoff) -> None:
    before = everything(engine.store)
    with failing(engine.store, "timeline_entry", "NEW.incident = 2"), pytest.raises(Exception, match="no space left"):
        engine.handle(taken(handoff), envelope="e1")
    assert everything(engine.store) == before
    assert engine.handle(taken(handoff), envelope="e1").refusal is None
    assert leads(engine) == ["amina", "amina"]


def test_an_incident_that_has_ended_meanwhile_does_not_stand_in_the_way(engine: Engine, handoff: Handoff) -> None:
    engine.handle(IncidentResolved(number=1, by="luis"))
    assert engine.handle(taken(handoff)).refusal is None
    assert leads(engine) == ["luis", "amina"]


def test_a_handoff_that_is_refused_moves_no_lead(engine: Engine, handoff: Handoff) -> None:
    before = everything(engine.store)
    outcome = engine.handle(taken(handoff, by="luis"), envelope="e1")
    assert outcome.refusal == "Only @[amina] can take this handoff: they have the shift now."
    assert everything(engine.store) == before


def test_the_outcome_is_that_of_the_request_and_not_of_what_followed(engine: Engine, handoff: Handoff) -> None:
    first = engine.handle(taken(handoff), envelope="e1")
    again = engine.handle(taken(handoff), envelope="e1")
    assert again.repeated
    assert again.state == first.state
    assert dict(stored(engine.store, 1).roles) == {Role.LEAD: "amina"}
