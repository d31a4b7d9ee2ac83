"""The canvas of a channel, as the page shows it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.flows.world import World
from tests.web.visitor import Visitor


def test_a_canvas_is_opened_and_follows_what_happens(declared: World, visits: Callable[..., Visitor]) -> None:
    declared.person("luis").types("/handoff note See `/incident list` & <b>this</b> [x](http://y)")
    declared.person("luis").types("/handoff start l1")
    amina = visits("amina")
    amina.opens("#mlops-handoffs")
    amina.presses("Handoff")
    page = amina.page.get_by_role("dialog", name="Canvas")
    expect(page.get_by_role("heading", name="Handoff First line")).to_be_visible()
    expect(page.get_by_text("@Sita Gurung").first).to_be_visible()
    expect(page.get_by_text("See /incident list & <b>this</b> [x](http://y)")).to_be_visible()
    box = page.get_by_role("checkbox").first
    expect(box).not_to_be_checked()
    declared.person("sita").sees("Handoff First line", in_channel="mlops-handoffs").clicks("Accept")
    expect(box).to_be_checked()
    amina.page.keyboard.press("Escape")
    expect(page).to_be_hidden()
