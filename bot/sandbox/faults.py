"""Misbehaviour on request: latency, 429, 500, time-outs, lost replies, dropped connections, duplicate deliveries."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["429", "500", "timeout", "lost_reply", "drop"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass
class Fault:
    """One kind of trouble for the next `times` calls of a method; `*` means any."""

    method: str
    kind: Kind
    times: int
    retry_after: int


class Faults:
    """Thread-safe switches that the server looks at on each call and each delivery.

    429         refused, with Retry-After
    500         an internal error, and nothing was done
    timeout     never answered, and nothing was done
    lost_reply  done, but the connection is closed before the answer
    drop        the connection is closed before the deed
    """

    def __init__(self) -> None:
        self.latency = 0.0
        self.rate_limits = False
        self._latency_of: dict[str, float] = {}
        self._faults: list[Fault] = []
        self._duplicates = 0
        self._lock = threading.Lock()

    def slow(self, method: str, seconds: float) -> None:
        """Latency of one method, instead of the general one."""
        with self._lock:
            self._latency_of[method] = seconds

    def latency_for(self, method: str) -> float:
        return self._latency_of.get(method, self.latency)

    def add(self, method: str = "*", kind: Kind = "500", times: int = 1, retry_after: int = 1) -> None:
        if kind not in KINDS:
            raise ValueError(f"No fault is called {kind!r}; choose one of {', '.join(KINDS)}")
        with self._lock:
            self._faults.append(Fault(method, kind, times, retry_after))

    def deliver_twice(self, times: int = 1) -> None:
        """Send each of the next deliveries to the app twice."""
        with self._lock:
            self._duplicates += times

    def clear(self) -> None:
        with self._lock:
            self.latency = 0.0
            self._latency_of.clear()
            self._faults.clear()
            self._duplicates = 0

    def waiting(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def take(self, method: str) -> Fault | None:
        """The fault that this call must suffer; counted down."""
        with self._lock:
            for fault in self._faults:
                if fault.method in ("*", method):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                    return fault
        return None

    def take_duplicate(self) -> bool:
        with self._lock:
            if self._duplicates:
                self._duplicates -= 1
                return True
        return False
