"""Notes: what is to be found in the timeline later."""

from bot.slack.ids import Shortcut
from tests.flows.people import Someone
from tests.flows.world import World


def notes(world: World, number: int = 1) -> list[tuple[str | None, str]]:
    return [(entry.by, entry.text) for entry in world.timeline(number) if entry.what == "note"]


def test_a_note_stands_in_the_timeline_and_in_the_channel(declared: World, amina: Someone) -> None:
    amina.types("/incident note 3 of 40 partitions are empty", in_channel="inc-1").shows("It stands in the timeline")
    assert notes(declared) == [("amina", "3 of 40 partitions are empty")]
    declared.channel("inc-1").sees("@Amina Otieno noted").shows("3 of 40 partitions are empty")


def test_a_message_of_the_channel_is_added_at_once(declared: World, amina: Someone, luis: Someone) -> None:
    said = luis.says("The job of 03:00 failed & was not repeated", in_channel="inc-1")
    amina.uses(Shortcut.ADD_TO_TIMELINE, on=said).shows("It stands in the timeline of INC-1")
    assert notes(declared) == [("amina", "@[luis]: The job of 03:00 failed & was not repeated")]


def test_elsewhere_the_incident_is_chosen(declared: World, noor: Someone) -> None:
    noor.types("/incident declare sev3 feature-store Features are late")
    said = noor.says("The table arrived at 04:10")
    noor.uses(Shortcut.ADD_TO_TIMELINE, on=said)
    form = noor.form("Add to a timeline").holds("Text", "Noor Haddad: The table arrived at 04:10")
    assert form.choices("Incident") == ["INC-1 Scores are stale", "INC-2 Features are late"]
    form.fills({"Incident": "INC-2"}).sends()
    assert notes(declared, 2) == [("noor", "Noor Haddad: The table arrived at 04:10")]
    assert notes(declared, 1) == []


def test_without_an_open_incident_there_is_nothing_to_add_to(noor: Someone) -> None:
    noor.uses(Shortcut.ADD_TO_TIMELINE, on=noor.says("All is well")).shows("No incident is open")
    noor.sees_no_form()
