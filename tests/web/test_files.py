"""A form that asks for files, and files below messages, on the page of a sandbox with a small app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from slack_bolt import Ack
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.build import AMINA, asks, bolt, channel_id, client, connected, modal, plain, workspace
from tests.web.visitor import GREETED

Json = dict[str, Any]
ASKS = {"type": "file_input", "action_id": "files", "filetypes": ["csv", "txt"], "max_files": 2}


class World:
    """The app opens a form that asks for files, and keeps what the form brought."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.api: WebClient = client(sandbox)
        self.brought: list[Json] = []
        self.app = bolt(sandbox)
        self.app.command("/incident")(self.open)
        self.app.view("form")(self.keep)

    def open(self, ack: Ack, body: Json) -> None:
        ack()
        self.api.views_open(trigger_id=body["trigger_id"], view=modal(asks("proof", ASKS, label=plain("Evidence"))))

    def keep(self, ack: Ack, body: Json) -> None:
        self.brought.append(body["view"]["state"]["values"]["proof"]["files"])
        ack()


@pytest.fixture
def world() -> Iterator[World]:
    with workspace() as sandbox:
        world = World(sandbox)
        with connected(sandbox, world.app):
            yield world


@pytest.fixture
def page(browser: Browser, world: World) -> Iterator[Page]:
    """The page as Amina sees it in #general."""
    context = browser.new_context()
    faults: list[str] = []
    try:
        context.add_init_script(GREETED)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{world.sandbox.url}/#/as/{AMINA}/channel/{channel_id(world.sandbox)}")
        expect(page.locator("#line")).to_contain_text("Connected")
        yield page
        assert faults == []
    finally:
        context.close()


def file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def chooses(page: Page, opener: Locator, *files: Any) -> None:
    """By the keyboard, as the button stands."""
    with page.expect_file_chooser() as chooser:
        opener.press("Enter")
    chooser.value.set_files(list(files))


def test_files_are_added_to_a_form_taken_out_and_sent(world: World, page: Page) -> None:
    world.sandbox.person(AMINA).types("/incident", "general")
    form = page.get_by_role("dialog", name="Form")
    evidence = form.get_by_role("group", name="Evidence")
    add = evidence.get_by_role("button", name="Add files")
    rows, trouble = evidence.get_by_role("listitem"), evidence.get_by_role("alert")

    form.get_by_role("button", name="Send").click()
    expect(form.locator(".input-error:visible")).to_have_text("Please complete this required field.")
    expect(add).to_be_focused()

    chooses(page, add, file("a.exe", b"x"), file("no.csv", b""))
    expect(trouble).to_contain_text("a.exe was left out: only CSV or TXT is taken here.")
    expect(trouble).to_contain_text("no.csv is empty.")
    expect(rows).to_have_count(0)

    chooses(page, add, file("rows.csv", b"a,b" * 400), file("<b>.txt", b"x"), file("late.txt", b"x"))
    expect(trouble).to_have_text("late.txt was left out: 2 files are the most here.")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("1.2 kB")
    expect(add).to_be_hidden()
    evidence.get_by_role("button", name="Remove <b>.txt").press("Enter")
    expect(evidence.get_by_role("button", name="Remove rows.csv")).to_be_focused()

    expect(rows).to_have_text(["rows.csvCSV · 1.2 kB"])
    form.get_by_role("button", name="Send").click()
    expect(form).to_have_count(0)
    (brought,) = world.brought
    assert [(one["name"], one["user"], one["size"]) for one in brought["files"]] == [("rows.csv", AMINA, 1200)]


def test_a_message_with_a_permalink_shows_the_file_and_the_link_opens_it(world: World, page: Page) -> None:
    given = world.sandbox.person(AMINA).uploads("notes.txt", b"It was late.")
    world.api.chat_postMessage(channel=channel_id(world.sandbox), text=f"Added <{given['permalink']}|the notes>")
    message = page.locator("#view article.message").filter(has_text="Added")
    expect(message.locator(".file")).to_contain_text("notes.txt")
    with page.context.expect_page() as opened:
        message.get_by_role("link", name="the notes").click()
    expect(opened.value.locator("body")).to_have_text("It was late.")
