"""Carries out the actions of runbooks that reach other systems: each once, and never a second time by itself.

That it begins is committed before it begins. Whoever finds it begun does not know how far it came, and says so.
"""

import logging
import threading
import traceback
from collections.abc import Mapping
from datetime import timedelta

from pydantic import ValidationError

from bot.core.effects import RunAction
from bot.core.incident import ActionRun, ActionState
from bot.core.requests import HttpRequest, load
from bot.core.runbook_events import ActionBegan, ActionEnded
from bot.engine.deliver import Answer, GiveUp, Sent, TryAgain
from bot.engine.engine import Engine
from bot.integrations.actions_command import run
from bot.integrations.actions_http import ask
from bot.integrations.actions_result import Result, Stopped
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)

MOST_AT_ONCE = 8  # of the workers, so that Slack's messages always find a free one
PAUSE = timedelta(seconds=2)
CUT_OFF = (
    "Baton was stopped in the middle of it, so nobody knows whether it was done. Look, and run it again if it was not."
)


STALE = timedelta(minutes=10)  # nobody reckons any more with what was asked for so long ago
TOO_LATE = "It was not begun: it waited for {} minutes, and much may have changed meanwhile. Ask again if it is wanted."
PLAYED = "Only played, since this is the demo: nothing was sent or run."


class Actions:
    """`environ` holds what headers and commands are given; without it they are only played, as in the demo."""

    def __init__(self, engine: Engine, environ: Mapping[str, str] | None) -> None:
        self._engine = engine
        self._environ = environ
        self._free = threading.Semaphore(MOST_AT_ONCE)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """What is under way is broken off; it is not waited for here."""
        self._stopping.set()

    def carry(self, parcel: Parcel) -> Answer:
        effect = parcel.effect
        assert isinstance(effect, RunAction)
        action = self._action(effect)
        if action is None:
            return GiveUp("the action is not in the database")
        if action.state is ActionState.RUNNING:
            return _ended(effect, ActionState.UNKNOWN, CUT_OFF)
        if action.state is not ActionState.QUEUED:
            return Sent()
        waited = self._engine.clock.now() - parcel.enqueued_at
        if waited > STALE:
            return _ended(effect, ActionState.FAILED, f"{TOO_LATE.format(int(waited.total_seconds() / 60))}")
        if self._stopping.is_set():
            return TryAgain("Baton is being stopped")
        if not self._free.acquire(blocking=False):
            return TryAgain("too many actions are under way at once", after=PAUSE)
        try:
            return self._once(effect, action)
        finally:
            self._free.release()

    def _action(self, effect: RunAction) -> ActionRun | None:
        with self._engine.store.reading() as read:
            incident = read.incident(effect.number)
        run = incident.run(effect.run) if incident else None
        return next((each for each in run.actions if each.id == effect.action), None) if run else None

    def _once(self, effect: RunAction, action: ActionRun) -> Answer:
        began = self._engine.handle(ActionBegan(number=effect.number, run=effect.run, action=effect.action))
        if began.refusal is not None:
            # Somebody else was quicker, whose lease had ended or ours; how it stands is seen when it is looked at anew.
            return TryAgain("it has been begun already", after=PAUSE)
        log.info("INC-%s: the action %s begins", effect.number, effect.action)
        try:
            result = self._done(action)
        except Stopped:
            log.warning("INC-%s: the action %s was broken off, as Baton stops", effect.number, effect.action)
            return _ended(effect, ActionState.UNKNOWN, CUT_OFF)
        except Exception as fault:  # what it says may have a secret in it, and is not logged
            trace = "".join(traceback.format_tb(fault.__traceback__))
            log.error("%s in the action %s of INC-%s\n%s", type(fault).__name__, effect.action, effect.number, trace)
            why = f"Baton itself failed in the middle of it ({type(fault).__name__}). Look whether it was done."
            return _ended(effect, ActionState.UNKNOWN, why)
        state = ActionState.DONE if result.is_done else ActionState.FAILED
        log.info("INC-%s: the action %s ended: %s", effect.number, effect.action, state)
        return _ended(effect, state, result.words)

    def _done(self, action: ActionRun) -> Result:
        try:
            request = load(action.call)
        except ValidationError:
            return Result(False, "This version of Baton cannot read what was asked for. Nothing was done; ask anew.")
        if self._environ is None:
            return Result(True, f"{PLAYED}\n{request}")
        if isinstance(request, HttpRequest):
            return ask(request, self._environ, self._stopping)
        command = self._engine.policy.commands.get(request.command)
        return run(request, command, self._environ, self._stopping)


def _ended(effect: RunAction, state: ActionState, result: str) -> Sent:
    return Sent(ActionEnded(number=effect.number, run=effect.run, action=effect.action, state=state, result=result))
