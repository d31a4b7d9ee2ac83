"""Updates for those who wait, and notes for the timeline."""

import pytest

from bot.core.effects import Entry, Notice, PostNotice, PostUpdate
from bot.core.events import IncidentEvent
from bot.core.incident import Status
from bot.policy.model import Clock
from tests.core.given import NOON, closed, declared, history, minutes, noted, refused, resolved, updated


def test_an_update_is_posted_and_kept() -> None:
    world = history(declared(), minutes(4), updated("The table is late.", by="luis"))
    incident = world.incident
    assert (incident.last_update, incident.last_update_by) == ("The table is late.", "luis")
    assert incident.last_update_at == NOON + minutes(4)
    posted = PostUpdate(number=1, by="luis", text="The table is late.", at=NOON + minutes(4))
    assert world.done(PostUpdate) == [posted]
    assert world.entry(Entry.UPDATE).text == "The table is late."


def test_an_update_may_carry_the_status() -> None:
    world = history(declared(), updated(status=Status.IDENTIFIED))
    assert world.incident.status is Status.IDENTIFIED
    assert world.entry(Entry.STATUS).new == Status.IDENTIFIED


def test_an_update_that_names_the_present_status_moves_nothing() -> None:
    world = history(declared(), updated(status=Status.TRIAGE))
    assert Entry.STATUS not in world.entries


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_update_without_a_text_is_refused_and_says_what_to_write(text: str) -> None:
    assert refused(history(declared()), updated(text)).startswith("An update needs a text: say what is known")


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.DECLINED])
def test_an_update_ends_no_incident(status: Status) -> None:
    sentence = "An update cannot end the incident. Use `/incident resolve` or `/incident decline`."
    assert refused(history(declared()), updated(status=status)) == sentence


def test_an_update_is_no_acknowledgement() -> None:
    world = history(declared(), updated())
    assert world.incident.acknowledged_at is None
    assert world.clock(Clock.ACKNOWLEDGE).is_running


def test_a_note_stands_in_the_timeline_and_is_said() -> None:
    world = history(declared(), noted("Rolled back to champion-1.", by="luis"))
    assert world.entry(Entry.NOTE).text == "Rolled back to champion-1."
    assert world.done(PostNotice)[-1].facts == {"by": "luis", "note": "Rolled back to champion-1."}


def test_a_note_is_no_update() -> None:
    world = history(declared(), noted())
    assert world.incident.last_update_at is None
    assert world.clock(Clock.FIRST_UPDATE).is_running


@pytest.mark.parametrize("end", [resolved(), closed()], ids=type)
def test_a_note_can_still_be_taken_when_all_is_over(end: IncidentEvent) -> None:
    world = history(declared(), end, noted())
    assert world.notices[-1] is Notice.NOTE
    assert world.timers == {}


def test_an_empty_note_is_refused() -> None:
    assert refused(history(declared()), noted(" ")).startswith("A note needs a text")
