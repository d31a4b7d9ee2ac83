"""Trigger ids: each opens one modal, once, within three seconds of real time."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass

from bot.sandbox.refusals import Refused

KEPT = 10_000


@dataclass
class Trigger:
    user: str
    view_id: str
    issued: float
    used: bool = False


class Triggers:
    def __init__(self, life: float) -> None:
        self._life = life
        self._issued: OrderedDict[str, Trigger] = OrderedDict()

    def issue(self, user: str, view_id: str = "") -> str:
        """A new trigger for something that this person did, in this view if in one."""
        trigger_id = f"{len(self._issued) + 1:06d}.0000001.{secrets.token_hex(8)}"
        self._issued[trigger_id] = Trigger(user, view_id, time.monotonic())
        if len(self._issued) > KEPT:
            self._issued.popitem(last=False)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > self._life:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger
