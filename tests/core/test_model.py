"""Whatever happens to an incident, in whatever order, the laws of paging hold: ten thousand lives of it."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.effects import Entry, Record
from bot.core.incident import EscalationState, PageState
from tests.core.laws import Step
from tests.core.lives import MOVES, Happening, Life, live

PARTS, LIVES = 10, 1000
SOME = st.integers(0, 1000)
HAPPENINGS = st.tuples(st.integers(0, len(MOVES) - 1), SOME, SOME)


def drawn(seed: int) -> tuple[list[Happening], Happening]:
    draw = Random(seed)

    def one() -> Happening:
        return draw.randrange(len(MOVES)), draw.randrange(1000), draw.randrange(1000)

    return [one() for _ in range(draw.randrange(6, 19))], one()


def shortened(history: list[Happening], start: Happening) -> list[Happening]:
    """Without the happenings that a broken law does not need."""
    for place in reversed(range(len(history))):
        shorter = history[:place] + history[place + 1 :]
        try:
            live(shorter, start)
        except AssertionError:
            history = shorter
    return history


@pytest.mark.parametrize("part", range(PARTS))
def test_the_laws_hold_in_ten_thousand_lives(part: int) -> None:
    for seed in range(part * LIVES, (part + 1) * LIVES):
        history, start = drawn(seed)
        try:
            live(history, start)
        except AssertionError as broken:
            tried = [MOVES[move].__name__ for move, _, _ in shortened(history, start)]
            raise AssertionError(f"life {seed}: {broken}; {', '.join(tried)}") from broken


@settings(max_examples=150, deadline=None)
@given(history=st.lists(HAPPENINGS, max_size=40), start=st.tuples(SOME, SOME, SOME))
def test_the_laws_hold_in_long_lives(history: list[Happening], start: Happening) -> None:
    live(history, start)


def test_the_lives_come_to_every_end() -> None:
    """Laws that hold because nothing happens would prove nothing."""
    lives = [live(*drawn(seed)) for seed in range(400)]
    assert {step.after.escalation.state for step in steps(lives) if step.after.escalation} == set(EscalationState)
    assert {page.state for life in lives for page in life.here.pages} == set(PageState)
    events = {type(step.event) for step in steps(lives) if step.decision.refusal is None}
    assert {event.__name__ for event in events} >= {
        *("HoldEnded", "SilenceFellDue", "GroupLookedUp", "ContactTried", "ContactFellDue", "PageFellLate"),
        *("AnswerFellDue", "RespondersPaged", "LeadHandedOver", "IncidentReopened", "DeliveryGivenUp"),
    }
    records = {effect.what for step in steps(lives) for effect in step.decision.effects if isinstance(effect, Record)}
    assert records >= {Entry.STEP_SKIPPED, Entry.CONTACT_FAILED, Entry.RESPONDER_JOINED, Entry.RESPONDER_UNANSWERED}


def steps(lives: list[Life]) -> Iterator[Step]:
    return (step for life in lives for step in life.steps)
