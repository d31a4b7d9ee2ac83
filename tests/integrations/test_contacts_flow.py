"""From a declaration to a mail, from its link to an acknowledgement, and back to everybody in Slack."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.core.incident import PageState
from bot.policy.model import Policy
from tests.faults.worlds import DECLARE
from tests.integrations.inboxes import Hook, Mailbox
from tests.integrations.reached import HOOK, MAIL, ReachedWorld, hook, mail, with_contacts

PUBLIC = "https://baton.example.com"


@pytest.fixture
def world(
    policy: Policy,
    sqlite_template: Path,
    tmp_path: Path,
    mails: Mailbox,
    posts: Hook,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[ReachedWorld]:
    """Luis gets a mail at once, and two minutes later a call of his webhook."""
    monkeypatch.setenv("BATON_URL", PUBLIC)
    monkeypatch.setenv("BATON_LINK_SECRET", "0123456789abcdef" * 2)
    shutil.copy(sqlite_template, tmp_path / "baton.db")
    reached = with_contacts(policy, mail(), hook(after=timedelta(minutes=2)))
    environ = {MAIL: mails.address, HOOK: posts.address}
    with ReachedWorld(reached, f"sqlite:///{tmp_path / 'baton.db'}", environ) as opened:
        yield opened


def _link(world: ReachedWorld, text: str) -> str:
    """The link as the door of this bot has it."""
    found = re.search(rf"{PUBLIC}(/ack/\S+)", text)
    assert found and world.stage.bot
    return world.stage.bot.address + found[1]


def test_a_page_by_mail_is_acknowledged_by_its_link(world: ReachedWorld, mails: Mailbox, posts: Hook) -> None:
    world.person("noor").types(DECLARE)
    (arrived,) = mails.mails
    link = _link(world, arrived.get_content())
    assert httpx.get(link).status_code == 200
    world.settle()
    assert world.incident().acknowledged_by is None, "a look is no acknowledgement"
    answer = httpx.post(link)
    assert (answer.status_code, "You have it" in answer.text) == (200, True)
    world.settle()
    assert world.incident().acknowledged_by == "luis"
    world.person("luis").sees("You took INC-1")
    world.channel("inc-1").card.shows("Acknowledged by @Luis Herrera")
    world.passes(minutes=30)
    assert [page.state for page in world.incident().pages] == [PageState.ACKNOWLEDGED]
    assert posts.asked == 0
    assert len(mails.mails) == 1


def test_while_nobody_answers_each_way_is_used_once_and_in_its_turn(
    world: ReachedWorld, mails: Mailbox, posts: Hook
) -> None:
    world.person("noor").types(DECLARE)
    world.passes(minutes=1, seconds=59)
    assert (len(mails.mails), posts.asked) == (1, 0)
    world.passes(seconds=1)
    assert (len(mails.mails), posts.asked) == (1, 1)
    world.passes(minutes=2)
    assert (len(mails.mails), posts.asked) == (1, 1)
    tried = world.incident().pages[0].tried
    assert [(each.contact, each.problem) for each in tried] == [("e-mail", ""), ("webhook", "")]
    entries = [(entry.what, entry.old) for entry in world.timeline() if entry.what == "contacted"]
    assert entries == [("contacted", "e-mail"), ("contacted", "webhook")]


def test_a_way_that_fails_is_told_and_the_others_go_on(world: ReachedWorld, mails: Mailbox, posts: Hook) -> None:
    mails.refuses = True
    world.person("noor").types(DECLARE)
    world.passes(minutes=4)
    first, second = world.incident().pages[0].tried
    assert (first.contact, first.problem) == ("e-mail", "mailto:// did not take it")
    assert (second.contact, second.problem) == ("webhook", "")
    assert [entry.text for entry in world.timeline() if entry.what == "contact_failed"] == ["mailto:// did not take it"]


def test_the_link_of_an_earlier_page_still_acknowledges_once_nobody_else_has(
    world: ReachedWorld, mails: Mailbox
) -> None:
    world.person("noor").types(DECLARE)
    world.passes(minutes=35)
    assert len(mails.mails) == 2, "the path was repeated"
    assert httpx.post(_link(world, mails.mails[0].get_content())).status_code == 200
    assert world.incident().acknowledged_by == "luis"
    second = httpx.post(_link(world, mails.mails[1].get_content()))
    assert (second.status_code, "You have it already" in second.text) == (410, True)
    world.settle()
