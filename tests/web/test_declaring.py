"""Declaring: what a newcomer does first."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.visitor import Visitor


def test_a_newcomer_declares_by_typing_and_sees_the_channel_with_its_pinned_card(amina: Visitor) -> None:
    amina.opens("#general")
    amina.composer.press_sequentially("/inc")
    expect(amina.page.get_by_role("option", name="/incident")).to_be_visible()
    amina.composer.press("Enter")
    expect(amina.composer).to_have_value("/incident ")
    amina.composer.press_sequentially("declare sev2 churn-scoring Scores are stale")
    amina.composer.press("Enter")

    expect(amina.sees("INC-1 is declared, Major (sev2)")).to_contain_text("Only visible to you")
    amina.opens_incident(1)
    expect(amina.card).to_contain_text("INC-1 · Major (sev2)")
    expect(amina.card).to_contain_text("Scores are stale")
    expect(amina.card.get_by_role("button").and_(amina.page.locator("[data-action-id]"))).to_have_text(
        ["Update", "Status", "Severity", "Take the lead", "Runbook", "Page somebody", "Resolve"]
    )
    expect(amina.page.locator("#view .topic")).to_contain_text("Triage · Lead: nobody yet")
    expect(amina.page.locator("#view .bookmarks")).to_contain_text("Dashboard")


def test_the_greeting_offers_a_first_command_and_goes_for_good(visits: Callable[..., Visitor]) -> None:
    newcomer = visits("amina", newcomer=True)
    hint = newcomer.page.get_by_role("complementary", name="How to begin")
    expect(hint).to_contain_text("You are Amina Otieno")
    hint.get_by_role("button", name="/incident declare").click()
    newcomer.composer.press("Enter")
    newcomer.sees("INC-1 is declared")
    hint.get_by_role("button", name="Got it").click()
    newcomer.page.reload()
    newcomer.sees("INC-1")
    expect(hint).to_have_count(0)


def test_without_arguments_the_form_opens_and_declares(amina: Visitor) -> None:
    amina.types("/incident declare")
    form = amina.form("Declare an incident")
    form.get_by_label("What is wrong?").fill("Scores are stale")
    form.get_by_label("How bad is it?").click()
    amina.page.get_by_role("option", name="Major (sev2)").click()
    form.get_by_role("button", name="Declare", exact=True).click()
    expect(form).to_have_count(0)
    amina.opens_incident(1)
    expect(amina.card).to_contain_text("INC-1 · Major (sev2)")
