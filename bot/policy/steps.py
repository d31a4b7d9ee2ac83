"""The road through a runbook's steps: every step can be reached, every answer leads somewhere, every road ends.

After a step the next one in the list follows; after a question, the step that the answer names, or `end`.
Works on the plain data, so that a fault in one line of a step hides none in the others.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.policy.nearest import hint
from bot.policy.tree import Loc

END = "end"


@dataclass(frozen=True)
class _Stop:
    """One step: its place in the list, its id, and its answers if it is a question."""

    index: int
    id: str
    answers: Mapping[str, str]
    asks: bool


def objections(steps: Any) -> Iterator[tuple[Loc, str]]:
    """What is wrong with the order of `steps`, the list as it was written, as (where in it, sentence)."""
    if not isinstance(steps, list):
        return
    stops = [_stop(index, step) for index, step in enumerate(steps)]
    known = [stop for stop in stops if stop is not None]
    first: dict[str, int] = {}
    for stop in known:
        if stop.id == END:
            yield (stop.index, "id"), '"end" ends the runbook and cannot be the id of a step'
        if first.setdefault(stop.id, stop.index) != stop.index:
            yield (stop.index, "id"), f'two steps have the id "{stop.id}"; give each its own'
    nowhere = list(_nowhere(known, list(first)))
    yield from nowhere
    if len(known) == len(stops) == len(first) and not nowhere:
        yield from _dead_ends(known, first)


def _stop(index: int, step: Any) -> _Stop | None:
    if not isinstance(step, Mapping) or not isinstance(step.get("id"), str):
        return None
    answers = step.get("answers")
    leads = {str(answer): str(lead) for answer, lead in answers.items()} if isinstance(answers, Mapping) else {}
    return _Stop(index, step["id"], leads, "ask" in step)


def _nowhere(stops: list[_Stop], ids: list[str]) -> Iterator[tuple[Loc, str]]:
    for stop in stops:
        for answer, lead in stop.answers.items():
            if lead != END and lead not in ids:
                yield (
                    (stop.index, "answers", answer),
                    f'the answer "{answer}" leads to "{lead}", which is no step{hint(lead, [*ids, END])}',
                )


def _dead_ends(stops: list[_Stop], index_of: Mapping[str, int]) -> Iterator[tuple[Loc, str]]:
    end = len(stops)
    leads = [_leads(stop, index_of, end) for stop in stops]
    reached = _closure({0}, lambda index: leads[index] if index < end else set())
    ending = _closure({end}, lambda index: {stop for stop, next_ones in enumerate(leads) if index in next_ones})
    for stop in stops:
        if stop.index not in reached:
            yield (stop.index,), f'no step leads to "{stop.id}"; let an answer name it, or move it'
    if circling := [stop for stop in stops if stop.index in reached - ending]:
        names = ", ".join(stop.id for stop in circling)
        yield (circling[0].index,), f'the steps go round for ever ({names}); let an answer lead to "end"'


def _leads(stop: _Stop, index_of: Mapping[str, int], end: int) -> set[int]:
    if stop.asks and stop.answers:
        return {end if lead == END else index_of[lead] for lead in stop.answers.values()}
    return {stop.index + 1}


def _closure(start: set[int], onward: Callable[[int], set[int]]) -> set[int]:
    found, todo = set(start), list(start)
    while todo:
        fresh = onward(todo.pop()) - found
        found |= fresh
        todo.extend(fresh)
    return found
