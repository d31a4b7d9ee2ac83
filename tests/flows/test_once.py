"""What Slack delivers twice happens once; what comes all at once happens all."""

from concurrent.futures import ThreadPoolExecutor

from tests.flows.people import Someone
from tests.flows.world import World


def test_the_same_command_delivered_twice_is_one_incident(world: World, amina: Someone, luis: Someone) -> None:
    world.stage.sandbox.faults.deliver_twice()
    amina.types("/incident declare sev2 churn-scoring Scores are stale")
    assert [incident.number for incident in world.incidents()] == [1]
    assert world.incident_channels() == ["inc-1-scores-are-stale"]
    assert luis.counts("You are paged") == 1


def test_the_same_click_delivered_twice_is_one_click(declared: World, luis: Someone) -> None:
    page = luis.sees("You are paged")
    declared.stage.sandbox.faults.deliver_twice()
    page.clicks("Acknowledge").is_silent()
    assert declared.channel("inc-1").counts("@Luis Herrera has it") == 1


def test_the_same_form_delivered_twice_is_one_update(acknowledged: World, luis: Someone) -> None:
    luis.card().clicks("Update")
    form = luis.form("Update INC-1").fills({"Update": "Fresh scores soon"})
    acknowledged.stage.sandbox.faults.deliver_twice()
    form.sends()
    assert acknowledged.channel("inc-1").counts("Update by @Luis Herrera") == 1


def test_the_same_words_typed_twice_are_two_incidents(world: World, amina: Someone) -> None:
    for number in (1, 2):
        amina.types("/incident declare sev2 churn-scoring Scores are stale").shows(f"INC-{number} is declared")
    assert len(world.incident_channels()) == 2


def test_twenty_at_once_are_twenty_incidents_and_twenty_channels(world: World, noor: Someone, luis: Someone) -> None:
    titles = [f"Table {number} is late" for number in range(20)]
    commands = [f"/incident declare sev2 churn-scoring {title}" for title in titles]
    with ThreadPoolExecutor(20) as crowd:
        replies = list(crowd.map(noor.begins, commands))
    world.settle()
    assert all(reply.ok and "is declared" in (reply.text or "") for reply in replies)
    assert sorted(incident.title for incident in world.incidents()) == sorted(titles)
    assert sorted(incident.number for incident in world.incidents()) == list(range(1, 21))
    assert len(world.incident_channels()) == 20
    for incident in world.incidents():
        channel = world.channel(f"inc-{incident.number}")
        channel.card.shows(incident.title)
        assert "noor" in channel.members
        assert sum(message.says(f"{incident.name} {incident.title}") for message in luis.direct_messages) == 1


def test_many_who_take_it_at_once_are_one_who_has_it(declared: World) -> None:
    crowd = [declared.person(key) for key in ("brian", "camila", "sita", "bikash", "luis")]
    with ThreadPoolExecutor(5) as hands:
        replies = list(hands.map(lambda someone: someone.begins("/incident ack 1", "inc-1"), crowd))
    declared.settle()
    assert sum("You have INC-1" in (reply.text or "") for reply in replies) == 1
    assert sum("already has it" in (reply.text or "") for reply in replies) == 4
    assert declared.channel("inc-1").counts("has it") == 1
