"""App Home: my pages, what is asked of me, my incidents and shifts, who is on call, what is due next."""

from datetime import UTC, datetime

from tests.flows.people import Someone
from tests.flows.world import World


def test_a_quiet_day(luis: Someone) -> None:
    home = luis.home().shows("Nobody is paging you.", "No open incident is yours.", "Nothing is due.")
    home.shows("First line: @Luis Herrera (bogota), until 2026-03-03 02:00 UTC. Next: @Sita Gurung.")


def test_a_page_is_answered_from_home(declared: World, luis: Someone, amina: Someone, noor: Someone) -> None:
    amina.home().shows("My incidents\n🟠 INC-1")
    noor.home().shows("No open incident is yours.", "Due next\nINC-1 Acknowledgement due 2026-03-02 19:15 UTC")
    home = luis.home().shows("INC-1 Scores are stale\nPaged 2026-03-02 19:00 UTC", "INC-1 Acknowledgement due")
    home.clicks("Acknowledge").is_silent()
    luis.home_as_it_is().shows("Nobody is paging you.", "Lead: @Luis Herrera")
    assert declared.incident().acknowledged_by == "luis"


def test_what_is_refused_at_home_is_told_in_a_direct_message(declared: World, luis: Someone, brian: Someone) -> None:
    home = luis.home()
    brian.types("/incident ack 1")
    home.clicks("Acknowledge").shows("@Brian Kiprop already has it")
    luis.home_as_it_is().shows("Nobody is paging you.")


def test_my_shifts_stand_at_home_and_each_asks_for_cover(luis: Someone, priya: Someone) -> None:
    home = luis.home().shows("My shifts\n☎️ First line: you are on call now until 2026-03-03 02:00 UTC.")
    home.shows("First line: 2026-03-03 18:00 UTC – 2026-03-04 02:00 UTC (8 h)").does_not_show("Asked of me")
    home.clicks("Ask for cover", nth=1).is_silent()
    form = luis.form("Ask for cover").holds("Schedule", "First line")
    form.holds("From", datetime(2026, 3, 3, 18, 0, tzinfo=UTC)).holds("Until", datetime(2026, 3, 4, 2, 0, tzinfo=UTC))
    form.sends().shows("asked for cover on First line (change 1)")
    priya.home().shows("You have no shift in the coming 14 days.")


def test_what_is_asked_of_me_is_answered_from_home(world: World, luis: Someone, brian: Someone, sita: Someone) -> None:
    luis.types("/oncall cover me 15:00 to 17:00 because <!channel> dentist")
    home = brian.home().shows("Asked of me\n🙋 @Luis Herrera asks you to cover First line.")
    home.shows("2026-03-02 20:00 UTC – 2026-03-02 22:00 UTC (2 h)", "<!channel> dentist", "[I take it]", "[I can't]")
    sita.home().clicks("I can't").is_silent()
    sita.home_as_it_is().does_not_show("Asked of me")
    home.clicks("I take it").is_silent()
    brian.home_as_it_is().does_not_show("Asked of me").shows("First line: 2026-03-02 20:00 UTC – 2026-03-02 22:00 UTC")
    luis.sees("@Brian Kiprop took the cover on First line")
    brian.sees("✅ You took the cover").shows("You for @Luis Herrera")
    world.passes(hours=1)
    brian.home().shows("☎️ First line: you are on call now until 2026-03-02 22:00 UTC.")
    brian.home().shows("First line: @Brian Kiprop (bogota), until 2026-03-02 22:00 UTC. Next: @Luis Herrera.")


def test_a_swap_is_accepted_from_home(world: World, luis: Someone) -> None:
    camila = world.person("camila")
    luis.types("/oncall swap @camila wednesday 14:00 for 2026-03-09 14:00")
    home = camila.home().shows("Asked of me\n🔁 @Luis Herrera offers you a swap of shifts on First line.")
    home.shows("You take: 2026-03-04 18:00 UTC", "You give: 2026-03-09 18:00 UTC").clicks("Accept the swap").is_silent()
    camila.home_as_it_is().shows("First line: 2026-03-04 18:00 UTC").does_not_show("2026-03-09 18:00 UTC")
    luis.sees("@Camila Rojas accepted the swap")


def test_whoever_comes_second_at_home_is_told_in_a_direct_message(world: World, luis: Someone, brian: Someone) -> None:
    luis.types("/oncall cover me 15:00 to 17:00")
    home = brian.home()
    world.person("camila").sees("asks you to cover").clicks("I take it")
    home.clicks("I take it").shows("@Camila Rojas was first and has it already")
    brian.home_as_it_is().does_not_show("Asked of me")
