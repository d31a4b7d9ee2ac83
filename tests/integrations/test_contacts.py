"""Pages by other ways than Slack: what arrives, what is told when nothing does, and that no address is given away."""

import logging
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.core.effects import SendContact
from bot.core.events import ContactTried, IncidentAcknowledged, IncidentDeclared, SeverityChanged
from bot.core.incident import Incident, Page
from bot.engine.deliver import Answer, GiveUp, Sent, TryAgain
from bot.engine.engine import Engine
from bot.integrations.contacts import MOST_AT_ONCE, MOST_ATTEMPTS, Contacts, unusable
from bot.integrations.page_in_words import SHORT, in_words
from bot.policy.model import Contact, Policy
from bot.store.outbox import Parcel
from bot.store.store import Store
from tests.engine.build import HeldClock
from tests.flows.world import MONDAY
from tests.integrations.inboxes import Hook, Mailbox
from tests.integrations.reached import HOOK, MAIL, hook, mail, with_contacts

SECRET = "hunter2-tok3n"
LINK = "https://baton.example.com/ack/1-1.69a5c1f0.Zk3vbT0qkZq9m2b8x0y1a2b3c4d5e6f7g8h9i0j1k2l"


class Evening(HeldClock):
    """Of Monday, when Luis has the shift."""

    def __init__(self) -> None:
        self._now = MONDAY


@pytest.fixture
def engine(policy: Policy, sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(sqlite_template, tmp_path / "baton.db")
    store = Store(f"sqlite:///{tmp_path / 'baton.db'}")
    yield Engine(store, with_contacts(policy, mail(), hook()), Evening())
    store.close()


@pytest.fixture
def declared(engine: Engine) -> Incident:
    title = "Scores are stale"
    outcome = engine.handle(IncidentDeclared(by="amina", title=title, severity="sev2", service="churn-scoring"))
    assert isinstance(outcome.state, Incident)
    return outcome.state


def parcel(contact: str, attempt: int = 1) -> Parcel:
    effect = SendContact(number=1, page="1-1", contact=contact)
    return Parcel(id=7, effect=effect, attempt=attempt, enqueued_at=MONDAY, owner="here")


def sent(engine: Engine, contact: str, address: str, link: str | None = LINK, attempt: int = 1) -> Answer:
    names = {"e-mail": MAIL, "webhook": HOOK}
    return Contacts(engine, {names[contact]: address}, lambda *_: link).carry(parcel(contact, attempt))


def test_a_page_arrives_as_mail_with_all_that_is_to_be_known(
    engine: Engine, declared: Incident, mails: Mailbox
) -> None:
    answer = sent(engine, "e-mail", mails.address)
    assert answer == Sent(ContactTried(number=1, page="1-1", contact="e-mail"))
    (arrived,) = mails.mails
    assert arrived["subject"] == "INC-1 Major (sev2): Scores are stale"
    text = arrived.get_content()
    assert arrived.get_content_type() == "text/plain"
    for words in (
        "INC-1: Scores are stale",
        "Churn scoring (Acme Telecom), Major (sev2)",
        "Since Mon 2 Mar 14:00 (America/Bogota)",
        f"Acknowledge: {LINK}",
        "What it means: Promised output is late",
        "First step (",
        "Declared by Amina Otieno",
    ):
        assert words in text
    assert not {"<@", "<!", "&amp;", "*Major"} & {words for words in ("<@", "<!", "&amp;", "*Major") if words in text}


def test_a_page_arrives_at_a_webhook(engine: Engine, declared: Incident, posts: Hook) -> None:
    assert isinstance(sent(engine, "webhook", posts.address), Sent)
    (arrived,) = posts.posts
    assert arrived["title"] == "INC-1 Major (sev2): Scores are stale"
    assert LINK in arrived["message"]


def test_without_links_the_page_says_how_to_acknowledge_in_slack(
    engine: Engine, declared: Incident, posts: Hook
) -> None:
    sent(engine, "webhook", posts.address, link=None)
    assert "Acknowledge in Slack: /incident ack 1" in posts.posts[0]["message"]


@pytest.mark.parametrize(
    "title", ["Scores are stale", "Long " * 100, "Añejo 👩🏽‍💻" * 40, "Two\r\nBcc: everybody@example.com"]
)
def test_the_essence_fits_into_an_sms_and_stands_on_its_own_lines(engine: Engine, title: str) -> None:
    outcome = engine.handle(IncidentDeclared(by="amina", title=title, severity="sev1", service="churn-scoring"))
    assert isinstance(outcome.state, Incident)
    words = in_words(outcome.state, outcome.state.pages[0], engine.policy, LINK)
    assert len(words.short) <= SHORT
    assert words.short.splitlines()[-1] == f"Acknowledge: {LINK}"
    assert len(words.short.splitlines()) == 4
    assert words.text.startswith(words.short)
    assert "\n" not in words.title
    assert "\r" not in words.title + words.text


def test_who_has_been_answered_for_is_not_woken(engine: Engine, declared: Incident, posts: Hook) -> None:
    engine.handle(IncidentAcknowledged(number=1, by="andres"))
    assert sent(engine, "webhook", posts.address) == Sent()
    assert posts.asked == 0


def test_the_page_tells_how_it_stands_when_it_is_sent(engine: Engine, declared: Incident, posts: Hook) -> None:
    engine.handle(SeverityChanged(number=1, by="amina", to="sev1"))
    sent(engine, "webhook", posts.address)
    assert "Critical (sev1)" in posts.posts[0]["title"]


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_what_refuses_is_asked_a_few_times_more_and_then_given_up(
    status: int, engine: Engine, declared: Incident, posts: Hook
) -> None:
    posts.status = status
    why = "json:// did not take it"
    assert sent(engine, "webhook", posts.address) == TryAgain(why)
    assert sent(engine, "webhook", posts.address, attempt=MOST_ATTEMPTS - 1) == TryAgain(why)
    assert sent(engine, "webhook", posts.address, attempt=MOST_ATTEMPTS) == GiveUp(why)


def test_a_mail_server_that_refuses_is_asked_again(engine: Engine, declared: Incident, mails: Mailbox) -> None:
    mails.refuses = True
    assert sent(engine, "e-mail", mails.address) == TryAgain("mailto:// did not take it")
    mails.refuses = False
    assert isinstance(sent(engine, "e-mail", mails.address, attempt=2), Sent)
    assert len(mails.mails) == 1


def test_where_nobody_listens_is_asked_again(engine: Engine, declared: Incident) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert isinstance(sent(engine, "webhook", f"json://127.0.0.1:{port}/"), TryAgain)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "LUIS_HOOK is not set"),
        ("   ", "LUIS_HOOK is not set"),
        (SECRET, "LUIS_HOOK holds no address that Apprise understands. It has no scheme"),
        (f"nosuch://{SECRET}", "It begins with nosuch://, but"),
        (f"twilio://{SECRET}", "It begins with twilio://, but"),
        (f"json://:{SECRET}:9999999/", "It begins with json://, but"),
    ],
)
def test_a_contact_without_a_right_address_is_given_up_in_a_sentence_that_keeps_it_secret(
    address: str, why: str, engine: Engine, declared: Incident
) -> None:
    answer = sent(engine, "webhook", address)
    assert isinstance(answer, GiveUp)
    assert why in answer.why
    assert SECRET not in answer.why


def test_what_can_be_used_has_no_fault() -> None:
    assert unusable(Contact(env="A", name="mail"), {"A": "mailto://amina:pass@example.com"}) is None


def test_a_contact_that_was_taken_away_is_given_up(engine: Engine, declared: Incident) -> None:
    answer = Contacts(engine, {}, lambda *_: None).carry(parcel("pigeon"))
    assert answer == GiveUp("the configuration has no such contact any more")


def test_no_log_has_an_address_in_it_whatever_happens(
    engine: Engine, declared: Incident, posts: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    own = f"json://luis:{SECRET}@127.0.0.1:{posts.port}/{SECRET}?+X-Token={SECRET}"
    for status in (200, 401, 500):
        posts.status = status
        sent(engine, "webhook", own)
    for address in (f"twilio://{SECRET}", f"tgram://{SECRET}", SECRET, f"mailto://{SECRET}@127.0.0.1:1/{SECRET}"):
        sent(engine, "webhook", address)
    assert logging.getLogger("apprise").getEffectiveLevel() > logging.CRITICAL
    assert SECRET not in caplog.text + "".join(str(record.__dict__) for record in caplog.records)


def test_slow_ones_leave_workers_for_slack(engine: Engine, declared: Incident, posts: Hook) -> None:
    posts.opens.clear()
    contacts = Contacts(engine, {HOOK: posts.address + "?rto=14"}, lambda *_: None)
    answers: list[Answer] = []

    def carry() -> None:
        answers.append(contacts.carry(parcel("webhook")))

    slow = [threading.Thread(target=carry) for _ in range(MOST_AT_ONCE)]
    for one in slow:
        one.start()
    _until(lambda: posts.asked == MOST_AT_ONCE)
    assert contacts.carry(parcel("webhook")) == TryAgain("too many are being sent at once")
    posts.opens.set()
    for one in slow:
        one.join()
    assert [type(answer) for answer in answers] == [Sent] * MOST_AT_ONCE
    assert isinstance(contacts.carry(parcel("webhook")), Sent)


def test_nobody_is_told_of_a_link_that_cannot_be_made(engine: Engine, declared: Incident, posts: Hook) -> None:
    """What fails on our side leaves the worker free again."""

    def broken(incident: Incident, page: Page) -> str:
        raise RuntimeError("no link")

    contacts = Contacts(engine, {HOOK: posts.address}, broken)
    for _ in range(MOST_AT_ONCE + 1):
        with pytest.raises(RuntimeError):
            contacts.carry(parcel("webhook"))


def _until(true: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(2000):
        if true():
            return
        waiting.wait(0.01)
    raise AssertionError("it did not come to that")
