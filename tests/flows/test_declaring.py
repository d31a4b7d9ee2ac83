"""An incident is declared by a command, a form or a shortcut."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_a_command_declares_an_incident(world: World, amina: Someone, luis: Someone) -> None:
    amina.types("/incident declare sev1 churn-scoring Scores are stale").shows("INC-1 is declared, Critical (sev1)")
    world.passes(minutes=2)
    luis.sees("You are paged").clicks("Acknowledge")
    world.channel("inc-1").card.shows("Investigating")
