"""Taking turns: a lock that serves threads in the order in which they came."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, get_ident


class Turns:
    def __init__(self) -> None:
        self._guard = Lock()
        self._queue: deque[Event] = deque()
        self._holder: int | None = None

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Waits until all who came before have finished."""
        if self._holder == get_ident():
            raise RuntimeError("A write transaction was begun inside another one; it would wait for itself for ever.")
        turn = Event()
        with self._guard:
            self._queue.append(turn)
            if self._queue[0] is turn:
                turn.set()
        try:
            turn.wait()
            self._holder = get_ident()
            yield
        finally:
            with self._guard:
                if self._queue[0] is turn:
                    self._holder = None
                self._queue.remove(turn)
                if self._queue:
                    self._queue[0].set()
