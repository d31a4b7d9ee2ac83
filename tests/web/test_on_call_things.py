"""What on-call work needs of the page: user groups, pictures, tables in the reader's time, instants in forms.

These look at a Slack with an app of the test's own in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from slack_bolt import Ack
from slack_sdk import WebClient

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from tests.sandbox.build import (
    AMINA,
    LUIS,
    SITA,
    actions,
    asks,
    bolt,
    button,
    channel_id,
    client,
    connected,
    modal,
    section,
    workspace,
)
from tests.web.visitor import GREETED

Json = dict[str, Any]
NIGHT = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
Opens = Callable[[str], Page]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with workspace(clock=SandboxClock(NIGHT)) as running:
        yield running


@pytest.fixture
def api(sandbox: Sandbox) -> WebClient:
    return client(sandbox)


@pytest.fixture
def opens(browser: Browser, sandbox: Sandbox) -> Iterator[Opens]:
    """`opens(AMINA)` shows #general as Amina sees it."""
    faults: list[str] = []
    with ExitStack() as pages:

        def open_as(person: str) -> Page:
            context = browser.new_context()
            pages.callback(context.close)
            context.add_init_script(GREETED)
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(f"{sandbox.url}/#/as/{person}/channel/{channel_id(sandbox)}")
            expect(page.locator("#view .composer, #view .join")).to_be_visible()
            return page

        yield open_as
    assert not faults, "\n".join(faults)


@pytest.fixture
def bodies(sandbox: Sandbox, api: WebClient) -> Iterator[list[Json]]:
    """What the app is sent; `/incident` opens a form that asks from when."""
    heard: list[Json] = []
    app = bolt(sandbox)

    def keep(ack: Ack, body: Json) -> None:
        heard.append(body)
        ack()

    def show_form(ack: Ack, body: Json) -> None:
        ack()
        start = {"type": "datetimepicker", "action_id": "at", "initial_date_time": int(NIGHT.timestamp())}
        who = {"type": "users_select", "action_id": "who", "initial_user": LUIS}
        form = modal(asks("from", start), asks("cover", who), actions(button("press", text="Preview")))
        api.views_open(trigger_id=body["trigger_id"], view=form)

    app.command("/incident")(show_form)
    app.action("press")(keep)
    app.view("form")(keep)
    with connected(sandbox, app):
        yield heard


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def test_a_user_group_shows_who_is_in_it_now(sandbox: Sandbox, api: WebClient, opens: Opens) -> None:
    group = api.usergroups_create(name="On call", handle="mlops-oncall")["usergroup"]["id"]
    api.usergroups_users_update(usergroup=group, users=[LUIS])
    api.chat_postMessage(channel="general", text=f"Ask <!subteam^{group}>")
    page = opens(AMINA)
    row = page.locator('#sidebar [data-handle="mlops-oncall"]')
    expect(row).to_have_attribute("aria-label", "@mlops-oncall: Luis Rojas")
    page.locator("article").get_by_role("button", name="@mlops-oncall").click()
    panel = page.get_by_role("dialog", name="@mlops-oncall")
    expect(panel.locator(".person b")).to_have_text(["Luis Rojas"])
    api.usergroups_users_update(usergroup=group, users=[SITA, AMINA])
    expect(panel.locator(".person b")).to_have_text(["Sita Gurung", "Amina Otieno"])
    expect(row).to_have_attribute("aria-label", "@mlops-oncall: Sita Gurung, Amina Otieno")


def test_an_uploaded_picture_is_shown_and_opens_in_full(sandbox: Sandbox, api: WebClient, opens: Opens) -> None:
    content = BytesIO()
    Image.new("RGB", (900, 450), "steelblue").save(content, "PNG")
    general = channel_id(sandbox)
    api.files_upload_v2(content=content.getvalue(), filename="c.png", title="Coverage", channel=general)
    page = opens(AMINA)
    picture = page.get_by_role("img", name="Coverage")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 900)
    page.get_by_role("button", name="Open Coverage in full").click()
    whole = page.get_by_role("dialog", name="Coverage")
    expect(whole.get_by_role("img")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(whole).to_have_count(0)


def test_a_table_tells_times_where_its_reader_is_and_people_by_name(api: WebClient, opens: Opens) -> None:
    date = {"type": "date", "timestamp": int(NIGHT.timestamp()), "format": "{date_short_pretty} {time}"}
    head = [{"type": "raw_text", "text": words} for words in ("From", "Who")]
    shift = [rich(date), rich({"type": "user", "user_id": LUIS})]
    api.chat_postMessage(channel="general", text="x", blocks=[{"type": "table", "rows": [head, shift]}])
    for person, time in ((AMINA, "today 23:30"), (SITA, "today 02:15")):
        expect(opens(person).locator("td")).to_have_text([time, "@Luis Rojas"])


def test_an_instant_is_entered_in_ones_own_time_and_a_button_brings_it_along(bodies: list[Json], opens: Opens) -> None:
    page = opens(AMINA)
    page.locator("#view .composer textarea").fill("/incident cover")
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Form")
    expect(form.get_by_label("Say").first).to_have_value("2026-03-02T23:30")
    form.get_by_label("Say").first.fill("2026-03-03T08:00")
    with page.expect_response("**/sandbox/action"):
        form.get_by_role("button", name="Preview").click()
    form.get_by_role("button", name="Send").click()
    expect(form).to_have_count(0)
    eight_in_nairobi = int(datetime(2026, 3, 3, 5, tzinfo=UTC).timestamp())
    for body in bodies:
        values = body["view"]["state"]["values"]
        assert values["from"]["at"] == {"type": "datetimepicker", "selected_date_time": eight_in_nairobi}
        assert values["cover"]["who"]["selected_user"] == LUIS
    assert [body["type"] for body in bodies] == ["block_actions", "view_submission"]


def test_a_click_is_not_lost_when_its_message_changes_under_it(
    sandbox: Sandbox, api: WebClient, bodies: list[Json], opens: Opens
) -> None:
    general = channel_id(sandbox)
    ts = api.chat_postMessage(channel=general, text="x", blocks=[section("One"), actions(button("press"))])["ts"]
    page = opens(AMINA)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Press").hover()
    page.mouse.down()
    with page.expect_response("**/sandbox/state?as=U0AMINA"):
        api.chat_update(channel=general, ts=ts, text="x", blocks=[section("Two"), actions(button("press"))])
    for _ in range(2):  # by then a page that does not wait has fetched and drawn the new message
        page.evaluate(f"fetch('/sandbox/messages?as={AMINA}&channel={general}').then((answer) => answer.text())")
    with page.expect_response("**/sandbox/action"):
        page.mouse.up()
    expect(page.locator("article")).to_contain_text("Two")
    assert bodies[-1]["actions"][0]["action_id"] == "press"


def test_the_clock_goes_to_a_day_and_time(sandbox: Sandbox, opens: Opens) -> None:
    page = opens(SITA)
    page.get_by_role("button", name="To…").click()
    day = page.get_by_label("Your time, Asia/Kathmandu")
    expect(day).to_have_value("2026-03-03T09:00")
    day.fill("2026-03-03T03:00")
    page.get_by_role("button", name="Go there").click()
    expect(page.locator("#clock-mine")).to_contain_text("Tue 3 Mar 03:00:0")
    assert sandbox.clock.now() == datetime(2026, 3, 2, 21, 15, tzinfo=UTC)
