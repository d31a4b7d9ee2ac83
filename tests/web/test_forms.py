"""Forms: opened by the card's buttons, filled in beforehand, and kind about what is missing."""

from playwright.sync_api import expect

from tests.flows.world import World
from tests.web.visitor import Visitor

CHANNEL = "#inc-1-scores-are-stale"


def test_the_update_form_is_pre_filled_complains_when_empty_and_posts(acknowledged: World, amina: Visitor) -> None:
    acknowledged.person("luis").types("/incident update The upstream table is late", in_channel="inc-1")
    amina.opens(CHANNEL)
    expect(amina.card).to_contain_text("The upstream table is late")
    amina.presses("Update", amina.card)
    form = amina.form("Update INC-1")
    text = form.get_by_role("textbox", name="Update")
    expect(text).to_have_value("The upstream table is late")
    expect(form.get_by_label("Status")).to_contain_text("Investigating")

    text.fill("")
    form.get_by_role("button", name="Post").click()
    expect(form.locator(".input-error:visible")).to_have_text("Please complete this required field.")
    expect(text).to_be_focused()

    text.fill("The job runs again")
    form.get_by_role("button", name="Post").click()
    expect(form).to_have_count(0)
    expect(amina.sees("Update by @Amina Otieno")).to_contain_text("The job runs again")
    expect(amina.card).to_contain_text("The job runs again")


def test_esc_closes_a_form_and_nothing_is_posted(declared: World, amina: Visitor) -> None:
    amina.opens(CHANNEL)
    amina.presses("Resolve", amina.card)
    form = amina.form("Resolve INC-1")
    form.get_by_label("Summary").fill("Fresh again")
    amina.page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    declared.settle()
    assert declared.incident().is_open


def test_the_resolve_form_ends_the_incident_on_the_card(declared: World, amina: Visitor) -> None:
    amina.opens(CHANNEL)
    amina.presses("Resolve", amina.card)
    form = amina.form("Resolve INC-1")
    form.get_by_label("Summary").fill("Fresh again")
    form.get_by_role("button", name="Resolve").click()
    expect(amina.card).to_contain_text("Resolved")
    expect(amina.card).to_contain_text("Fresh again")
    expect(amina.card.get_by_role("button", name="Reopen")).to_be_visible()
