"""How shifts were handed over: what is counted, what is not, and that the sums agree."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.core.handoff import Handoff, HandoffItem, ItemState, Words
from bot.policy.model import Person, Policy
from bot.reports.handoffs import (
    History,
    Measured,
    Part,
    accepted,
    as_csv,
    besides,
    history,
    posted,
    report,
    summary,
    tables,
)
from tests.oncall.build import utc

SINCE, AT, NOW = utc("2026-03-01 00:00"), utc("2026-03-02 09:00"), utc("2026-03-31 12:00")
POLICY = Policy(
    people={
        "amina": Person(name="Amina", time_zone="Africa/Nairobi", country="KE"),
        "sita": Person(name="Sita", time_zone="Asia/Kathmandu"),
    }
)
ITEM = HandoffItem(1, "Scores are stale", "sev1", "triage", "amina", owners=("amina",))
TAKEN = replace(ITEM, state=ItemState.ACCEPTED, answered_by="sita", answered_at=AT)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def shift(took: float | None = None, late: float = 0, at: datetime = AT, **fields: Any) -> Handoff:
    """From Amina to Sita, taken so many minutes after the change."""
    known: dict[str, Any] = {"id": f"l1-{at:%H%M}", "schedule": "l1", "outgoing": ("amina",), "incoming": ("sita",)}
    taken = {} if took is None else {"taken_by": "sita", "taken_at": at + minutes(took)}
    return Handoff(at=at, **{**known, "posted_at": at + minutes(late), "items": (ITEM,), **taken, **fields})


def told(*found: Handoff, missed: dict[int, tuple[datetime, ...]] | None = None, now: datetime = NOW) -> History:
    """The newest first."""
    return history(found, missed or {}, POLICY, SINCE, now)


def only(handoff: Handoff, **more: Any) -> Measured:
    return told(handoff, **more).handoffs[0]


def test_a_handoff_is_on_time_within_a_minute_of_the_change() -> None:
    kept = told(shift(late=0), shift(late=1), shift(late=-30), shift(late=1.1), shift(posted_at=None)).overall
    assert kept.on_time == Part(3, 4)


def test_accepting_counts_from_the_change_or_from_when_it_could_be_read() -> None:
    assert only(shift(took=4)).waited == minutes(4)
    assert only(shift(took=34, late=30)).waited == minutes(4)
    assert only(shift(took=-10, late=-30)).waited == minutes(0)
    assert only(shift(took=4, posted_at=None)).waited == minutes(4)


def test_so_many_were_accepted_within_five_and_fifteen_minutes() -> None:
    took = (1, 5, 6, 15, 16, None)
    kept = told(*(shift(took=after, schedule=f"l{after}") for after in took)).overall
    assert (kept.soon, kept.at_last, kept.to_accept) == (Part(2, 6), Part(4, 6), minutes(6))


def test_what_has_still_time_counts_neither_way_and_where_nobody_came_nobody_could_accept() -> None:
    fresh = told(shift(), now=AT + minutes(10)).overall
    assert (fresh.soon, fresh.at_last, fresh.to_accept) == (Part(0, 1), Part(0, 0), None)
    assert told(shift(incoming=())).overall.at_last == Part(0, 0)


def test_what_was_asked_for_is_a_place_to_start_and_a_step_for_each_incident() -> None:
    planned, expected = replace(ITEM, next_action="Retrain"), replace(ITEM, if_then="If it drifts, roll back")
    assert only(shift(items=(planned, expected, ITEM), words=Words(start_here="INC-1"))).filled == Part(3, 4)
    assert only(shift()).filled == Part(0, 2)
    assert only(shift(items=())).filled == Part(0, 0)  # a quiet shift
    assert only(shift(posted_at=None)).filled == Part(0, 0)  # nobody was asked


def test_questions_and_refusals_count_whatever_became_of_them() -> None:
    asked, refused = replace(TAKEN, questions=2), replace(ITEM, state=ItemState.CARRIED, questions=1, declines=1)
    kept = told(shift(items=(asked, refused, ITEM))).overall
    assert (kept.questions, kept.declined) == (3, 1)


def test_what_nobody_took_is_carried_over_unless_it_ended() -> None:
    left = replace(ITEM, state=ItemState.CARRIED)
    ended = replace(left, number=2)
    found = told(shift(at=AT + minutes(480)), shift(items=(left, ended, TAKEN)))
    assert [each.carried for each in found.handoffs] == [0, 1]
    assert told(shift(schedule="l2", at=AT + minutes(480)), shift(items=(left,))).overall.carried == 0


def test_a_missed_update_counts_if_it_was_due_within_the_hour_after() -> None:
    missed = tuple(AT + minutes(after) for after in (-1, 0, 59, 60))
    assert only(shift(), missed={1: missed, 2: missed}).updates_missed == 2


def test_after_a_gap_an_incident_that_nobody_leads_has_no_owner_until_it_is_accepted() -> None:
    orphan = replace(ITEM, lead=None, owners=())
    taken = replace(orphan, state=ItemState.ACCEPTED, answered_at=AT + minutes(7))
    gap = {"outgoing": ()}
    assert only(shift(**gap, items=(taken,))).unowned == minutes(7)
    assert only(shift(**gap, items=(orphan, taken)), now=AT + minutes(9)).unowned == minutes(9)
    carried = replace(orphan, state=ItemState.CARRIED)
    later = told(shift(at=AT + minutes(60)), shift(**gap, items=(carried,)))
    assert [each.unowned for each in later.handoffs] == [minutes(0), minutes(60)]


def test_whoever_went_or_leads_or_had_it_before_is_an_owner() -> None:
    assert only(shift()).unowned == minutes(0)
    assert only(shift(outgoing=(), items=(ITEM,))).unowned == minutes(0)
    assert only(shift(outgoing=(), items=(replace(ITEM, lead=None),))).unowned == minutes(0)
    assert only(shift(outgoing=(), items=(replace(ITEM, owners=()),))).unowned == minutes(0)


def test_regions_are_those_of_whoever_comes() -> None:
    regions = (("amina",), ("sita",), ("U0GONE", "amina"), ("U0GONE",), ())
    found = told(*(shift(incoming=people) for people in regions), shift(schedule="a"))
    assert [(each.schedule, each.region, each.handoffs) for each in found.groups] == [
        ("a", "Asia", 1),
        ("l1", "Asia", 1),
        ("l1", "KE", 2),
        ("l1", "nobody", 2),
    ]


shifts = st.builds(
    lambda handoff, schedule, incoming, hours: replace(
        handoff, schedule=schedule, incoming=incoming, at=AT + minutes(60 * hours)
    ),
    st.sampled_from([shift(), shift(took=3), shift(took=9, late=5), shift(outgoing=(), items=(TAKEN, ITEM))]),
    st.sampled_from(["l1", "l2"]),
    st.sampled_from([(), ("amina",), ("sita", "amina")]),
    st.integers(0, 50),
)


@given(st.lists(shifts, max_size=12).map(lambda found: sorted(found, key=lambda each: each.at, reverse=True)))
def test_the_sums_agree(found: list[Handoff]) -> None:
    known = told(*found)
    for count in ("handoffs", "questions", "carried", "updates_missed"):
        assert sum(getattr(group, count) for group in known.groups) == getattr(known.overall, count)
    for part in ("on_time", "soon", "at_last", "filled"):
        parts = [getattr(group, part) for group in known.groups]
        assert Part(sum(each.count for each in parts), sum(each.of for each in parts)) == getattr(known.overall, part)
    assert all(each.waited >= timedelta() <= each.unowned for each in known.handoffs)
    assert len(list(csv.DictReader(io.StringIO(as_csv(known))))) == len(found)


def test_a_machine_is_told_in_numbers() -> None:
    numbers = {
        "handoffs": 1, "share_on_time": 1.0, "share_accepted_within_5_min": 0.0, "share_accepted_within_15_min": 1.0,
        "median_seconds_to_accept": 360.0, "share_filled": 0.0, "questions": 0, "declined": 0, "carried_over": 0,
        "seconds_without_owner": 0.0, "updates_missed": 0,
    }  # fmt: skip
    assert report(told(shift(took=6))) == {
        "since": "2026-03-01T00:00:00Z",
        "until": "2026-03-31T12:00:00Z",
        "overall": numbers,
        "groups": [{"schedule": "l1", "region": "Asia", **numbers}],
        "handoffs": [
            {
                "id": "l1-0900", "schedule": "l1", "region": "Asia", "at": "2026-03-02T09:00:00Z",
                "outgoing": ["amina"], "incoming": ["sita"], "seconds_late": 0.0, "accepted_by": "sita",
                "seconds_to_accept": 360.0, "incidents": 1, "share_filled": 0.0, "questions": 0, "declined": 0,
                "carried_over": 0, "seconds_without_owner": 0.0, "updates_missed": 0,
            }
        ],
    }  # fmt: skip


def test_the_whole_is_said_in_sentences_and_what_must_not_be_comes_first() -> None:
    span = "From 2026-03-01 00:00 to 2026-03-31 12:00 UTC"
    assert summary(told()) == [f"{span}, no shift was handed over."]
    assert summary(told(shift(took=6), shift(took=2))) == [
        f"{span}, 2 shifts were handed over.",
        "2 of 2 were posted on time (100%).",
        "1 of 2 were accepted within 5 minutes (50%).",
        "2 of 2 were accepted within 15 minutes (100%).",
        "Accepting took 4 min in the middle.",
    ]
    orphan = replace(TAKEN, lead=None, owners=(), answered_at=AT + minutes(7))
    assert summary(told(shift(outgoing=(), items=(orphan,))))[:2] == [
        f"{span}, 1 shift was handed over.",
        "Open incidents were without an owner for 7 min.",
    ]


def test_of_each_it_is_said_whether_it_was_posted_and_accepted() -> None:
    assert [posted(only(shift(late=late))) for late in (0, 5)] == ["on time", "5 min late"]
    assert posted(only(shift(posted_at=None))) == ""
    assert accepted(only(shift(took=6))) == "after 6 min by sita"
    assert [accepted(only(each)) for each in (shift(), shift(incoming=()))] == ["not yet", "nobody came"]
    assert accepted(told(shift(at=AT + minutes(480)), shift()).handoffs[1]) == "never"


def test_what_there_was_besides_is_told_the_worst_first() -> None:
    assert besides(only(shift())) == []
    orphan = replace(ITEM, lead=None, owners=(), questions=1, declines=2)
    odd = shift(outgoing=(), items=(orphan,))
    assert besides(only(odd, missed={1: (AT,)}, now=AT + minutes(9))) == [
        "9 min without an owner",
        "1 update missed",
        "2 declined",
        "1 question",
    ]


def shown(found: History, each_of_them: bool = True) -> str:
    console = Console(width=200, highlight=False)
    with console.capture() as said:
        console.print(*tables(found, each_of_them), sep="\n")
    return said.get()


def test_a_terminal_draws_the_groups_and_the_latest() -> None:
    found = told(*(shift(took=6, at=AT + minutes(60 * hours)) for hours in range(21, 0, -1)), shift(incoming=()))
    said = shown(found)
    assert "Handoffs by schedule and region" in said
    assert "2026-03-03 06:00" in said
    assert "nobody came" not in said
    assert "…and 2 more; --csv has them all" in said
    assert "latest" not in shown(found, each_of_them=False)


def test_names_are_no_markup() -> None:
    said = shown(told(shift(schedule="[red]l1[/]", outgoing=("[b]x",), taken_by="[i]y", taken_at=AT)))
    assert all(name in said for name in ("[red]l1[/]", "[b]x", "[i]y"))
