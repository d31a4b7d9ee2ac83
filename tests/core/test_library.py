"""The library of runbooks: once a month each owner hears which of theirs nobody has reviewed for long."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.core.effects import RemindOfReview, SetTimer
from bot.core.events import ReviewFellDue
from bot.core.lanes import lane_of
from bot.core.library import REMIND_EVERY, TIMER, Library, decide, is_stale
from bot.policy.model import Policy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGO = NOW - REMIND_EVERY
INSTANT = timedelta(microseconds=1)
OLD, NEW = "2025-06-01", "2026-02-01"


def policy(owners: dict[str, tuple[str | None, str | None]], **workspace: Any) -> Policy:
    """Runbooks by id: the team that owns each, and when it was reviewed. Amina leads two teams, Noor one."""
    step = {"id": "look", "do": "Look."}
    books = {
        name: {"id": name, "title": name.capitalize(), "owner": owner, "reviewed": reviewed, "steps": [step]}
        for name, (owner, reviewed) in owners.items()
    }
    people = {name: {"name": name.capitalize()} for name in ("amina", "noor")}
    leads = {"support": "amina", "second": "amina", "engineering": "noor", "platform": None}
    teams = {name: {"name": name, "kind": "support", "lead": lead} for name, lead in leads.items()}
    return Policy.model_validate({"workspace": workspace, "people": people, "teams": teams, "runbooks": books})


def told(library: Library | None, configured: Policy, now: datetime = NOW) -> dict[str, tuple[str, ...]]:
    effects = decide(library, ReviewFellDue(), now, configured).effects
    return {each.person: each.runbooks for each in effects if isinstance(each, RemindOfReview)}


def due(library: Library | None, now: datetime = NOW) -> datetime:
    [timer] = [each for each in decide(library, ReviewFellDue(), now, policy({})).effects if isinstance(each, SetTimer)]
    assert (timer.key, timer.event) == (TIMER, ReviewFellDue())
    return timer.due


def test_the_first_look_tells_nobody_and_begins_to_count() -> None:
    configured = policy({"stale": ("support", OLD)})
    assert told(None, configured) == {}
    assert decide(None, ReviewFellDue(), NOW, configured).state == Library(NOW)
    assert due(None) == NOW + REMIND_EVERY


def test_after_a_month_the_owner_is_told_and_the_next_month_begins() -> None:
    configured = policy({"stale": ("support", OLD), "fresh": ("support", NEW)})
    assert told(Library(AGO), configured) == {"amina": ("stale",)}
    assert decide(Library(AGO), ReviewFellDue(), NOW, configured).state == Library(NOW)
    assert due(Library(AGO)) == NOW + REMIND_EVERY


def test_before_that_nobody_is_told_and_the_timer_stays_where_it_is() -> None:
    library = Library(AGO + INSTANT)
    assert told(library, policy({"stale": ("support", OLD)})) == {}
    assert decide(library, ReviewFellDue(), NOW, policy({})).state == library
    assert due(library) == NOW + INSTANT


def test_where_nothing_is_stale_nobody_hears_of_it() -> None:
    configured = policy({"fresh": ("support", NEW)})
    assert told(Library(AGO), configured) == {}
    assert decide(Library(AGO), ReviewFellDue(), NOW, configured).state == Library(NOW)


def test_each_lead_hears_once_of_all_their_teams_and_of_nobody_elses() -> None:
    owners = {"b": ("second", OLD), "a": ("support", "2025-07-01"), "n": ("support", None), "c": ("engineering", OLD)}
    assert told(Library(AGO), policy(owners)) == {"amina": ("n", "b", "a"), "noor": ("c",)}


def test_what_nobody_leads_or_owns_reaches_nobody() -> None:
    assert told(Library(AGO), policy({"a": ("platform", OLD), "b": (None, OLD), "c": ("gone", OLD)})) == {}


def test_a_bot_that_was_down_for_long_tells_once() -> None:
    library = decide(Library(AGO - 3 * REMIND_EVERY), ReviewFellDue(), NOW, policy({})).state
    assert library == Library(NOW)
    assert due(Library(AGO - 3 * REMIND_EVERY)) == NOW + REMIND_EVERY


@pytest.mark.parametrize(
    ("reviewed", "stale"), [(None, True), ("2026-01-31", False), ("2026-01-30", True), ("2026-04-01", False)]
)
def test_stale_is_what_was_reviewed_longer_ago_than_allowed_or_never(reviewed: str | None, stale: bool) -> None:
    configured = policy({"book": ("support", reviewed)}, runbooks_reviewed_within=timedelta(days=30))
    assert is_stale(configured.runbooks["book"], date(2026, 3, 2), configured) is stale


def test_the_reminders_of_different_people_do_not_wait_for_each_other() -> None:
    assert lane_of(RemindOfReview(person="amina", runbooks=("a",))).subject == "library:amina"
