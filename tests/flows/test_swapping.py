"""A swap: one's own shift is offered for one of somebody else's, and both change once that person accepts."""

from datetime import UTC, datetime

import pytest

from tests.flows.kept import everything
from tests.flows.people import Someone
from tests.flows.seen import Answer, Message
from tests.flows.world import World

# Luis gives his Wednesday for Camila's Monday; her week is the next one.
MINE = "2026-03-04 18:00 UTC – 2026-03-05 02:00 UTC"
HERS = "2026-03-09 18:00 UTC – 2026-03-10 02:00 UTC"
ON_MINE = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
SWAP = "/oncall swap @camila wednesday 14:00 for 2026-03-09 14:00 because of my exam"


@pytest.fixture
def camila(world: World) -> Someone:
    return world.person("camila")


@pytest.fixture
def offered(luis: Someone) -> Answer:
    return luis.types(SWAP)


def offer(camila: Someone) -> Message:
    return camila.sees("@Luis Herrera offers you a swap of shifts on First line")


def test_the_other_is_asked_and_nothing_has_changed_yet(
    world: World, offered: Answer, camila: Someone, noor: Someone
) -> None:
    offered.shows("🔁 You offered a swap of shifts on First line (change 1). Nothing has changed yet.")
    offered.shows(f"@Camila Rojas for you: {MINE} (8 h)", f"You for @Camila Rojas: {HERS} (8 h)")
    offered.shows("Asked: @Camila Rojas.")
    assert offered.messages[0].labels == ["Withdraw"]
    shown = offer(camila).shows(f"You take: {MINE} (8 h)", f"You give: {HERS} (8 h)", "my exam")
    assert shown.labels == ["Accept the swap", "I can't"]
    noor.types("/oncall l1 at 2026-03-04 19:00 UTC").shows("@Luis Herrera (bogota)")
    for key in ("amina", "brian", "andres"):
        assert not world.person(key).told("swap")


def test_once_accepted_both_shifts_change(
    world: World, offered: Answer, luis: Someone, camila: Someone, noor: Someone
) -> None:
    hers = offer(camila)
    hers.clicks("Accept the swap").is_silent()
    assert hers.now().shows("✅ You accepted the swap of shifts on First line (change 1).").labels == ["Undo"]
    told = luis.sees("✅ @Camila Rojas accepted the swap of shifts on First line (change 1).")
    told.shows(f"Before\n{MINE}: @Luis Herrera\n{HERS}: @Camila Rojas")
    told.shows(f"Now\n{MINE}: @Camila Rojas\n{HERS}: @Luis Herrera")
    noor.types("/oncall l1 at 2026-03-04 19:00 UTC").shows("@Camila Rojas (bogota), until 2026-03-05 02:00 UTC")
    noor.types("/oncall l1 at 2026-03-09 19:00 UTC").shows("@Luis Herrera (bogota), until 2026-03-10 02:00 UTC")
    noor.types("/oncall l1 at 2026-03-10 19:00 UTC").shows("@Camila Rojas (bogota)")


def test_each_is_paged_in_the_shift_that_they_took(world: World, luis: Someone, sita: Someone, noor: Someone) -> None:
    sita.types("/oncall swap @luis today 8:00 for 2026-03-04 00:30")
    luis.sees("@Sita Gurung offers you a swap").clicks("Accept the swap")
    world.reaches(datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    noor.types("/incident declare sev2 churn-scoring Scores are stale")
    luis.sees("You are paged for INC-1").clicks("Acknowledge")
    sita.does_not_see("You are paged")
    luis.types("/incident resolve 1 Fresh again")
    world.reaches(datetime(2026, 3, 3, 18, 0, tzinfo=UTC))
    noor.types("/incident declare sev2 churn-scoring Scores are stale again")
    sita.sees("You are paged for INC-2")
    luis.does_not_see("You are paged for INC-2")


def test_both_are_reminded_of_the_shift_that_they_took(
    world: World, offered: Answer, luis: Someone, camila: Someone
) -> None:
    offer(camila).clicks("Accept the swap")
    world.reaches(ON_MINE)
    assert len(camila.told("⏰ Your shift on First line begins 2026-03-04 18:00 UTC")) == 1
    assert not luis.told("⏰ Your shift on First line begins 2026-03-04 18:00 UTC")


def test_once_declined_all_stays_as_it_was(world: World, offered: Answer, luis: Someone, camila: Someone) -> None:
    hers = offer(camila)
    hers.clicks("I can't").is_silent()
    assert hers.now().shows("🙅 You declined the swap of shifts on First line (change 1).").labels == []
    luis.sees("🙅 @Camila Rojas declined the swap of shifts on First line (change 1). The shifts stay as they were.")
    luis.types("/oncall l1 at 2026-03-04 19:00 UTC").shows("@Luis Herrera (bogota)")
    world.puts_back(hers)
    hers.clicks("Accept the swap").shows("it was declined")


def test_an_offer_that_reaches_nobody_is_told_to_the_asker(world: World, luis: Someone, camila: Someone) -> None:
    world.stage.sandbox.deactivate(camila.id)
    luis.types(SWAP)
    luis.sees("⚠️ The offer of a swap of shifts on First line (change 1) reached nobody. The shifts stay as they were.")
    luis.types("/oncall changes").shows("#1 swap · First line · refused")


def test_the_asker_withdraws_it(world: World, offered: Answer, luis: Someone, camila: Someone) -> None:
    hers = offer(camila)
    offered.clicks("Withdraw").shows("↩️ You withdrew the swap of shifts on First line (change 1).")
    assert hers.now().shows("@Luis Herrera withdrew the swap of shifts").labels == []
    world.puts_back(hers)
    hers.clicks("Accept the swap").shows("This offer was withdrawn")
    luis.types("/oncall l1 at 2026-03-04 19:00 UTC").shows("@Luis Herrera (bogota)")


def test_undone_after_the_first_shift_the_second_goes_back(
    world: World, offered: Answer, luis: Someone, camila: Someone
) -> None:
    offer(camila).clicks("Accept the swap")
    world.reaches(datetime(2026, 3, 5, 3, 0, tzinfo=UTC))
    luis.types("/oncall undo 1").shows(f"Before\n{HERS}: @Luis Herrera\nNow\n{HERS}: @Camila Rojas")
    camila.sees("@Luis Herrera undid the swap").shows(f"Now\n{HERS}: @Camila Rojas")
    luis.types("/oncall l1 at 2026-03-04 19:00 UTC").shows("@Camila Rojas (bogota)")
    luis.types("/oncall l1 at 2026-03-09 19:00 UTC").shows("@Camila Rojas (bogota)")


def test_it_expires_when_the_first_shift_is_over(world: World, luis: Someone, camila: Someone) -> None:
    luis.types("/oncall swap @camila now for 2026-03-09 14:00")
    hers = offer(camila)
    world.reaches(datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    assert hers.now().shows("⌛ Nobody accepted the swap of shifts on First line (change 1) in time.").labels == []
    assert len(luis.told("Nobody accepted the swap")) == 1


def test_a_shift_that_is_another_by_now_is_not_swapped(
    world: World, offered: Answer, luis: Someone, camila: Someone, database: str
) -> None:
    luis.types("/oncall override l1 @brian 2026-03-04 14:00 to 2026-03-04 15:00 instead of me")
    before = everything(world, database)
    offer(camila).clicks("Accept the swap").shows("@Brian Kiprop stands in for a part of that time already (change 2)")
    assert everything(world, database) == before


REFUSED = {
    "swap @luis wednesday 14:00 for thursday 14:00": "A swap needs somebody else: your own shifts are yours already",
    "swap l1 @camila tuesday 9am for 2026-03-09 14:00": "@Luis Herrera is not on call for First line then.",
    "swap l1 @camila wednesday 14:00 for friday 14:00": "@Camila Rojas is not on call for First line then.",
    "swap l1 @camila yesterday 14:00 for 2026-03-09 14:00": "not on call for First line then",
    "swap l1 @luis now for 2026-02-17 14:00": "A swap needs somebody else",
    "swap @camilla wednesday 14:00 for 2026-03-09 14:00": "There is no person “camilla”. Did you mean `camila`?",
    "swap @camila wednesday 25:00 for 2026-03-09 14:00": "I do not understand the time “wednesday 25:00”",
    "swap platform @mateo": "You have no shift for Platform in the coming four weeks",
}


def test_what_cannot_be_swapped_changes_nothing(world: World, luis: Someone, camila: Someone, database: str) -> None:
    before = everything(world, database)
    for typed, why in REFUSED.items():
        luis.types(f"/oncall {typed}").shows(why)
    luis.sees_no_form()
    assert everything(world, database) == before
    assert not camila.told("swap")


def test_nobody_but_the_one_who_is_asked_can_accept(
    world: World, offered: Answer, camila: Someone, brian: Someone, database: str
) -> None:
    hers = offer(camila)
    brian.types("/oncall l1")
    answer = brian.messages("general")[-1]
    with world.stage.sandbox.workspace.lock:
        held = world.stage.sandbox.workspace.channels[answer.channel].ephemeral[brian.id][answer.ts]
        held.body["blocks"] = hers.raw["blocks"]
    before = everything(world, database)
    shown = brian.message_at(answer.channel, answer.ts)
    shown.clicks("Accept the swap").shows("This was offered to @Camila Rojas.")
    shown.clicks("I can't").shows("This was not offered to you.")
    assert everything(world, database) == before


# By buttons and forms


def test_a_form_offers_the_shifts_of_both(luis: Someone, camila: Someone) -> None:
    luis.types("/oncall swap @camila wednesday 14:00 because of my exam").is_silent()
    form = luis.form("Swap shifts").shows("First line").holds("Why?", "my exam")
    form.holds("Your shift", "Wed 4 Mar 13:00–21:00 (Bogota)")
    assert form.choices("For the shift of")[0] == "Camila Rojas · Mon 9 Mar 13:00–21:00 (Bogota)"
    assert any(each.startswith("Sita Gurung") for each in form.choices("For the shift of"))
    answer = form.fills({"For the shift of": "Camila Rojas · Mon 9 Mar"}).sends()
    answer.shows("offered a swap of shifts on First line (change 1)", MINE, HERS, "Asked: @Camila Rojas")
    offer(camila).clicks("Accept the swap")
    luis.sees("@Camila Rojas accepted the swap")


def test_the_button_opens_it(world: World, noor: Someone) -> None:
    noor.types("/oncall engineering").clicks("Swap").is_silent()
    form = noor.form("Swap shifts").shows("ML engineering").holds("Your shift", "")
    form.fills({"Your shift": "Mon 16 Mar", "For the shift of": "Mon 23 Mar"})
    form.sends().shows("offered a swap of shifts on ML engineering")
    world.person("tomas").sees("@Noor Haddad offers you a swap").shows("You take: 2026-03-16 08:00 UTC")


def test_what_is_wrong_stands_beside_the_field(world: World, luis: Someone, camila: Someone, database: str) -> None:
    luis.types("/oncall swap @camila")
    form = luis.form("Swap shifts").fills({"Your shift": "Wed 4 Mar", "For the shift of": "Camila Rojas · Mon 9 Mar"})
    camila.types("/oncall override l1 @brian 2026-03-09 13:00 to 2026-03-09 21:00 instead of me")
    before = everything(world, database)
    form.is_refused("Camila Rojas is not on call for First line then", beside="For the shift of")
    assert everything(world, database) == before
    form.fills({"For the shift of": "Camila Rojas · Tue 10 Mar"}).sends().shows("offered a swap")


# Twice, and after a restart


def test_the_same_command_delivered_twice_is_one_offer(world: World, luis: Someone, camila: Someone) -> None:
    world.stage.sandbox.faults.deliver_twice()
    luis.types(SWAP)
    assert len(camila.told("offers you a swap")) == 1
    luis.types("/oncall changes").shows("Changes of shifts: 1")


def test_an_offer_outlives_a_restart(world: World, offered: Answer, luis: Someone, camila: Someone) -> None:
    hers = offer(camila)
    world.stops_the_bot()
    world.jumps(hours=20)
    world.starts_the_bot()
    assert len(camila.told("offers you a swap")) == 1
    hers.clicks("Accept the swap").is_silent()
    luis.sees("@Camila Rojas accepted the swap")
    world.stops_the_bot()
    world.starts_the_bot()
    luis.types("/oncall l1 at 2026-03-04 19:00 UTC").shows("@Camila Rojas (bogota)")
    hers.now().clicks("Undo").shows("undid the swap")
