"""kill -9 at every step of the road: the next life completes everything, once."""

import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.core.effects import Entry
from bot.policy.model import Policy
from bot.sandbox.people import Reply
from bot.sandbox.refusals import Refused
from bot.sandbox.server import Sandbox
from tests.faults.lives import Life, Lives, bot_at, bot_run, bot_that_dies_before_it_answers
from tests.faults.worlds import DECLARE, ImpatientWorld, elsewhere, env, stands_once
from tests.flows.people import Someone

Args = dict[str, Any]
Which = Callable[[Args], bool]


def _begins_with(block: str) -> Which:
    return lambda args: bool(args["channel"][0] == "C" and args["blocks"][0]["type"] == block)


# Each call to Slack that a declare makes.
CALLS: dict[str, tuple[str, Which]] = {
    "page": ("chat.postMessage", lambda args: "You are paged" in args["text"]),
    "channel": ("conversations.create", lambda args: True),
    "card": ("chat.postMessage", _begins_with("header")),
    "pin": ("pins.add", lambda args: True),
    "topic": ("conversations.setTopic", lambda args: True),
    "invitations": ("conversations.invite", lambda args: True),
    "announcement": (
        "chat.postMessage",
        lambda args: (
            args["channel"][0] == "C" and "Runbooks" not in args["text"] and args["blocks"][0]["type"] == "section"
        ),
    ),
    "first bookmark": ("bookmarks.add", lambda args: args["title"] == "Dashboard"),
    "last bookmark": ("bookmarks.add", lambda args: args["title"] == "Logs"),
    "link in the page": ("chat.update", lambda args: True),
    "runbooks": ("chat.postMessage", lambda args: "Runbooks" in args["text"]),
}


class Killer:
    """Kills a life in the middle of one call: before Slack does it, or when it is done and not yet answered."""

    def __init__(self, sandbox: Sandbox, life: Life, method: str, which: Which, when: str) -> None:
        self.struck = False
        self._life = life
        self._target = (method, when)
        self._which = which
        sandbox.on_call(self._hear)

    def _hear(self, method: str, args: Args, when: str) -> None:
        if self.struck or (method, when) != self._target or not self._which(args):
            return
        self.struck = True
        self._life.kill()
        if when == "before":
            raise Refused("internal_error")  # to nobody: it was never carried out


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", CALLS)
def test_killed_in_any_call_of_a_declare_everything_is_completed_once(
    call: str, when: str, policy: Policy, database: str, lives: Lives
) -> None:
    with elsewhere(policy, database) as place:
        first = lives.of(bot_run, env=place.env)
        place.sandbox.wait_connected()
        killer = Killer(place.sandbox, first, *CALLS[call], when)
        place.person("noor").types(
            DECLARE, "general"
        )  # the first page may be under way, and kill, before it is answered
        assert first.ends() == -signal.SIGKILL
        assert killer.struck

        lives.of(bot_run, env=place.env)
        place.sandbox.wait_connected()
        place.wait_until_done()
        stands_once(place.sandbox, policy, place.incident())


def test_killed_again_and_again_it_comes_to_an_end(policy: Policy, database: str, lives: Lives) -> None:
    with elsewhere(policy, database) as place:
        for call in ("channel", "card", "runbooks"):
            life = lives.of(bot_run, env=place.env)
            killer = Killer(place.sandbox, life, *CALLS[call], "after")
            place.sandbox.wait_connected()
            if call == "channel":
                assert place.person("noor").types(DECLARE, "general").ok
            assert life.ends() == -signal.SIGKILL
            assert killer.struck

        lives.of(bot_run, env=place.env)
        place.sandbox.wait_connected()
        place.wait_until_done()
        stands_once(place.sandbox, policy, place.incident())


def test_killed_between_the_commit_and_the_acknowledgement_the_command_counts_once(
    policy: Policy, database: str, lives: Lives
) -> None:
    """Slack sends the envelope again, to a bot that is connected too."""
    with elsewhere(policy, database) as place:
        frail, sturdy = (lives.of(life, env=place.env) for life in (bot_that_dies_before_it_answers, bot_run))
        frail.is_ready()
        sturdy.is_ready()
        noor = place.person("noor")
        said: list[Reply] = []
        while frail.is_alive and len(said) < 20:  # Slack sends each to either of the two
            said.append(noor.types(DECLARE, "general"))
        assert frail.ends() == -signal.SIGKILL
        place.wait_until_done()
        assert [reply.error for reply in said if not reply.ok] == []
        with place.store.reading() as read:
            assert len(read.recent_incidents(100)) == len(said)
        stands_once(place.sandbox, policy, place.incident(len(said)))


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_an_escalation_fires_the_second_line_is_paged_once(
    when: str, world: ImpatientWorld, noor: Someone, database: str, lives: Lives
) -> None:
    noor.types(DECLARE)
    _killed_after(world, database, lives, timedelta(minutes=5), "chat.postMessage", "You are paged", when)
    assert [page.person for page in world.incident().pages] == ["luis", "andres"]
    assert world.person("andres").counts("You are paged") == 1
    stands_once(world.stage.sandbox, world.policy, world.incident())
    assert [entry.what for entry in world.timeline()].count(Entry.PAGED) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_a_reminder_is_sent_it_is_sent_once(
    when: str, world: ImpatientWorld, noor: Someone, luis: Someone, database: str, lives: Lives
) -> None:
    noor.types(DECLARE)
    luis.sees("You are paged").clicks("Acknowledge")
    early = timedelta(minutes=30) * 0.75  # the warning before the first update is due
    _killed_after(world, database, lives, early, "chat.postMessage", "⏰", when)
    assert len(luis.told("⏰")) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_a_shift_is_handed_over_it_is_handed_over_once(
    when: str, world: ImpatientWorld, noor: Someone, luis: Someone, sita: Someone, database: str, lives: Lives
) -> None:
    noor.types("/incident declare sev3 churn-scoring Scores are stale")
    luis.sees("You are paged").clicks("Acknowledge")
    _killed_after(world, database, lives, timedelta(hours=7), "chat.postMessage", "Handoff First line", when)
    assert world.channel("mlops-handoffs").counts("Handoff First line") == 1
    sita.sees("Handoff First line", in_channel="mlops-handoffs").clicks("Accept")
    assert world.incident().lead == "sita"


def _killed_after(
    world: ImpatientWorld, database: str, lives: Lives, span: timedelta, method: str, words: str, when: str
) -> None:
    """The bot stops and time goes on; the next life is killed when it says these words; the one after carries on."""
    world.stops_the_bot()
    world.clock.advance(span)
    sandbox = world.stage.sandbox
    life = lives.of(bot_at, world.now, env=env(sandbox, database))
    killer = Killer(sandbox, life, method, lambda args: words in args["text"], when)
    assert life.ends() == -signal.SIGKILL, life.log
    assert killer.struck
    world.starts_the_bot()
    assert world.backlog() == (0, 0, 0)
