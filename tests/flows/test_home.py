"""App Home: my pages, my incidents, who is on call, what is due next."""

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
