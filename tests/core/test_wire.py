"""Every event and every outward effect survives the way into the database and back."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core import events, runbook_events
from bot.core.decide import DECISIONS
from bot.core.effects import Notice, PostNotice
from bot.core.events import IncidentEvent, StatusMoved
from bot.core.incident import Role, Status
from bot.core.lanes import lane_of
from bot.core.oncall_effects import FetchFeed, PostOffer, RefreshOffer, TellOfMovedShifts, TellOfStandIn
from bot.core.oncall_events import FeedRead, OverrideSet
from bot.core.wire import EFFECTS as OUTWARD
from bot.core.wire import EVENTS as HAPPENED
from bot.core.wire import dump, load_effect, load_event
from bot.policy.model import FeedShift

INSTANTS = st.datetimes(timezones=st.just(UTC))
FEED_SHIFTS = st.builds(
    FeedShift, start=INSTANTS, end=INSTANTS, people=st.lists(st.text(), min_size=1, max_size=2).map(tuple)
)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    datetime: INSTANTS,
    datetime | None: st.none() | INSTANTS,
    tuple[tuple[datetime, datetime], ...]: st.lists(st.tuples(INSTANTS, INSTANTS), max_size=2).map(tuple),
    tuple[FeedShift, ...]: st.lists(FEED_SHIFTS, max_size=2).map(tuple),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Mapping[str, str]: st.dictionaries(st.text(), st.text(), max_size=3),
}


def kinds(rooms: tuple[ModuleType, ...], root: Any) -> list[type]:
    """The classes that are made: those from which no other is derived."""
    things = [thing for room in rooms for thing in vars(room).values() if isinstance(thing, type)]
    found = list(dict.fromkeys(kind for kind in things if issubclass(kind, root)))
    return [kind for kind in found if not any(kind in other.__bases__ for other in found)]


EVENTS = kinds(*HAPPENED)
EFFECTS = kinds(*OUTWARD)


SUBJECTS = ("incident", "schedule", "stand-in", "shift", "group", "feed", "coverage", "home", "library")


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
    effect = data.draw(things(kind))
    texts = (getattr(effect, name) for name in get_type_hints(kind))
    assume(not any(isinstance(text, str) and "{" in text for text in texts))
    lane = lane_of(effect)
    said = " ".join([lane.subject, lane.gives or "", lane.coalesce or "", *lane.needs])
    assert lane.subject.split(":")[0] in SUBJECTS
    assert not any(f"{{{name}}}" in said for name in get_type_hints(kind))


def test_every_event_of_an_incident_has_a_decision_and_no_other_has() -> None:
    assert set(DECISIONS) == set(kinds((events, runbook_events), IncidentEvent))


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


def test_the_calendar_and_its_instants_come_back_as_what_they_are() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    shift = FeedShift(start=noon, end=noon.replace(hour=18), people=("amina", "luis"))
    read = FeedRead(schedule="l1", layer="holidays", shifts=(shift,), unknown=("Somebody",))
    assert load_event(by_post(dump(read))) == read
    moved = TellOfMovedShifts(schedule="l1", person="amina", gone=((noon, noon),), new=())
    assert dump(moved)["gone"] == [["2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z"]]
    assert load_effect(by_post(dump(moved))) == moved


def test_an_event_that_waits_without_a_number_is_a_new_change() -> None:
    facts = {"schedule": "l1", "by": "amina", "person": "luis", "start": "2026-03-02T12:00:00Z"}
    event = load_event({"type": "OverrideSet", "end": "2026-03-02T18:00:00Z", **facts})
    assert isinstance(event, OverrideSet)
    assert (event.id, event.instead_of, event.reason) == (0, None, "")


def test_the_offers_of_a_change_stand_in_its_queue_and_wait_for_their_own_message_only() -> None:
    posted, drawn = (kind(schedule="l1", id=7, person="luis") for kind in (PostOffer, RefreshOffer))
    assert lane_of(posted).subject == lane_of(drawn).subject == "stand-in:7"
    assert lane_of(drawn).needs == (lane_of(posted).gives,) == ("offer:luis",)
    assert lane_of(drawn).coalesce == "offer:luis"


def test_news_of_a_change_come_to_each_in_their_order() -> None:
    lane = lane_of(TellOfStandIn(schedule="l1", id=7, person="luis"))
    assert (lane.gives, lane.needs, lane.coalesce) == ("news:luis", ("news:luis",), None)


def test_a_calendar_is_fetched_once_however_often_it_fell_due() -> None:
    lane = lane_of(FetchFeed(schedule="l1", layer="holidays"))
    assert (lane.subject, lane.coalesce) == ("feed:l1:holidays", "feed")
