"""Every event and every outward effect survives the way into the database and back."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import effects, events
from bot.core.decide import DECISIONS
from bot.core.effects import Notice, PostNotice
from bot.core.events import StatusMoved
from bot.core.incident import Role, Status
from bot.core.wire import dump, load_effect, load_event

BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    datetime: st.datetimes(timezones=st.just(UTC)),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Mapping[str, str]: st.dictionaries(st.text(), st.text(), max_size=3),
}


def kinds(room: ModuleType, *roots: type) -> list[type]:
    """The classes that are made: those from which no other is derived."""
    found = [kind for kind in vars(room).values() if isinstance(kind, type) and issubclass(kind, roots)]
    return [kind for kind in found if not any(kind in other.__bases__ for other in found)]


EVENTS = kinds(events, events.IncidentEvent, events.ShiftEvent)
EFFECTS = kinds(effects, effects.IncidentEffect, effects.HandoffEffect, effects.PublishHome)


def things(kind: type) -> st.SearchStrategy[Any]:
    """Any instance of a class, its fields drawn by their types."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name != "lane"}
    drawn = {name: BY_TYPE[hint] if hint in BY_TYPE else st.from_type(hint) for name, hint in hints.items()}
    return st.builds(kind, **drawn)


def by_post(facts: dict[str, Any]) -> dict[str, Any]:
    received: dict[str, Any] = json.loads(json.dumps(facts))
    return received


@pytest.mark.parametrize("kind", EVENTS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_an_event_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    event = data.draw(things(kind))
    back = load_event(by_post(dump(event)))
    assert back == event
    assert type(back) is kind


@pytest.mark.parametrize("kind", EFFECTS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_an_effect_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    effect = data.draw(things(kind))
    back = load_effect(by_post(dump(effect)))
    assert back == effect
    assert type(back) is kind


@pytest.mark.parametrize("kind", EFFECTS)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_the_lane_of_an_effect_names_its_subject(kind: type, data: st.DataObject) -> None:
    lane = effects.lane_of(data.draw(things(kind)))
    said = " ".join([lane.subject, lane.gives or "", lane.coalesce or "", *lane.needs])
    assert lane.subject.split(":")[0] in ("incident", "schedule", "home")
    assert "{number}" not in said
    assert "{schedule}" not in said


def test_every_event_of_an_incident_has_a_decision_and_no_other_has() -> None:
    assert set(DECISIONS) == set(kinds(events, events.IncidentEvent))


def test_the_class_is_named_and_the_rest_is_plain() -> None:
    event = StatusMoved(number=42, by="amina", to=Status.MONITORING)
    facts = {"type": "StatusMoved", "number": 42, "by": "amina", "to": "monitoring", "note": ""}
    assert dump(event) == facts


def test_facts_that_are_words_of_ours_travel_as_words() -> None:
    notice = PostNotice(number=1, notice=Notice.ROLE, facts={"role": Role.LEAD, "old": Status.TRIAGE})
    assert dump(notice)["facts"] == {"role": "lead", "old": "triage"}
    assert load_effect(by_post(dump(notice))) == notice


def test_what_a_later_version_no_longer_knows_is_left_out() -> None:
    facts = {"type": "IncidentClosed", "number": 1, "by": "amina", "mood": "relieved"}
    assert load_event(facts) == events.IncidentClosed(number=1, by="amina")


def test_what_an_earlier_version_did_not_say_takes_its_default() -> None:
    assert load_event({"type": "IncidentResolved", "number": 1, "by": "amina"}) == events.IncidentResolved(
        number=1, by="amina"
    )


@pytest.mark.parametrize("name", ["Nonsense", "Record", "SetTimer"])
def test_what_is_neither_event_nor_outward_effect_is_a_loud_fault(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        load_event({"type": name})
    with pytest.raises(KeyError, match=name):
        load_effect({"type": name})
