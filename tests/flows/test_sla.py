"""The clocks of an incident: what everybody can see of them, how they are paused, and how they were counted."""

import httpx

from tests.flows.people import Someone
from tests.flows.world import World

SENDING = "they are sending the file again"


def test_a_pause_stops_the_warnings_and_the_clocks_run_on_by_themselves(acknowledged: World, luis: Someone) -> None:
    channel = acknowledged.channel("inc-1")
    luis.types(f"/incident sla 1 pause customer 5h {SENDING}").shows(
        "INC-1 waits on the customer until 2026-03-03 00:01"
    )
    told = channel.sees("it waits on the customer until 2026-03-03 00:01 UTC")
    told.shows(SENDING, "Mitigation and Resolution stand still meanwhile", "Due anew: Mitigation 2026-03-03 04:00 UTC")
    channel.card.shows("Waiting on the customer until 2026-03-03 00:01 UTC", SENDING)
    luis.types("/incident sla 1").shows("⏸ Mitigation stands still until 2026-03-03 00:01 UTC, waiting on the customer")
    acknowledged.passes(hours=4, minutes=59)
    luis.does_not_see("Mitigation of INC-1")
    acknowledged.passes(minutes=1)
    channel.sees("The time to wait on the customer is up")
    luis.types("/incident sla 1").shows("Mitigation due 2026-03-03 04:00 UTC")
    acknowledged.passes(hours=3)
    luis.sees("Mitigation of INC-1 Scores are stale is due 2026-03-03 04:00 UTC. 75% of the time has passed")


def test_the_form_pauses_and_the_button_resumes(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident sla", in_channel="inc-1").clicks("Pause")
    form = luis.form("Pause INC-1")
    form.fills({"On whom does it wait?": "A partner", "Why?": SENDING}).sends()
    acknowledged.channel("inc-1").sees("it waits on a partner")
    acknowledged.passes(minutes=59)
    luis.types("/incident sla", in_channel="inc-1").clicks("Resume").shows("INC-1 waits on nobody now")
    acknowledged.channel("inc-1").sees("it no longer waits on a partner").shows(
        "Due anew: Mitigation 2026-03-02 23:59 UTC"
    )
    luis.types("/incident sla resume 1").shows("INC-1 does not wait on anybody")


def test_what_is_missing_or_strange_is_said(acknowledged: World, luis: Someone, prakash: Someone) -> None:
    luis.types("/incident wait 1 customer they are asleep").shows(
        "A pause needs an end", "/incident sla pause customer"
    )
    luis.types("/incident sla pause 1 customer until 23:00").shows("Say why it waits")
    luis.types("/incident sla pause 1 custmer 4h x").shows("no party to wait on: “custmer”. Did you mean `customer`?")
    luis.types("/incident sla 1 puase").shows("Did you mean `/incident sla pause`?")
    luis.types(f"/incident sla pause 1 customer 3w {SENDING}").shows("at most 1w at once")
    prakash.types(f"/incident sla pause 1 customer 4h {SENDING}").shows(
        "Only those who work on INC-1 may pause its clocks"
    )
    acknowledged.channel("inc-1").does_not_see("it waits on")


def test_the_ledger_shows_each_stretch_and_by_whom(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=29)
    luis.types(f"/incident wait 1 customer 1h {SENDING}")
    acknowledged.passes(hours=2)
    told = luis.types("/incident sla 1").clicks("Explain")
    told.shows("Mitigation: 4h from 2026-03-02 19:00 UTC, due 2026-03-03 00:00 UTC")
    told.shows("▸ 30 min counted: 2026-03-02 19:00 UTC – 2026-03-02 19:30 UTC, it was declared, by @Amina Otieno")
    told.shows(
        f"▹ not counted: 2026-03-02 19:30 UTC – 2026-03-02 20:30 UTC, waiting on customer: {SENDING}, by @Luis Herrera"
    )
    told.shows("▸ 1 h counted: 2026-03-02 20:30 UTC – now, no longer waiting on customer", "▰▰▰▱▱▱▱▱▱▱ 37%")
    assert luis.types("/incident sla explain 1").text == told.text


def test_an_instant_is_corrected_in_the_time_of_the_asker(declared: World, luis: Someone) -> None:
    declared.passes(minutes=20)
    luis.types("/incident ack 1")
    luis.types("/incident sla 1").shows("🔴 Acknowledgement met late")
    luis.types("/incident correct 1 acknowledged at 14:07 I had it by phone").shows(
        "INC-1 was acknowledged 2026-03-02 19:07"
    )
    told = declared.channel("inc-1").sees("it was acknowledged 2026-03-02 19:07 UTC, not 2026-03-02 19:20 UTC")
    told.shows("I had it by phone")
    luis.types("/incident sla 1").shows("✅ Acknowledgement met 2026-03-02 19:07 UTC")
    luis.types("/incident timeline 1").shows("@Luis Herrera corrected: it was acknowledged 2026-03-02 19:07 UTC")
    luis.types("/incident correct 1 resolved 14:07").shows("INC-1 is not resolved yet")
    luis.types("/incident correct 1 ackd 14:07").shows("There is no moment “ackd”")
    luis.types("/incident correct 1 declared sometime").shows("Which moment was when?")


def test_the_topic_tells_of_the_clock_that_is_late(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=31)
    luis.types("/incident status 1 identified")
    assert "late: first update" in acknowledged.channel("inc-1").topic
    luis.types("/incident update 1 Looking at the upstream table")
    luis.types("/incident status 1 investigating")
    assert "late" not in acknowledged.channel("inc-1").topic


def test_the_door_tells_machines_the_same_ledger(acknowledged: World, luis: Someone) -> None:
    luis.types(f"/incident wait 1 customer 1h {SENDING}")
    acknowledged.passes(minutes=30)
    assert acknowledged.stage.bot is not None
    with httpx.Client(base_url=acknowledged.stage.bot.address, trust_env=False) as reader:
        told = reader.get("/incidents/1/sla").json()
        clocks = {each["clock"]: each for each in told["clocks"]}
        assert (clocks["mitigate"]["state"], clocks["acknowledge"]["state"]) == ("paused", "met")
        assert [stretch["by"] for stretch in clocks["mitigate"]["stretches"] if not stretch["counted"]] == ["luis"]
        for number in ("2", "x", "9" * 30):
            assert (answer := reader.get(f"/incidents/{number}/sla")).status_code == 404
            assert "There is no incident" in answer.text
