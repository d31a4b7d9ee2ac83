"""The page itself: without a bot, in a narrow window, in the dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.flows.world import World
from tests.web.contrast import FAINTEST, faint_texts
from tests.web.visitor import Visitor

CHANNEL = "#inc-1-scores-are-stale"


def test_a_dead_bot_is_shown_and_a_command_then_says_so(declared: World, amina: Visitor) -> None:
    amina.opens("#general")
    declared.stops_the_bot()
    expect(amina.page.locator("#line")).to_have_text("No app")
    amina.types("/incident list")
    amina.sees("No app is connected to the sandbox.")
    declared.starts_the_bot()
    expect(amina.page.locator("#line")).to_have_text("Connected")
    amina.types("/incident list")
    amina.sees("Open incidents: 1")


def test_a_narrow_window_folds_the_sidebar_away(declared: World, visits: Callable[..., Visitor]) -> None:
    amina = visits("amina", viewport={"width": 600, "height": 800})
    sidebar = amina.page.get_by_role("complementary", name="Workspace")
    expect(amina.composer).to_be_visible()
    expect(sidebar).to_be_hidden()
    amina.page.get_by_role("button", name="Show channels").click()
    expect(sidebar).to_be_visible()
    amina.opens("#general")
    expect(sidebar).to_be_hidden()
    expect(amina.page.get_by_role("heading", name="general", level=1)).to_be_visible()
    width = amina.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 600, f"The page is {width} pixels wide in a window of 600"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(
    scheme: str, acknowledged: World, visits: Callable[..., Visitor]
) -> None:
    acknowledged.person("luis").types("/incident update The `job` runs again", in_channel="inc-1")
    amina = visits("amina", color_scheme=scheme)
    amina.opens(CHANNEL)
    amina.sees("The job runs again")
    assert faint_texts(amina.page) == [], f"Text that contrasts less than {FAINTEST} to 1"


def test_what_happens_elsewhere_is_marked_unread(declared: World, amina: Visitor) -> None:
    amina.opens("#general")
    room = amina.page.locator('#sidebar [data-channel="inc-1-scores-are-stale"]')
    declared.person("luis").says("@amina can you look?", in_channel="inc-1")
    expect(room.get_by_label("unread")).to_be_visible()
    amina.opens(CHANNEL)
    expect(room.get_by_label("unread")).to_have_count(0)
