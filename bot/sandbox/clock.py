"""The clock of the workspace: real time with an offset, or a held instant that only moves when told to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Thread-safe. Without `held_at` time passes and can be pushed forward; with it, time stands until it is moved."""

    def __init__(self, held_at: datetime | None = None) -> None:
        if held_at is not None and held_at.tzinfo is None:
            raise ValueError("SandboxClock needs an aware datetime, for example datetime(2026, 1, 5, 8, tzinfo=UTC)")
        self._lock = threading.Lock()
        self._held_at = None if held_at is None else held_at.astimezone(UTC)
        self._offset = timedelta()
        self._callbacks: list[Callable[[], None]] = []
        self._ahead: list[tuple[timedelta, timedelta, float, Callable[[], None] | None]] = []
        self._runner: threading.Thread | None = None
        self._stopped = threading.Event()

    @property
    def held(self) -> bool:
        return self._held_at is not None

    def now(self) -> datetime:
        with self._lock:
            return datetime.now(UTC) + self._offset if self._held_at is None else self._held_at

    def advance(self, by: timedelta) -> None:
        """Jump at once, then tell those who subscribed, in the caller's thread."""
        if by < timedelta():
            raise ValueError("Time only goes forward: advance() needs a positive duration")
        with self._lock:
            if self._held_at is None:
                self._offset += by
            else:
                self._held_at += by
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def run_forward(
        self,
        by: timedelta,
        step: timedelta = timedelta(seconds=15),
        pause: float = 0.03,
        settle: Callable[[], None] | None = None,
    ) -> None:
        """Go forward in many small jumps, in the background; further calls queue behind this one.

        `settle` is called after each pause, to wait for what the jump has set off.
        """
        if by < timedelta() or step <= timedelta():
            raise ValueError("Time only goes forward: run_forward() needs a positive duration and step")
        with self._lock:
            self._ahead.append((by, step, pause, settle))
            if self._runner is None:
                self._runner = threading.Thread(target=self._run, name="sandbox-clock", daemon=True)
                self._runner.start()

    def subscribe(self, callback: Callable[[], None]) -> None:
        with self._lock:
            self._callbacks.append(callback)

    def unsubscribe(self, callback: Callable[[], None]) -> None:
        with self._lock:
            self._callbacks.remove(callback)

    def stop(self) -> None:
        """End a run that is under way; the clock itself goes on."""
        with self._lock:
            runner = self._runner
            self._ahead.clear()
        self._stopped.set()
        if runner is not None and runner is not threading.current_thread():
            runner.join()
        self._stopped.clear()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._ahead:
                    self._runner = None
                    return
                left, step, pause, settle = self._ahead.pop(0)
            while left > timedelta() and not self._stopped.is_set():
                jump = min(step, left)
                self.advance(jump)
                left -= jump
                self._stopped.wait(pause)
                if settle is not None and not self._stopped.is_set():
                    settle()
