"""Whatever people and tools write: every message keeps within Slack's limits and mentions nobody it should not."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import events as happened
from bot.core import runbook_events as walked
from bot.core.effects import Notice, PostNotice, PostUpdate
from bot.core.handoff import Handoff, HandoffItem
from bot.core.incident import ActionState, Incident, Page, PageState, StepState, Tried
from bot.core.instructions import filling
from bot.core.simulation import simulate
from bot.policy.model import PageTarget, Policy, Waiting
from bot.sandbox import blocks as sandbox_blocks
from bot.sandbox import views as sandbox_views
from bot.slack.names import Names
from bot.slack.views import (
    announcement,
    home,
    lists,
    modals,
    notice,
    oncall,
    reading,
    runbook,
    runbook_forms,
    sla,
    update,
)
from bot.slack.views.card import card
from bot.slack.views.drawn import Drawn
from bot.slack.views.handoff import handoff
from bot.slack.views.page import page, pages
from bot.slack.views.path import path
from bot.slack.views.service_path import service_path, simulated
from bot.slack.words.timeline import entry
from tests.slack.build import NAMES, NINE, POLICY, History, declared, under_way
from tests.slack.pictures import PICTURES

TEXTS = st.one_of(
    st.sampled_from(["<!channel>", "<!here|x>", "<@U0X>", "&" * 5000, "<" * 5000, "@[luis]", "🙂" * 3000, "א" * 5000]),
    st.text(max_size=80).flatmap(lambda text: st.integers(1, 400).map(lambda times: text * times)),
)
TITLES = TEXTS.filter(lambda text: bool(text.strip()))
FEW = settings(max_examples=30, deadline=None)
_MENTION = re.compile(r"<!(?!date\^\d+\^)")


def _texts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "plain_text"):
            yield part
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


def check_blocks(blocks: list[dict[str, Any]], most: int) -> None:
    assert 0 < len(blocks) <= most
    assert len(json.dumps(blocks, ensure_ascii=False)) < (13_000 if most == 50 else 50_000)
    for text in _texts(blocks):
        assert 0 < len(text["text"]) <= 3000
        assert not (text["type"] == "mrkdwn" and _MENTION.search(text["text"]))
        assert text["type"] == "plain_text" or text["verbatim"] is True
    for block in blocks:
        for cell in block.get("fields", []):
            assert len(cell["text"]) <= 2000
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("type") == "button":
                assert len(element["text"]["text"]) <= 75
                assert len(element["value"]) <= 2000
        ids = [element.get("action_id") for element in block.get("elements", []) if "action_id" in element]
        assert len(ids) == len(set(ids))
        assert len(block.get("elements", [])) <= 25


def check(drawn: Drawn) -> None:
    check_blocks(drawn.blocks, 50)
    assert sandbox_blocks.check_blocks(drawn.blocks, "message") == []
    assert 0 < len(drawn.text) <= 4000
    assert not _MENTION.search(drawn.text)


def check_view(view: dict[str, Any]) -> None:
    check_blocks(view["blocks"], 100)
    assert sandbox_views.check_view(view) == []


def check_modal(view: dict[str, Any]) -> None:
    check_view(view)
    assert len(view["title"]["text"]) <= 24
    assert len(view["private_metadata"]) <= 3000
    for block in view["blocks"]:
        element = block.get("element", {})
        assert len(element.get("initial_value", "")) <= element.get("max_length", 3000)
        for option in element.get("options", []):
            assert len(option["text"]["text"]) <= 75


def _busy(title: str, text: str) -> History:
    """An incident to which everything has happened, with this text in every place."""
    history = under_way(title=title, summary=text)
    history.happens(happened.IncidentAcknowledged(number=42, by="amina"))
    if text.strip():
        history.happens(happened.UpdatePosted(number=42, by="U0STRANGER", text=text))
    history.happens(walked.RunbookStarted(number=42, by="amina", runbook="stale-predictions"))
    skipped = walked.RunbookStepTaken(
        number=42, by="amina", run="42-r1", step="last-run", state=StepState.SKIPPED, reason=text
    )
    until = history.now + timedelta(hours=1)
    if text.strip():
        waits = happened.IncidentWaits(number=42, by="amina", on=Waiting.CUSTOMER, until=until, reason=text)
        history.happens(waits)
    return history.happens(skipped)


@FEW
@given(TITLES, TEXTS)
def test_messages_about_an_incident_hold_any_text(title: str, text: str) -> None:
    history = _busy(title, text)
    incident = history.incident
    check(card(incident, POLICY, NAMES, NINE))
    check(announcement.announcement(incident, POLICY, NAMES))
    check(page(declared(title=title).incident, declared(title=title).incident.pages[0], POLICY, NAMES))
    check(page(incident, incident.pages[0], POLICY, NAMES))
    check(runbook.run(incident.runs[0], incident, POLICY, NAMES, NINE))
    check(lists.show(incident, POLICY, NAMES, NINE))
    check(lists.timeline(incident, history.records * 8, POLICY, NAMES))
    check(path(incident, POLICY, NAMES))
    check(sla.sla(incident, NAMES, NINE))
    check(sla.explained(incident, NAMES, NINE))
    check(update.update(PostUpdate(number=42, by=text, text=text, at=NINE), incident, POLICY, NAMES))


@pytest.mark.parametrize("name", PICTURES)
def test_what_stands_in_the_pictures_is_within_the_limits(name: str) -> None:
    made = PICTURES[name]()
    if isinstance(made, dict):
        check_view(made)
    elif name != "notices":  # many messages in one
        check(made)


@FEW
@given(TEXTS)
def test_news_hold_any_text(text: str) -> None:
    incident = under_way().incident
    facts = {"by": text, "person": text, "people": text, "to": text, "why": text, "note": text, "role": text}
    for kind in Notice:
        told = facts | {"old": text, "new": text}
        check(notice.notice(PostNotice(number=42, notice=kind, facts=told), incident, POLICY, NAMES))


@FEW
@given(TITLES, TEXTS)
def test_forms_hold_any_text(title: str, text: str) -> None:
    incident = _busy(title, text).incident
    check_modal(modals.declare(POLICY, title=title, severity=text, service=text, summary=text))
    check_modal(modals.update(incident, NAMES))
    check_modal(modals.status(incident))
    check_modal(modals.severity(incident, POLICY))
    check_modal(modals.resolve(incident))
    check_modal(modals.note(text, [incident]))
    check_modal(sla.pause(incident, NINE, text, text))


def _many(number: int, title: str) -> list[Incident]:
    """So many open incidents, every one of them paging half the team."""
    one = declared(title=title).incident
    pages = tuple(Page(f"42-{index}", "amina", 0, 0, NINE) for index in range(20))
    return [replace(one, number=index, pages=pages, channel=f"C{index:09}") for index in range(1, number)]


@FEW
@given(TITLES, TEXTS)
def test_pages_hold_any_text(title: str, note: str) -> None:
    history = under_way(title=title).happens(happened.IncidentAcknowledged(number=42, by="amina"))
    sita = PageTarget.model_validate("person:sita")
    history.happens(happened.RespondersPaged(number=42, by="amina", targets=(sita,), note=note))
    incident = history.incident
    tried = tuple(Tried(note, NINE, problem) for problem in ("", note))
    asked = replace(incident.pages[-1], tried=tried, problem=note)
    incident = replace(incident, pages=(*incident.pages[:-1], asked))
    check(page(incident, asked, POLICY, NAMES))
    check(path(incident, POLICY, NAMES))
    check(card(incident, POLICY, NAMES, NINE))
    check_modal(modals.page(incident, POLICY, note) or {})
    many = [(replace(incident, number=number), asked) for number in range(20)]
    together = pages(many, POLICY, NAMES)
    check(together)
    assert "…and 8 more: `/incident list mine`" in json.dumps(together.blocks, ensure_ascii=False)
    ended = replace(asked, state=PageState.DECLINED, ended_at=NINE)
    check(pages([(one, ended) for one, _ in many], POLICY, NAMES))


def test_a_long_simulation_fits_and_says_that_it_goes_on() -> None:
    people = {f"p{n}": {"name": "<!channel> & co " * 30, "time_zone": "Asia/Kathmandu"} for n in range(4)}
    step = {"page": [f"person:{person}" for person in people], "wait": "1m"}
    data = {
        "people": people,
        "escalation_paths": {"long": {"repeat": 200, "steps": [step]}},
        "severities": {"sev1": {"name": "Critical"}},
        "services": {"x": {"name": "X", "kind": "llm", "escalation_path": "long"}},
    }
    policy = Policy.model_validate(data)
    drawn = simulated(simulate("x", "sev1", NINE, policy), policy, Names(policy, {}))
    check(drawn)
    assert "…and so on" in json.dumps(drawn.blocks, ensure_ascii=False)
    check(service_path("x", None, policy, Names(policy, {}), NINE))


@FEW
@given(TITLES)
def test_long_lists_say_that_there_is_more(title: str) -> None:
    found = lists.incidents("Open", _many(200, title), POLICY, NAMES, NINE)
    check(found)
    assert "…and 184 more" in json.dumps(found.blocks, ensure_ascii=False)
    view = home.home("amina", _many(60, title), POLICY, NAMES, NINE)
    check_view(view)
    items = tuple(HandoffItem(one.number, title, "sev1", "triage", "amina") for one in _many(60, title))
    check(handoff(Handoff("h", "l1", NINE, ("amina",) * 20, ("luis",) * 20, items), None, POLICY, NAMES))


def test_a_long_ledger_says_that_there_is_more() -> None:
    history = under_way().happens(happened.IncidentAcknowledged(number=42, by="amina"))
    for number in range(60):
        history.passes(minutes=1).happens(happened.UpdatePosted(number=42, by="amina", text=f"update {number}"))
        until = history.now + timedelta(hours=1)
        waits = happened.IncidentWaits(
            number=42, by="amina", on=Waiting.CUSTOMER, until=until, reason=f"{number} " + "<!here> " * 90
        )
        history.happens(waits)
    drawn = sla.explained(history.incident, NAMES, history.now)
    check(drawn)
    body = json.dumps(drawn.blocks, ensure_ascii=False)
    assert "*Mitigation*" in body
    assert "earlier" in body
    assert "59 &lt;!here&gt;" in body
    assert "more: `bot sla show 42 --json` has them all" in body
    check(sla.sla(history.incident, NAMES, history.now))


def test_a_long_history_keeps_its_end() -> None:
    history = under_way()
    for number in range(300):
        history.passes(minutes=1).happens(happened.NoteAdded(number=42, by="amina", text=f"note {number} " + "x" * 900))
    drawn = lists.timeline(history.incident, history.records, POLICY, NAMES)
    check(drawn)
    body = json.dumps(drawn.blocks)
    assert "note 299" in body
    assert "note 100 " not in body


def test_a_long_runbook_shows_the_steps_around_the_one_in_hand() -> None:
    steps = [{"id": f"s{index}", "do": f"Step {index} " + "<!channel> " * 300} for index in range(60)]
    book = {"id": "long", "title": "Long " * 100, "steps": steps}
    policy = POLICY.model_copy(update={"runbooks": Policy.model_validate({"runbooks": {"long": book}}).runbooks})
    history = History(policy).happens(happened.IncidentDeclared(number=42, by="luis", title="x", severity="sev1"))
    history.happens(walked.RunbookStarted(number=42, by="amina", runbook="long"))
    for index in range(30):
        event = walked.RunbookStepTaken(number=42, by="amina", run="42-r1", step=f"s{index}", state=StepState.DONE)
        history.happens(event)
    drawn = runbook.run(history.incident.runs[0], history.incident, policy, NAMES, history.now)
    check(drawn)
    assert "31 of 60" in drawn.text
    check(runbook.offer([("long", "<!here>" * 900)] * 30, history.incident, policy, NINE))


@settings(FEW, max_examples=8)
@given(TITLES, TEXTS)
def test_runbooks_hold_any_text(title: str, text: str) -> None:
    """As evidence, value, reason, result, request and feedback; and in the runbook itself."""
    policy = _with_books(title, text)
    history = History(policy).happens(happened.IncidentDeclared(number=42, by="luis", title=title, severity="sev1"))
    history.happens(happened.ChannelCreated(number=42, channel="C042", name="inc-42"))
    history.happens(walked.RunbookStarted(number=42, by="amina", runbook="b"))
    if text.strip():
        history.happens(walked.EvidenceAdded(number=42, by="amina", run="42-r1", step="value", text=text))
    value = text.strip()[:100] or "x"
    taken = walked.RunbookStepTaken(
        number=42, by="amina", run="42-r1", step="value", state=StepState.DONE, answer=value
    )
    history.happens(taken).happens(walked.ActionAsked(number=42, by="amina", run="42-r1", step="call"))
    check(_run_drawn(history))
    for state in ActionState:
        run = history.incident.runs[0]
        action = replace(run.actions[0], state=state, result=text, request=text, began_at=NINE, ended_at=NINE)
        history.state = replace(history.incident, runs=(replace(run, actions=(action,)),))
        check(_run_drawn(history))
        check_modal(runbook_forms.refuse_action(history.incident, run, action))
        facts = {"run": "42-r1", "runbook": "b", "step": "call", "by": text, "people": text, "request": text}
        asks = PostNotice(number=42, notice=Notice.CONSENT_ASKED, facts=facts)
        check(notice.notice(asks, history.incident, policy, NAMES, "https://acme.slack.com"))
    run = replace(history.incident.runs[0], present=None, helped=False, feedback=text, stopped=True)
    check(runbook.run(run, history.incident, policy, NAMES, NINE))
    _check_reading(history, policy, text)


def _run_drawn(history: History) -> Drawn:
    return runbook.run(history.incident.runs[0], history.incident, history.policy, NAMES, NINE)


def _check_reading(history: History, policy: Policy, text: str) -> None:
    book, run, fill = policy.runbooks["b"], history.incident.runs[0], filling(history.incident, policy)
    check(reading.read(book, policy, fill, NINE.date(), 42))
    check(reading.every(policy, NINE.date(), 42))
    check(reading.found(text, list(policy.runbooks.values())[:10], policy, NINE.date(), 42))
    for form in (runbook_forms.skip_step, runbook_forms.fail_step, runbook_forms.step_value, runbook_forms.evidence):
        check_modal(form(history.incident, run, book.steps[0], fill))
    check_modal(runbook_forms.feedback(history.incident, run, book.title))
    check_modal(modals.category(history.incident, policy) or {})


def _with_books(title: str, text: str) -> Policy:
    steps = [
        {"id": "value", "input": f"What? {text}", "name": "value", "matches": "(?s).*", "expect": text},
        {
            "id": "call",
            "run": {"http": {"method": "POST", "url": "https://x/{{ inputs.value }}", "body": text or "x"}},
            "why": text,
            "expect": "x" + text,
        },
    ]
    category = {"c": {"name": f"Kind {title}"}}
    book = {"id": "b", "title": title, "applies_to": {"categories": ["c"]}, "steps": steps}
    books = {"b": book} | {f"b{n}": {**book, "id": f"b{n}", "steps": steps[:1]} for n in range(12)}
    made = Policy.model_validate({"runbooks": books, "categories": category})
    return POLICY.model_copy(update={"runbooks": made.runbooks, "categories": made.categories})


def test_a_long_runbook_is_read_in_parts() -> None:
    steps = [{"id": f"s{index}", "do": f"Step {index} " + "<!channel> " * 90} for index in range(60)]
    book = Policy.model_validate({"runbooks": {"long": {"id": "long", "title": "x", "steps": steps}}}).runbooks["long"]
    read, first = [], 0
    while first < 60:
        part = reading.read(book, POLICY, filling(under_way().incident, POLICY), NINE.date(), None, first)
        check(part)
        read += [text["text"] for text in _texts(part.blocks) if "Step" in text["text"]]
        assert len(read) > first
        first = len(read)
    assert [text.split("*")[1] for text in read] == [f"{place}." for place in range(1, 61)]


def test_a_great_configuration_still_fits() -> None:
    """Two hundred of everything, each with a long and hostile name."""
    name = "<!channel> & co " * 30
    base = POLICY.model_dump(mode="json", exclude_none=True)
    services = {f"service-{n}": {"name": name, "kind": "llm", "customer": name} for n in range(200)}
    people = {f"p{n}": {"name": name} for n in range(200)}
    layer = {**base["schedules"]["l1"]["layers"][0], "name": name}
    layer["rotation"] = {"every": "1d", "starts": "2026-01-05T08:00", "people": [list(people)[:40]]}
    layer["on_call"] = []
    schedules = {f"l{n}": {"name": name, "layers": [layer]} for n in range(200)}
    severities = {f"sev{n}": {"name": name, "means": name} for n in range(1, 120)}
    policy = Policy.model_validate(
        {"services": services, "people": people, "schedules": schedules, "severities": severities}
    )
    names = Names(policy, {})
    check(oncall.oncall(policy, names, NINE))
    check_modal(modals.declare(policy))
    check_modal(modals.page(under_way().incident, policy) or {})
    check_view(home.home("p1", [], policy, names, NINE + timedelta(days=1)))


@FEW
@given(TEXTS)
def test_the_timeline_itself_loses_nothing(text: str) -> None:
    history = _busy("x", text)
    noted = [record for record in history.records if record.text == text]
    assert noted or not text.strip()
    assert all(len(entry(record, POLICY, NAMES)) < 1000 for record in noted)
