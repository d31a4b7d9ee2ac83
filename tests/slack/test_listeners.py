"""What commands, buttons, forms, shortcuts and events lead to."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.effects import PublishHome
from bot.core.incident import PageState, Status
from bot.core.lanes import Outward
from bot.slack.ids import Button, Modal, Shortcut, carry
from tests.slack.desk import Desk, declared, desk, said

ONE = carry(number=1)
PAGE = carry(number=1, page="1-1")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


@pytest.fixture
def open_(tmp_path: Path) -> Iterator[Desk]:
    with declared(tmp_path) as made:
        yield made


def wait_for_calls(made: Desk, count: int) -> list[Any]:
    """Bolt runs what follows an acknowledgement on a thread of its own; closing its pool waits for it."""
    made.finishes()
    assert len(made.calls) == count
    return made.calls


def test_a_declaration_is_answered_in_the_acknowledgement(empty: Desk) -> None:
    answer = empty.types("declare sev1 churn-scoring Scores are stale &lt;again&gt; &amp; ask <@U0AMINA|amina>")
    assert answer["response_type"] == "ephemeral"
    assert "INC-1" in answer["text"]
    made = empty.incident(1)
    assert (made.title, made.severity, made.service, made.declared_by) == (
        "Scores are stale <again> & ask @Amina Otieno",
        "sev1",
        "churn-scoring",
        "luis",
    )
    assert empty.calls == []


def test_the_same_request_twice_declares_one_incident(empty: Desk) -> None:
    for _ in range(2):
        body = {"command": "/incident", "text": "declare sev1 Scores", "user_id": "U0LUIS", "channel_id": "C1"}
        answer = empty.sends({**body, "trigger_id": "the same"})
        assert "INC-1" in answer["text"]
    with empty.engine.store.reading() as read:
        assert [incident.number for incident in read.open_incidents()] == [1]


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("declaer sev1 x", ["There is no `/incident declaer`", "/incident declare`?", "How to use"]),
        ("xyzzy", ["There is no `/incident xyzzy`", "How to use"]),
        ("sev1 churn-scoring Scores", ["To declare an incident", "/incident declare sev1 churn-scoring Scores"]),
        ("declare sev1 churn-scorng Scores", ["Nothing was declared", "declare sev1 churn-scoring Scores"]),
        ("declare sev9 Scores", ["Nothing was declared", "no severity “sev9”", "sev1, sev2 and sev3"]),
        ("list churn-scorin", ["no service “churn-scorin”", "/incident list churn-scoring"]),
        ("ack", ["Which incident?", "INC-1 Scores are stale"]),
        ("ack 7", ["no incident INC-7", "/incident list"]),
        ("show 11", ["no incident INC-11", "Did you mean INC-1?"]),
        ("status 1 monitorin", ["no status “monitorin”", "/incident status monitoring"]),
        ("severity 1 sve2", ["no severity “sve2”", "/incident severity sev2"]),
        ("role 1 lead", ["Which role, and who?"]),
        ("role 1 leader @amina", ["no role “leader”", "`lead`"]),
        ("lead 1 amna", ["no person “amna”", "`amina`"]),
        ("note 1", ["A note needs a text"]),
        ("runbook 1 stale predictons", ["no runbook “stale-predictons”", "stale-predictions"]),
        ("reopen 1", ["INC-1 is open already"]),
        ("<!channel>", ["There is no `/incident &lt;!channel&gt;`"]),
    ],
)
def test_what_is_not_understood_gets_a_kind_answer_and_changes_nothing(
    open_: Desk, text: str, answers: list[str]
) -> None:
    before = open_.incident(1)
    answer = open_.types(text)
    assert answer["response_type"] == "ephemeral"
    for words in answers:
        assert words in said(answer)
    assert open_.incident(1) == before


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "One incident is open"),
        ("help", "How to use"),
        ("list", "Open incidents: 1"),
        ("list mine", "of yours: 1"),
        ("list churn-scoring", "Churn scoring: 1"),
        ("list payments", "All quiet"),
        ("show 1", "Scores are stale"),
        ("show <#C042|inc-1>", "Scores are stale"),
        ("timeline INC-1", "declared it"),
        ("path #1", "Path follow-the-sun"),
        ("sla inc-1", "Acknowledgement due"),
        ("ack 1", "You have INC-1"),
        ("escalate 1 nobody is there", "Paged <@U0AMINA> and <@U0LUIS>"),
        ("update 1 Rolled back", "is posted"),
        ("status 1 monitoring Rolled back", "INC-1 is Monitoring"),
        ("severity 1 sev-2 Not so bad", "Major (sev2)"),
        ("lead 1", "<@U0LUIS> is lead"),
        ("lead 1 <@U0STRANGER|x>", "<@U0STRANGER> is lead"),
        ("role 1 scribe @sita", "<@U0SITA> is scribe"),
        ("note 1 Called the vendor", "in the timeline of INC-1"),
        ("runbook 1", "Predictions are stale"),
        ("runbook 1 Predictions Are-Stale", "opens in <#C042>"),
        ("runbook 1 stale", "opens in <#C042>"),
        ("resolve 1 It works", "INC-1 is Resolved"),
        ("decline 1 False alarm", "INC-1 is Declined"),
        ("close 1", "INC-1 is Closed"),
    ],
)
def test_each_verb_does_what_it_says(open_: Desk, text: str, answer: str) -> None:
    assert answer in said(open_.types(text))
    assert open_.calls == []


def test_in_the_channel_of_an_incident_the_number_is_left_out(open_: Desk) -> None:
    open_.types("update 3 replicas are down", channel="C042")
    assert open_.incident(1).last_update == "3 replicas are down"
    open_.types("ack", channel="C042", by="U0AMINA")
    assert open_.incident(1).acknowledged_by == "amina"


def test_somebody_named_in_a_text_is_kept_by_their_key(open_: Desk) -> None:
    open_.types("update 1 Waiting for <@U0AMINA|amina> and <@U0STRANGER>")
    assert open_.incident(1).last_update == "Waiting for @[amina] and @[U0STRANGER]"


def test_a_long_text_is_kept_whole(open_: Desk) -> None:
    text = "<!channel> " + "x" * 5000
    open_.types(f"note 1 {text}")
    with open_.engine.store.reading() as read:
        assert read.timeline(1)[-1].text == "@channel " + "x" * 5000


@pytest.mark.parametrize("text", ["", "l1", "Support L1"])
def test_who_has_the_pager_now(open_: Desk, text: str) -> None:
    assert "<@U0AMINA> (nairobi)" in said(open_.types(text, command="/oncall"))


def test_an_unknown_schedule_gets_the_nearest(open_: Desk) -> None:
    assert "/oncall l1" in said(open_.types("L11", command="/oncall"))


@pytest.mark.parametrize(
    ("text", "callback"),
    [
        ("declare", Modal.DECLARE),
        ("declare Scores are stale", Modal.DECLARE),
        ("declare sev1 churn-scoring", Modal.DECLARE),
        ("update 1", Modal.UPDATE),
        ("status 1", Modal.STATUS),
        ("severity 1", Modal.SEVERITY),
        ("resolve 1", Modal.RESOLVE),
    ],
)
def test_a_form_opens_when_arguments_are_missing(open_: Desk, text: str, callback: Modal) -> None:
    assert open_.types(text) is None
    (call,) = wait_for_calls(open_, 1)
    assert call.method == "views.open"
    assert call.body["view"]["callback_id"] == callback
    assert call.body["trigger_id"] == "t1"


def test_a_form_that_slack_does_not_open_is_said_so(open_: Desk) -> None:
    open_.refuses = True
    open_.types("update 1")
    _, told = wait_for_calls(open_, 2)
    assert told.method == "respond"
    assert "did not open the form" in told.body["text"]


@pytest.mark.parametrize("text", ["update 1", "resolve 1", "status 1", "severity 1", "update 1 late words"])
def test_no_form_opens_for_what_has_ended(open_: Desk, text: str) -> None:
    open_.types("resolve 1 It works")
    assert "INC-1 is resolved" in open_.types(text)["text"]
    assert open_.calls == []


def test_a_click_lets_it_happen_and_says_nothing(open_: Desk) -> None:
    assert open_.clicks(Button.ACKNOWLEDGE, PAGE) is None
    assert open_.incident(1).acknowledged_by == "amina"
    assert open_.incident(1).pages[0].state is PageState.ACKNOWLEDGED
    wait_for_calls(open_, 0)


def test_a_refused_click_is_answered_to_the_one_who_clicked(open_: Desk) -> None:
    open_.types("ack 1", by="U0LUIS")
    open_.clicks(Button.ACKNOWLEDGE, PAGE)
    (told,) = wait_for_calls(open_, 1)
    assert told.method == "respond"
    assert told.body["response_type"] == "ephemeral"
    assert told.body["replace_original"] is False
    assert "<@U0LUIS> already has it" in told.body["text"]


@pytest.mark.parametrize(
    ("button", "status"),
    [(Button.MITIGATED, Status.MONITORING), (Button.CLOSE, Status.CLOSED), (Button.ACKNOWLEDGE, Status.INVESTIGATING)],
)
def test_buttons_move_the_incident(open_: Desk, button: Button, status: Status) -> None:
    open_.clicks(button, ONE)
    assert open_.incident(1).status is status


def test_buttons_of_the_card_and_the_page(open_: Desk) -> None:
    open_.clicks(Button.TAKE_LEAD, ONE)
    assert open_.incident(1).lead == "amina"
    open_.clicks(Button.ESCALATE, PAGE)
    assert len(open_.incident(1).pages) == 3
    open_.clicks(Button.DECLINE_PAGE, carry(number=1, page="1-2"))
    assert open_.incident(1).pages[1].state is PageState.DECLINED
    open_.clicks(Button.CLOSE, ONE)
    open_.clicks(Button.REOPEN, ONE)
    assert open_.incident(1).status is Status.CLOSED


@pytest.mark.parametrize(
    ("button", "callback"),
    [
        (Button.DECLARE, Modal.DECLARE),
        (Button.UPDATE, Modal.UPDATE),
        (Button.STATUS, Modal.STATUS),
        (Button.SEVERITY, Modal.SEVERITY),
        (Button.RESOLVE, Modal.RESOLVE),
    ],
)
def test_buttons_open_forms(open_: Desk, button: Button, callback: Modal) -> None:
    open_.clicks(button, ONE)
    (call,) = wait_for_calls(open_, 1)
    assert call.body["view"]["callback_id"] == callback


@pytest.mark.parametrize(
    ("button", "words"),
    [
        (Button.RUNBOOKS, "Predictions are stale"),
        (Button.SHOW, "Scores are stale"),
        (Button.LIST, "Open incidents: 1"),
        (Button.HELP, "How to use"),
    ],
)
def test_buttons_that_answer_answer_to_one_person(open_: Desk, button: Button, words: str) -> None:
    open_.clicks(button, ONE)
    (told,) = wait_for_calls(open_, 1)
    assert told.body["response_type"] == "ephemeral"
    assert words in said(told.body)


@pytest.mark.parametrize(("action", "value"), [("from_last_year", "{}"), (Button.ACKNOWLEDGE, "42-1"), ("x", "")])
def test_a_button_from_an_older_version_is_acknowledged_and_explained(open_: Desk, action: str, value: str) -> None:
    open_.clicks(action, value)
    (told,) = wait_for_calls(open_, 1)
    assert "older version" in told.body["text"]


def test_a_click_on_the_home_tab_draws_it_anew_and_answers_by_direct_message(open_: Desk) -> None:
    open_.types("ack 1", by="U0LUIS")
    open_.clicks(Button.ACKNOWLEDGE, PAGE, home=True)
    (told,) = wait_for_calls(open_, 1)
    assert (told.method, told.body["channel"]) == ("chat.postMessage", "U0AMINA")
    assert waiting(open_, PublishHome) == 1


def test_opening_the_home_tab_draws_it(open_: Desk) -> None:
    open_.sends(event("app_home_opened", user="U0AMINA", tab="home"))
    open_.sends(event("app_home_opened", user="U0AMINA", tab="messages"))
    wait_for_calls(open_, 0)
    assert waiting(open_, PublishHome) == 1


def test_an_event_that_nobody_wants_is_acknowledged(open_: Desk) -> None:
    assert open_.sends(event("message", user="U0AMINA", text="hello", channel="C042")) is None
    assert open_.sends(event("reaction_added", user="U0AMINA", reaction="eyes")) is None


def test_a_form_that_is_sent_closes(open_: Desk) -> None:
    assert open_.submits(Modal.UPDATE, ONE, text="Rolled back", status="monitoring") is None
    assert open_.incident(1).status is Status.MONITORING
    assert open_.submits(Modal.SEVERITY, ONE, severity="sev2", reason="") is None
    assert open_.submits(Modal.STATUS, ONE, status="identified", note="Found it") is None
    assert open_.submits(Modal.NOTE, "{}", incident="1", text="A note") is None
    assert open_.submits(Modal.RESOLVE, ONE, summary="It works") is None
    assert open_.incident(1).summary == "It works"
    assert open_.submits(Modal.DECLARE, "{}", title=" Again ", severity="sev2", summary="<!here>") is None
    assert (open_.incident(2).title, open_.incident(2).service) == ("Again", None)


@pytest.mark.parametrize(
    ("modal", "about", "values", "field", "words"),
    [
        (Modal.DECLARE, "{}", {"title": " ", "severity": "sev1"}, "title", "needs a title"),
        (Modal.UPDATE, ONE, {"text": "", "status": "triage"}, "text", "needs a text"),
        (Modal.STATUS, ONE, {"status": "triage"}, "status", "already triage"),
        (Modal.SEVERITY, ONE, {"severity": "sev1"}, "severity", "already sev1"),
        (Modal.NOTE, "{}", {"incident": "1", "text": ""}, "text", "needs a text"),
        (Modal.SKIP_STEP, carry(number=1, run="1-r9", step="x"), {"reason": "y"}, "reason", "no longer known"),
    ],
)
def test_a_refused_form_stays_open_with_the_reason_beside_the_field(
    open_: Desk, modal: Modal, about: str, values: dict[str, str], field: str, words: str
) -> None:
    answer = open_.submits(modal, about, **values)
    assert answer["response_action"] == "errors"
    assert words in answer["errors"][field]


def test_the_shortcut_for_anywhere_opens_the_form(open_: Desk) -> None:
    open_.sends({"type": "shortcut", "callback_id": Shortcut.DECLARE, "user": {"id": "U0AMINA"}})
    (call,) = wait_for_calls(open_, 1)
    assert call.body["view"]["callback_id"] == Modal.DECLARE


def test_a_message_becomes_a_declaration(open_: Desk) -> None:
    open_.sends(message(open_, Shortcut.DECLARE_FROM_MESSAGE, "Scores &lt; 0.5\nsince nine, says <@U0SITA>"))
    (call,) = wait_for_calls(open_, 1)
    shown = [block["element"].get("initial_value") for block in call.body["view"]["blocks"]]
    assert shown[0] == "Scores < 0.5"
    assert shown[-1] == "Scores < 0.5\nsince nine, says @Sita Gurung"


def test_a_message_of_the_incident_channel_goes_into_its_timeline(open_: Desk) -> None:
    open_.sends(message(open_, Shortcut.ADD_TO_TIMELINE, "It began at nine", channel="C042"))
    (told,) = wait_for_calls(open_, 1)
    assert "in the timeline of INC-1" in told.body["text"]
    with open_.engine.store.reading() as read:
        assert read.timeline(1)[-1].text == "@[sita]: It began at nine"


def test_a_message_from_elsewhere_asks_which_incident_is_meant(open_: Desk) -> None:
    open_.sends(message(open_, Shortcut.ADD_TO_TIMELINE, "It began at nine"))
    (call,) = wait_for_calls(open_, 1)
    assert call.body["view"]["callback_id"] == Modal.NOTE
    assert "Sita Gurung: It began at nine" in said(call.body["view"])


def test_a_message_has_no_timeline_to_go_to_when_nothing_is_open(empty: Desk) -> None:
    empty.sends(message(empty, Shortcut.ADD_TO_TIMELINE, "It began at nine"))
    (told,) = wait_for_calls(empty, 1)
    assert "no timeline" in told.body["text"]


def test_a_message_without_words_cannot_be_added(open_: Desk) -> None:
    open_.sends(message(open_, Shortcut.ADD_TO_TIMELINE, "", channel="C042"))
    (told,) = wait_for_calls(open_, 1)
    assert "no text" in told.body["text"]


def event(kind: str, **facts: str) -> dict[str, Any]:
    return {"type": "event_callback", "event_id": "Ev1", "event": {"type": kind, **facts}}


def message(made: Desk, callback: Shortcut, text: str, channel: str = "C0ANY") -> dict[str, Any]:
    return {
        "type": "message_action",
        "callback_id": callback,
        "user": {"id": "U0AMINA"},
        "channel": {"id": channel},
        "message": {"type": "message", "user": "U0SITA", "text": text, "ts": "1.2"},
        "response_url": f"{made.address}/respond",
    }


def waiting(made: Desk, kind: type[Outward]) -> int:
    """How many such effects wait in the outbox."""
    with made.engine.store.transaction() as work:
        parcels = work.claim(made.clock.now(), timedelta(minutes=1), "a test", 100, urgent=False)
    return sum(isinstance(parcel.effect, kind) for parcel in parcels)
