"""What is claimed and waits for a worker: the worst first, and together what may go out together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.lanes import lane_of
from bot.store.outbox import Parcel

MOST_TOGETHER = 12  # one message of Slack shows no more of them


@dataclass(frozen=True, slots=True)
class Waiter:
    parcel: Parcel
    together: tuple[str, str] | None
    leased: datetime

    @property
    def place(self) -> tuple[int, int]:
        """Most severe first; what has no severity is quickly done, and others may wait for what comes of it."""
        return getattr(self.parcel.effect, "rank", -1), self.parcel.id


class Waiting:
    """Not thread-safe: the deliverer holds its lock."""

    def __init__(self) -> None:
        self._waiting: dict[int, Waiter] = {}
        self._under_way: set[tuple[str, str]] = set()
        self._closed: dict[tuple[str, str], datetime] = {}  # the world has asked for a pause until then

    def __contains__(self, parcel: int) -> bool:
        return parcel in self._waiting

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, parcels: Iterable[Parcel], leased: datetime, alone: Collection[int]) -> None:
        """Those in `alone` go with no other: something about them goes wrong."""
        for parcel in parcels:
            lane = lane_of(parcel.effect)
            kind = type(parcel.effect).__name__
            together = (kind, lane.together) if lane.together and parcel.id not in alone else None
            self._waiting[parcel.id] = Waiter(parcel, together, leased)

    def take(self, now: datetime) -> list[Waiter]:
        """What goes out next; nothing if all that waits has to wait still."""
        shut = self._under_way | {together for together, until in self._closed.items() if until > now}
        ready = [each for each in self._waiting.values() if each.together not in shut]
        if not ready:
            return []
        first = min(ready, key=lambda each: each.place)
        taken = [first]
        if first.together is not None:
            self._closed.pop(first.together, None)
            self._under_way.add(first.together)
            same = (each for each in ready if each.together == first.together)
            taken = sorted(same, key=lambda each: each.place)[:MOST_TOGETHER]
        for each in taken:
            del self._waiting[each.parcel.id]
        return taken

    def done(self, taken: Iterable[Waiter]) -> None:
        self._under_way.difference_update(each.together for each in taken if each.together is not None)

    def close(self, taken: Iterable[Waiter], until: datetime) -> None:
        """What comes for the same in the meantime waits with them; their rows say when it is over."""
        self._closed.update((each.together, until) for each in taken if each.together is not None)
