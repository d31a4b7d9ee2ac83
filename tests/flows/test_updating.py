"""Updates tell those who wait: by command or by the form, which holds the last one."""

from tests.flows.people import Someone
from tests.flows.world import World

LATE = "The upstream table is late; fresh scores in half an hour"


def test_an_update_is_posted_and_stands_on_the_card(acknowledged: World, luis: Someone, amina: Someone) -> None:
    luis.types(f"/incident update 1 {LATE}").shows("The update on INC-1 is posted")
    amina.sees(LATE, in_channel="inc-1").shows("Update by @Luis Herrera", "Next update by 2026-03-02 20:01 UTC")
    acknowledged.channel("inc-1").card.shows("Last update", LATE, "by @Luis Herrera")
    assert [entry.text for entry in acknowledged.timeline() if entry.what == "update"] == [LATE]
    luis.types("/incident sla 1").shows("✅ First update met", "Update due 2026-03-02 20:01 UTC")


def test_without_a_text_the_form_opens_and_holds_the_last_update(acknowledged: World, luis: Someone) -> None:
    luis.types(f"/incident update {LATE}", in_channel="inc-1")
    luis.types("/incident update", in_channel="inc-1").is_silent()
    form = luis.form("Update INC-1").shows("INC-1 Scores are stale").holds("Update", LATE)
    form.holds("Status", "Investigating").fills({"Update": "The job runs again", "Status": "Identified"}).sends()
    acknowledged.channel("inc-1").sees("The job runs again").shows("Identified")
    acknowledged.channel("inc-1").card.shows("The job runs again", "Identified").does_not_show(LATE)


def test_the_button_of_the_card_opens_the_same_form(acknowledged: World, brian: Someone) -> None:
    brian.card().clicks("Update").is_silent()
    form = brian.form("Update INC-1").fills({"Update": "  \n "}).is_refused("An update needs a text", beside="Update")
    assert acknowledged.incident().last_update == ""
    form.fills({"Update": "Still looking"}).sends()
    acknowledged.channel("inc-1").sees("Still looking").shows("by @Brian Kiprop")


def test_mentions_in_an_update_are_people_again(acknowledged: World, luis: Someone, amina: Someone) -> None:
    luis.types("/incident update 1 @noor restarts it, see https://jobs.example.com/7")
    amina.sees("restarts it", in_channel="inc-1").shows("@Noor Haddad restarts it, see https://jobs.example.com/7")
    luis.card().clicks("Update")
    luis.form("Update INC-1").holds("Update", "@Noor Haddad restarts it, see https://jobs.example.com/7")
