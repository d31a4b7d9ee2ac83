"""The status of an incident: moved forward or back among the open ones, by command, form or button."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_a_command_moves_it_with_a_note(acknowledged: World, luis: Someone) -> None:
    luis.types("/incident status 1 identified A schema changed").shows("INC-1 is Identified now")
    acknowledged.channel("inc-1").sees("moved it from Investigating to Identified").shows("A schema changed")
    acknowledged.channel("inc-1").card.shows("Identified")
    before = acknowledged.timeline()
    luis.types("/incident status 1 identified").shows("INC-1 is already identified")
    assert acknowledged.timeline() == before


def test_monitoring_means_mitigated_until_it_goes_back(acknowledged: World, luis: Someone) -> None:
    acknowledged.passes(minutes=10)
    luis.types("/incident status monitoring", in_channel="inc-1")
    assert acknowledged.incident().mitigated_at == acknowledged.now
    luis.types("/incident sla 1").shows("✅ Mitigation met")
    luis.types("/incident status investigating It came back", in_channel="inc-1").shows("is Investigating now")
    assert acknowledged.incident().mitigated_at is None
    luis.types("/incident sla 1").shows("⏳ Mitigation due")


def test_the_form_offers_every_other_status(acknowledged: World, luis: Someone) -> None:
    luis.card().clicks("Status")
    form = luis.form("Move INC-1")
    assert form.choices("Status") == ["Triage", "Identified", "Monitoring", "Resolved", "Closed", "Declined"]
    form.fills({"Status": "Identified", "Note": "A late table"}).sends()
    acknowledged.channel("inc-1").sees("to Identified").shows("A late table")
    luis.types("/incident status", in_channel="inc-1").is_silent()
    luis.form("Move INC-1").fills({"Status": "Resolved", "Note": "Fresh again"}).sends()
    acknowledged.channel("inc-1").card.shows("Resolved", "Fresh again")
