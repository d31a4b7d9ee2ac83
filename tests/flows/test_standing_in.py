"""An override: somebody has the pager in another's place for a span, at once and until it is undone."""

from datetime import UTC, datetime

import pytest

from tests.flows.kept import everything
from tests.flows.people import Someone
from tests.flows.seen import Answer
from tests.flows.world import World

START = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # 15:00 in Bogotá
END = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
SPAN = "2026-03-02 20:00 UTC – 2026-03-02 22:00 UTC"
OVERRIDE = "/oncall override l1 @camila today 15:00 to 17:00 instead of me because I am at the dentist"


@pytest.fixture
def camila(world: World) -> Someone:
    return world.person("camila")


@pytest.fixture
def stands(luis: Someone) -> Answer:
    """Luis lets Camila stand in for him for two hours of his shift."""
    return luis.types(OVERRIDE)


def test_the_answer_shows_the_schedule_before_and_after(stands: Answer) -> None:
    stands.shows("↔️ You changed who is on call for First line (change 1).")
    stands.shows(f"@Camila Rojas for you: {SPAN} (2 h)", "I am at the dentist")
    stands.shows(f"Before\n{SPAN}: @Luis Herrera\nNow\n{SPAN}: @Camila Rojas")
    assert stands.messages[0].raw["ephemeral"]
    assert stands.messages[0].labels == ["Undo"]


def test_the_pager_changes_hands_at_its_time_and_back(world: World, stands: Answer, noor: Someone) -> None:
    noor.types("/oncall l1").shows("@Luis Herrera (bogota), until 2026-03-02 20:00 UTC. Next: @Camila Rojas.")
    world.reaches(START)
    noor.types("/oncall l1").shows("@Camila Rojas (bogota), until 2026-03-02 22:00 UTC. Next: @Luis Herrera.")
    world.reaches(END)
    noor.types("/oncall l1").shows("@Luis Herrera (bogota), until 2026-03-03 02:00 UTC. Next: @Sita Gurung.")


def test_whoever_stands_in_is_paged(
    world: World, stands: Answer, noor: Someone, luis: Someone, camila: Someone
) -> None:
    world.reaches(START)
    noor.types("/incident declare sev2 churn-scoring Scores are stale")
    camila.sees("You are paged for INC-1").clicks("Acknowledge")
    luis.does_not_see("You are paged")
    assert world.incident().acknowledged_by == "camila"
    world.reaches(END)
    noor.types("/incident declare sev2 churn-scoring Forecasts are stale")
    luis.sees("You are paged for INC-2")
    camila.does_not_see("You are paged for INC-2")


def test_those_concerned_are_told_and_nobody_else(world: World, stands: Answer, camila: Someone) -> None:
    told = camila.sees("changed who is on call for First line")
    told.shows(f"You for @Luis Herrera: {SPAN} (2 h)", "I am at the dentist", "Before", "Now")
    assert told.labels == ["Undo"]
    assert told.notification.startswith("↔️ @Luis Herrera changed who is on call for First line")
    for key in ("luis", "amina", "sita", "andres"):
        assert not world.person(key).told("changed who is on call")


def test_the_shift_is_handed_over_at_its_start_and_back_at_its_end(
    world: World, stands: Answer, luis: Someone, camila: Someone
) -> None:
    luis.does_not_see("Handoff First line")
    world.reaches(START)
    camila.sees("Handoff First line").shows("Goes: @Luis Herrera", "Comes: @Camila Rojas").clicks("Accept")
    world.reaches(END)
    luis.sees("Handoff First line").shows("Goes: @Camila Rojas", "Comes: @Luis Herrera")
    assert luis.counts("Handoff First line", in_channel="mlops-handoffs") == 2


def test_from_now_on_is_at_once(world: World, luis: Someone, camila: Someone) -> None:
    luis.types("/oncall override l1 @camila now until 17:00 instead of me")
    camila.sees("Handoff First line").shows("Goes: @Luis Herrera", "Comes: @Camila Rojas")
    luis.types("/incident declare sev2 churn-scoring Scores are stale")
    camila.sees("You are paged for INC-1")


def test_nobody_named_means_above_all_layers(world: World, camila: Someone, luis: Someone, sita: Someone) -> None:
    camila.types("/oncall override l1 me 20:00 to 22:00").shows(
        "You: 2026-03-03 01:00 UTC – 2026-03-03 03:00 UTC (2 h)",
        "2026-03-03 01:00 UTC – 2026-03-03 02:00 UTC: @Luis Herrera\n"
        "2026-03-03 02:00 UTC – 2026-03-03 03:00 UTC: @Sita Gurung\nNow",
    )
    luis.sees("@Camila Rojas changed who is on call")
    sita.sees("@Camila Rojas changed who is on call")
    world.reaches(datetime(2026, 3, 3, 2, 30, tzinfo=UTC))
    camila.types("/oncall l1").shows("@Camila Rojas (stands in), until 2026-03-03 03:00 UTC. Next: @Sita Gurung.")


def test_the_lead_of_the_team_may_and_both_are_told(amina: Someone, luis: Someone, brian: Someone) -> None:
    amina.types("/oncall override l1 @brian 20:00 UTC to 22:00 UTC instead of @luis").shows("@Brian Kiprop for @Luis")
    luis.sees("@Amina Otieno changed who is on call").shows(f"@Brian Kiprop for you: {SPAN}")
    brian.sees("@Amina Otieno changed who is on call").shows(f"You for @Luis Herrera: {SPAN}")
    assert not amina.told("changed who is on call")


def test_whoever_stands_in_can_be_stood_in_for(
    world: World, stands: Answer, luis: Someone, camila: Someone, brian: Someone, amina: Someone
) -> None:
    camila.types("/oncall override l1 @brian 15:30 to 16:30 instead of me").shows("@Brian Kiprop for you")
    luis.types("/oncall l1 at 15:15").shows("@Camila Rojas (bogota), until 2026-03-02 20:30 UTC. Next: @Brian Kiprop")
    luis.types("/oncall l1 at 15:45").shows("@Brian Kiprop (bogota), until 2026-03-02 21:30 UTC. Next: @Camila Rojas")
    luis.types("/oncall undo 1").shows(f"Now\n{SPAN}: @Luis Herrera")
    brian.sees("@Luis Herrera undid the override on First line (change 1)").shows(f"Now\n{SPAN}: @Luis Herrera")
    world.reaches(START)
    luis.types("/oncall l1").shows("@Luis Herrera (bogota), until 2026-03-03 02:00 UTC")


# Undoing


def test_a_button_undoes_it(world: World, stands: Answer, luis: Someone, camila: Someone) -> None:
    undone = camila.sees("changed who is on call").clicks("Undo")
    undone.shows("You undid the override on First line (change 1). It was:")
    undone.shows(f"Before\n{SPAN}: @Camila Rojas\nNow\n{SPAN}: @Luis Herrera")
    told = luis.sees("@Camila Rojas undid the override").shows(f"@Camila Rojas for you: {SPAN}")
    assert told.labels == []
    assert len(camila.told("undid the override")) == 1, "the answer, and no news of it beside"
    world.reaches(START)
    luis.types("/oncall l1").shows("@Luis Herrera (bogota), until 2026-03-03 02:00 UTC")
    luis.does_not_see("Handoff First line")


def test_its_number_undoes_it(stands: Answer, luis: Someone, camila: Someone) -> None:
    luis.types("/oncall undo 1").shows("You undid the override on First line (change 1)")
    camila.sees("@Luis Herrera undid the override").shows(f"You for @Luis Herrera: {SPAN}")
    luis.types("/oncall undo #1").shows("Change 1 is undone already")


def test_what_has_been_stays_so_when_it_is_undone_half_way(
    world: World, stands: Answer, luis: Someone, noor: Someone
) -> None:
    world.reaches(START)
    world.passes(hours=1)
    luis.types("/oncall undo 1").shows(
        "Before\n2026-03-02 21:00 UTC – 2026-03-02 22:00 UTC: @Camila Rojas",
        "Now\n2026-03-02 21:00 UTC – 2026-03-02 22:00 UTC: @Luis Herrera",
    )
    luis.sees("Handoff First line").shows("Goes: @Camila Rojas", "Comes: @Luis Herrera")
    world.reaches(END)
    noor.types("/oncall l1 at today 20:30 UTC").shows("@Camila Rojas (bogota), until 2026-03-02 21:00 UTC")
    noor.types("/oncall l1 at today 21:30 UTC").shows("@Luis Herrera (bogota), until 2026-03-03 02:00 UTC")


def test_what_is_over_cannot_be_undone(world: World, stands: Answer, luis: Someone, database: str) -> None:
    told = luis.types("/oncall changes l1")
    world.reaches(END)
    before = everything(world, database)
    luis.types("/oncall undo 1").shows("Change 1 is over; what is past cannot be undone.")
    told.clicks("Undo").shows("what is past cannot be undone")
    assert everything(world, database) == before
    assert luis.types("/oncall changes").shows("#1 override · First line · over").messages[0].labels == []


def test_only_those_concerned_may_undo_it(world: World, stands: Answer, noor: Someone, database: str) -> None:
    before = everything(world, database)
    answer = noor.types("/oncall changes").clicks("Undo")
    answer.shows("Only the people concerned and the lead of their team may change this shift")
    answer.shows("@Luis Herrera", "@Camila Rojas", "@Amina Otieno")
    assert everything(world, database) == before


# The list of all changes


def test_every_change_is_on_the_list_the_newest_first(world: World, stands: Answer, luis: Someone) -> None:
    world.passes(minutes=3)
    luis.types("/oncall undo 1")
    luis.types("/oncall override l1 @brian today 18:00 to 19:00 instead of me")
    world.person("andres").types("/oncall override l2 @valentina today 18:00 to 19:00 instead of me")
    told = luis.types("/oncall changes").shows("Changes of shifts: 3")
    told.shows(
        "#1 override · First line · undone by @Luis Herrera, 2026-03-02 19:03 UTC\n"
        f"@Camila Rojas for @Luis Herrera: {SPAN} (2 h)\n"
        "By @Luis Herrera, 2026-03-02 19:00 UTC · “I am at the dentist”"
    )
    assert told.text.index("#3") < told.text.index("#2") < told.text.index("#1")
    assert told.messages[0].labels == ["Undo", "Undo"]
    told.clicks("Undo", nth=1).shows("undid the override on First line (change 2)")
    luis.types("/oncall changes l2").shows("Changes of shifts of Second line: 1").does_not_show("First line")
    luis.types("/oncall changes platform").shows("Nobody has changed the shifts of Platform: they are as configured.")


# What is refused changes nothing

REFUSED = {
    "override l1 @brian 16:00 to 18:00 instead of @sita": "@Sita Gurung is not on call for First line in that time",
    "override l1 @camila 2026-03-01 09:00 to 2026-03-01 10:00": "That lies in the past",
    "override l1 @camila 2026-03-03 09:00 to 2027-06-01 10:00": "That is longer than a year",
    "override l1 @brian 16:00 to 18:00 instead of me": "@Camila Rojas stands in for a part of that time already "
    "(change 1). Undo that first with `/oncall undo 1`",
    "override l1 me 18:00 to 19:00": "@Luis Herrera is on call for First line in all of that time already",
    "override l1 me 18:00 to 19:00 instead of me": "Nobody can stand in for themselves",
    "override l1 @nobody 18:00 to 19:00": "There is no person “nobody”",
    "override l1 @camilla 18:00 to 19:00": "There is no person “camilla”. Did you mean `camila`?",
    "override l1 @brian 18:00": "“18:00” has no end",
    "override l1 @brian someday": "I do not understand “someday”",
    "override l7 @brian 18:00 to 19:00": "I do not understand “l7”",
    "undo 12": "There is no change 12. `/oncall changes` lists them.",
    "undo it": "“it” is no number of a change",
}


def test_what_cannot_be_is_refused_with_a_reason(world: World, stands: Answer, luis: Someone, database: str) -> None:
    before, told = everything(world, database), len(luis.direct_messages)
    for typed, why in REFUSED.items():
        answer = luis.types(f"/oncall {typed}").shows(why)
        assert answer.messages[0].raw["ephemeral"], typed
    luis.sees_no_form()
    assert everything(world, database) == before
    assert len(luis.direct_messages) == told


def test_whom_it_does_not_concern_may_not_and_hears_who_may(
    world: World, noor: Someone, database: str, camila: Someone
) -> None:
    before = everything(world, database)
    answer = noor.types("/oncall override l1 @camila 20:00 UTC to 22:00 UTC instead of @luis")
    answer.shows("Only the people concerned and the lead of their team may change this shift")
    answer.shows("@Camila Rojas or @Luis Herrera or @Amina Otieno")
    noor.types("/oncall override l1 me 20:00 UTC to 22:00 UTC").shows("Only the people concerned")
    assert everything(world, database) == before
    camila.does_not_see("changed who is on call")


# By buttons and forms


def test_a_form_asks_for_what_is_missing(world: World, luis: Someone, camila: Someone) -> None:
    luis.types("/oncall override l1 @camila because I am at the dentist").is_silent()
    form = luis.form("Stand in").holds("Schedule", "First line").holds("Who has the pager?", "Camila Rojas")
    form.holds("Why?", "I am at the dentist").holds("Instead of", "")
    answer = form.fills({"From": START, "Until": END, "Instead of": "Luis Herrera"}).sends()
    answer.shows("changed who is on call for First line (change 1)", f"Now\n{SPAN}: @Camila Rojas")
    camila.sees("@Luis Herrera changed who is on call").shows("I am at the dentist")
    answer.clicks("Undo").shows("undid the override")


def test_what_is_typed_stands_in_the_form(luis: Someone) -> None:
    luis.types("/oncall override today 15:00 to 17:00")
    form = luis.form("Stand in").holds("From", START).holds("Until", END)
    form.holds("Who has the pager?", "Luis Herrera").closes()


def test_the_button_opens_it_for_the_next_full_hour(world: World, prakash: Someone, andres: Someone) -> None:
    world.passes(minutes=10)
    prakash.types("/oncall l2").clicks("Stand in").is_silent()
    form = prakash.form("Stand in").holds("Schedule", "Second line").holds("Who has the pager?", "Prakash Shrestha")
    form.holds("From", datetime(2026, 3, 2, 19, 15, tzinfo=UTC))  # 01:00 in Kathmandu
    form.fills({"From": START, "Until": END, "Instead of": "Andrés Pardo", "Why?": "Lunch"})
    form.sends().shows("Second line (change 1)", f"You for @Andrés Pardo: {SPAN}", "Lunch")
    andres.sees("@Prakash Shrestha changed who is on call").shows("@Prakash Shrestha for you")


def test_what_is_wrong_stands_beside_the_field_and_can_be_put_right(
    stands: Answer, luis: Someone, database: str, world: World
) -> None:
    luis.types("/oncall l1").clicks("Stand in")
    before = everything(world, database)
    form = luis.form("Stand in").fills({"Who has the pager?": "Brian Kiprop", "From": START, "Until": START})
    form.is_refused("That span ends before it starts", beside="Until")
    form.fills({"Until": START.replace(year=2028)}).is_refused("longer than a year", beside="Until")
    form.fills({"Until": END.replace(hour=23)}).is_refused(
        "Camila Rojas stands in for a part of that time already", beside="From"
    )
    past = START.replace(day=1)
    form.fills({"From": past, "Until": past.replace(hour=21)}).is_refused("lies in the past", beside="From")
    assert everything(world, database) == before
    form.fills({"From": END, "Until": END.replace(hour=23)}).sends().shows("change 2")
    world.person("brian").sees("@Luis Herrera changed who is on call")


# Twice, and after a restart


def test_the_same_command_delivered_twice_is_one_stand_in(world: World, luis: Someone, camila: Someone) -> None:
    world.stage.sandbox.faults.deliver_twice()
    luis.types(OVERRIDE)
    luis.types("/oncall changes").shows("Changes of shifts: 1")
    assert camila.counts("changed who is on call") == 1


def test_the_same_form_delivered_twice_is_one_stand_in(world: World, luis: Someone, camila: Someone) -> None:
    luis.types("/oncall override l1 @camila today 15:00 to 17:00")
    luis.types("/oncall undo 1")
    luis.types("/oncall override l1")
    form = luis.form("Stand in").fills({"Who has the pager?": "Camila", "From": START, "Until": END})
    world.stage.sandbox.faults.deliver_twice()
    form.sends()
    luis.types("/oncall changes").shows("Changes of shifts: 2").does_not_show("#3")
    assert len(camila.told("changed who is on call")) == 2
    assert len(luis.told("changed who is on call")) == 1, "the form is answered once"


def test_a_form_that_is_asked_for_twice_opens_once_and_without_a_complaint(world: World, luis: Someone) -> None:
    world.stage.sandbox.faults.deliver_twice()
    luis.types("/oncall override l1 @camila").is_silent()
    luis.form("Stand in").closes()
    told = luis.types("/oncall l1")
    world.stage.sandbox.faults.deliver_twice()
    told.clicks("Stand in").is_silent()
    luis.form("Stand in").closes()
    luis.sees_no_form()


def test_the_same_click_delivered_twice_undoes_it_once(
    world: World, stands: Answer, luis: Someone, camila: Someone
) -> None:
    world.stage.sandbox.faults.deliver_twice()
    stands.clicks("Undo").shows("undid the override").does_not_show("already")
    assert camila.counts("undid the override") == 1


def test_a_restart_forgets_nothing(world: World, stands: Answer, luis: Someone, camila: Someone) -> None:
    told = camila.sees("changed who is on call")
    world.stops_the_bot()
    world.jumps(hours=1, minutes=30)
    world.starts_the_bot()
    camila.types("/oncall l1").shows("@Camila Rojas (bogota), until 2026-03-02 22:00 UTC")
    camila.sees("Handoff First line").shows("Goes: @Luis Herrera", "Comes: @Camila Rojas")
    assert camila.counts("changed who is on call") == 1
    told.clicks("Undo").shows("undid the override")
    luis.types("/oncall l1").shows("@Luis Herrera (bogota)")


# What somebody writes

WICKED = "<!channel> & <https://evil.example|the rota> <@U0NOOR> > all ```"


def test_a_reason_calls_nobody_wherever_it_is_shown(world: World, luis: Someone, camila: Someone) -> None:
    luis.types("/oncall override l1 @camila")
    form = luis.form("Stand in").fills({"From": START, "Until": END, "Instead of": "Luis", "Why?": WICKED})
    form.sends().shows(WICKED)
    camila.sees("changed who is on call").shows(WICKED)
    luis.types("/oncall changes").shows(f"“{WICKED}”")
    sent = " ".join(
        str(message.body)
        for channel in world.stage.sandbox.workspace.channels.values()
        for message in (
            *channel.messages.values(),
            *(each for own in channel.ephemeral.values() for each in own.values()),
        )
    )
    assert "&lt;!channel&gt;" in sent
    assert not any(call in sent for call in ("<!channel", "<https://evil.example|", "<@U0NOOR"))
