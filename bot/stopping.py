"""How a process that serves is told to end: by Ctrl-C or by SIGTERM."""

import signal
import threading
from queue import SimpleQueue
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)  # by name, since a background shell hands SIGINT down ignored
NOTICED_WITHIN = 1.0  # seconds
AT_ONCE = 1.0  # seconds


def told_by_signals() -> threading.Event:
    """Is set by the first signal; one that comes later interrupts the main thread, wherever it is.

    The first must not: in the middle of a commit or of a lock an interruption does harm. Whoever passes signals on may
    send the same one twice at once.
    """
    told = threading.Event()
    heard: SimpleQueue[int] = SimpleQueue()

    later = threading.Event()

    def hear(number: int, frame: FrameType | None) -> None:
        if later.is_set():
            raise KeyboardInterrupt
        heard.put(number)  # the main thread may be waiting for `told`, and must not set it while it holds its lock

    def tell() -> None:
        heard.get()
        told.set()
        threading.Event().wait(AT_ONCE)
        later.set()

    threading.Thread(target=tell, name="signals", daemon=True).start()
    for each in SIGNALS:
        signal.signal(each, hear)
    return told


def until(told: threading.Event) -> None:
    """Waits for it in the main thread.

    A signal that comes in the instant before a wait begins is noticed at the end of that wait only, so that none
    may be without an end: the process would not stop.
    """
    while not told.wait(NOTICED_WITHIN):
        pass
