"""Somebody asks others in by hand: each joins, declines or does not answer, and the card says so."""

from typing import Any

from tests.flows.people import Someone
from tests.flows.world import World


def test_a_person_is_asked_to_join_with_a_message(acknowledged: World, luis: Someone, sita: Someone) -> None:
    said = luis.types("/incident page 1 @sita Can you look at the features?")
    said.shows("Paging @Sita Gurung for INC-1")
    page = sita.sees("You are asked to join INC-1")
    page.shows("@Luis Herrera asks you to join", "Can you look at the features?", "Scores are stale", "Major (sev2)")
    assert page.labels == ["I'm in", "Can't join"]
    assert page.notification.startswith("@Luis Herrera asks you to join: INC-1 Scores are stale")
    acknowledged.channel("inc-1").sees("@Luis Herrera asks @Sita Gurung to join").shows("Can you look at the features?")
    acknowledged.channel("inc-1").card.shows("Responders", "📟 Asked: @Sita Gurung (2026-03-02 19:01 UTC)")
    assert "sita" in acknowledged.channel("inc-1").members


def test_who_is_in_joins_beside_whoever_has_it(acknowledged: World, luis: Someone, sita: Someone) -> None:
    luis.types("/incident page sita", in_channel="inc-1")
    page = sita.sees("You are asked to join")
    page.clicks("I'm in").is_silent()
    page.now().shows("✅ You joined INC-1 Scores are stale")
    acknowledged.channel("inc-1").sees("@Sita Gurung has joined")
    acknowledged.channel("inc-1").card.shows("🙋 Joined: @Sita Gurung", "Acknowledged by @Luis Herrera")
    assert acknowledged.incident().acknowledged_by == "luis"
    acknowledged.passes(minutes=20)
    acknowledged.channel("inc-1").does_not_see("has not answered")


def test_who_cannot_join_is_left_alone_and_nobody_else_is_paged(
    acknowledged: World, luis: Someone, sita: Someone, andres: Someone
) -> None:
    luis.types("/incident page sita", in_channel="inc-1")
    page = sita.sees("You are asked to join")
    page.clicks("Can't join")
    page.now().shows("You can't join INC-1", "@Luis Herrera has it")
    acknowledged.channel("inc-1").card.shows("🙅 Can't join: @Sita Gurung")
    andres.does_not_see("You are paged")


def test_who_does_not_answer_is_told_of(acknowledged: World, luis: Someone, sita: Someone) -> None:
    luis.types("/incident page sita", in_channel="inc-1")
    acknowledged.passes(minutes=15)
    news = acknowledged.channel("inc-1").sees("@Sita Gurung was asked to join and has not answered")
    news.shows("@Luis Herrera, reach them another way or ask somebody else")
    acknowledged.channel("inc-1").card.shows("⌛ No answer: @Sita Gurung")


def test_while_nobody_has_it_joining_takes_it(declared: World, amina: Someone, sita: Someone, luis: Someone) -> None:
    amina.types("/incident page sita", in_channel="inc-1")
    sita.sees("You are asked to join").shows("Nobody has it yet: if you join, you have it").clicks("I'm in")
    assert declared.incident().acknowledged_by == "sita"
    luis.sees("@Sita Gurung took INC-1")


def test_the_escalation_goes_on_beside_it(declared: World, amina: Someone, sita: Someone, andres: Someone) -> None:
    amina.types("/incident page sita", in_channel="inc-1")
    sita.sees("You are asked to join").clicks("Can't join")
    andres.does_not_see("You are paged")
    declared.passes(minutes=5)
    andres.sees("You are paged for INC-1")


def test_several_are_asked_at_once_schedules_and_teams_among_them(
    acknowledged: World, luis: Someone, andres: Someone, noor: Someone, sita: Someone
) -> None:
    said = luis.types("/incident page sita, l2 and ML engineering: all hands please", in_channel="inc-1")
    said.shows("Paging @Sita Gurung, @Andrés Pardo")
    for one in (sita, andres, noor):
        one.sees("You are asked to join INC-1").shows("all hands please")


def test_who_is_being_paged_already_is_said(acknowledged: World, luis: Someone, sita: Someone) -> None:
    luis.types("/incident page sita", in_channel="inc-1")
    luis.types("/incident page sita", in_channel="inc-1").shows("@Sita Gurung is being paged for this already")
    luis.types("/incident page sita, brian", in_channel="inc-1").shows(
        "Paging @Brian Kiprop for INC-1", "@Sita Gurung is being paged for it already"
    )
    assert sita.counts("You are asked to join") == 1


def test_the_form_asks_whom_and_why(acknowledged: World, luis: Someone, sita: Someone, andres: Someone) -> None:
    acknowledged.channel("inc-1").card_for(luis).clicks("Page somebody")
    form = luis.form("Page for INC-1")
    values: dict[str, dict[str, Any]] = {
        "targets": {"value": ["person:sita", "schedule:l2"]},
        "note": {"value": "Two more heads"},
    }
    errors, _ = luis.submits(form.raw["id"], values)
    assert errors == {}
    sita.sees("You are asked to join INC-1").shows("Two more heads")
    andres.sees("You are asked to join INC-1")


def test_a_refusal_stands_in_the_form(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident page", in_channel="inc-1")
    form = luis.form("Page for INC-1")
    luis.types("/incident page sita", in_channel="inc-1")
    errors, _ = luis.submits(form.raw["id"], {"targets": {"value": ["person:sita"]}})
    assert errors == {"targets": "Sita Gurung is being paged for this already."}


def test_a_name_that_nobody_has_is_told_with_the_nearest(acknowledged: World, luis: Someone) -> None:
    before = acknowledged.timeline()
    luis.types("/incident page siita please help", in_channel="inc-1").shows(
        "There is no person, schedule or team “siita”", "Did you mean `/incident page sita`?"
    )
    assert acknowledged.timeline() == before


def test_an_incident_that_has_ended_asks_nobody_in(acknowledged: World, luis: Someone, sita: Someone) -> None:
    luis.types("/incident page sita", in_channel="inc-1")
    page = sita.sees("You are asked to join")
    luis.types("/incident resolve It was a late table", in_channel="inc-1")
    page.now().shows("INC-1 Scores are stale is resolved by @Luis Herrera")
    luis.types("/incident page brian", in_channel="inc-1").shows("INC-1 is resolved")
