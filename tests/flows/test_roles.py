"""Who leads, who speaks, who writes."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_the_lead_is_taken_by_the_button(acknowledged: World, brian: Someone) -> None:
    acknowledged.channel("inc-1").card.shows("Lead\n@Luis Herrera")
    brian.card().clicks("Take the lead").is_silent()
    acknowledged.channel("inc-1").sees("@Brian Kiprop is lead now")
    acknowledged.channel("inc-1").card.shows("Lead\n@Brian Kiprop")
    assert "Lead: Brian Kiprop" in acknowledged.channel("inc-1").topic
    before = acknowledged.timeline()
    brian.card().clicks("Take the lead").shows("You already are lead of INC-1")
    assert acknowledged.timeline() == before


def test_the_lead_is_given_by_command_or_taken_without_a_name(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident lead 1 @prakash").shows("@Prakash Shrestha is lead of INC-1 now")
    acknowledged.channel("inc-1").sees("@Luis Herrera made @Prakash Shrestha lead")
    luis.types("/incident lead", in_channel="inc-1").shows("@Luis Herrera is lead of INC-1 now")
    luis.types("/incident lead Sita Gurung", in_channel="inc-1").shows("@Sita Gurung is lead")


def test_other_roles_stand_on_the_card(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident role communications @amina", in_channel="inc-1").shows("@Amina Otieno is communications")
    acknowledged.channel("inc-1").card.shows("Communications\n@Amina Otieno", "Lead\n@Luis Herrera")
