"""Views around schedules: what they say of the present, what they let one do, and that they hold anything."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from bot.core.oncall_effects import RemindOfShift, TellOfMovedShifts, TellUnreachable
from bot.core.permitted import Span
from bot.core.standin import Offer, StandIn, StandInState
from bot.policy.model import Policy
from bot.slack.ids import Button, Field, carried
from bot.slack.names import Names
from bot.slack.views import home, oncall, oncall_forms, shifts, standin
from bot.slack.views.drawn import Drawn
from tests.slack.build import NAMES, NINE, POLICY
from tests.slack.oncall_pictures import (
    COVER,
    GAPPY,
    HOUR,
    ONE,
    OVERRIDE,
    SWAP,
    TOMORROW,
    accepted,
    declined,
    ended,
    with_overrides,
)
from tests.slack.test_limits import FEW, TEXTS, check, check_modal, check_view

BOGOTA = POLICY.schedules["l1"].layers[1]
STATES = [
    OVERRIDE,
    COVER,
    SWAP,
    accepted(COVER),
    accepted(SWAP),
    *(ended(one, state, "luis") for one in (OVERRIDE, COVER, SWAP) for state in StandInState),
]


def _buttons(drawn: Drawn) -> list[str]:
    blocks = drawn.blocks
    found = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    found += [block["accessory"] for block in blocks if "accessory" in block]
    return [element["action_id"] for element in found]


def _form(form: oncall_forms.Form) -> dict[str, Any]:
    assert isinstance(form, dict)
    return form


def _element(form: oncall_forms.Form, field: Field) -> dict[str, Any]:
    found = (block["element"] for block in _form(form)["blocks"] if block.get("block_id") == field)
    element: dict[str, Any] = next(found)
    return element


def test_whoever_stands_in_is_told_as_on_call() -> None:
    assert "<@U0SITA> (stands in)" in oncall.on_call_line("l1", with_overrides(OVERRIDE), NAMES, NINE + 2 * HOUR)


def test_the_clocks_of_a_group_are_told_with_their_people() -> None:
    both = replace(SWAP, spans=(Span(NINE, ONE, "sita", "amina"),), state=StandInState.STANDING, stood_at=NINE)
    rotation = POLICY.schedules["l1"].layers[0].rotation
    assert rotation is not None
    turn = rotation.model_copy(update={"people": (("amina", "luis"),)})
    layer = POLICY.schedules["l1"].layers[0].model_copy(update={"rotation": turn})
    schedule = POLICY.schedules["l1"].model_copy(update={"layers": (layer,)})
    policy = with_overrides(both, policy=POLICY.model_copy(update={"schedules": {"l1": schedule}}))
    said = json.dumps(oncall.oncall(policy, NAMES, NINE).blocks, ensure_ascii=False)
    assert "<@U0LUIS> 04:00 Bogota, night" in said
    assert "<@U0SITA> 14:45 Kathmandu" in said


def test_the_last_shift_of_the_week_is_not_cut_off() -> None:
    rows = oncall.week(POLICY, NAMES, NINE, "l1").blocks[1]["rows"]
    last = rows[-1][1]["elements"][0]["elements"][0]
    assert last["timestamp"] == (ONE + timedelta(days=7)).timestamp()


def test_a_week_that_does_not_fit_says_from_when_on_there_is_more() -> None:
    drawn = oncall.week(POLICY, NAMES, NINE, "l1", days=60)
    check(drawn)
    rows = drawn.blocks[1]["rows"]
    assert f"…and {121 - len(rows) + 1} more, from " in json.dumps(drawn.blocks, ensure_ascii=False)
    assert len(rows) > 22  # three changes a day for a week


def test_what_follows_an_offer_is_seen_by_whom_it_concerns() -> None:
    assert _buttons(standin.offer(COVER, "luis", POLICY, NAMES, NINE)) == [
        Button.ACCEPT_STAND_IN,
        Button.DECLINE_STAND_IN,
    ]
    taken = accepted(COVER)
    assert _buttons(standin.offer(taken, "luis", with_overrides(taken), NAMES, NINE)) == [Button.UNDO_STAND_IN]
    assert _buttons(standin.offer(taken, "sita", with_overrides(taken), NAMES, NINE)) == []
    assert _buttons(standin.offer(declined(COVER, "luis"), "luis", POLICY, NAMES, NINE)) == [Button.ACCEPT_STAND_IN]


@pytest.mark.parametrize(
    ("standing", "label"),
    [
        (OVERRIDE, "Undo"),
        (COVER, "Withdraw"),
        (ended(COVER, StandInState.REFUSED, "luis"), None),
        (ended(OVERRIDE, StandInState.UNDONE, "luis"), None),
        (replace(OVERRIDE, spans=(Span(NINE - HOUR, NINE, "sita"),)), None),
    ],
)
def test_only_what_has_an_effect_yet_can_be_undone(standing: StandIn, label: str | None) -> None:
    button = standin.undo_button(standing, NINE)
    assert (button.text.text if button else None) == label


def test_news_offer_undo_to_those_concerned_and_their_lead_alone() -> None:
    policy = with_overrides(OVERRIDE)
    for person in ("amina", "sita", "luis"):  # before it, the span was amina's and luis's
        assert Button.UNDO_STAND_IN in _buttons(standin.news(OVERRIDE, person, policy, NAMES, NINE))
    assert _buttons(standin.news(OVERRIDE, "vendor", policy, NAMES, NINE)) == []


def test_before_and_after_show_the_span_with_and_without_it() -> None:
    before, after = standin.before_and_after(OVERRIDE, with_overrides(OVERRIDE))
    assert [shift.people for shift in before] == [("amina",), ("luis",)]
    assert [shift.people for shift in after] == [("sita",)]


def test_once_undone_what_was_before_is_the_stand_in_and_the_past_stays() -> None:
    undone = ended(OVERRIDE, StandInState.UNDONE, "luis", NINE + 2 * HOUR)
    before, after = standin.before_and_after(undone, with_overrides(undone))
    assert [(shift.start, shift.people) for shift in before] == [(NINE + 2 * HOUR, ("sita",))]
    assert [shift.people for shift in after] == [("amina",), ("luis",)]


def test_other_overrides_stay_in_both() -> None:
    other = replace(OVERRIDE, id=9, spans=(Span(ONE, ONE + HOUR, "vendor", "luis"),))
    mine = replace(OVERRIDE, spans=(Span(NINE, ONE, "sita", "amina"), Span(ONE, ONE + HOUR, "sita", "amina")))
    before, after = standin.before_and_after(mine, with_overrides(mine, other))
    assert [shift.people for shift in before] == [("amina",), ("vendor",)]
    assert [shift.people for shift in after] == [("sita",), ("vendor",)]


def test_a_gap_is_seen_in_what_was_before() -> None:
    late = replace(OVERRIDE, spans=(Span(ONE, ONE + HOUR, "sita"),))
    said = json.dumps(
        standin.changed(late, late.asked_by, with_overrides(late, policy=GAPPY), NAMES, NINE).blocks, ensure_ascii=False
    )
    assert ": 🚨 nobody" in said


def test_a_schedule_that_is_gone_breaks_nothing() -> None:
    for standing in STATES:
        gone = replace(standing, schedule="gone")
        check(standin.news(gone, "amina", POLICY, NAMES, NINE))
        check(standin.offer(gone, "luis", POLICY, NAMES, NINE))
    check(shifts.reminder(RemindOfShift(schedule="gone", person="luis", start=ONE, end=None), POLICY, NAMES, 0))
    for drawn in (oncall.oncall(POLICY, NAMES, NINE, "gone"), oncall.week(POLICY, NAMES, NINE, "gone")):
        assert "There is no schedule “gone”" in drawn.text
    for form in (oncall_forms.override, oncall_forms.cover, oncall_forms.swap):
        assert isinstance(form("amina", POLICY, NAMES, NINE, "gone"), Drawn)
        assert isinstance(form("amina", Policy(), Names(Policy(), {}), NINE), Drawn)


def test_ones_own_shifts_are_joined_and_the_last_has_its_true_end() -> None:
    found = shifts.own_shifts("luis", POLICY, NINE, timedelta(hours=6))
    assert found == [("l1", ONE, ONE + 16 * HOUR)]
    assert shifts.own_shifts("luis", POLICY, ONE + HOUR, timedelta(hours=1)) == [("l1", ONE + HOUR, ONE + 16 * HOUR)]
    alone = POLICY.model_copy(
        update={"schedules": {"l1": POLICY.schedules["l1"].model_copy(update={"layers": (BOGOTA,)})}}
    )
    assert shifts.own_shifts("luis", alone, NINE) == [("l1", NINE, None)]


def test_a_stand_in_moves_ones_own_shifts() -> None:
    policy = with_overrides(accepted(SWAP))
    assert shifts.own_shifts("amina", policy, TOMORROW - 4 * HOUR)[0].start == TOMORROW + 4 * HOUR


def test_an_override_begins_at_the_next_full_hour_of_the_askers_clock() -> None:
    at = _element(oncall_forms.override("sita", POLICY, NAMES, NINE), Field.START)["initial_date_time"]
    assert at == (NINE + timedelta(minutes=15)).timestamp()  # 15:00 in Kathmandu
    at = _element(oncall_forms.override("amina", POLICY, NAMES, NINE), Field.START)["initial_date_time"]
    assert at == NINE.timestamp()


def test_cover_is_asked_for_the_shift_whose_button_was_clicked() -> None:
    start, end = TOMORROW - 4 * HOUR, TOMORROW + 4 * HOUR
    form = oncall_forms.cover("amina", POLICY, NAMES, NINE, "l1", start=start, end=end)
    assert _element(form, Field.START)["initial_date_time"] == start.timestamp()
    assert _element(form, Field.END)["initial_date_time"] == end.timestamp()


def test_cover_of_a_shift_that_is_over_soon_is_asked_from_now_on() -> None:
    form = oncall_forms.cover("amina", POLICY, NAMES, ONE - timedelta(minutes=5))
    assert _element(form, Field.START)["initial_date_time"] == (ONE - timedelta(minutes=5)).timestamp()
    assert _element(form, Field.END)["initial_date_time"] == ONE.timestamp()


def test_a_swap_offers_ones_own_shifts_for_those_of_others() -> None:
    form = oncall_forms.swap("amina", POLICY, NAMES, NINE)
    mine, theirs = (_element(form, field)["options"] for field in (Field.MINE, Field.THEIRS))
    assert carried(mine[1]["value"]) == {"at": str(int((TOMORROW - 4 * HOUR).timestamp()))}
    assert carried(theirs[0]["value"]) == {"at": str(int(ONE.timestamp())), "person": "luis"}
    assert theirs[0]["text"]["text"] == "Luis Rojas · Mon 2 Mar 16:00–Tue 3 Mar 08:00 (Nairobi)"
    assert carried(_form(form)["private_metadata"]) == {"schedule": "l1"}


def test_without_a_shift_there_is_nothing_to_cover_or_to_swap() -> None:
    for form in (oncall_forms.cover, oncall_forms.swap):
        answer = form("sita", POLICY, NAMES, NINE)
        assert isinstance(answer, Drawn)
        assert "You have no shift" in answer.text
    alone = oncall_forms.swap("amina", GAPPY, NAMES, NINE)
    assert isinstance(alone, Drawn)
    assert "Nobody else" in alone.text


def test_home_shows_what_waits_for_an_answer_and_nothing_else() -> None:
    answered = declined(COVER, "luis")
    view = home.home("luis", [], POLICY, NAMES, NINE, [answered, accepted(SWAP)])
    assert "Asked of me" not in json.dumps(view)
    assert "Asked of me" in json.dumps(home.home("luis", [], POLICY, NAMES, NINE, [SWAP]))


@FEW
@given(TEXTS)
def test_views_of_stand_ins_hold_any_text(text: str) -> None:
    for standing in (replace(one, reason=text) for one in STATES):
        policy = with_overrides(standing)
        check(standin.offer(standing, "luis", policy, NAMES, NINE))
        check(standin.news(standing, "amina", policy, NAMES, NINE))
    named = replace(COVER, reason=text, asked_by=text, offers=tuple(Offer(text * n) for n in range(1, 40)))
    check(standin.changed(named, named.asked_by, POLICY, NAMES, NINE))
    check(standin.changes([replace(named, id=n) for n in range(60)], POLICY, NAMES, NINE))
    check(oncall.oncall(POLICY, NAMES, NINE, feeds=[oncall.FeedTrouble(text, NINE, text, (text,) * 30)] * 9))
    told = TellUnreachable(schedule="l1", to="sita", person="luis", start=ONE, why=text)
    check(shifts.unreachable(told, POLICY, NAMES))
    for form in (oncall_forms.override, oncall_forms.cover, oncall_forms.swap):
        check_modal(_form(form("amina", POLICY, NAMES, NINE, reason=text)))
    check_view(home.home("luis", [], POLICY, NAMES, NINE, [replace(COVER, reason=text)] * 30))


def test_a_great_configuration_still_fits() -> None:
    """Two hundred people with long and hostile names, forty at a time, in thirty schedules."""
    name = "<!channel> & co " * 30
    people = {f"p{n}": {"name": name, "time_zone": "America/North_Dakota/New_Salem"} for n in range(200)}
    people["p" * 200] = {"name": name, "time_zone": "UTC"}
    crew = [list(people)[n : n + 40] for n in (0, 40, 160)]
    rotation = {"every": "6h", "starts": "2026-01-05T08:00", "people": crew}
    layer = {"name": name, "time_zone": "Asia/Kathmandu", "rotation": rotation}
    schedules = {f"l{n}": {"name": name, "layers": [layer]} for n in range(30)}
    policy = Policy.model_validate({"people": people, "schedules": schedules})
    names = Names(policy, {})
    check(oncall.oncall(policy, names, NINE, at=NINE))
    check(oncall.week(policy, names, NINE, "l3"))
    check(shifts.mine("p1", policy, names, NINE))
    check_view(home.home("p1", [], policy, names, NINE))
    check_modal(_form(oncall_forms.override("p1", policy, names, NINE, "l3")))
    check_modal(_form(oncall_forms.cover("p1", policy, names, NINE, "l3")))
    check_modal(_form(oncall_forms.swap("p1", policy, names, NINE, "l3")))
    longest = TellOfMovedShifts(schedule="l3", person="p1", gone=((NINE, ONE),) * 99, new=((NINE, ONE),) * 99)
    check(shifts.moved(longest, policy, names))
    standing = replace(OVERRIDE, schedule="l3", spans=(Span(NINE, NINE + timedelta(days=90), "p5", "p1"),))
    check(
        standin.changed(
            standing, standing.asked_by, policy.model_copy(update={"overrides": standing.overrides()}), names, NINE
        )
    )
