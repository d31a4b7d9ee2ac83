"""The canvas of the channel holds the handoff, where the workspace has canvases; without them nothing is missed."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.policy.model import Policy
from bot.sandbox.records import Canvas
from tests.flows.people import Someone
from tests.flows.world import World

CHANGE = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # of the first line, from Luis to Sita
CHANNEL = "mlops-handoffs"


@pytest.fixture
def world(policy: Policy, database: str, no_faults_in_the_log: None) -> Iterator[World]:
    with World(policy, database, at=CHANGE - timedelta(minutes=10)) as opened:
        yield opened


def canvas(world: World) -> str:
    held = world.stage.sandbox.canvas(CHANNEL)
    assert held is not None, f"#{CHANNEL} has no canvas"
    return held


def calls(world: World, method: str) -> list[str | None]:
    """The error of each, None where it went well."""
    return [call.error for call in world.stage.sandbox.calls if call.method == method]


def given_up(world: World) -> int:
    with world.store.reading() as read:
        return read.backlog().given_up


def test_it_holds_the_handoff_and_a_box_is_ticked_for_what_is_accepted(acknowledged: World, sita: Someone) -> None:
    acknowledged.reaches(CHANGE)
    held = canvas(acknowledged)
    assert "# 🤝 Handoff First line · " in held
    assert "- [ ] 🟠 **INC-1** Scores are stale 🆕" in held
    assert f"- **Comes:** ![](@{sita.id})" in held
    assert "[Accept, ask or decline in the message](http" in held
    sita.sees("Handoff First line", in_channel=CHANNEL).clicks("Accept")
    assert "- [x] ✅ 🟠 **INC-1** Scores are stale" in canvas(acknowledged)
    acknowledged.passes(minutes=20)  # the second line changes, too, and hands over in the same channel
    held = canvas(acknowledged)
    assert [line.partition(" · ")[0] for line in held.splitlines() if line.startswith("# ")] == [
        "# 🤝 Handoff First line",
        "# 🤝 Handoff Second line",
    ]
    assert "- [x] ✅ 🟠 **INC-1**" in held
    assert calls(acknowledged, "conversations.canvases.create") == [None]
    workspace = acknowledged.stage.sandbox.workspace
    with workspace.lock:  # somebody deletes it
        workspace.channels[acknowledged.channel_id(CHANNEL)].canvas = None
    sita.sees("Handoff First line", in_channel=CHANNEL).clicks("Read back")
    sita.form("Read back").fills({"In one sentence: what is worst, and what do you do next?": "I rerun it"}).sends()
    assert "\n> I rerun it\n" in canvas(acknowledged)


def test_a_canvas_that_people_have_made_is_theirs(acknowledged: World, sita: Someone) -> None:
    workspace = acknowledged.stage.sandbox.workspace
    with workspace.lock:
        workspace.channels[acknowledged.channel_id(CHANNEL)].canvas = Canvas("F0OURS", "How we work", "How we work")
    acknowledged.reaches(CHANGE)
    sita.sees("Handoff First line", in_channel=CHANNEL).clicks("Accept")
    assert canvas(acknowledged) == "How we work"
    assert (calls(acknowledged, "canvases.edit"), given_up(acknowledged)) == ([], 0)


def test_one_that_stands_there_is_written_anew_be_it_after_a_restart_or_a_lost_answer(
    acknowledged: World, sita: Someone
) -> None:
    acknowledged.stage.sandbox.faults.add("conversations.canvases.create", "lost_reply")
    acknowledged.reaches(CHANGE)
    acknowledged.passes(minutes=1)
    assert calls(acknowledged, "conversations.canvases.create") == ["lost_reply", "channel_canvas_already_exists"]
    acknowledged.stops_the_bot()
    acknowledged.starts_the_bot()
    sita.sees("Handoff First line", in_channel=CHANNEL).clicks("Accept")
    assert "- [x] ✅ 🟠 **INC-1**" in canvas(acknowledged)
    assert calls(acknowledged, "canvases.edit") == [None, None]


def test_where_there_are_no_canvases_the_handoff_is_posted_all_the_same(
    acknowledged: World, sita: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    acknowledged.stage.sandbox.switch_canvases(False)
    with caplog.at_level(logging.INFO, "bot.slack.canvas_delivery"):
        acknowledged.reaches(CHANGE)
        told = sita.sees("Handoff First line", in_channel=CHANNEL).shows("INC-1 Scores are stale")
        told.clicks("Accept")
    told.now().shows("✅ Accepted by @Sita Gurung")
    assert acknowledged.stage.sandbox.canvas(CHANNEL) is None
    assert given_up(acknowledged) == 0
    assert calls(acknowledged, "conversations.canvases.create") == ["canvas_disabled_user_team"] * 2
    said = [each for each in caplog.records if each.name == "bot.slack.canvas_delivery"]
    assert [(each.levelno, "canvas_disabled_user_team" in each.getMessage()) for each in said] == [(logging.INFO, True)]
