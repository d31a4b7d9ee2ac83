"""A whole story: declared, paged, not acknowledged, escalated, acknowledged, runbook, reminder, handoff,
cover, resolved.

Each beat is looked for in what people see in Slack; the story is true only if every one is found.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.demo.stage import Stage
from bot.demo.transcript import Transcript
from bot.oncall.schedule import on_call
from bot.policy.model import Policy
from bot.slack.ids import INPUT, Button, Field, field_of

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
BEFORE_THE_CHANGE = timedelta(minutes=50)
FIRST_LINE, SECOND_LINE = "l1", "l2"
DECLARER, SERVICE = "noor", "churn-scoring"
TITLE = "Scores are stale"
START = "INC-1: fresh scores are due in half an hour"
NEXT = "Check that the scoring job has run"
READ_BACK = "INC-1 is all there is; I check the scoring job first"
Json = dict[str, Any]


class Missing(Exception):
    """Something that a beat rests on was not there."""


class Story:
    """Played on a stage whose clock is held; `play` says whether every beat happened."""

    def __init__(self, stage: Stage, transcript: Transcript) -> None:
        self._stage = stage
        self._tells = transcript
        self._missed = 0
        self._channel = ""
        self._first, self._second, self._next = "", "", ""

    def play(self) -> bool:
        scenes = (
            self.declared,
            self.paged,
            self.not_acknowledged,
            self.acknowledged,
            self.runbook,
            self.reminded,
            self.handed_over,
            self.covered,
            self.resolved,
        )
        try:
            for scene in scenes:
                self._tells.time(self._now)
                scene()
        except Missing as missing:
            self._beat(str(missing), False)
        return not self._missed

    def declared(self) -> None:
        at = self._now
        self._first = self._on_call(FIRST_LINE, at)
        self._second = self._on_call(SECOND_LINE, at + timedelta(minutes=5))
        self._types(DECLARER, "general", f"/incident declare sev2 {SERVICE} {TITLE}")
        made = next((c for c in self._stage.sandbox.channels() if str(c["name"]).startswith("inc-1-")), None)
        if made is None:
            raise Missing("the incident has a channel of its own")
        self._channel = str(made["name"])
        self._beat(f"the incident has a channel of its own, #{self._channel}", True)
        card = self._card(DECLARER)
        self._tells.shows(f"#{self._channel}, pinned", str(card["text"]))
        self._beat("its card is the first message there, and pinned", bool(card.get("pinned")))
        announced = self._find(self._announcements, DECLARER, "INC-1")
        self._tells.shows(f"#{self._announcements}", str(announced["text"]))

    def paged(self) -> None:
        page = self._find_page(self._first)
        self._tells.shows(f"Direct message to {self._name(self._first)}", str(page["text"]))
        self._beat(f"{self._name(self._first)}, first line, is paged", True)

    def not_acknowledged(self) -> None:
        self._tells.narrates(f"{self._name(self._first)} sleeps. Five minutes pass.")
        self._passes(minutes=5)
        page = self._find_page(self._second)
        self._tells.shows(f"Direct message to {self._name(self._second)}", str(page["text"]))
        self._beat(f"nobody acknowledged, so {self._name(self._second)}, second line, is paged", True)

    def acknowledged(self) -> None:
        self._passes(minutes=2)
        self._presses(self._second, self._dm(self._second), self._find_page(self._second), Button.ACKNOWLEDGE)
        said = self._find(self._channel, self._second, "has it")
        self._tells.shows(f"#{self._channel}", str(said["text"]))
        old = self._find(self._dm(self._first), self._first, "took")
        self._tells.shows(f"Direct message to {self._name(self._first)}, edited", str(old["text"]))
        self._beat("the page is acknowledged, and the other one says who took it", True)

    def runbook(self) -> None:
        offer = self._find_with(self._channel, self._second, Button.START_RUNBOOK)
        self._tells.shows(f"#{self._channel}", str(offer["text"]))
        self._presses(self._second, self._channel, offer, Button.START_RUNBOOK)
        for _ in range(2):
            self._passes(minutes=2)
            step = self._find_with(self._channel, self._second, Button.STEP_DONE, Button.STEP_ANSWER)
            pressed = Button.STEP_DONE if _has(step, Button.STEP_DONE) else f"{Button.STEP_ANSWER}:0"
            self._presses(self._second, self._channel, step, pressed)
        run = self._find_with(self._channel, self._second, Button.STEP_SKIP)
        self._tells.shows(f"#{self._channel}, the runbook", str(run["text"]))
        self._beat("a runbook is walked, two steps are ticked off", str(run["blocks"]).count("✅") == 2)

    def reminded(self) -> None:
        self._passes(minutes=15)
        said = self._find(self._dm(self._second), self._second, "First update")
        self._tells.shows(f"Direct message to {self._name(self._second)}", str(said["text"]))
        self._beat("the lead is reminded that those who wait expect an update", True)
        words = "The upstream table was late. The scoring job runs again; fresh scores in about half an hour."
        self._types(self._second, self._channel, f"/incident update {words}")
        self._tells.shows(f"#{self._channel}", str(self._find(self._channel, self._second, "fresh scores")["text"]))
        self._beat("the update is posted", True)

    def handed_over(self) -> None:
        change = on_call(self._stage.policy.schedules[FIRST_LINE], self._now).until
        if change is None:
            raise Missing("the shift changes")
        self._completed()
        self._stage.passes(change - self._now)
        self._tells.time(self._now)
        self._next = self._on_call(FIRST_LINE, self._now)
        said = self._find_with(self._handoffs, self._next, Button.ACCEPT_HANDOFF)
        self._tells.shows(f"#{self._handoffs}", str(said["text"]))
        posted = str(said["blocks"])
        self._beat(
            "the handoff is posted with the open incident and where to start", TITLE in posted and START in posted
        )
        self._presses(self._next, self._handoffs, said, Button.ACCEPT_HANDOFF)
        self._sends(self._next, {Field.SENTENCE: READ_BACK})
        taken = self._find(self._handoffs, self._next, "comes on call")
        self._beat(
            f"{self._name(self._next)} accepts, and reads back in one sentence", READ_BACK in str(taken["blocks"])
        )
        self._lead_passes()

    def _lead_passes(self) -> None:
        """The second line leads it, and hands this one incident over alone."""
        self._types(self._second, self._channel, f"/incident handoff @{self._next}")
        offer = self._find_with(self._dm(self._next), self._next, Button.ACCEPT_LEAD)
        self._tells.shows(f"Direct message to {self._name(self._next)}", str(offer["text"]))
        self._presses(self._next, self._dm(self._next), offer, Button.ACCEPT_LEAD)
        led = self._find(self._channel, self._next, "took the lead over")
        self._tells.shows(f"#{self._channel}", str(led["text"]))
        self._beat(f"{self._name(self._next)} is asked to lead the incident, and does", True)

    def _completed(self) -> None:
        """Before the change whoever goes is asked for what only they know."""
        asked = self._find_with(self._dm(self._first), self._first, Button.COMPLETE_HANDOFF)
        self._tells.shows(f"Direct message to {self._name(self._first)}", str(asked["text"]))
        self._presses(self._first, self._dm(self._first), asked, Button.COMPLETE_HANDOFF)
        self._sends(self._first, {Field.START_HERE: START, field_of(Field.NEXT_ACTION, 1): NEXT})
        self._beat(f"{self._name(self._first)} says before the change where to start", True)

    def covered(self) -> None:
        """Whoever came on call has to leave two hours early; the first who is free and accepts takes these."""
        self._passes(minutes=5)
        until = on_call(self._stage.policy.schedules[FIRST_LINE], self._now).until
        if until is None:
            raise Missing("the shift ends")
        since = until - timedelta(hours=2)
        span = f"{since:%Y-%m-%dT%H:%MZ} to {until:%Y-%m-%dT%H:%MZ}"
        self._types(self._next, "general", f"/oncall cover me {FIRST_LINE} {span} because the dentist could not wait")
        free, offer = self._offered()
        self._tells.shows(f"Direct message to {self._name(free)}", str(offer["text"]))
        self._presses(free, self._dm(free), offer, Button.ACCEPT_STAND_IN)
        said = self._find(self._dm(self._next), self._next, "took the cover")
        self._tells.shows(f"Direct message to {self._name(self._next)}", str(said["text"]))
        self._beat(f"{self._name(free)} was free, and covers the last two hours of the shift", True)

    def resolved(self) -> None:
        self._passes(minutes=12)
        self._types(self._next, self._channel, "/incident resolve Scores are fresh again; the upstream alert is fixed")
        said = self._find(self._channel, self._next, "resolved")
        self._tells.shows(f"#{self._channel}", str(said["text"]))
        card = self._card(self._next)
        self._tells.shows(f"#{self._channel}, pinned and edited", str(card["text"]))
        self._beat("the incident is resolved, and the card says so", "Resolved" in str(card["text"]))
        told = self._told_directly("INC-1")
        self._passes(hours=6)
        self._beat("after that nobody is paged or reminded any more", self._told_directly("INC-1") == told)

    # What people do and see

    @property
    def _now(self) -> datetime:
        return self._stage.clock.now()

    @property
    def _announcements(self) -> str:
        return (self._stage.policy.workspace.announcements or "").removeprefix("#")

    @property
    def _handoffs(self) -> str:
        plan = self._stage.policy.schedules[FIRST_LINE].handoff
        if plan is None:
            raise Missing("the first line hands over in a channel")
        return plan.channel.removeprefix("#")

    def _types(self, person: str, channel: str, text: str) -> None:
        self._tells.says(person, text, self._now)
        reply = self._stage.person(person).types(text, channel)
        if not reply.ok:
            raise Missing(f"the command is answered ({reply.error})")
        self._stage.settle()
        if reply.text:
            self._tells.shows(f"Only {self._name(person)} sees", reply.text)

    def _presses(self, person: str, channel: str, message: Json, button: str) -> None:
        pressed = next(each for each in _buttons(message) if each["action_id"] == button)
        label = str(pressed["text"]["text"])
        self._tells.says(person, f"[{label}]", self._now)
        reply = self._stage.person(person).click(channel, str(message["ts"]), button, pressed.get("value"))
        if not reply.ok:
            raise Missing(f"the button “{label}” is answered ({reply.error})")
        self._stage.settle()

    def _sends(self, person: str, words: dict[str, str]) -> None:
        """The form on top, with these words in it."""
        views = self._stage.person(person).views()
        if not views:
            raise Missing(f"a form opens before {self._name(person)}")
        for said in words.values():
            self._tells.says(person, said, self._now)
        reply = self._stage.person(person).submit(
            str(views[-1]["id"]), {field: {INPUT: said} for field, said in words.items()}
        )
        if not reply.ok:
            raise Missing(f"the form is taken ({reply.error})")
        self._stage.settle()

    def _passes(self, **span: int) -> None:
        self._stage.passes(timedelta(**span))
        self._tells.time(self._now)

    def _sees(self, person: str, channel: str) -> list[Json]:
        return self._stage.person(person).sees(channel)

    def _card(self, person: str) -> Json:
        written = [message for message in self._sees(person, self._channel) if not message.get("subtype")]
        if not written:
            raise Missing("the card is posted")
        return written[0]

    def _find(self, channel: str, person: str, words: str) -> Json:
        """The newest message there that this person sees and that says these words."""
        found = [message for message in self._sees(person, channel) if words in str(message.get("text", ""))]
        if not found:
            raise Missing(f"{self._name(person)} reads “{words}”")
        return found[-1]

    def _find_with(self, channel: str, person: str, *buttons: str) -> Json:
        found = [m for m in self._sees(person, channel) if any(_has(m, button) for button in buttons)]
        if not found:
            raise Missing(f"{self._name(person)} sees a button to press ({buttons[0]})")
        return found[-1]

    def _told_directly(self, words: str) -> int:
        """How many direct messages to anybody say these words."""
        people = self._stage.policy.people
        return sum(words in str(each.get("text")) for person in people for each in self._sees(person, self._dm(person)))

    def _find_page(self, person: str) -> Json:
        return self._find(self._dm(person), person, "You are paged")

    def _dm(self, person: str) -> str:
        return self._stage.person(person).dm()

    def _offered(self) -> tuple[str, Json]:
        """Somebody who is asked to cover, and the message that asks."""
        for person in self._stage.policy.people:
            for message in self._sees(person, self._dm(person)):
                if _has(message, Button.ACCEPT_STAND_IN):
                    return person, message
        raise Missing("somebody is asked to cover")

    def _on_call(self, schedule: str, at: datetime) -> str:
        people = on_call(self._stage.policy.schedules[schedule], at).people
        if not people:
            raise Missing(f"somebody is on call for {schedule}")
        return people[0]

    def _name(self, person: str) -> str:
        return self._stage.policy.people[person].name

    def _beat(self, name: str, happened: bool) -> None:
        self._missed += not happened
        self._tells.beat(name, happened)


def start_of_the_story(policy: Policy) -> datetime:
    """Fifty minutes before the first change of shift of that Monday."""
    until = on_call(policy.schedules[FIRST_LINE], MONDAY).until
    return (until or MONDAY) - BEFORE_THE_CHANGE


def _has(message: Json, button: str) -> bool:
    return any(str(each["action_id"]).split(":")[0] == button for each in _buttons(message))


def _buttons(message: Json) -> list[Json]:
    blocks = message.get("blocks") or []
    drawn = [each for block in blocks for each in (*block.get("elements", []), block.get("accessory") or {})]
    return [each for each in drawn if each.get("type") == "button"]
