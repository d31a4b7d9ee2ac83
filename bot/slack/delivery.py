"""Delivery: carries an effect to Slack and says what came of it.

Each method may be called again for the same parcel after a crash or a lost answer, and must then do
no harm: messages bear the parcel's key and are looked for before they are sent again; what is named
is recognised by its name; edits draw the present state.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core import effects as do
from bot.core.effects import IncidentEffect
from bot.core.events import AnnouncementPosted, CardPosted, ChannelCreated
from bot.core.incident import Incident, RunbookRun
from bot.core.runbook_events import RunbookPosted
from bot.core.sla import BREACH
from bot.engine.deliver import Answer, GiveUp, Sent
from bot.engine.engine import Engine
from bot.slack import faults, search
from bot.slack.client import Identity
from bot.slack.directory import Directory
from bot.slack.names import Names
from bot.slack.oncall_delivery import OnCallDelivery
from bot.slack.page_delivery import PageDelivery
from bot.slack.pauses import PacedClient, Pauses
from bot.slack.picture_delivery import PictureDelivery
from bot.slack.posting import Poster
from bot.slack.views import announcement, card, handoff_news, home, notice, reminder, runbook, update
from bot.slack.views.drawn import Drawn
from bot.slack.words.channel import channel_name, topic
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)

MOST_NAMES = 9  # inc-42-title, inc-42-title-2 … when somebody else has taken the name


class SlackDelivery:
    def __init__(self, asking: WebClient, identity: Identity, engine: Engine, directory: Directory) -> None:
        pauses = Pauses(engine.clock)
        self._client = client = PacedClient(asking, pauses)
        self._poster = Poster(client)
        self._pages = PageDelivery(PacedClient(asking, pauses, urgent=True), engine, directory)
        self._on_call = OnCallDelivery(client, self._poster, engine, directory)
        self._identity = identity
        self._engine = engine
        self._directory = directory
        self._carriers: Mapping[type, Callable[..., Answer]] = {
            do.CreateChannel: self._create_channel,
            do.InviteToChannel: self._invite,
            do.PostCard: self._post_card,
            do.PinCard: self._pin_card,
            do.RefreshCard: self._refresh_card,
            do.SetTopic: self._set_topic,
            do.AddBookmark: self._add_bookmark,
            do.PostAnnouncement: self._post_announcement,
            do.RefreshAnnouncement: self._refresh_announcement,
            do.PostNotice: self._post_notice,
            do.PostUpdate: self._post_update,
            do.PostReminder: self._post_reminder,
            do.OfferRunbooks: self._offer_runbooks,
            do.PostRunbook: self._post_runbook,
            do.RefreshRunbook: self._refresh_runbook,
            do.SendDirect: self._send_direct,
            do.SendReminder: self._send_reminder,
            do.SendLeadOffer: self._send_lead_offer,
            do.PublishHome: self._publish_home,
            **self._pages.carriers,
            **self._on_call.carriers,
            **PictureDelivery(client, engine).carriers,
        }

    def carry(self, parcel: Parcel) -> Answer:
        carrier = self._carriers[type(parcel.effect)]
        try:
            match parcel.effect:
                case IncidentEffect(number=number):
                    with self._engine.store.reading() as read:
                        incident = read.incident(number)
                    if incident is None:
                        return GiveUp("the incident is not in the database")
                    return carrier(parcel, parcel.effect, incident)
                case _:
                    return carrier(parcel, parcel.effect)
        except faults.UNWILLING as fault:
            return faults.meaning(fault)

    def carry_together(self, parcels: Sequence[Parcel]) -> Sequence[Answer]:
        """Pages that wait for the same person."""
        try:
            return self._pages.send(parcels)
        except faults.UNWILLING as fault:
            return [faults.meaning(fault)] * len(parcels)

    # The channel

    def _create_channel(self, parcel: Parcel, effect: do.CreateChannel, incident: Incident) -> Answer:
        template = self._engine.policy.workspace.channel_name
        wanted = channel_name(template, incident.number, incident.title)
        for ordinal in range(1, MOST_NAMES + 1):
            name = wanted if ordinal == 1 else f"{wanted[:76]}-{ordinal}"
            try:
                made = self._client.conversations_create(name=name)["channel"]
                return Sent(ChannelCreated(number=incident.number, channel=made["id"], name=made["name"]))
            except SlackApiError as fault:
                if faults.code(fault) != "name_taken":
                    raise
            ours = self._made_by_us(name, parcel)
            if ours is not None:
                return Sent(ChannelCreated(number=incident.number, channel=ours["id"], name=ours["name"]))
        return GiveUp(f"the channel names from #{wanted} on are all taken")

    def _made_by_us(self, name: str, parcel: Parcel) -> dict[str, Any] | None:
        """A channel of this name that an earlier, unanswered attempt at this very parcel made."""
        if parcel.attempt == 1:
            return None
        found = search.find_channel(self._client, name)
        if found is None or found.get("creator") != self._identity.bot_user_id or found.get("is_archived"):
            return None
        since = (parcel.enqueued_at - search.SKEW).timestamp()
        return found if float(found.get("created", 0)) >= since else None

    def _invite(self, parcel: Parcel, effect: do.InviteToChannel, incident: Incident) -> Answer:
        if incident.channel is None:
            return GiveUp("there is no channel")
        names = self._names()
        found = (names.slack(person) for person in effect.people)
        users = [user for user in dict.fromkeys(found) if user and user != self._identity.bot_user_id]
        if not users:
            return Sent()
        try:
            self._client.conversations_invite(channel=incident.channel, users=users)
        except SlackApiError as fault:
            if isinstance(faults.meaning(fault), GiveUp):
                return self._invite_one_by_one(incident.channel, users)
            raise
        return Sent()

    def _invite_one_by_one(self, channel: str, users: list[str]) -> Answer:
        """Somebody in the list cannot be invited: everybody else still is."""
        refused = []
        for user in users:
            try:
                self._client.conversations_invite(channel=channel, users=[user])
            except SlackApiError as fault:
                if not isinstance(faults.meaning(fault), GiveUp):
                    raise
                if faults.code(fault) != "already_in_channel":
                    refused.append(f"{user}: {faults.code(fault)}")
        return GiveUp(f"could not be invited: {', '.join(refused)}") if refused else Sent()

    def _set_topic(self, parcel: Parcel, effect: do.SetTopic, incident: Incident) -> Answer:
        if incident.channel is None:
            return GiveUp("there is no channel")
        said = topic(incident, self._engine.policy, self._names())
        self._client.conversations_setTopic(channel=incident.channel, topic=said)
        return Sent()

    def _add_bookmark(self, parcel: Parcel, effect: do.AddBookmark, incident: Incident) -> Answer:
        if incident.channel is None:
            return GiveUp("there is no channel")
        if parcel.attempt > 1:
            standing = self._client.bookmarks_list(channel_id=incident.channel)["bookmarks"]
            if any((mark["title"], mark["link"]) == (effect.title, effect.link) for mark in standing):
                return Sent()
        self._client.bookmarks_add(
            channel_id=incident.channel, title=effect.title, type="link", link=effect.link, emoji=effect.emoji
        )
        return Sent()

    # The card and the announcement

    def _post_card(self, parcel: Parcel, effect: do.PostCard, incident: Incident) -> Answer:
        if incident.channel is None:
            return GiveUp("there is no channel")
        posted = self._poster.post(parcel, incident.channel, self._card(incident))
        return Sent(CardPosted(number=incident.number, message=posted))

    def _pin_card(self, parcel: Parcel, effect: do.PinCard, incident: Incident) -> Answer:
        if incident.card is None:
            return GiveUp("there is no card")
        try:
            self._client.pins_add(channel=incident.card.channel, timestamp=incident.card.ts)
        except SlackApiError as fault:
            if faults.code(fault) != "already_pinned":
                raise
        return Sent()

    def _refresh_card(self, parcel: Parcel, effect: do.RefreshCard, incident: Incident) -> Answer:
        return self._poster.edit(incident.card, self._card(incident))

    def _card(self, incident: Incident) -> Drawn:
        now, policy = self._engine.clock.now(), self._engine.present_now()
        return card.card(incident, policy, self._names(), now, self._survivor(incident))

    def _survivor(self, incident: Incident) -> Incident | None:
        """The incident into which it was merged."""
        if incident.merged_into is None:
            return None
        with self._engine.store.reading() as read:
            return read.incident(incident.merged_into)

    def _post_announcement(self, parcel: Parcel, effect: do.PostAnnouncement, incident: Incident) -> Answer:
        channel = self._engine.policy.workspace.announcements
        if channel is None:
            return Sent()
        posted = self._poster.post(parcel, self._directory.channel(channel), self._announcement(incident))
        return Sent(AnnouncementPosted(number=incident.number, message=posted))

    def _refresh_announcement(self, parcel: Parcel, effect: do.RefreshAnnouncement, incident: Incident) -> Answer:
        return self._poster.edit(incident.announcement, self._announcement(incident))

    def _announcement(self, incident: Incident) -> Drawn:
        return announcement.announcement(incident, self._engine.policy, self._names())

    # Direct messages

    def _send_direct(self, parcel: Parcel, effect: do.SendDirect, incident: Incident) -> Answer:
        user = self._directory.slack_id(effect.to)
        if user is None:
            return GiveUp(f"{effect.to} has no Slack id, and none was found by e-mail")
        self._poster.post(parcel, user, notice.direct(effect, incident, self._engine.policy, self._names()))
        return Sent()

    def _send_reminder(self, parcel: Parcel, effect: do.SendReminder, incident: Incident) -> Answer:
        """A warning that Slack can bring to nobody stands in the channel; a breach does anyway."""
        warns, policy, names = effect.share < BREACH, self._engine.policy, self._names()
        if warns and incident.running(effect.clock) is None:
            return Sent()  # it has been met while the warning waited
        answer = self._on_call.tell(parcel, effect.person, reminder.direct(effect, incident, policy, names))
        if warns and incident.channel is not None and isinstance(answer, GiveUp):
            return self._say(parcel, incident, reminder.instead(effect, incident, policy, names))
        return answer

    def _send_lead_offer(self, parcel: Parcel, effect: do.SendLeadOffer, incident: Incident) -> Answer:
        """Whom Slack cannot reach is named in the channel."""
        if incident.lead_offer is None or incident.lead_offer.to != effect.person:
            return Sent()  # it has been answered while this waited
        policy, names = self._engine.policy, self._names()
        answer = self._on_call.tell(parcel, effect.person, handoff_news.lead_offer(effect.by, incident, policy, names))
        if isinstance(answer, GiveUp) and incident.channel is not None:
            return self._say(parcel, incident, handoff_news.lead_not_asked(effect.person, answer.why, names))
        return answer

    # Messages in the channel

    def _post_notice(self, parcel: Parcel, effect: do.PostNotice, incident: Incident) -> Answer:
        policy, address, survivor = self._engine.policy, self._identity.address, self._survivor(incident)
        return self._say(parcel, incident, notice.notice(effect, incident, policy, self._names(), address, survivor))

    def _post_update(self, parcel: Parcel, effect: do.PostUpdate, incident: Incident) -> Answer:
        return self._say(parcel, incident, update.update(effect, incident, self._engine.policy, self._names()))

    def _post_reminder(self, parcel: Parcel, effect: do.PostReminder, incident: Incident) -> Answer:
        return self._say(parcel, incident, reminder.reminder(effect, incident, self._engine.policy, self._names()))

    def _offer_runbooks(self, parcel: Parcel, effect: do.OfferRunbooks, incident: Incident) -> Answer:
        now = self._engine.clock.now()
        return self._say(parcel, incident, runbook.offer(effect.runbooks, incident, self._engine.policy, now))

    def _post_runbook(self, parcel: Parcel, effect: do.PostRunbook, incident: Incident) -> Answer:
        run = incident.run(effect.run)
        if incident.channel is None or run is None:
            return GiveUp("there is no channel" if run else "the runbook is not in the database")
        posted = self._poster.post(parcel, incident.channel, self._run(run, incident))
        return Sent(RunbookPosted(number=incident.number, run=run.id, message=posted))

    def _refresh_runbook(self, parcel: Parcel, effect: do.RefreshRunbook, incident: Incident) -> Answer:
        run = incident.run(effect.run)
        if run is None:
            return GiveUp("the runbook is not in the database")
        return self._poster.edit(run.message, self._run(run, incident))

    def _run(self, run: RunbookRun, incident: Incident) -> Drawn:
        return runbook.run(run, incident, self._engine.policy, self._names(), self._engine.clock.now())

    def _say(self, parcel: Parcel, incident: Incident, drawn: Drawn) -> Answer:
        if incident.channel is None:
            return GiveUp("there is no channel")
        self._poster.post(parcel, incident.channel, drawn)
        return Sent()

    # App Home

    def _publish_home(self, parcel: Parcel, effect: do.PublishHome) -> Answer:
        names = self._names()
        user = names.slack(effect.person)
        if user is None:
            return GiveUp(f"{effect.person} has no Slack id")
        with self._engine.store.reading() as read:
            incidents, offers = read.open_incidents(), read.offers_to(effect.person)
            policy, now = self._engine.present(read), self._engine.clock.now()
            watches = [read.watch(schedule) for schedule in home.schedules_of(effect.person, policy, now)]
        handoffs = [watch.handoff for watch in watches if watch is not None and watch.handoff is not None]
        view = home.home(effect.person, incidents, policy, names, now, offers, handoffs)
        self._client.views_publish(user_id=user, view=view)
        return Sent()

    def _names(self) -> Names:
        return self._directory.names()
