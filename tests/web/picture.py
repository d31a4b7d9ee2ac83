"""The picture of the README: `python -m tests.web.picture` plays the demo's opening and photographs the page."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from bot.demo.opening import play_opening
from bot.demo.workspace import slack_id
from bot.policy.load import load
from tests.flows.world import World
from tests.web.browser import NOT_INSTALLED, chromium, launched
from tests.web.visitor import GREETED

ROOT = Path(__file__).parents[2]
PICTURE = Path(__file__).parent / "page.png"
STANDING_STILL = "performance.now = () => 0"  # the clock of the page goes on by it
VIEWER = "amina"
TOLD = "I told Acme Telecom."


def main() -> int:
    executable = chromium()
    if executable is None:
        print(NOT_INSTALLED, file=sys.stderr)
        return 1
    policy = load(ROOT / "config", ROOT / "runbooks")
    with tempfile.TemporaryDirectory() as folder, World(policy, f"sqlite:///{folder}/picture.db") as world:
        card = play(world)
        with launched(executable) as browser:
            context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
            context.add_init_script(GREETED)
            context.add_init_script(STANDING_STILL)
            photograph(context.new_page(), world, card)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1024} kB")
    return 0


def play(world: World) -> str:
    """An incident in full swing; answers the ts of its card, which has a thread."""
    play_opening(world.stage)
    channel = world.channel_id("inc-1")
    card = world.channel("inc-1").card.ts
    world.passes(minutes=1)
    world.stage.person(VIEWER).types(TOLD, channel, card)
    update = next(each for each in reversed(world.channel("inc-1").messages) if each.says("Update"))
    for person in (VIEWER, "brian"):
        world.stage.person(person).reacts(channel, update.ts, "raised_hands")
    world.settle()
    return card


def photograph(page: Page, world: World, card: str) -> None:
    """As the one who declared it, with the card beside the channel."""
    who, channel = slack_id(world.policy, VIEWER), world.channel_id("inc-1")
    page.goto(f"{world.stage.sandbox.url}/#/as/{who}/channel/{channel}/thread/{card}")
    expect(page.locator("#line")).to_contain_text("Connected")
    expect(page.locator("#thread article")).to_have_count(2)
    page.locator("#thread article").first.evaluate("card => card.scrollIntoView()")
    page.screenshot(path=PICTURE, animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
