"""Cover: whoever is free is asked to take a part of somebody's shift, and the first to accept has it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from tests.flows.kept import everything
from tests.flows.people import Someone
from tests.flows.seen import Answer, Message
from tests.flows.world import World

START = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # 15:00 in Bogotá
END = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
SPAN = "2026-03-02 20:00 UTC – 2026-03-02 22:00 UTC"
COVER = "/oncall cover me 15:00 to 17:00 because I am at the dentist"
# Those who take turns in the first line, as its last resort too, and those of their teams; Andrés has the second line.
FREE = ["sita", "bikash", "amina", "brian", "camila", "prakash", "wanjiru", "david", "valentina", "anjali"]


@pytest.fixture
def camila(world: World) -> Someone:
    return world.person("camila")


@pytest.fixture
def asked(luis: Someone) -> Answer:
    """Luis asks for cover for two hours of his shift."""
    return luis.types(COVER)


def offer(to: Someone) -> Message:
    return to.sees("@Luis Herrera asks you to cover First line")


def test_those_who_are_free_are_asked_and_nobody_else(world: World, asked: Answer) -> None:
    told = {key for key in world.policy.people if world.person(key).told("asks you to cover")}
    assert told == set(FREE)
    asked.shows("🙋 You asked for cover on First line (change 1). Nothing has changed yet.")
    asked.shows(f"Somebody for you: {SPAN} (2 h)", "I am at the dentist", "Asked: @Sita Gurung, @Bikash Thapa")
    assert asked.messages[0].labels == ["Withdraw"]


def test_the_offer_says_what_when_and_why(asked: Answer, camila: Someone, brian: Someone) -> None:
    shown = offer(camila).shows(f"{SPAN} (2 h)", "I am at the dentist", "The first to accept has it")
    assert shown.labels == ["I take it", "I can't"]
    shown.does_not_show("night")
    offer(brian).shows("🌙 For you it begins in the night: 23:00 Nairobi")


def test_the_first_to_accept_has_it(asked: Answer, luis: Someone, camila: Someone, brian: Someone) -> None:
    hers, his = offer(camila), offer(brian)
    hers.clicks("I take it").is_silent()
    shown = hers.now().shows("✅ You took the cover on First line (change 1).", f"You for @Luis Herrera: {SPAN}")
    assert shown.labels == ["Undo"]
    assert his.now().shows("✅ @Camila Rojas took the cover on First line (change 1).").labels == []
    told = luis.sees("@Camila Rojas took the cover").shows(f"@Camila Rojas for you: {SPAN}")
    told.shows(f"Before\n{SPAN}: @Luis Herrera\nNow\n{SPAN}: @Camila Rojas")
    assert told.labels == ["Undo"]
    assert not brian.told("Before"), "whom it does not concern sees it in the offer alone"


def test_whoever_comes_second_is_told_who_was_first(
    world: World, asked: Answer, camila: Someone, brian: Someone, database: str
) -> None:
    late, hers = offer(brian), offer(camila)
    hers.clicks("I take it")
    world.puts_back(late)
    world.puts_back(hers)
    before = everything(world, database)
    late.clicks("I take it").shows("@Camila Rojas was first and has it already")
    late.clicks("I can't").shows("@Camila Rojas was first and has it already")
    hers.clicks("I take it").shows("You have it already. `/oncall undo 1` gives it back.")
    assert everything(world, database) == before


def test_of_all_who_accept_at_once_one_has_it(world: World, asked: Answer, luis: Someone) -> None:
    offers = [offer(world.person(key)) for key in FREE[:6]]
    with ThreadPoolExecutor(6) as hands:
        answers = list(hands.map(lambda message: message.clicks("I take it"), offers))
    told = [answer.text for answer in answers]
    assert sum("was first and has it already" in text for text in told) == 5, told
    assert len(luis.told("took the cover")) == 1
    luis.types("/oncall changes").shows("Changes of shifts: 1", "#1 cover · First line · stands")


def test_the_pager_changes_hands_at_its_time_and_back(
    world: World, asked: Answer, noor: Someone, luis: Someone, camila: Someone
) -> None:
    offer(camila).clicks("I take it")
    world.reaches(START)
    camila.sees("Handoff First line").shows("Goes: @Luis Herrera", "Comes: @Camila Rojas")
    noor.types("/incident declare sev2 churn-scoring Scores are stale")
    camila.sees("You are paged for INC-1").clicks("Acknowledge")
    luis.does_not_see("You are paged")
    world.reaches(END)
    luis.sees("Handoff First line").shows("Goes: @Camila Rojas", "Comes: @Luis Herrera")
    noor.types("/oncall l1").shows("@Luis Herrera (bogota), until 2026-03-03 02:00 UTC")


def test_until_somebody_accepts_the_pager_stays(world: World, asked: Answer, noor: Someone) -> None:
    world.reaches(START)
    noor.types("/oncall l1").shows("@Luis Herrera (bogota), until 2026-03-03 02:00 UTC. Next: @Sita Gurung.")
    noor.does_not_see("Handoff First line")


def test_whoever_accepts_late_takes_what_is_left(world: World, asked: Answer, camila: Someone, noor: Someone) -> None:
    world.passes(hours=1, minutes=30)
    offer(camila).clicks("I take it")
    offered = camila.sees("You took the cover").shows("2026-03-02 20:30 UTC – 2026-03-02 22:00 UTC (1 h 30 min)")
    assert offered.labels == ["Undo"]
    noor.types("/oncall l1").shows("@Camila Rojas (bogota), until 2026-03-02 22:00 UTC")
    noor.types("/oncall l1 at today 20:15 UTC").shows("@Luis Herrera (bogota), until 2026-03-02 20:30 UTC")


def test_only_the_asker_s_own_part_of_the_span_is_asked_for(luis: Someone, camila: Someone) -> None:
    luis.types("/oncall cover me 17:00 to 23:30").shows("2026-03-02 22:00 UTC – 2026-03-03 02:00 UTC (4 h)")
    offer(camila).shows("2026-03-02 22:00 UTC – 2026-03-03 02:00 UTC (4 h)")
    luis.types("/oncall cover me friday").shows("2026-03-06 18:00 UTC – 2026-03-07 02:00 UTC (8 h)")


# Declining


def test_declining_leaves_it_to_the_others(asked: Answer, luis: Someone, brian: Someone, camila: Someone) -> None:
    his = offer(brian)
    his.clicks("I can't").is_silent()
    shown = his.now().shows("🙅 You can't stand in for @Luis Herrera on First line.", SPAN)
    assert shown.labels == ["I take it after all"]
    assert offer(camila).labels == ["I take it", "I can't"]
    assert not luis.direct_messages, "one “no” is not yet the end of it"


def test_whoever_declined_may_take_it_after_all(asked: Answer, luis: Someone, brian: Someone, camila: Someone) -> None:
    his = offer(brian)
    his.clicks("I can't")
    his.now().clicks("I take it after all").is_silent()
    assert his.now().shows("You took the cover on First line").labels == ["Undo"]
    luis.sees("@Brian Kiprop took the cover")
    assert offer_is_over(camila)


def offer_is_over(who: Someone) -> bool:
    return all("I take it" not in message.labels for message in who.direct_messages)


def test_when_all_have_declined_the_asker_is_told(world: World, asked: Answer, luis: Someone) -> None:
    for key in FREE:
        offer(world.person(key)).clicks("I can't").is_silent()
    told = luis.sees("🙅 Nobody who was asked can cover First line (change 1). You still have it;")
    told.shows("ask for a shorter time, or ask your lead")
    assert told.labels == []
    assert len(luis.direct_messages) == 1
    assert offer_is_over(world.person(FREE[0]))
    luis.types("/oncall changes").shows("#1 cover · First line · refused by @Anjali Karki")


def test_where_nobody_is_free_it_is_said_at_once(world: World, luis: Someone, database: str) -> None:
    mateo = world.person("mateo")
    luis.types("/oncall override l1 @joseph 15:00 to 17:00 instead of me")
    before = everything(world, database)
    mateo.types("/oncall cover me platform 15:00 to 17:00").shows(
        "Nobody is free in all of that time. Ask for a shorter span, or ask @Joseph Oduya."
    )
    assert everything(world, database) == before


REFUSED = {
    "cover me l2 15:00 to 17:00": "You are not on call for Second line in that time, so there is nothing to cover",
    "cover me l1 2026-03-01 13:00 to 2026-03-01 15:00": "That lies in the past",
    "cover me l1 now until 2027-06-01": "That is longer than a year",
    "cover me l1 15:00": "“15:00” has no end",
    "cover me l1 sometime": "I do not understand “sometime”",
    "cover me platform": "You have no shift for Platform in the coming four weeks",
}


def test_what_cannot_be_asked_changes_nothing(world: World, luis: Someone, camila: Someone, database: str) -> None:
    before = everything(world, database)
    for typed, why in REFUSED.items():
        luis.types(f"/oncall {typed}").shows(why)
    luis.sees_no_form()
    assert everything(world, database) == before
    assert not camila.told("asks you to cover")


def test_somebody_who_was_not_asked_cannot_take_it(
    world: World, asked: Answer, andres: Someone, database: str, camila: Someone
) -> None:
    """As by a message that was passed on."""
    camilas = offer(camila)
    andres.types("/oncall l1")
    answer = andres.messages("general")[-1]
    before = everything(world, database)
    with world.stage.sandbox.workspace.lock:
        held = world.stage.sandbox.workspace.channels[answer.channel].ephemeral[andres.id][answer.ts]
        held.body["blocks"] = camilas.raw["blocks"]
    andres.message_at(answer.channel, answer.ts).clicks("I take it").shows("This was offered to @Sita Gurung or")
    assert everything(world, database) == before


def test_somebody_who_has_left_keeps_nobody_else_from_being_asked(
    world: World, luis: Someone, camila: Someone, brian: Someone
) -> None:
    world.stage.sandbox.deactivate(brian.id)
    luis.types(COVER)
    offer(camila).clicks("I take it")
    luis.sees("@Camila Rojas took the cover")


# The end of an offer


def test_it_expires_when_its_time_is_over(world: World, asked: Answer, luis: Someone, camila: Someone) -> None:
    hers = offer(camila)
    world.reaches(END)
    assert hers.now().shows("⌛ Nobody took the cover on First line (change 1) in time.", SPAN).labels == []
    told = luis.sees("⌛ Nobody took the cover").shows(f"Somebody for you: {SPAN}")
    assert told.labels == []
    assert len(luis.told("Nobody took the cover")) == 1
    world.puts_back(hers)
    hers.clicks("I take it").shows("nobody accepted it in time")
    luis.types("/oncall changes").shows("#1 cover · First line · expired, 2026-03-02 22:00 UTC")


def test_the_asker_withdraws_it(world: World, asked: Answer, luis: Someone, camila: Someone, brian: Someone) -> None:
    hers = offer(camila)
    asked.clicks("Withdraw").shows("↩️ You withdrew the request for cover on First line (change 1).")
    assert hers.now().shows("@Luis Herrera withdrew the request for cover").labels == []
    assert len(brian.direct_messages) == 1, "the message itself has changed, and there is no other"
    world.puts_back(hers)
    hers.clicks("I take it").shows("This offer was withdrawn")
    luis.types("/oncall undo 1").shows("Change 1 is undone already")
    luis.types("/oncall changes").shows("#1 cover · First line · withdrawn by @Luis Herrera")


def test_the_lead_withdraws_it_and_the_asker_is_told(asked: Answer, luis: Someone, amina: Someone) -> None:
    amina.types("/oncall undo 1").shows("You withdrew the request for cover")
    luis.sees("@Amina Otieno withdrew the request for cover on First line")


def test_what_was_accepted_can_be_given_back(
    world: World, asked: Answer, luis: Someone, camila: Someone, brian: Someone
) -> None:
    hers = offer(camila)
    hers.clicks("I take it")
    hers.now().clicks("Undo").shows("You undid the cover on First line", f"Now\n{SPAN}: @Luis Herrera")
    luis.sees("@Camila Rojas undid the cover").shows(f"@Camila Rojas for you: {SPAN}")
    assert hers.now().shows("You undid the cover").labels == []
    assert offer_is_over(brian)
    world.reaches(START)
    luis.types("/oncall l1").shows("@Luis Herrera (bogota)")


def test_whoever_got_the_pager_meanwhile_cannot_take_it_as_well(
    world: World, asked: Answer, luis: Someone, camila: Someone, brian: Someone, database: str
) -> None:
    luis.types("/oncall override l1 @brian 16:00 to 18:00 instead of me")
    before = everything(world, database)
    offer(camila).clicks("I take it").shows("@Brian Kiprop stands in for a part of that time already (change 2)")
    assert everything(world, database) == before


# By buttons and forms


def test_a_form_asks_for_what_is_missing(luis: Someone, camila: Someone) -> None:
    luis.types("/oncall cover me because I am at the dentist").is_silent()
    form = luis.form("Ask for cover").holds("Schedule", "First line").holds("Why?", "I am at the dentist")
    form.holds("Until", datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    answer = form.fills({"From": START, "Until": END}).sends()
    answer.shows("asked for cover on First line (change 1). Nothing has changed yet.", SPAN, "Asked: @Sita Gurung")
    offer(camila).shows("I am at the dentist").clicks("I take it")
    luis.sees("@Camila Rojas took the cover")


def test_the_reminder_of_a_shift_offers_to_ask_for_cover(world: World, sita: Someone, camila: Someone) -> None:
    world.settle()
    sita.sees("⏰ Your shift on First line begins 2026-03-03 02:00 UTC").clicks("Ask for cover").is_silent()
    form = sita.form("Ask for cover").holds("From", datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    form.holds("Until", datetime(2026, 3, 3, 10, 0, tzinfo=UTC)).sends().shows("asked for cover on First line")
    camila.sees("@Sita Gurung asks you to cover First line").shows("2026-03-03 02:00 UTC – 2026-03-03 10:00 UTC (8 h)")


def test_each_of_my_shifts_has_its_button(luis: Someone) -> None:
    luis.types("/oncall mine").clicks("Ask for cover", nth=1)
    form = luis.form("Ask for cover").holds("From", datetime(2026, 3, 3, 18, 0, tzinfo=UTC))
    form.holds("Until", datetime(2026, 3, 4, 2, 0, tzinfo=UTC))


def test_what_is_wrong_stands_beside_the_field(world: World, luis: Someone, database: str) -> None:
    luis.types("/oncall l1").clicks("Ask for cover")
    before = everything(world, database)
    form = luis.form("Ask for cover").fills({"From": END, "Until": START})
    form.is_refused("That span ends before it starts", beside="Until")
    later = {"From": datetime(2026, 3, 3, 3, 0, tzinfo=UTC), "Until": datetime(2026, 3, 3, 5, 0, tzinfo=UTC)}
    form.fills(later).is_refused("You are not on call for First line in that time", beside="From")
    assert everything(world, database) == before
    form.fills({"From": START, "Until": END}).sends().shows("asked for cover")


# Twice, and after a restart


def test_the_same_command_delivered_twice_asks_once(world: World, luis: Someone, camila: Someone) -> None:
    world.stage.sandbox.faults.deliver_twice()
    luis.types(COVER)
    assert len(camila.told("asks you to cover")) == 1
    luis.types("/oncall changes").shows("Changes of shifts: 1")


def test_the_same_click_delivered_twice_accepts_once(
    world: World, asked: Answer, luis: Someone, camila: Someone
) -> None:
    world.stage.sandbox.faults.deliver_twice()
    offer(camila).clicks("I take it").is_silent()
    assert len(luis.told("took the cover")) == 1


def test_an_offer_outlives_a_restart(
    world: World, asked: Answer, luis: Someone, camila: Someone, brian: Someone
) -> None:
    hers = offer(camila)
    offer(brian).clicks("I can't")
    world.stops_the_bot()
    world.starts_the_bot()
    assert len(camila.told("asks you to cover")) == 1
    hers.clicks("I take it").is_silent()
    hers.now().shows("You took the cover")
    luis.sees("@Camila Rojas took the cover")
    brian.sees("@Camila Rojas took the cover")


def test_what_expired_while_the_bot_was_down_is_said_once(
    world: World, asked: Answer, luis: Someone, camila: Someone
) -> None:
    hers = offer(camila)
    world.stops_the_bot()
    world.jumps(hours=4)
    world.starts_the_bot()
    assert hers.now().shows("Nobody took the cover").labels == []
    assert len(luis.told("Nobody took the cover")) == 1
    world.stops_the_bot()
    world.starts_the_bot()
    assert len(luis.told("Nobody took the cover")) == 1


def test_what_slack_had_not_taken_yet_is_offered_after_a_restart(world: World, luis: Someone, camila: Someone) -> None:
    luis.types("/oncall l1")
    world.stage.sandbox.faults.add("chat.postMessage", "500", times=40)
    luis.types(COVER)
    assert not camila.told("asks you to cover")
    world.stops_the_bot()
    world.stage.sandbox.faults.clear()
    world.jumps(minutes=5)
    world.starts_the_bot()
    assert len(camila.told("asks you to cover")) == 1
