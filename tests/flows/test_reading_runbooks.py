"""`/runbook` reads and searches anywhere, and the category of an incident decides what is offered."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_all_are_listed_by_category_and_read_whole(world: World, amina: Someone) -> None:
    listed = amina.types("/runbook").shows(f"Runbooks: {len(world.policy.runbooks)}")
    assert listed.messages[0].raw["ephemeral"]
    category = next(iter(world.policy.categories.values())).name
    listed.shows(category).clicks("Read").shows("1.", "Owner:")


def test_one_is_read_by_its_title_with_its_names_told_kindly(amina: Someone) -> None:
    shown = amina.types("/runbook predictions are stale").shows("📖 Predictions are stale", "`stale-predictions`")
    shown.shows("‹the jobs link of the service›", "→ step").does_not_show("not set", "{{", "[Start]")


def test_in_an_incident_its_names_are_filled_in_and_it_can_be_started(declared: World, luis: Someone) -> None:
    shown = luis.types("/runbook stale-predictions", "inc-1").shows("https://jobs.example.com/churn-scoring")
    shown.clicks("Start").is_silent()
    declared.channel("inc-1").sees("Predictions are stale · 1 of")


def test_a_search_finds_words_in_names_categories_and_steps(declared: World, luis: Someone) -> None:
    found = luis.types("/runbook drift").shows("Runbooks with “drift”", "Input data has drifted")
    found.does_not_show("[Start]").clicks("Read").shows("1.")
    luis.types("/runbook drift", "inc-1").shows("[Start]")
    luis.types("/runbook xyzzy <!channel>").shows("No runbook has “xyzzy <!channel>”")
    luis.types("/incident runbook data", "inc-1").shows("its name has “data”", "[Start]")
    assert declared.incident().runs == (), "where a name means several, none is started"
    luis.types("/runbook help").shows("How to use `/runbook`")
    luis.types("/runbook stats").shows("No runbook was used in the last 90 days")
    luis.types("/runbook stats stale-predictons").shows("There is no runbook", "`/runbook stats stale-predictions`")


def test_the_labels_of_its_alert_change_what_is_offered(declared: World, amina: Someone, luis: Someone) -> None:
    amina.types("/incident label", "inc-1").shows("INC-1 has no labels.")
    amina.types("/incident label stale", "inc-1").shows("Write labels as NAME=VALUE")
    told = amina.types('/incident label alertname=DriftDetected job="nightly <scoring>"', "inc-1")
    told.shows("INC-1: alertname = DriftDetected, job = nightly <scoring>")
    declared.channel("inc-1").sees("Runbooks that may help").shows("because alertname is DriftDetected")
    amina.card().shows("alertname = DriftDetected")
    amina.types("/incident label 1 job=", "inc-1").shows("INC-1: alertname = DriftDetected")
    luis.types("/incident timeline", "inc-1").shows("@Amina Otieno set alertname=DriftDetected job=nightly <scoring>")


def test_the_category_changes_what_is_offered(declared: World, amina: Someone, luis: Someone) -> None:
    amina.types("/incident category drift.dta", "inc-1").shows("There is no category “drift.dta”. Did you mean")
    name = declared.policy.categories["drift.data"].name
    luis.types(f"/incident category {name}", "inc-1").shows(f"INC-1 is {name} now")
    offered = declared.channel("inc-1").sees("Runbooks that may help").shows("because category is drift.data")
    assert "[Change the category]" in offered.text
    luis.card().shows(f"Category\n{name}")
    luis.sees("because category is drift.data").clicks("Change the category")
    form = luis.form("Category of INC-1").holds("Category", name)
    form.fills({"Category": name}).is_refused("is of the category drift.data already", beside="Category")
    luis.types("/incident timeline", "inc-1").shows(f"changed the category to {name}")


def test_it_may_be_said_when_it_is_declared(world: World, amina: Someone) -> None:
    amina.types("/incident declare")
    fields = {"What is wrong?": "Odd scores", "How bad is it?": "sev3", "Which service?": "Churn scoring"}
    category = world.policy.categories["drift.data"].name
    amina.form("Declare an incident").fills({**fields, "What kind of trouble?": category}).sends()
    assert world.incident().category == "drift.data"
