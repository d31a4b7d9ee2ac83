"""Knows whether anything is under way, and lets others wait until nothing is."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Quiet:
    """Counts what is under way: deliveries to the app and its calls to the Web API."""

    def __init__(self) -> None:
        self._busy = 0
        self._begun = 0
        self._changed = threading.Condition()

    @contextmanager
    def busy(self) -> Iterator[None]:
        with self._changed:
            self._busy += 1
            self._begun += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def wait(self, timeout: float, quiet_for: float) -> None:
        """Until nothing has been under way for `quiet_for` seconds; TimeoutError after `timeout`."""
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                if not self._changed.wait_for(lambda: self._busy == 0, timeout=end - time.monotonic()):
                    raise TimeoutError(f"After {timeout} s {self._busy} deliveries or calls are still under way")
                begun = self._begun
                if not self._changed.wait_for(lambda: self._begun != begun, timeout=quiet_for):  # noqa: B023  # read at once
                    return
