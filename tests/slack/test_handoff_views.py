"""What a handoff shows however much there is of it, and to whom it gives which buttons."""

import json
import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from bot.core.events import IncidentAcknowledged, LeadOffered
from bot.core.handoff import ClockGlimpse, Handoff, ItemState, Note, Plan, Words
from bot.policy.model import Clock
from bot.sandbox.views import check_view as check_form
from bot.slack.ids import Button
from bot.slack.views import handoff_forms, handoff_news, home
from bot.slack.views.drawn import Drawn
from bot.slack.views.handoff import leaves_out
from bot.slack.views.handoff_details import details
from tests.slack.build import NAMES, NINE, POLICY, under_way
from tests.slack.handoff_pictures import AT, HANDOFF, PLANNED, QUIET, SAID, SUMMARY, many, shown
from tests.slack.test_limits import FEW, TEXTS, check, check_modal, check_view

NUMBER = re.compile(r"\*INC-(\d+)\b")


def thread(handed: Handoff) -> list[Drawn]:
    """Every message of the thread, in the order in which they follow one another."""
    messages: list[Drawn] = []
    start: int | None = 0
    while start is not None:
        message, start = details(handed, start, POLICY, NAMES)
        messages.append(message)
    return messages


def body(drawn: Drawn) -> str:
    return json.dumps(drawn.blocks, ensure_ascii=False)


def hostile(text: str, count: int = 1) -> Handoff:
    """Every word that people and tools write is this one."""
    clocks = tuple(ClockGlimpse(Clock.UPDATE, AT + timedelta(hours=n), 0.5, text) for n in range(4))
    item = replace(
        PLANNED,
        title=text,
        service=text,
        model=text,
        clocks=clocks,
        waiting=f"customer: {text}",
        tried=(text,) * 5,
        path=text,
        next_action=text,
        if_then=text,
        state=ItemState.QUESTIONED,
        answered_by=text,
        question=text,
    )
    return replace(
        HANDOFF,
        items=tuple(replace(item, number=number) for number in range(1, count + 1)),
        words=Words(text, (text,) * 3, text, text, (Plan(1, text, "luis", None, text),)),
        notes=(Note("amina", NINE, text),) * 20,
        sentence=text,
        summary=replace(SUMMARY, resolved=((1, text),) * 30, breaches=((1, text),) * 30, holidays=(("x", AT, text),)),
    )


@FEW
@given(TEXTS)
def test_a_handoff_holds_any_text(text: str) -> None:
    for handed in (hostile(text, 7), replace(hostile(text, 2), taken_by="luis", taken_at=AT)):
        check(shown(handed))
        for message in thread(handed):
            check(message)
        item = handed.items[0]
        assert check_form(handoff_forms.complete("l1", handed.items, handed.words, POLICY, NAMES)) == []
        check_modal(handoff_forms.question(handed, item, POLICY))
        check_modal(handoff_forms.decline(handed, item, POLICY))
    check(handoff_news.unreachable(text, text, handed, POLICY, NAMES))
    check_view(home.home("luis", [], POLICY, NAMES, AT, handoffs=[hostile(text, 9)] * 9))


def test_of_two_hundred_incidents_the_worst_stand_in_full_and_the_thread_has_all() -> None:
    handed = many(200)
    drawn = shown(handed)
    check(drawn)
    assert body(drawn).count(Button.ACCEPT_ITEM) == 5
    assert "more: the thread has them all" in body(drawn)
    messages = thread(handed)
    for message in messages:
        check(message)
    told = [int(number) for message in messages for number in NUMBER.findall(body(message))]
    assert told == list(range(1, 201))
    assert len(messages) <= 6


def test_two_hundred_full_incidents_take_a_few_messages() -> None:
    handed = replace(HANDOFF, items=tuple(replace(PLANNED, number=number, title="x" * 90) for number in range(200)))
    messages = thread(handed)
    told = [int(number) for message in messages for number in NUMBER.findall(body(message))]
    assert told == list(range(200))
    assert len(messages) <= 8


def test_what_waits_stands_in_full_before_what_is_taken() -> None:
    handed = many(8)
    items = tuple(replace(item, state=ItemState.ACCEPTED) if item.number < 5 else item for item in handed.items)
    drawn = body(shown(replace(handed, items=items)))
    waiting = [number for number in range(1, 9) if f'\\"number\\":{number}' in drawn.replace("\\\\", "\\")]
    assert waiting == [5, 6, 7, 8]
    assert "✅ 🔴 *INC-2*" in drawn


def test_a_thread_is_opened_only_for_what_has_no_room() -> None:
    assert not leaves_out(HANDOFF, POLICY, NAMES)
    assert not leaves_out(QUIET, POLICY, NAMES)
    assert leaves_out(many(6), POLICY, NAMES)
    assert leaves_out(replace(HANDOFF, notes=HANDOFF.notes * 6), POLICY, NAMES)
    assert leaves_out(hostile("x" * 900, 5), POLICY, NAMES)


def test_the_form_asks_about_the_eight_worst() -> None:
    view = handoff_forms.complete("l1", many(30).items, SAID, POLICY, NAMES)
    check_modal(view)
    asked = [block["block_id"] for block in view["blocks"] if block.get("block_id", "").startswith("next_action")]
    assert asked == [f"next_action:{number}" for number in range(1, 9)]
    assert "…and 22 incidents: they are handed over as they stand" in json.dumps(view, ensure_ascii=False)


def test_home_shows_only_what_waits_for_this_person() -> None:
    offered = under_way().happens(IncidentAcknowledged(number=42, by="amina"))
    offered.happens(LeadOffered(number=42, by="amina", to="luis"))

    def seen(person: str, *handed: Handoff) -> str:
        return json.dumps(home.home(person, [offered.incident], POLICY, NAMES, AT, handoffs=handed))

    assert Button.ACCEPT_HANDOFF in seen("luis", HANDOFF)
    assert Button.ACCEPT_LEAD in seen("luis")
    assert Button.ACCEPT_HANDOFF not in seen("luis", replace(HANDOFF, taken_by="luis", taken_at=AT))
    assert "Waits for me" not in seen("amina", HANDOFF)
