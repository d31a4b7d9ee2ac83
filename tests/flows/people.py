"""Somebody in the workspace: types, clicks and sends forms, and sees what Slack would show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.people import Reply
from bot.slack.ids import Shortcut
from tests.flows.reading import Json
from tests.flows.seen import Answer, Form, HomeTab, Message

if TYPE_CHECKING:
    from tests.flows.world import World

GENERAL = "general"
MOST_SHOWN = 12  # messages of a channel in the words of a failed assertion


class Someone:
    """Every act is seen through to its end; messages are found by what they say, buttons by their label."""

    def __init__(self, world: World, key: str) -> None:
        self.world = world
        self.key = key
        self.name = world.policy.people[key].name
        self._acts = world.stage.person(key)
        self.id = self._acts.id

    # What they do

    def types(self, text: str, in_channel: str = GENERAL) -> Answer:
        """A command or a message; the answer is what comes back to them alone."""
        return self._does(lambda: self._acts.types(text, self.world.channel_id(in_channel)))

    def begins(self, text: str, in_channel: str = GENERAL) -> Reply:
        """A command whose end is not awaited: only the bot's acknowledgement is."""
        return self._acts.types(text, self.world.channel_id(in_channel))

    def says(self, text: str, in_channel: str = GENERAL) -> Message:
        """An ordinary message."""
        channel = self.world.channel_id(in_channel)
        reply = self._acts.types(text, channel)
        assert reply.ok, f"{self.name} could not write in #{in_channel}: {reply.error}"
        self.world.settle()
        return self.message_at(channel, reply.ts)

    def presses(self, message: Message, button: Json) -> Answer:
        return self._does(
            lambda: self._acts.click(message.channel, message.ts, button["action_id"], button.get("value"))
        )

    def presses_at_home(self, view: Json, button: Json) -> Answer:
        return self._does(lambda: self._acts.click_in_view(view["id"], button["action_id"], button.get("value")))

    def submits(self, view_id: str, values: dict[str, dict[str, Any]]) -> tuple[dict[str, str], Answer]:
        """The complaints, by block id, and what comes back to this person alone."""
        reply, answer = self._done(lambda: self._acts.submit(view_id, values))
        assert reply.ok or reply.errors, f"The form could not be sent: {reply.error}"
        return reply.errors, answer

    def uploads(self, name: str) -> Json:
        """For a form."""
        return self._acts.uploads(name, name.encode())

    def closes(self, view_id: str) -> None:
        reply = self._acts.close(view_id)
        assert reply.ok, f"The form could not be closed: {reply.error}"

    def uses(self, shortcut: Shortcut, on: Message | None = None) -> Answer:
        place = (on.channel, on.ts) if on else (None, None)
        return self._does(lambda: self._acts.shortcut(shortcut, *place))

    # What they see

    def sees(self, words: str, in_channel: str | None = None) -> Message:
        """The newest message that says these words; in a direct message or any channel they are in."""
        found = [message for message in self.messages(in_channel) if message.says(words)]
        assert found, f"{self.name} does not see “{words}”, but:\n{self.everything(in_channel)}"
        return found[-1]

    def does_not_see(self, words: str, in_channel: str | None = None) -> None:
        found = [message for message in self.messages(in_channel) if message.says(words)]
        assert not found, f"{self.name} sees “{words}”:\n{found[-1].text}"

    def counts(self, words: str, in_channel: str | None = None) -> int:
        """How many messages say these words."""
        return sum(message.says(words) for message in self.messages(in_channel))

    def card(self, in_channel: str = "inc-1") -> Message:
        """The first message of an incident channel that somebody wrote."""
        return self.world.channel(in_channel).card_for(self)

    def form(self, title: str) -> Form:
        """The form on top, which has this title."""
        views = self.open_views()
        assert views, f"No form is open before {self.name}; “{title}” is awaited. They see:\n{self.everything()}"
        form = Form(self, views[-1])
        assert form.title == title, f"The form before {self.name} is “{form.title}”, not “{title}”"
        return form

    def sees_no_form(self) -> None:
        assert not self.open_views(), f"{self.name} has a form open: {self.open_views()[-1]['title']['text']}"

    def home(self) -> HomeTab:
        """Opens the Home tab of the bot."""
        self._acts.open_home()
        self.world.settle()
        return self.home_as_it_is()

    def home_as_it_is(self) -> HomeTab:
        """The Home tab as it was published last."""
        view = self._acts.home()
        assert view is not None, f"Nothing was published on the Home tab of {self.name}"
        return HomeTab(self, view)

    def open_views(self) -> list[Json]:
        return self._acts.views()

    def message_at(self, channel: str, ts: str) -> Message:
        found = next((each for each in self._acts.sees(channel) if each["ts"] == ts), None)
        assert found is not None, f"{self.name} does not see the message {ts}"
        return Message(self, channel, found)

    def thread_of(self, message: Message) -> list[Message]:
        """The answers to it, oldest first."""
        found = [Message(self, message.channel, each) for each in self._acts.sees(message.channel, message.ts)]
        return [each for each in found if each.ts != message.ts]

    def messages(self, in_channel: str | None = None) -> list[Message]:
        """Oldest first: of one channel, or of all that they are in, direct messages among them."""
        places = [self.world.channel_id(in_channel)] if in_channel else [*self._channels(), self._acts.dm()]
        found = [Message(self, place, each) for place in places for each in self._acts.sees(place)]
        return sorted(found, key=lambda message: float(message.ts)) if in_channel is None else found

    def told(self, words: str) -> list[Message]:
        """Their direct messages that say these words, oldest first."""
        return [message for message in self.direct_messages if message.says(words)]

    @property
    def direct_messages(self) -> list[Message]:
        """What the bot wrote to them alone, oldest first."""
        dm = self._acts.dm()
        return [Message(self, dm, each) for each in self._acts.sees(dm)]

    def everything(self, in_channel: str | None = None) -> str:
        """What a failed assertion shows: the latest of each place."""
        parts = []
        for place in [self.world.channel_id(in_channel)] if in_channel else [self._acts.dm(), *self._channels()]:
            shown = [Message(self, place, each).text for each in self._acts.sees(place)][-MOST_SHOWN:]
            if shown:
                parts.append(f"— {self.world.channel_name(place)} —\n" + "\n·\n".join(shown))
        return "\n".join(parts) or "(nothing at all)"

    def _channels(self) -> list[str]:
        return [str(each["id"]) for each in self.world.stage.sandbox.channels() if self.id in each["members"]]

    def _does(self, act: Callable[[], Reply]) -> Answer:
        reply, answer = self._done(act)
        assert reply.ok, f"Slack says to {self.name}: {reply.error}"
        return answer

    def _done(self, act: Callable[[], Reply]) -> tuple[Reply, Answer]:
        """Acts, waits for the end of it, and gathers what has come to this person alone since."""
        before = {message.ts for message in self._alone()}
        reply = act()
        self.world.settle()
        return reply, Answer(self, [message for message in self._alone() if message.ts not in before])

    def _alone(self) -> list[Message]:
        """What only they see; in their direct messages, what answered them: what was delivered bears a mark."""
        dm = self._acts.dm()
        marked = {each["ts"] for each in self.world.stage.sandbox.messages(dm) if each.get("metadata")}
        told = [message for message in self.direct_messages if message.ts not in marked]
        here = [Message(self, place, each) for place in self._channels() for each in self._acts.sees(place)]
        return told + [message for message in here if message.raw.get("ephemeral")]
