"""A process that serves ends when it is told to, whenever that is."""

import os
import signal
import threading

from bot.stopping import told_by_signals, until
from tests.faults.lives import Lives

A_MOMENT = 0.2  # seconds, in which the main thread has begun to wait


def told_behind_its_back() -> None:
    """The signal reaches a thread that nobody looks at, and does not wake the one that waits."""

    def tell() -> None:
        threading.Event().wait(A_MOMENT)
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    told = told_by_signals()
    threading.Thread(target=tell, daemon=True).start()
    until(told)
    os.write(1, b"told")


def told_twice_at_once() -> None:
    """As by whoever passes a signal on to a process that has got it itself."""
    told = told_by_signals()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
    until(told)
    os.write(1, b"told")


def test_signals_that_come_at_once_are_one(lives: Lives) -> None:
    life = lives.of(told_twice_at_once, env=os.environ)

    assert life.ends() == 0
    assert life.log == "told"


def test_a_signal_that_does_not_wake_the_waiting_thread_is_noticed_all_the_same(lives: Lives) -> None:
    life = lives.of(told_behind_its_back, env=os.environ)

    assert life.ends() == 0
    assert life.log == "told"
