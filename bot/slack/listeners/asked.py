"""One request from Slack: who asks, what may be asked of the house, and how to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core.events import Event
from bot.core.handoff import ShiftWatch
from bot.core.incident import Incident
from bot.core.oncall_events import ShiftEvent, StandInEvent
from bot.core.standin import StandIn
from bot.policy.model import Policy
from bot.slack import faults
from bot.slack.listeners import parse
from bot.slack.names import Names
from bot.slack.views.drawn import Drawn, sentence
from bot.slack.words import answers
from bot.slack.words.text import said

if TYPE_CHECKING:
    from datetime import datetime

    from bot.engine.engine import Engine

ALREADY_OPEN = "exchanged_trigger_id"  # Slack delivered the request twice, or its answer to `views.open` was lost

View = dict[str, Any]
State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Instead:
    """Takes the place of the message whose button was clicked."""

    drawn: Drawn


Answer = Drawn | Instead | View | None


class Unclear(Exception):
    """The request cannot be met; the message is the sentence (written for Slack) for the one who asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    engine: "Engine"
    names: Names
    body: dict[str, Any]
    ack: Ack
    respond: Respond
    client: WebClient
    delivered_in: str | None = None  # the envelope, in Socket Mode

    @property
    def policy(self) -> Policy:
        return self.engine.policy

    @property
    def now(self) -> "datetime":
        return self.engine.clock.now()

    @property
    def user(self) -> str:
        """The Slack user id."""
        return str(self.body["user_id"] if "user_id" in self.body else self.body["user"]["id"])

    @property
    def by(self) -> str:
        return self.names.ref(self.user)

    @property
    def envelope(self) -> str | None:
        """What is the same when Slack sends the same request again: its envelope; by HTTP, its trigger."""
        return self.delivered_in or self.body.get("trigger_id")

    @property
    def channel(self) -> str | None:
        found: str | None = self.body.get("channel_id") or self.body.get("channel", {}).get("id")
        return found

    def does(self, event: Event) -> Incident:
        """Lets it happen; Unclear with the refusal if it may not."""
        return self._lets(event, Incident)

    def changes_shift(self, event: StandInEvent) -> StandIn:
        """The same for a stand-in."""
        return self._lets(event, StandIn)

    def hands_over(self, event: ShiftEvent) -> ShiftWatch:
        """The same for what is said and done around a handoff."""
        return self._lets(event, ShiftWatch)

    def present(self, at: "datetime | None" = None) -> Policy:
        """The policy with the stand-ins that are in force, now or at an instant."""
        return self.engine.present_now(at)

    def incident(self, number: int) -> Incident:
        with self.engine.store.reading() as read:
            found = read.incident(number)
            if found is None:
                raise Unclear(answers.unknown_number(number, read.recent_incidents(50)))
            return found

    def survivor(self, incident: Incident) -> Incident | None:
        """The incident into which it was merged."""
        return self.incident(incident.merged_into) if incident.merged_into is not None else None

    def open_incidents(self) -> list[Incident]:
        with self.engine.store.reading() as read:
            return read.open_incidents()

    def words(self, text: str) -> str:
        """What somebody wrote, for the timeline; people in it are kept as `@[key]`."""
        return parse.plainly(text, lambda slack_id: f"@[{self.names.ref(slack_id)}]")

    def title(self, text: str) -> str:
        """What somebody wrote, for where Slack draws no mentions."""
        return parse.plainly(text, lambda slack_id: f"@{self.names.name(self.names.ref(slack_id))}")

    def reply(self, answer: Answer) -> None:
        """Answers after the acknowledgement: a form opens, words go to the one who asked alone."""
        if isinstance(answer, dict):
            self._open(answer)
        elif isinstance(answer, Instead):
            if self.body.get("response_url"):  # the Home tab is drawn anew as it is
                self.respond(text=answer.drawn.text, blocks=answer.drawn.blocks, replace_original=True)
        elif answer is not None:
            self._tell(answer)

    def _lets(self, event: Event, kind: type[State]) -> State:
        outcome = self.engine.handle(event, envelope=self.envelope)
        if outcome.refusal is not None:
            raise Unclear(answers.refused(said(outcome.refusal, self.names.mention)))
        if not isinstance(outcome.state, kind):
            raise Unclear(answers.done_already())
        return outcome.state

    def _open(self, view: View) -> None:
        try:
            self.client.views_open(trigger_id=self.body["trigger_id"], view=view)
        except (SlackClientError, OSError) as fault:
            if not (isinstance(fault, SlackApiError) and faults.code(fault) == ALREADY_OPEN):
                self._tell(sentence(answers.form_did_not_open()))

    def _tell(self, answer: Drawn) -> None:
        if self.body.get("response_url"):
            self.respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)
        else:  # the Home tab and global shortcuts have no place to answer in
            self.client.chat_postMessage(channel=self.user, text=answer.text, blocks=answer.blocks)


def answered(attempt: Callable[[], Answer]) -> Answer:
    """The answer, be it that the request is unclear."""
    try:
        return attempt()
    except Unclear as unclear:
        return sentence(str(unclear))
