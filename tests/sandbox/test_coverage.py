"""The table of what is covered is what is served."""

from __future__ import annotations

from bot.sandbox import coverage, events
from bot.sandbox.api import METHODS
from bot.sandbox.blocks import BLOCKS
from bot.sandbox.limits import SPECIAL


def test_every_method_that_is_served_stands_in_the_table_and_no_other() -> None:
    assert set(coverage.METHODS) == set(METHODS)


def test_every_entry_says_what_it_covers() -> None:
    assert [name for name, entry in (coverage.METHODS | coverage.BEYOND).items() if not entry.covered] == []


def test_every_method_has_a_known_rate_tier() -> None:
    assert {method.tier for method in METHODS.values()} <= {0, 1, 2, 3, 4}
    special = {name for name, method in METHODS.items() if method.tier == 0}
    assert special == {*SPECIAL, "chat.postMessage"}


def test_every_block_of_every_surface_can_be_checked() -> None:
    from slackblocks._surfaces import _BLOCK_TYPES_BY_SURFACE as surfaces

    assert set().union(*surfaces.values()) == set(BLOCKS)


def test_the_events_are_those_that_the_table_names() -> None:
    words = coverage.BEYOND["events"].covered
    for kind in ("app_mention", "app_home_opened", "subteam_updated"):
        assert kind in events.SCOPES
        assert kind in words
