"""How a process that serves is told to end: by Ctrl-C or by SIGTERM."""

import signal
import threading
from contextlib import suppress

NOTICED_WITHIN = 1.0  # seconds


def interrupt_when_told() -> None:
    """Both signals interrupt the main thread, wherever it is; a background shell hands SIGINT down ignored."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def until_told() -> None:
    """Waits until the process is interrupted.

    A signal that comes in the instant before a wait begins is noticed at the end of that wait only, so that none
    may be without an end: the process would not stop.
    """
    never = threading.Event()
    with suppress(KeyboardInterrupt):
        while True:
            never.wait(NOTICED_WITHIN)
