"""What one can ask: list, show, timeline, path, sla, help. The answer is for the asker alone."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_the_list_has_the_worst_first(declared: World, noor: Someone, luis: Someone) -> None:
    noor.types("/incident declare sev1 feature-store Features are an hour old")
    luis.types("/incident ack 1")
    rows = noor.types("/incident list").shows("Open incidents: 2").text.splitlines()
    assert [row[:7] for row in rows if "INC-" in row] == ["🔴 INC-2", "🟠 INC-1"]
    noor.types("/incident list open").shows("INC-1", "INC-2", "Lead: @Luis Herrera")
    noor.types("/incident list feature-store").shows("of Feature store: 1", "INC-2").does_not_show("INC-1")
    luis.types("/incident list mine").shows("INC-1")
    noor.types("/incident list mine").shows("INC-2").does_not_show("INC-1")
    noor.types("/incident list gpu-cluster").shows("Open incidents of GPU cluster: none. All quiet.")
    luis.types("/incident resolve 1 Done")
    noor.types("/incident list").shows("INC-2").does_not_show("INC-1")


def test_show_gives_the_card_to_the_asker_alone(declared: World, noor: Someone, amina: Someone) -> None:
    shown = noor.types("/incident show INC-1").shows("INC-1 · Major (sev2)", "Channel: #inc-1-scores-are-stale")
    assert shown.messages[0].raw["ephemeral"]
    amina.does_not_see("INC-1 · Major (sev2)", in_channel="general")
    amina.types("/incident show", in_channel="inc-1").shows("INC-1 · Major (sev2)")
    noor.types("/incident show #inc-1-scores-are-stale").clicks("Take the lead")
    assert declared.incident().lead == "noor", "a card that is shown can be used"


def test_the_timeline_tells_who_did_what_and_when(declared: World, luis: Someone) -> None:
    declared.passes(minutes=4)
    luis.sees("You are paged").clicks("Acknowledge")
    luis.types("/incident note The upstream table is late", in_channel="inc-1")
    luis.types("/incident status identified Upstream is late", in_channel="inc-1")
    told = luis.types("/incident timeline", in_channel="inc-1")
    lines = [line for line in told.text.splitlines() if " · " in line]
    assert lines[:2] == [
        "2026-03-02 19:00 UTC · @Amina Otieno declared it, Major (sev2): Scores are stale",
        "2026-03-02 19:00 UTC · paged @Luis Herrera",
    ]
    told.shows("2026-03-02 19:04 UTC · @Luis Herrera acknowledged", "@Luis Herrera noted: The upstream table is late")
    told.shows("moved it from Investigating to Identified: Upstream is late")


def test_path_and_sla_tell_who_is_next_and_what_is_due(declared: World, amina: Someone) -> None:
    told = amina.types("/incident path 1").shows("📟 @Luis Herrera, 2026-03-02 19:00 UTC (by Slack): no answer yet")
    told.shows("Next, 2026-03-02 19:05 UTC: whoever is on call for Second line", "▶ 1.", "▫️ 2.")
    declared.passes(minutes=5)
    amina.types("/incident path 1").shows("@Andrés Pardo, 2026-03-02 19:05 UTC (by Slack): no answer yet", "▶ 2.")
    told = amina.types("/incident sla 1").shows("Acknowledgement due 2026-03-02 19:15 UTC, 33%")
    told.shows("First update due 2026-03-02 19:30 UTC", "Mitigation due 2026-03-02 23:00 UTC", "(1 d allowed)")


def test_the_menu_knows_where_it_is(declared: World, amina: Someone) -> None:
    menu = amina.types("/incident", in_channel="inc-1").shows("One incident is open. This is the channel of INC-1.")
    menu.clicks("Show INC-1").shows("INC-1 · Major (sev2)")
    menu.clicks("What is open").shows("Open incidents: 1")
    verbs = "declare list show timeline path sla ack decline escalate update status severity lead role note runbook"
    menu.clicks("Help").shows(*(f"/incident {verb}" for verb in f"{verbs} resolve reopen close".split()))
