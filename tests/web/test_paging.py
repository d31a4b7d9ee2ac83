"""Being paged: in the direct messages of the bot, with a click or by the keyboard, and live as time passes."""

from playwright.sync_api import expect

from tests.flows.world import World
from tests.web.visitor import Visitor

CHANNEL = "#inc-1-scores-are-stale"
MOST_STOPS = 60  # of the Tab key on the way to a button


def test_who_is_paged_acknowledges_and_the_page_and_the_card_say_so(declared: World, amina: Visitor) -> None:
    amina.becomes("luis")
    amina.opens_messages_of_the_bot()
    page = amina.sees("You are paged for INC-1")
    expect(page).to_contain_text("First step")
    amina.presses("Acknowledge", page)
    amina.sees("You took INC-1")
    amina.does_not_see("You are paged for INC-1")
    amina.opens(CHANNEL)
    expect(amina.card).to_contain_text("Acknowledged by @Luis Herrera")
    amina.sees("@Luis Herrera has it.")


def test_five_minutes_later_the_next_one_is_paged_before_ones_eyes(declared: World, amina: Visitor) -> None:
    amina.becomes("andres")
    amina.opens_messages_of_the_bot()
    expect(amina.page.locator("#clock-utc")).to_have_text("19:00 UTC")
    amina.moves_the_clock("+5 min")
    expect(amina.page.locator("#clock-utc")).to_have_text("19:05 UTC")
    expect(amina.sees("You are paged for INC-1")).to_contain_text("Also paged: @Luis Herrera")
    amina.opens(CHANNEL)
    expect(amina.card).to_contain_text("Paged @Luis Herrera and @Andrés Pardo")


def test_with_the_keyboard_alone_one_can_acknowledge(declared: World, amina: Visitor) -> None:
    amina.becomes("luis")
    amina.opens_messages_of_the_bot()
    amina.sees("You are paged for INC-1")
    keyboard = amina.page.keyboard
    for _ in range(MOST_STOPS):
        if amina.page.evaluate("document.activeElement.textContent") == "Acknowledge":
            break
        keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    amina.sees("You took INC-1")
