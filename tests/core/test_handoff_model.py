"""Random shifts, stand-ins, incidents and crashes: each open incident has one owner, and stands in one handoff."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.core import decide as incidents
from bot.core import events as happened
from bot.core import shiftwatch
from bot.core.decision import Decision
from bot.core.effects import CancelTimer, SetTimer, Tell
from bot.core.events import LeadHandedOver
from bot.core.handoff import Around, Handoff, ItemState, ShiftWatch
from bot.core.incident import Incident, Role
from bot.core.oncall_effects import PostHandoff
from bot.core.oncall_events import (
    HandoffStarted,
    HandoffTaken,
    ItemAccepted,
    ItemDeclined,
    ItemQuestioned,
    ShiftEvent,
    ShiftFellDue,
)
from bot.policy.model import Override, Policy
from tests.core.given import NOON, WRITTEN, policy

PEOPLE = ("amina", "luis", "sita", "noor")
REGIONS = {
    "l1": {
        "layers": [
            {
                "name": zone,
                "time_zone": zone,
                "on_call": ["Mon-Sun 08:00-16:00"],
                "rotation": {"every": "1d", "starts": "2026-01-05T08:00", "people": people},
            }
            for zone, people in (
                ("Africa/Nairobi", ["amina"]),
                ("America/Bogota", ["luis", "sita"]),
                ("Asia/Kathmandu", ["sita"]),
            )
        ],
        "handoff": {"channel": "#handoffs"},
    }
}
POLICY = policy(schedules={**WRITTEN["schedules"], **REGIONS})
BEGIN = ShiftFellDue(schedule="l1")


class Life:
    """Many incidents of one schedule. A crash loses the timers that are due for a while; then all ring late."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.now = NOON
        self.policy: Policy = POLICY
        self.incidents: dict[int, Incident] = {}
        self.watch: ShiftWatch | None = None
        self.handoffs: dict[str, Handoff] = {}
        self.timers: dict[str, SetTimer] = {}
        self.posted: list[str] = []
        self.leads_moved: list[tuple[int, str | None, str | None, Any]] = []
        self._happens(BEGIN)

    def lives(self, steps: int) -> None:
        for _ in range(steps):
            self._passes(timedelta(minutes=self.chance.choice([1, 7, 40, 200, 500])))
            self._something()
            self.keeps_the_laws()

    def _passes(self, span: timedelta) -> None:
        then = self.now + span
        if self.chance.random() < 0.15:
            self.now = then  # a power cut
        while due := [timer for timer in self.timers.values() if timer.due <= then]:
            timer = min(due, key=lambda each: (each.due, each.key))
            self.now = max(self.now, timer.due)
            del self.timers[timer.key]
            self._happens(timer.event)
            self.keeps_the_laws()
        self.now = then

    def _something(self) -> None:
        by, number = self.chance.choice(PEOPLE), self.chance.randint(1, max(len(self.incidents), 1))
        latest = self.watch.handoff.id if self.watch and self.watch.handoff else "none"
        about = {"schedule": "l1", "by": by, "handoff": latest}
        kinds: list[Any] = [
            lambda: self._happens(self._declared(by)),
            lambda: self._happens(happened.IncidentAcknowledged(number=number, by=by)),
            lambda: self._happens(happened.IncidentResolved(number=number, by=by)),
            lambda: self._happens(happened.RoleTaken(number=number, by=by, role=Role.LEAD, person=by)),
            lambda: self._happens(HandoffTaken(**about)),
            lambda: self._happens(ItemAccepted(**about, number=number)),
            lambda: self._happens(ItemQuestioned(**about, number=number, text="Why?")),
            lambda: self._happens(ItemDeclined(**about, number=number, reason="I am alone")),
            lambda: self._happens(HandoffStarted(schedule="l1", by=by)),
            lambda: self._happens(BEGIN),  # a restart
            self._stand_in,
        ]
        self.chance.choice(kinds)()

    def _declared(self, by: str) -> happened.IncidentDeclared:
        severity = self.chance.choice(["sev1", "sev4"])
        number = len(self.incidents) + 1
        return happened.IncidentDeclared(
            number=number, by=by, title="Stale", severity=severity, service="churn-scoring"
        )

    def _stand_in(self) -> None:
        start = self.now - timedelta(minutes=self.chance.randrange(40))
        end = self.now + timedelta(minutes=self.chance.randrange(1, 600))
        person = self.chance.choice(PEOPLE)
        new = Override(id=len(self.policy.overrides) + 1, schedule="l1", person=person, start=start, end=end)
        self.policy = self.policy.model_copy(update={"overrides": (*self.policy.overrides, new)})
        self._happens(BEGIN)

    def _happens(self, event: Any) -> None:
        waiting = [event]
        while waiting:
            event = waiting.pop(0)
            decision = self._decide(event)
            for effect in decision.effects:
                match effect:
                    case SetTimer(key=key):
                        self.timers[key] = effect
                    case CancelTimer(key=key):
                        self.timers.pop(key, None)
                    case Tell(event=told):
                        waiting.append(told)
                    case PostHandoff(handoff=handoff):
                        self.posted.append(handoff)

    def _decide(self, event: Any) -> Decision[Any]:
        if isinstance(event, ShiftEvent):
            around = Around(tuple(each for each in self.incidents.values() if each.is_open))
            decision: Decision[Any] = shiftwatch.decide(self.watch, event, self.now, self.policy, around)
            self.watch = decision.state
            for kept in (self.watch.previous, self.watch.handoff) if self.watch else ():
                if kept is not None:
                    self.handoffs[kept.id] = kept
            return decision
        before = self.incidents.get(event.number)
        decision = incidents.decide(before, event, self.now, self.policy)
        if decision.state is not None:
            self.incidents[event.number] = decision.state
            if before is not None and before.lead != decision.state.lead:
                self.leads_moved.append((event.number, before.lead, decision.state.lead, event))
        return decision

    # The laws

    def keeps_the_laws(self) -> None:
        assert len(self.posted) == len(set(self.posted)), "a handoff was posted twice"
        self._each_stands_in_one_handoff()
        self._each_has_an_owner()
        for number, old, new, event in self.leads_moved:
            if isinstance(event, LeadHandedOver):
                assert old is None or old in event.owners, f"INC-{number}: {old} had it, and did not hand it over"
                assert new == event.by
        self.leads_moved.clear()

    def _each_stands_in_one_handoff(self) -> None:
        open_ = {number for number, each in self.incidents.items() if each.is_open}
        for number in open_:
            waits = [each.id for each in self.handoffs.values() if any(item.number == number for item in each.waits)]
            assert len(waits) <= 1, f"INC-{number} waits in {waits}"
        latest = self.watch.handoff if self.watch else None
        if latest is None:
            return
        there = [item.number for item in latest.items]
        assert len(there) == len(set(there)), "an incident stands twice in one handoff"
        at = latest.posted_at or latest.at
        lacking = {number for number in open_ if self._stood_open(number, at)} - set(there)
        assert not lacking, f"{lacking} stand in no handoff"

    def _stood_open(self, number: int, at: datetime) -> bool:
        each = self.incidents[number]
        reopened_later = each.resolved_at is not None
        return each.declared_at < at and not reopened_later

    def _each_has_an_owner(self) -> None:
        """Its lead; or those of the handoff in which it waits; or else whoever has the shift, or had it last."""
        assert self.watch is not None
        latest = self.watch.handoff
        for each in self.incidents.values():
            item = latest.item(each.number) if latest else None
            waits = item is not None and not item.is_taken
            shift = (item.owners if waits and item else self.watch.people) or (latest.outgoing if latest else ())
            owners = (each.lead,) if each.lead else shift
            if each.is_open and self.posted:
                assert owners, f"INC-{each.number} has no owner"
            if item is not None and item.state is ItemState.ACCEPTED and item.answered_by:
                assert each.lead is not None or not each.is_open, f"INC-{each.number} was accepted and nobody leads it"


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_the_work_has_one_owner_and_stands_in_one_handoff(seed: int) -> None:
    life = Life(seed)
    life.lives(60)
    assert life.posted


def test_lives_are_not_idle() -> None:
    """Laws that hold because nothing happens would prove nothing."""
    lives = [Life(seed) for seed in range(12)]
    for life in lives:
        life.lives(60)
    items = [item for life in lives for each in life.handoffs.values() for item in each.items]
    assert {item.state for item in items} >= {ItemState.ACCEPTED, ItemState.CARRIED, ItemState.WAITING}
    assert any(replace(item, owners=()) != item and len(item.owners) > 1 for item in items)
