"""A short incident, played when the demo starts, so that the page is not empty."""

from datetime import timedelta

from bot.demo.stage import Stage
from bot.oncall.schedule import on_call
from bot.sandbox.people import Person
from bot.slack.ids import Button

DECLARED = "sev2 churn-scoring Scores are stale"
UPDATE = "The upstream table arrived late. The scoring job runs again; fresh scores in about half an hour."


def play_opening(stage: Stage) -> None:
    """Declared, acknowledged by the person on call, a runbook begun, an update written."""
    declarer = stage.person(next(iter(stage.policy.people)))
    declarer.types(f"/incident declare {DECLARED}", "general")
    stage.settle()
    schedule = next(iter(stage.policy.schedules.values()))
    paged = on_call(schedule, stage.clock.now()).people
    channel = next((str(c["name"]) for c in stage.sandbox.channels() if str(c["name"]).startswith("inc-")), None)
    if not paged or channel is None:
        return
    person = stage.person(paged[0])
    stage.passes(timedelta(minutes=2))
    _press(stage, person, person.dm(), Button.ACKNOWLEDGE)
    _press(stage, person, channel, Button.START_RUNBOOK)
    stage.passes(timedelta(minutes=3))
    _press(stage, person, channel, Button.STEP_DONE)
    stage.passes(timedelta(minutes=2))
    person.types(f"/incident update {UPDATE}", channel)
    stage.settle()


def _press(stage: Stage, person: Person, channel: str, button: str) -> None:
    """Presses the newest button of that kind, if there is one."""
    for message in reversed(person.sees(channel)):
        for block in message.get("blocks") or []:
            for each in (*block.get("elements", []), block.get("accessory") or {}):
                if each.get("action_id") == button:
                    person.click(channel, str(message["ts"]), button, each.get("value"))
                    stage.settle()
                    return
