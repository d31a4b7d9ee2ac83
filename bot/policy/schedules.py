"""Who is on call when, as people write it: schedules, their layers, and the rotations or feeds of these.

Wall-clock times are naive and belong to the zone of their layer; what is written with an offset is moved there.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.policy import durations, forms, windows
from bot.policy.fields import Channel, Length, Moment, Zone, wrong
from bot.policy.frozen import Frozen
from bot.policy.nearest import hint

_STAY = ("person", "from", "until")


class Unit(StrEnum):
    """How a rotation counts: hours, days and weeks on the wall clock; months by the calendar."""

    HOURS = "h"
    DAYS = "d"
    WEEKS = "w"
    MONTHS = "mo"


class Every(Frozen):
    count: int = Field(ge=1)
    unit: Unit

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, str | int):
            return value
        count, unit = durations.every(str(value))
        return {"count": count, "unit": unit}


class Window(Frozen):
    """Weekly hours: `weekdays` (Monday is 0) from `start` to `end`, wall clock.

    An `end` not after `start` lies on the next day; `24:00` is `end == 00:00` on the next day.
    """

    weekdays: Annotated[frozenset[int], PlainSerializer(sorted)]
    start: time
    end: time

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, str | int):
            return value
        weekdays, start, end = windows.window(str(value))
        return {"weekdays": weekdays, "start": start, "end": end}


class Stay(Frozen):
    """A person in a rotation, as written where a name could stand: `{person: brian, from: …, until: …}`."""

    person: str
    joins: Moment | None = Field(default=None, alias="from")
    leaves: Moment | None = Field(default=None, alias="until")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        for key in value:
            if key not in _STAY:
                raise wrong((key,), f"unknown key{hint(str(key), _STAY)}", value[key])
        return value


def _turn(value: Any) -> Any:
    return (value,) if isinstance(value, str | Mapping) else value


def _name(value: Any) -> Any:
    return Stay.model_validate(value).person if isinstance(value, Mapping) else value


def _once(people: tuple[str, ...]) -> tuple[str, ...]:
    for person in people:
        if people.count(person) > 1:
            raise ValueError(f'"{person}" stands twice in one turn; once is enough')
    return people


Turn = Annotated[
    tuple[Annotated[str, BeforeValidator(_name)], ...],
    BeforeValidator(_turn),
    AfterValidator(_once),
    Field(min_length=1),
]


class Rotation(Frozen):
    """Turn n begins at `starts + n * every`; a person takes part in the turns that begin in [joins, leaves).

    Who does not is left out; a turn of which all are out goes to the next in order.
    """

    every: Every
    starts: Moment | None = None  # none: where the one before ends, with the person whose turn is next
    until: Moment | None = None
    people: tuple[Turn, ...] = Field(min_length=1)  # a turn each; all of a turn are on call together
    joins: Mapping[str, Moment] = {}
    leaves: Mapping[str, Moment] = {}

    @model_validator(mode="before")
    @classmethod
    def _stays(cls, value: Any) -> Any:
        """Takes out of `people` when they join and leave; what is written wrong there is said of `people`."""
        if not isinstance(value, Mapping):
            return value
        known: dict[str, Stay] = {}
        for loc, stay in _stays(value.get("people")):
            if known.setdefault(stay.person, stay) != stay:
                raise wrong(loc, f'"{stay.person}" joins and leaves once in a rotation; write the same dates', stay)
        joins = {name: stay.joins for name, stay in known.items() if stay.joins}
        leaves = {name: stay.leaves for name, stay in known.items() if stay.leaves}
        return {**value, **({"joins": joins} if joins else {}), **({"leaves": leaves} if leaves else {})}

    def in_zone(self, zone: ZoneInfo) -> "Rotation":
        """With every time on the wall clock of a zone."""
        times = {key: _on_the_wall_clock(at, zone) for key in ("starts", "until") if (at := getattr(self, key))}
        joins, leaves = (
            {name: _on_the_wall_clock(at, zone) for name, at in stays.items()} for stays in (self.joins, self.leaves)
        )
        return self.model_copy(update={**times, "joins": joins, "leaves": leaves})

    def place_of(self, person: str) -> tuple[str | int, ...]:
        return next(("people", n, turn.index(person)) for n, turn in enumerate(self.people) if person in turn)

    def __hash__(self) -> int:  # the maps have none, and these tell rotations apart
        return hash((self.starts, self.until, self.people))


def _stays(people: Any) -> Iterator[tuple[tuple[str | int, ...], Stay]]:
    for index, turn in enumerate(people if isinstance(people, list) else ()):
        for place, entry in enumerate(turn if isinstance(turn, list) else [turn]):
            if isinstance(entry, Mapping):
                try:
                    stay = Stay.model_validate(entry)
                except ValidationError:
                    continue
                yield ("people", index, place), stay


def _on_the_wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    return at if at.tzinfo is None else at.astimezone(zone).replace(tzinfo=None)


class FeedShift(Frozen):
    start: AwareDatetime
    end: AwareDatetime
    people: tuple[str, ...] = Field(min_length=1)


class Feed(Frozen):
    """Shifts that another calendar decides: a file beside the configuration, or an https address."""

    ical: Annotated[str, AfterValidator(forms.ical)]
    shifts: tuple[FeedShift, ...] = ()  # of the last good copy; where they overlap, all have the pager

    def __hash__(self) -> int:  # there may be thousands of shifts
        return hash((self.ical, len(self.shifts), self.shifts[-1:]))


class Layer(Frozen):
    """Turns of a rotation, or shifts of a feed, within weekly hours.

    In the YAML `rotation` may be a list: the first, `then` those that follow it.
    """

    name: str
    time_zone: Zone
    on_call: tuple[Window, ...] = ()  # empty: always
    rotation: Rotation | None = None
    then: tuple[Rotation, ...] = ()
    feed: Feed | None = None

    def __hash__(self) -> int:  # cheap, for it is asked for at every question
        return hash((self.name, self.time_zone, self.rotation, self.feed))

    @model_validator(mode="before")
    @classmethod
    def _one_after_another(cls, value: Any) -> Any:
        rotations = value.get("rotation") if isinstance(value, Mapping) else None
        if not isinstance(rotations, list):
            return value
        if not rotations:
            raise wrong(("rotation",), "this list is empty; it needs at least one entry", rotations)
        return {**value, "rotation": rotations[0], "then": rotations[1:]}

    @field_validator("rotation", "then")
    @classmethod
    def _on_the_wall_clock(cls, value: Any, info: ValidationInfo) -> Any:
        zone = info.data.get("time_zone")
        if not value or zone is None:
            return value
        if isinstance(value, Rotation):
            return value.in_zone(ZoneInfo(zone))
        return tuple(rotation.in_zone(ZoneInfo(zone)) for rotation in value)

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if self.rotation is None and self.feed is None:
            raise ValueError('"rotation" is missing; or "feed", if the shifts come from another calendar')
        if self.rotation is not None and self.feed is not None:
            raise ValueError('this layer has both "rotation" and "feed"; make two layers of them')
        _check_order(self)
        ended = None
        for loc, rotation in _placed(self):
            begins = rotation.starts or ended
            assert begins is not None
            _check_stays(loc, rotation)
            _check_held(loc, rotation, begins)
            ended = rotation.until
        return self


def _placed(layer: Layer) -> list[tuple[tuple[str | int, ...], Rotation]]:
    first: list[tuple[tuple[str | int, ...], Rotation]] = [(("rotation",), layer.rotation)] if layer.rotation else []
    return first + [(("then", index), rotation) for index, rotation in enumerate(layer.then)]


def _check_order(layer: Layer) -> None:
    placed = _placed(layer)
    for (loc, before), (_, after) in pairwise(placed):
        if before.until is None:
            raise wrong(loc, '"until" is missing: another rotation follows, so say when this one ends', before)
        if after.starts is None:
            continue
        if after.starts < before.until:
            sentence = f"{_told(after.starts)} is before the rotation above ends ({_told(before.until)})"
            raise wrong((*_after(loc), "starts"), f"{sentence}; leave it out to begin then", after.starts)
    begins = None
    for loc, rotation in placed:
        begins = rotation.starts or begins
        if begins is None:
            raise wrong(loc, '"starts" is missing', rotation)
        if rotation.until is not None and rotation.until <= begins:
            sentence = f"{_told(rotation.until)} is not after the rotation begins ({_told(begins)})"
            raise wrong((*loc, "until"), sentence, rotation.until)
        begins = rotation.until


def _after(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return ("then", 0 if loc == ("rotation",) else int(loc[1]) + 1)


def _check_stays(loc: tuple[str | int, ...], rotation: Rotation) -> None:
    for person, leaves in rotation.leaves.items():
        joins = rotation.joins.get(person)
        if joins is not None and leaves <= joins:
            sentence = f'"{person}" leaves ({_told(leaves)}) before they have joined ({_told(joins)})'
            raise wrong((*loc, *rotation.place_of(person), "until"), sentence, leaves)


def _check_held(loc: tuple[str | int, ...], rotation: Rotation, begins: datetime) -> None:
    """Somebody must take part at any time from the start to the end."""
    people = {person for turn in rotation.people for person in turn}
    stays = [(rotation.joins.get(person, begins), rotation.leaves.get(person)) for person in people]
    held: datetime | None = begins
    for joins, leaves in sorted(stays, key=lambda stay: stay[0]):
        if held is None or joins > held:
            break
        held = None if leaves is None else max(held, leaves)
    if held is not None and (rotation.until is None or held < rotation.until):
        again = min((joins for joins, _ in stays if joins > held), default=rotation.until)
        span = f"from {_told(held)}" + (f" to {_told(again)}" if again else " on")
        raise wrong((*loc, "people"), f"nobody takes part {span}; let somebody join earlier or leave later", held)


def _told(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


class HandoffPlan(Frozen):
    channel: Channel
    lead_time: Length = timedelta(minutes=30)


class Schedule(Frozen):
    name: str = ""
    layers: tuple[Layer, ...] = Field(min_length=1)
    handoff: HandoffPlan | None = None
    user_group: Annotated[str, AfterValidator(forms.user_group)] | None = None  # in Slack; has who is on call
    remind: Length = timedelta(hours=12)  # before each shift


def with_feed(schedule: Schedule, layer: str, shifts: tuple[FeedShift, ...]) -> Schedule:
    """With these shifts in a layer that has a feed; the same object if they are in it already, for that is fast."""
    layers = tuple(
        each.model_copy(update={"feed": each.feed.model_copy(update={"shifts": shifts})})
        if each.name == layer and each.feed is not None and each.feed.shifts != shifts
        else each
        for each in schedule.layers
    )
    changed = any(new is not old for new, old in zip(layers, schedule.layers, strict=True))
    return schedule.model_copy(update={"layers": layers}) if changed else schedule


class Override(Frozen):
    """Somebody stands in for a span: above all layers, or in the place of one person wherever they are on call.

    Of overrides that contradict each other the later one, with the higher id, counts.
    """

    id: int
    schedule: str
    person: str
    start: AwareDatetime
    end: AwareDatetime
    instead_of: str | None = None

    def __hash__(self) -> int:
        return hash((self.id, self.schedule))

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.start >= self.end:
            raise ValueError("an override ends after it starts")
        return self
