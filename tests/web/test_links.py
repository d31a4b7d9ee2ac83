"""Links that acknowledge: looking changes nothing, the button works once, and a forged or old one gets a sentence."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect
from prometheus_client import CollectorRegistry

from bot.core.events import IncidentAcknowledged, IncidentDeclared, IncidentResolved, RespondersPaged
from bot.core.incident import Incident
from bot.engine.engine import Engine
from bot.policy.model import PageTarget, Policy, TargetKind
from bot.store.store import Store
from bot.web.door import make_door
from bot.web.limit import MOST
from bot.web.links import Links
from bot.web.server import HttpServer
from tests.engine.build import HeldClock
from tests.flows.world import MONDAY

SECRET = "a-secret-of-forty-characters-for-the-test"
PUBLIC = "https://baton.example.com"
NASTY = "<script>alert('x')</script> & \"quotes\""


class Evening(HeldClock):
    """Of Monday, when Luis has the shift."""

    def __init__(self) -> None:
        self._now = MONDAY


class Door:
    """The HTTP door with links, and an incident for which Luis is paged."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.links = Links(engine, PUBLIC, SECRET)
        self.server = HttpServer(make_door(list, CollectorRegistry(), None, None, self.links), "127.0.0.1", 0)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def declare(self, title: str = "Scores are stale") -> Incident:
        event = IncidentDeclared(by="amina", title=title, severity="sev2", service="churn-scoring")
        state = self.engine.handle(event).state
        assert isinstance(state, Incident)
        return state

    def link(self, incident: Incident, page: int = 0) -> str:
        """As it is sent, but for the host, which is this machine."""
        return self.address + urlsplit(self.links.link(incident, incident.pages[page])).path

    @property
    def incident(self) -> Incident:
        with self.engine.store.reading() as read:
            found = read.incident(1)
        assert found is not None
        return found


@pytest.fixture
def clock() -> HeldClock:
    return Evening()


@pytest.fixture
def door(policy: Policy, migrated: Path, tmp_path: Path, clock: HeldClock) -> Iterator[Door]:
    shutil.copy(migrated, tmp_path / "links.db")
    store = Store(f"sqlite:///{tmp_path / 'links.db'}")
    opened = Door(Engine(store, policy, clock))
    opened.server.start()
    yield opened
    opened.server.stop()
    store.close()


def test_a_link_is_at_the_public_address_and_short_enough_for_an_sms(door: Door) -> None:
    made = door.declare()
    link = door.links.link(made, made.pages[0])
    assert link.startswith(f"{PUBLIC}/ack/1-1.")
    assert len(link) < 110
    assert "luis" not in link


def test_looking_shows_what_it_is_about_and_changes_nothing(door: Door) -> None:
    link = door.link(door.declare())
    for answer in (httpx.get(link), httpx.head(link), httpx.get(link)):
        assert answer.status_code == 200
    shown = httpx.get(link).text
    for words in ("Scores are stale", "Major (sev2)", "Churn scoring", "Paged now", "Luis Herrera", "Monday 14:00"):
        assert words in shown
    assert "You answer as Luis Herrera" in shown
    assert door.incident.acknowledged_by is None


def test_the_button_acknowledges_for_whom_the_link_was_sent_to(door: Door) -> None:
    link = door.link(door.declare())
    answer = httpx.post(link)
    assert answer.status_code == 200
    assert "You have it" in answer.text
    assert door.incident.acknowledged_by == "luis"
    assert "<button" not in answer.text


def test_a_used_link_is_used(door: Door) -> None:
    link = door.link(door.declare())
    httpx.post(link)
    again, look = httpx.post(link), httpx.get(link)
    assert (again.status_code, look.status_code) == (410, 410)
    assert "This link has been used" in again.text
    assert "You acknowledged it Monday 14:00 (America/Bogota)" in again.text
    assert "You have it already" in look.text


def test_who_was_slower_is_told_who_has_it(door: Door) -> None:
    link = door.link(door.declare())
    door.engine.handle(IncidentAcknowledged(number=1, by="andres"))
    for answer in (httpx.get(link), httpx.post(link)):
        assert answer.status_code == 410
        assert "Andrés Pardo has it" in answer.text
        assert "<button" not in answer.text
    assert door.incident.acknowledged_by == "andres"


def test_what_is_over_needs_nobody(door: Door) -> None:
    link = door.link(door.declare())
    door.engine.handle(IncidentResolved(number=1, by="andres"))
    for answer in (httpx.get(link), httpx.post(link)):
        assert (answer.status_code, "INC-1 is resolved" in answer.text) == (410, True)


def test_who_was_asked_in_by_hand_joins(door: Door) -> None:
    door.declare()
    door.engine.handle(IncidentAcknowledged(number=1, by="luis"))
    target = PageTarget(kind=TargetKind.PERSON, name="noor")
    asked = door.engine.handle(RespondersPaged(number=1, by="luis", targets=(target,))).state
    assert isinstance(asked, Incident)
    answer = httpx.post(door.link(asked, page=-1))
    assert (answer.status_code, "You have joined" in answer.text) == (200, True)
    assert "Luis Herrera has it" in answer.text
    assert door.incident.pages[-1].ended_by == "noor"
    assert door.incident.acknowledged_by == "luis"


def test_a_link_is_good_for_a_day(door: Door, clock: HeldClock) -> None:
    link = door.link(door.declare())
    clock.passes(hours=23, minutes=59)
    assert httpx.get(link).status_code == 200
    clock.passes(minutes=1)
    for answer in (httpx.get(link), httpx.post(link)):
        assert (answer.status_code, "This link has expired" in answer.text) == (410, True)
    assert door.incident.acknowledged_by is None


def test_a_forged_link_is_refused_and_changes_nothing(door: Door, clock: HeldClock) -> None:
    made = door.declare()
    door.declare("Another")
    link = door.link(made)
    page, expiry, signature = link.rpartition("/")[2].split(".")
    later = f"{int(expiry, 16) + 60:x}"
    flipped = signature[:-2] + ("A" if signature[-2] != "A" else "B") + signature[-1]
    stranger = Links(door.engine, PUBLIC, SECRET[::-1]).link(made, made.pages[0]).rpartition("/")[2]
    forged = [
        f"{page}.{later}.{signature}",
        f"2-1.{expiry}.{signature}",
        f"1-9.{expiry}.{signature}",
        f"9-1.{expiry}.{signature}",
        f"{page}.{expiry}.{flipped}",
        f"{page}.{expiry}.",
        f"{page}.{expiry.upper()}0x.{signature}",
        f"{page}.-1.{signature}",
        f"{page}.{'f' * 40}.{signature}",
        f"{'9' * 40}-1.{expiry}.{signature}",
        "²-1.1.x",
        "....",
        "x" * 5000,
        "%00%ff",
        stranger,
    ]
    for token in forged:
        for answer in (httpx.get(f"{door.address}/ack/{token}"), httpx.post(f"{door.address}/ack/{token}")):
            assert (answer.status_code, "This link is not valid" in answer.text) == (403, True), token
    assert door.incident.acknowledged_by is None


def test_whatever_people_typed_is_escaped(door: Door) -> None:
    link = door.link(door.declare(NASTY))
    for answer in (httpx.get(link), httpx.post(link), httpx.post(link)):
        assert "<script" not in answer.text
        assert "&lt;script&gt;alert(" in answer.text


def test_the_page_is_kept_by_nobody_and_leads_nowhere_else(door: Door) -> None:
    made = door.declare()
    for answer in (httpx.get(door.link(made)), httpx.get(f"{door.address}/ack/x"), httpx.post(door.link(made))):
        rules = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in rules
        assert "unsafe" not in rules
        assert "form-action 'self'" in rules
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "http" not in answer.text


def test_no_log_has_a_token_or_the_secret_in_it(
    door: Door, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(1)
    link = door.link(door.declare())
    for _ in range(2):
        httpx.get(link)
        httpx.post(link)
    httpx.post(link + "x")
    assert not logging.getLogger("uvicorn.access").propagate  # pytest listens to it all the same, and to the visitor
    ours = [each for each in caplog.records if each.name.partition(".")[0] not in ("httpx", "httpcore")]
    told = [str(each.__dict__) for each in ours if each.name != "uvicorn.access"]
    said = "".join([*told, *capsys.readouterr()])
    assert link.rpartition(".")[2] not in said
    assert SECRET not in said


def test_without_links_there_is_no_such_place() -> None:
    server = HttpServer(make_door(list, CollectorRegistry(), None), "127.0.0.1", 0)
    server.start()
    assert httpx.get(f"http://127.0.0.1:{server.port}/ack/x").status_code == 404
    server.stop()


@pytest.mark.parametrize("path", ["/slack/events", "/ack/x", "/nowhere"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(path: str, door: Door) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(MOST // 10_000 + 1):
            yield b"x" * 10_000

    for content in (b"x" * (MOST + 1), pieces()):
        answer = httpx.post(f"{door.address}{path}", content=content)
        assert (answer.status_code, answer.text) == (413, "A request may have 1 MB at most.\n")
    assert httpx.post(f"{door.address}{path}", content=b"x" * MOST).status_code != 413


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_button_is_large_and_nothing_sticks_out(scheme: str, browser: Browser, door: Door) -> None:
    door.declare("Scores-are-stale" * 12)
    context = browser.new_context(
        viewport={"width": 320, "height": 568},
        color_scheme=scheme,  # type: ignore[arg-type]  # the parameter is a plain text
        has_touch=True,
    )
    page = context.new_page()
    page.goto(door.link(door.incident))
    button = page.get_by_role("button", name="Acknowledge")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.querySelector('main')).borderRadius") != "0px", (
        "the style is allowed"
    )
    button.tap()
    expect(page.get_by_role("heading", name="You have it")).to_be_visible()
    context.close()
    assert door.incident.acknowledged_by == "luis"
