"""The queue in which outward effects stand: what each gives, what it needs, and what may go side by side."""

from dataclasses import dataclass, fields, replace
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Lane:
    """Where an outward effect stands in the queue; `{field}` is filled from the effect.

    * `subject`: the aggregate it belongs to; order is kept within one subject only;
    * `gives`: what exists once it is done; `needs`: what must exist first. An older undelivered
      effect of the same subject that gives what a younger one needs holds it back; nothing else does;
    * `coalesce`: messages about *state* are drawn from the state when they are sent, so one that
      waits is enough. None: every one counts;
    * `urgent`: rides ahead of everything;
    * `together`: effects of one class that wait for the same at the same moment are carried out as one, and
      one after the other otherwise. None: each for itself.
    """

    subject: str
    gives: str | None = None
    needs: tuple[str, ...] = ()
    coalesce: str | None = None
    urgent: bool = False
    together: str | None = None


@dataclass(frozen=True, slots=True)
class Outward:
    """An effect on the world outside, which becomes a row of the outbox; its class has a lane."""

    lane: ClassVar[Lane]


def lane_of(effect: Outward) -> Lane:
    """The lane of this very effect: its class's, with the names filled in."""
    lane = effect.lane
    facts = {field.name: getattr(effect, field.name) for field in fields(effect)}
    return replace(
        lane,
        subject=lane.subject.format(**facts),
        gives=lane.gives and lane.gives.format(**facts),
        needs=tuple(need.format(**facts) for need in lane.needs),
        coalesce=lane.coalesce and lane.coalesce.format(**facts),
        together=(lane.together and lane.together.format(**facts)) or None,
    )


INCIDENT = "incident:{number}"
SCHEDULE = "schedule:{schedule}"
STAND_IN = "stand-in:{id}"
CHANNEL = "channel"
CARD = "card"
TALK = "talk"  # messages in the channel come in their order
ANNOUNCEMENT = "announcement"
BOOKMARK = "bookmark"
