"""What was typed after /handoff, taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.listeners.parse_handoff import Typed, Verb, typed
from tests.slack.build import POLICY


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", Typed(Verb.SHOW)),
        ("l1", Typed(Verb.SHOW, "l1")),
        ("Support  l1", Typed(Verb.SHOW, "l1")),
        ("“Support L1”", Typed(Verb.SHOW, "l1")),
        ("show L1", Typed(Verb.SHOW, "l1")),
        ("start", Typed(Verb.START)),
        ("START l1", Typed(Verb.START, "l1")),
        ("l1 start", Typed(Verb.START, "l1")),
        ("complete support l1", Typed(Verb.COMPLETE, "l1")),
        ("history", Typed(Verb.HISTORY)),
        ("?", Typed(Verb.HELP)),
        ("note the backfill runs", Typed(Verb.NOTE, None, "the backfill runs")),
        ("note: l1 is calm\nso far", Typed(Verb.NOTE, None, "l1 is calm\nso far")),
        ("l1 note start is slow", Typed(Verb.NOTE, "l1", "start is slow")),
        ("note", Typed(Verb.NOTE)),
        ("suport l1", Typed(Verb.SHOW, odd="suport l1", nearest="Support L1")),
        ("strat", Typed(Verb.SHOW, odd="strat", nearest="start")),
        ("start l7", Typed(Verb.START, odd="l7")),
        ("l1 something", Typed(Verb.SHOW, "l1", odd="something")),
    ],
)
def test_a_verb_a_schedule_and_words_are_told_apart(text: str, read: Typed) -> None:
    assert typed(text, POLICY) == read


@given(st.text(max_size=40))
def test_any_text_is_read_as_something(text: str) -> None:
    read = typed(text, POLICY)
    assert read.odd or read.verb is not Verb.SHOW or read.schedule or not text.strip()
