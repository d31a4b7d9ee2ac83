"""Tokens and secrets stand in no log, no error and no timeline."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.logs import set_up_logging
from bot.policy.model import Policy
from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import KINDS
from bot.sandbox.refusals import Refused
from tests.faults.lives import Lives, bot_at
from tests.faults.worlds import DECLARE, elsewhere
from tests.flows.world import MONDAY

Form = Literal["text", "json"]
TOKENS = ("xoxb-1234-abcDEF", "xapp-1-A0B1-c2D3", "xoxp-99-qwert", "xoxe.xoxp-1-Mi0yLT", "xoxe-1-Zz9Yy8")


def _everything_written(folder: Path) -> str:
    """All files that the bot has made, its log and its database among them."""
    return "\n".join(file.read_bytes().decode("latin-1") for file in folder.iterdir())


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_session_in_which_everything_fails_gives_no_secret_away(
    form: Form, policy: Policy, database: str, lives: Lives, tmp_path: Path
) -> None:
    clock = SandboxClock(held_at=MONDAY)
    with elsewhere(policy, database, clock) as place:
        life = lives.of(bot_at, clock.now(), form, logging.DEBUG, env=place.env)
        life.is_ready()
        for kind in KINDS:
            if kind != "timeout":
                place.sandbox.faults.add("*", kind, times=4)  # type: ignore[arg-type]  # KINDS are plain texts
        place.sandbox.on_call(_refuse_the_token)
        place.person("noor").types(DECLARE, "general")
        place.sandbox.settle()
        place.sandbox.faults.clear()
        place.sandbox.faults.add("apps.connections.open", "500")
        place.sandbox.kill_sockets()
        place.sandbox.wait_connected()
        place.sandbox.settle()
        life.answers("/readyz")
        assert life.stop() == 0
        assert "Slack" in life.log
        written = _everything_written(tmp_path)
        assert "INC-1" in written or "Scores are stale" in written
        for secret in (place.sandbox.bot_token, place.sandbox.app_token, place.sandbox.signing_secret):
            assert secret not in written


def _refuse_the_token(method: str, args: dict[str, Any], when: str) -> None:
    if method == "bookmarks.add":
        raise Refused("token_revoked")
    if method == "conversations.setTopic":
        raise Refused("missing_scope", needed="channels:manage", provided="xoxb")


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Where the log goes in this form."""
    root, paper = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    set_up_logging(request.param)
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(paper)
    yield paper
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_in_what_is_logged_is_not_written(token: str, written: io.StringIO) -> None:
    log = logging.getLogger("bot.somewhere")
    log.warning("it was %s, and then %s again", token, {"token": token})
    try:
        try:
            raise ValueError(f"cause with {token}")
        except ValueError as cause:
            raise RuntimeError(f"Bearer {token} was refused") from cause
    except RuntimeError:
        log.exception("it failed with %s", token)
    said = written.getvalue()
    assert "it failed with" in said
    assert "was refused" in said
    assert token not in said
    assert token.rpartition("-")[2] not in said


def test_a_moment_is_written_with_its_zone(written: io.StringIO) -> None:
    logging.getLogger("bot.somewhere").warning("here")
    assert "+00:00" in written.getvalue() or "+0000" in written.getvalue()
