"""New incidents are announced where everybody looks, and the announcement keeps up with them."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_it_is_announced_once_and_the_announcement_follows_the_state(
    declared: World, luis: Someone, noor: Someone
) -> None:
    announced = noor.sees("INC-1", in_channel="incidents")
    announced.shows("INC-1 Scores are stale", "Major (sev2)", "Triage · Lead: nobody yet", "@Amina Otieno")
    announced.shows("Follow it in #inc-1-scores-are-stale")
    luis.types("/incident ack 1")
    announced.now().shows("Investigating · Lead: @Luis Herrera")
    luis.types("/incident severity 1 sev1")
    announced.now().shows("🔴", "Critical (sev1)")
    luis.types("/incident resolve 1 Fresh again")
    announced.now().shows("Resolved")
    luis.types("/incident close 1")
    announced.now().shows("Closed")
    assert noor.counts("INC-1", in_channel="incidents") == 1
