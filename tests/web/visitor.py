"""Somebody before the sandbox's page: goes to places, types, clicks, becomes another person, moves the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from bot.demo.workspace import slack_id
from tests.flows.world import World

GREETED = "location.protocol === 'http:' && localStorage.setItem('baton.sandbox.greeted', 'yes')"
BOT = "@baton"
LEFT_BEHIND = "net::ERR_ABORTED"  # what was asked before the page was loaded anew


class Visitor:
    """Places are named as in the sidebar: `#general`, `@luis`; messages are found by what they say."""

    def __init__(self, page: Page, world: World) -> None:
        self.page = page
        self.world = world

    # Places and people

    def opens(self, place: str) -> None:
        self.page.locator(f'#sidebar [data-channel="{place.removeprefix("#")}"]').click()

    def opens_incident(self, number: int) -> None:
        """Once its channel stands and everybody is in it: until then its row moves about in the sidebar."""
        self.world.settle()
        self.page.locator(f'#sidebar [data-channel^="inc-{number}-"]').click()

    def opens_messages_of_the_bot(self) -> None:
        self.opens(BOT)

    def opens_home(self) -> Locator:
        self.opens(BOT)
        self.page.get_by_role("tab", name="Home").click()
        return self.page.locator(".home-page")

    def becomes(self, person: str) -> None:
        self.page.locator("#who").click()
        self.page.locator(f'.people [data-person="{slack_id(self.world.policy, person)}"]').click()
        expect(self.page.locator("#who")).to_contain_text(self.world.policy.people[person].name)

    # Doing

    @property
    def composer(self) -> Locator:
        return self.page.locator("#view .composer textarea")

    def types(self, text: str) -> None:
        """Into the message box, and sends it."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def moves_the_clock(self, step: str) -> None:
        """`+5 min` and the others on top."""
        self.page.locator(".clock-steps").get_by_role("button", name=step, exact=True).click()

    def presses(self, button: str, within: Locator | None = None) -> None:
        (within or self.page.locator("#view")).get_by_role("button", name=button, exact=True).last.click()

    # Seeing

    def message(self, words: str) -> Locator:
        """The newest message in the middle of the page that says these words."""
        return self.page.locator("#view article.message").filter(has_text=words).last

    def sees(self, words: str) -> Locator:
        message = self.message(words)
        expect(message).to_be_visible()
        return message

    def does_not_see(self, words: str) -> None:
        """Ask only after something that comes later has been seen."""
        expect(self.page.locator("#view article.message").filter(has_text=words)).to_have_count(0)

    @property
    def card(self) -> Locator:
        return self.page.locator("#view article.message.pinned")

    def form(self, title: str) -> Locator:
        dialog = self.page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        return dialog


@contextmanager
def visiting(
    browser: Browser, world: World, person: str, wait: int, newcomer: bool = False, **traits: Any
) -> Iterator[Visitor]:
    """A page of its own; what its console complains of, what fails to load and what goes elsewhere is a fault."""
    context = browser.new_context(**traits)
    try:
        context.set_default_timeout(wait)
        if not newcomer:
            context.add_init_script(GREETED)
        faults = _watched(context, world.stage.sandbox.url)
        page = context.new_page()
        page.goto(f"{world.stage.sandbox.url}/#/as/{slack_id(world.policy, person)}")
        expect(page.locator("#line")).to_contain_text("Connected")
        yield Visitor(page, world)
        assert not faults, "\n".join(faults)
    finally:
        context.close()


def _watched(context: BrowserContext, home: str) -> list[str]:
    """A list that fills with what goes wrong in the pages of this context."""
    faults: list[str] = []
    host = home.partition(":")[2]

    def asked(address: str) -> None:
        if not address.partition(":")[2].startswith(host):
            faults.append(f"The page asks another machine: {address}")

    def opened(page: Page) -> None:
        page.on("pageerror", lambda error: faults.append(f"The page's script failed: {error}"))
        page.on("websocket", lambda socket: asked(socket.url))

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"The console says: {message.text}")

    def spoke(dialog: Dialog) -> None:
        faults.append(f"A script speaks: {dialog.message}")
        dialog.dismiss()

    def failed(request: Request) -> None:
        if request.failure != LEFT_BEHIND:
            faults.append(f"Not loaded: {request.url} ({request.failure})")

    def answered(response: Response) -> None:
        if response.status >= 400:
            faults.append(f"{response.status} from {response.url}")

    context.on("page", opened)
    context.on("console", said)
    context.on("dialog", spoke)
    context.on("request", lambda request: asked(request.url))
    context.on("requestfailed", failed)
    context.on("response", answered)
    return faults
