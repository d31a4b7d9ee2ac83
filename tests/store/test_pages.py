"""Pages as they are asked for: by their message, by who must answer them, and by the nights they broke."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.core.incident import Message, Page, PageState, Tried
from bot.store import incidents
from bot.store.store import Store
from tests.store.build import NOW, declare, minutes
from tests.store.test_incidents import read, written

BUNDLE = Message("D1", "17.5")


def page(number: int, place: int, person: str = "amina", **fields: Any) -> Page:
    return replace(Page(f"{number}-{place}", person, 0, 0, NOW), **fields)


def test_what_came_of_a_contact_is_the_only_thing_written(store: Store) -> None:
    tried = (Tried("SMS", NOW), Tried("Phone", NOW + minutes(3)))
    before = declare(store, pages=(page(1, 1, tried=tried), page(1, 2, "luis", tried=tried[:1])))
    failed = replace(tried[1], problem="The number does not exist.")
    after = replace(before, pages=(replace(before.pages[0], tried=(tried[0], failed)), before.pages[1]))
    with store.transaction() as work, written() as statements:
        work.save(before, after)
    assert len(statements) == 1
    assert statements[0].startswith("UPDATE page_contact SET problem=")
    assert read(store, 1) == after


def test_a_way_that_is_tried_adds_one_row(store: Store) -> None:
    before = declare(store, pages=(page(1, 1, tried=(Tried("SMS", NOW),)),))
    after = replace(before, pages=(page(1, 1, tried=(Tried("SMS", NOW), Tried("Phone", NOW))),))
    with store.transaction() as work, written() as statements:
        work.save(before, after)
    assert [statement.split(" (")[0] for statement in statements] == ["INSERT INTO page_contact"]
    assert read(store, 1) == after


def test_an_incident_paged_by_slack_alone_costs_no_further_query(store: Store) -> None:
    declare(store, pages=(page(1, 1),))
    declare(store, pages=(page(2, 1, tried=(Tried("SMS", NOW),)),))
    asked: list[str] = []

    def note(*happened: object) -> None:
        asked.append(str(happened[2]))

    with store.reading() as reading:
        event.listen(reading._connection, "before_cursor_execute", note)
        for number in (1, 2):
            reading.incident(number)
    assert sum("FROM page_contact JOIN" in statement for statement in asked) == 1
    assert "FROM page_contact JOIN" in asked[-1]


# By message


def test_all_pages_of_one_message_are_known_by_it(store: Store) -> None:
    other = replace(BUNDLE, ts="17.6")
    first = declare(store, pages=(page(1, 1, message=BUNDLE), page(1, 2, "luis", message=other)))
    declare(store, pages=(page(2, 1, message=replace(BUNDLE, channel="D2")), page(2, 2)))
    third = declare(store, pages=(page(3, 1), page(3, 2, message=BUNDLE), page(3, 3, message=BUNDLE)))
    with store.reading() as reading:
        found = reading.pages_of_message("D1", "17.5")
        assert found == [(first, first.pages[0]), (third, third.pages[1]), (third, third.pages[2])]
        assert reading.pages_of_message("D1", "0") == []


# Who must answer


def test_the_pages_that_wait_for_somebody_are_theirs_alone_and_open(store: Store) -> None:
    mine, theirs = page(1, 1), page(1, 2, "luis")
    first = declare(store, pages=(mine, theirs))
    ended = [page(2, place, state=state) for place, state in enumerate(PageState, 1) if state is not PageState.OPEN]
    declare(store, pages=tuple(ended))
    third = declare(store, pages=(page(3, 1, state=PageState.DECLINED), page(3, 2), page(3, 3, "#incidents")))
    with store.reading() as reading:
        assert reading.pages_waiting("amina") == [(first, mine), (third, third.pages[1])]
        assert reading.pages_waiting("#incidents") == [(third, third.pages[2])]
        assert reading.pages_waiting("maya") == []


# Nights


def test_pages_at_night_are_counted_for_each_person_from_then_on(store: Store) -> None:
    night = [
        page(1, 1, night=True),
        page(1, 2, night=True, state=PageState.ACKNOWLEDGED),
        page(1, 3, night=False),
        page(1, 4, "#incidents"),
        page(1, 5, "luis", night=True),
        page(1, 6, "luis", night=True, paged_at=NOW - minutes(1)),
        page(1, 7, "maya", night=True, paged_at=NOW - minutes(1)),
    ]
    declare(store, pages=tuple(night))
    declare(store, pages=(page(2, 1, night=True),))
    with store.reading() as reading:
        assert reading.night_pages(NOW) == {"amina": 3, "luis": 1}
        assert reading.night_pages(datetime(2000, 1, 1, tzinfo=UTC)) == {"amina": 3, "luis": 2, "maya": 1}


# However many pages there ever were


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "index"),
    [
        (incidents._OF_MESSAGE, "ix_page_message (message_channel=? AND message_ts=?)"),
        (incidents._WAITING, "ix_page_open (person=?)"),
        (incidents._AT_NIGHT, "ix_page_night (paged_at>?)"),
    ],
)
def test_pages_are_found_by_an_index(store: Store, query: object, index: str) -> None:
    known = {"channel": "D1", "ts": "1", "person": "amina", "since": NOW}
    with store.reading() as reading:
        explained = text(f"EXPLAIN QUERY PLAN {query}")
        plan = reading._connection.execute(explained, {name: str(known[name]) for name in explained._bindparams})
        assert index in " ".join(row.detail for row in plan)
