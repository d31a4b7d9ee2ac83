"""Delivery of handoffs: the message and its thread, what people are told of it, and questions about it.

A handoff arrives: where its channel is gone or closed it goes to the channel of the team, or where incidents are
announced, and the people are told; if there is no such place, to the people themselves.
"""

import logging
from collections.abc import Callable, Iterable, Mapping

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core import briefing
from bot.core import oncall_effects as do
from bot.core.handoff import Handoff, ShiftWatch
from bot.core.incident import Message
from bot.core.oncall_events import HandoffPosted
from bot.engine.deliver import Answer, GiveUp, Sent
from bot.engine.engine import Engine
from bot.oncall.schedule import on_call_in
from bot.slack import faults
from bot.slack.directory import Directory
from bot.slack.names import Names
from bot.slack.posting import Poster
from bot.slack.views import handoff as views
from bot.slack.views import handoff_details, handoff_news
from bot.slack.views.drawn import Drawn
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)

NO_PLACE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "is_inactive",
        "restricted_action",
        "posting_to_channel_denied",
    }
)
GONE = GiveUp("the handoff is not in the database")
Tell = Callable[[Parcel, str, Drawn], Answer]  # one person directly


class HandoffDelivery:
    def __init__(self, client: WebClient, poster: Poster, engine: Engine, directory: Directory, tell: Tell) -> None:
        self._client = client
        self._poster = poster
        self._engine = engine
        self._directory = directory
        self._tell = tell
        self.carriers: Mapping[type, Callable[..., Answer]] = {
            do.PostHandoff: self._post,
            do.PostHandoffDetails: self._post_details,
            do.RefreshHandoff: self._refresh,
            do.AskForHandoff: self._ask,
            do.TellOfHandoff: self._tell_of,
            do.AskAboutItem: self._ask_about,
        }

    # The message and its thread

    def _post(self, parcel: Parcel, effect: do.PostHandoff) -> Answer:
        handoff, watch = self._found(effect)
        if handoff is None:
            return GONE
        policy, names = self._engine.present_now(), self._names()
        drawn = views.handoff(handoff, watch, policy, names)
        plan = policy.schedules[effect.schedule].handoff if effect.schedule in policy.schedules else None
        posted, why = self._try(parcel, plan.channel, drawn) if plan else (None, "it has no channel any more")
        if posted is None:
            answer = self._elsewhere(parcel, handoff, plan.channel if plan else None, why, drawn)
            if not isinstance(answer, Message):
                return answer
            posted = answer
        more = views.leaves_out(handoff, policy, names)
        then = do.PostHandoffDetails(schedule=effect.schedule, handoff=handoff.id) if more else None
        return Sent(HandoffPosted(schedule=effect.schedule, handoff=effect.handoff, message=posted), then=then)

    def _try(self, parcel: Parcel, channel: str, drawn: Drawn) -> tuple[Message | None, str]:
        """The message; or why there is no place for it."""
        try:
            return self._poster.post(parcel, self._directory.channel(channel), drawn), ""
        except SlackApiError as fault:
            if faults.code(fault) not in NO_PLACE:
                raise
            return None, f"Slack says {faults.code(fault)}"

    def _elsewhere(
        self, parcel: Parcel, handoff: Handoff, channel: str | None, why: str, drawn: Drawn
    ) -> Message | GiveUp:
        """The message in the first place that is open, and word of it there or to the people."""
        log.warning("handoff %s could not be posted in %s: %s", handoff.id, channel or "its channel", why)
        people = tuple(dict.fromkeys((*handoff.incoming, *handoff.outgoing)))
        said = handoff_news.moved(handoff, channel, why, self._engine.policy)
        together = Drawn(drawn.text, [*said.blocks, *drawn.blocks])
        posted = None
        for place in self._places(people, channel):
            posted, _ = self._try(parcel, place, together)
            if posted is not None:
                break
        link = self._link(posted)
        word = handoff_news.with_link(said, link) if link else said
        told = [self._directly(parcel, person, word if posted else together) for person in people]
        posted = posted or next(filter(None, told), None)
        return posted or GiveUp(f"there is no place for it, and nobody could be reached: {why}")

    def _directly(self, parcel: Parcel, person: str, drawn: Drawn) -> Message | None:
        user = self._directory.slack_id(person)
        if user is None:
            return None
        try:
            return self._poster.post(parcel, user, drawn)
        except SlackApiError as fault:
            if faults.is_for_now(fault):
                raise
            return None

    def _places(self, people: Iterable[str], channel: str | None) -> list[str]:
        """The channels of the teams of these people, and where incidents are announced."""
        policy, known = self._engine.policy, set(people)
        teams = (team.channel for team in policy.teams.values() if known & set(team.members))
        found = dict.fromkeys((*teams, policy.workspace.announcements))
        return [place for place in found if place is not None and place != channel]

    def _post_details(self, parcel: Parcel, effect: do.PostHandoffDetails) -> Answer:
        """One message of the thread; each has the next one follow."""
        handoff, _ = self._found(effect)
        if handoff is None or handoff.message is None:
            return GONE
        policy = self._engine.present_now()
        drawn, start = handoff_details.details(handoff, effect.start, policy, self._names())
        self._poster.post(parcel, handoff.message.channel, drawn, handoff.message.ts)
        if start is None:
            return Sent()
        return Sent(then=do.PostHandoffDetails(schedule=effect.schedule, handoff=effect.handoff, start=start))

    def _refresh(self, parcel: Parcel, effect: do.RefreshHandoff) -> Answer:
        handoff, watch = self._found(effect)
        if handoff is None:
            return GONE
        drawn = views.handoff(handoff, watch, self._engine.present_now(), self._names())
        return self._poster.edit(handoff.message, drawn)

    # Telling people

    def _ask(self, parcel: Parcel, effect: do.AskForHandoff) -> Answer:
        """Before the change. Whom Slack cannot reach is named in the channel, where their lead can do it."""
        now = self._engine.clock.now()
        if effect.at <= now or effect.schedule not in self._engine.policy.schedules:
            return Sent()  # it has been posted as it stood
        with self._engine.store.reading() as read:
            policy, watch = self._engine.present(read), read.watch(effect.schedule)
            around = read.around(effect.schedule, now)
        schedule, names = policy.schedules[effect.schedule], self._names()
        coming = on_call_in(effect.schedule, effect.at, policy).people
        preview = briefing.preview(watch, effect.schedule, around, now, policy)
        told = self._tell(parcel, effect.person, handoff_news.asks(effect, coming, preview, policy, names))
        if isinstance(told, GiveUp) and schedule.handoff is not None:
            said = handoff_news.not_asked(effect, told.why, policy, names)
            self._try(parcel, schedule.handoff.channel, said)
            return Sent()
        return told

    def _tell_of(self, parcel: Parcel, effect: do.TellOfHandoff) -> Answer:
        """Who cannot be reached is named in the thread."""
        handoff, watch = self._found(effect)
        if handoff is None:
            return GONE
        if not _is_news(effect, handoff, watch):
            return Sent()
        now, names, policy = self._engine.clock.now(), self._names(), self._engine.policy
        drawn = handoff_news.tells(effect, handoff, self._link(handoff.message), now, policy, names)
        told = self._tell(parcel, effect.person, drawn)
        if isinstance(told, GiveUp) and handoff.message is not None:
            said = handoff_news.unreachable(effect.person, told.why, handoff, policy, names)
            self._poster.post(parcel, handoff.message.channel, said, handoff.message.ts)
            return Sent()
        return told

    def _ask_about(self, parcel: Parcel, effect: do.AskAboutItem) -> Answer:
        handoff, _ = self._found(effect)
        item = handoff.item(effect.number) if handoff else None
        if handoff is None or item is None or handoff.message is None:
            return GONE
        drawn = handoff_news.question(effect, item, handoff, self._names())
        self._poster.post(parcel, handoff.message.channel, drawn, handoff.message.ts)
        return Sent()

    def _link(self, message: Message | None) -> str | None:
        if message is None:
            return None
        try:
            found = self._client.chat_getPermalink(channel=message.channel, message_ts=message.ts)
            return str(found["permalink"])
        except SlackApiError:
            return None  # without it the words still say where to look

    def _found(self, effect: do.HandoffEffect) -> tuple[Handoff | None, ShiftWatch | None]:
        with self._engine.store.reading() as read:
            return read.handoff(effect.handoff), read.watch(effect.schedule)

    def _names(self) -> Names:
        return self._directory.names()


def _is_news(effect: do.TellOfHandoff, handoff: Handoff, watch: ShiftWatch | None) -> bool:
    """Not if it was taken, or another handoff took its place, while this waited."""
    if watch is None or watch.handoff is None or watch.handoff.id != handoff.id:
        return False
    if effect.why == "declined":
        item = handoff.item(effect.number or 0)
        return item is not None and not item.is_taken
    return effect.why == "gap" or handoff.taken_by is None
