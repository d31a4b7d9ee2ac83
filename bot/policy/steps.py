"""The road through a runbook's steps: every step can be reached, every answer leads somewhere, every road ends.

After a step the next one in the list follows; after a question, the step that the answer names, or `end`; after a
check that looks wrong, the step that `wrong` names. Works on the plain data, so that a fault in one line of a step
hides none in the others.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.policy.nearest import hint
from bot.policy.tree import Loc

END = "end"


@dataclass(frozen=True)
class _Stop:
    """One step: its place in the list, its id, where it leads beside the next one, and whether that follows, too."""

    index: int
    id: str
    leads: Mapping[Loc, str]  # where it is written in the step, to the id
    goes_on: bool

    @property
    def onward(self) -> set[int]:
        return {self.index + 1} if self.goes_on else set()


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
    yield from _nowhere(known, list(first))
    roads = _roads(steps)
    if roads is not None:
        yield from _dead_ends(known, roads)


def unasked(steps: Any, name: str) -> frozenset[int]:
    """The places of the steps that some road reaches on which nobody has been asked for the input `name` before.

    Skipping a step is not a road. None of them while the roads themselves are wrong.
    """
    roads = _roads(steps)
    if roads is None:
        return frozenset()
    asks = {index for index, step in enumerate(steps) if "input" in step and step.get("name") == name}
    end = len(roads)
    reached = _closure({0}, lambda index: set() if index == end or index in asks else roads[index])
    return frozenset(reached - {end})


def _stop(index: int, step: Any) -> _Stop | None:
    if not isinstance(step, Mapping) or not isinstance(step.get("id"), str):
        return None
    answers = step.get("answers")
    leads: dict[Loc, str] = {}
    if isinstance(answers, Mapping):
        leads = {("answers", str(answer)): str(lead) for answer, lead in answers.items()}
    asks = "ask" in step and bool(leads)
    if isinstance(step.get("wrong"), str):
        leads["wrong",] = step["wrong"]
    return _Stop(index, step["id"], leads, goes_on=not asks)


def _nowhere(stops: list[_Stop], ids: list[str]) -> Iterator[tuple[Loc, str]]:
    for stop in stops:
        for where, lead in stop.leads.items():
            if lead != END and lead not in ids:
                what = f'the answer "{where[1]}"' if where[0] == "answers" else '"wrong"'
                yield (stop.index, *where), f'{what} leads to "{lead}", which is no step{hint(lead, [*ids, END])}'


def _roads(steps: Any) -> list[set[int]] | None:
    """Which steps follow each, by their places; the place after the last is the end. None if that is not clear."""
    stops = [_stop(index, step) for index, step in enumerate(steps)] if isinstance(steps, list) else []
    known = [stop for stop in stops if stop is not None]
    place = {stop.id: stop.index for stop in known}
    if not stops or len(place) < len(stops) or any(_nowhere(known, list(place))):
        return None
    place[END] = len(stops)
    return [{place[lead] for lead in stop.leads.values()} | stop.onward for stop in known]


def _dead_ends(stops: list[_Stop], roads: list[set[int]]) -> Iterator[tuple[Loc, str]]:
    end = len(roads)
    reached = _closure({0}, lambda index: roads[index] if index < end else set())
    ending = _closure({end}, lambda index: {stop for stop, next_ones in enumerate(roads) if index in next_ones})
    for stop in stops:
        if stop.index not in reached:
            yield (stop.index,), f'no step leads to "{stop.id}"; let an answer name it, or move it'
    if circling := [stop for stop in stops if stop.index in reached - ending]:
        names = ", ".join(stop.id for stop in circling)
        yield (circling[0].index,), f'the steps go round for ever ({names}); let an answer lead to "end"'


def _closure(start: set[int], onward: Callable[[int], set[int]]) -> set[int]:
    found, todo = set(start), list(start)
    while todo:
        fresh = onward(todo.pop()) - found
        found |= fresh
        todo.extend(fresh)
    return found
