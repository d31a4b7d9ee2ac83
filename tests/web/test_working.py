"""Working on it: the runbook, the handoff, App Home."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.flows.world import World
from tests.web.visitor import Visitor

CHANNEL = "#inc-1-scores-are-stale"
CHANGE = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # Luis goes, Sita comes


def test_a_runbook_starts_and_its_steps_are_ticked_off(acknowledged: World, amina: Visitor) -> None:
    amina.opens(CHANNEL)
    offer = amina.sees("Runbooks that may help with INC-1")
    offer.get_by_role("button", name="Start", exact=True).first.click()
    run = amina.sees("1 of 8")
    amina.presses("Looks right", run)
    run = amina.sees("2 of 8")
    expect(run).to_contain_text("✅")
    expect(run).to_contain_text("Amina Otieno")
    expect(run.get_by_role("button", name="Looks right", exact=True)).to_have_count(0)
    amina.presses("Never started", run)
    run = amina.sees("3 of 8")
    expect(run).to_contain_text("never started")
    amina.presses("Dry run", run)
    expect(amina.sees("Only played")).to_contain_text("rerun-job")


def test_at_the_change_of_shift_the_one_who_comes_accepts(acknowledged: World, amina: Visitor) -> None:
    acknowledged.person("luis").types("/incident update The job runs again", in_channel="inc-1")
    acknowledged.reaches(CHANGE)
    amina.becomes("sita")
    amina.opens("#mlops-handoffs")
    handoff = amina.sees("Handoff First line")
    expect(handoff).to_contain_text("Scores are stale")
    amina.presses("Accept", handoff)
    amina.sees("@Sita Gurung took it")
    amina.opens(CHANNEL)
    expect(amina.card).to_contain_text("Lead@Sita Gurung")


def test_home_shows_my_pages_my_incidents_and_who_is_on_call(declared: World, amina: Visitor) -> None:
    amina.becomes("luis")
    home = amina.opens_home()
    expect(home).to_contain_text("First line: @Luis Herrera")
    expect(home).to_contain_text("Acknowledgement due")
    amina.presses("Acknowledge", home)
    expect(home).to_contain_text("Nobody is paging you.")
    expect(home).to_contain_text("INC-1 Scores are stale")
