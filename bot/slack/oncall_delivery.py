"""Delivery of what goes out around schedules and to single people: offers, news, reminders, user groups, handoffs."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core import oncall_effects as do
from bot.core.effects import RemindOfReview
from bot.core.incident import Message
from bot.core.library import is_stale
from bot.core.oncall_events import OfferPosted
from bot.core.standin import StandIn
from bot.engine.deliver import Answer, GiveUp, Sent
from bot.engine.engine import Engine
from bot.oncall.schedule import on_call_in
from bot.policy.model import Policy
from bot.slack import faults
from bot.slack.canvas_delivery import CanvasDelivery
from bot.slack.directory import Directory
from bot.slack.handoff_delivery import HandoffDelivery
from bot.slack.names import Names
from bot.slack.posting import Poster
from bot.slack.views import library, shifts, standin
from bot.slack.views.drawn import Drawn
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)


class OnCallDelivery:
    def __init__(self, client: WebClient, poster: Poster, engine: Engine, directory: Directory) -> None:
        self._client = client
        self._poster = poster
        self._engine = engine
        self._directory = directory
        self.carriers: Mapping[type, Callable[..., Answer]] = {
            do.PostOffer: self._post_offer,
            do.RefreshOffer: self._refresh_offer,
            do.TellOfStandIn: self._tell_of_stand_in,
            do.RemindOfShift: self._remind_of_shift,
            do.TellUnreachable: self._tell_unreachable,
            do.TellOfMovedShifts: self._tell_of_moved_shifts,
            do.FollowShift: self._follow_shift,
            RemindOfReview: self._remind_of_review,
            **HandoffDelivery(client, poster, engine, directory, self.tell).carriers,
            **CanvasDelivery(client, engine, directory).carriers,
        }

    # Stand-ins

    def _post_offer(self, parcel: Parcel, effect: do.PostOffer) -> Answer:
        found, policy, now = self._stand_in(effect)
        if found is None:
            return GiveUp("the change of shift is not in the database")
        posted = self._direct(parcel, effect.person, standin.offer(found, effect.person, policy, self._names(), now))
        if isinstance(posted, GiveUp):
            return posted
        receipt = OfferPosted(schedule=effect.schedule, id=effect.id, person=effect.person, message=posted)
        return Sent(receipt)

    def _refresh_offer(self, parcel: Parcel, effect: do.RefreshOffer) -> Answer:
        found, policy, now = self._stand_in(effect)
        offered = found.offer(effect.person) if found else None
        if found is None or offered is None:
            return GiveUp("the offer is not in the database")
        return self._poster.edit(offered.message, standin.offer(found, effect.person, policy, self._names(), now))

    def _tell_of_stand_in(self, parcel: Parcel, effect: do.TellOfStandIn) -> Answer:
        found, policy, now = self._stand_in(effect)
        if found is None:
            return GiveUp("the change of shift is not in the database")
        return self.tell(parcel, effect.person, standin.news(found, effect.person, policy, self._names(), now))

    def _stand_in(self, effect: do.StandInEffect) -> tuple[StandIn | None, Policy, datetime]:
        with self._engine.store.reading() as read:
            return read.stand_in(effect.id), self._engine.present(read), self._engine.clock.now()

    # Shifts

    def _remind_of_shift(self, parcel: Parcel, effect: do.RemindOfShift) -> Answer:
        with self._engine.store.reading() as read:
            open_incidents = len(read.open_incidents(effect.schedule))
            policy = self._engine.present(read)
        return self.tell(parcel, effect.person, shifts.reminder(effect, policy, self._names(), open_incidents))

    def _tell_unreachable(self, parcel: Parcel, effect: do.TellUnreachable) -> Answer:
        drawn = shifts.unreachable(effect, self._engine.policy, self._names())
        to, known = effect.to, self._engine.policy.schedules.get(effect.schedule)
        if not to.startswith("#"):
            told = self.tell(parcel, to, drawn)
            if not isinstance(told, GiveUp) or known is None or known.handoff is None:
                return told
            to = known.handoff.channel  # they cannot be reached either
        self._poster.post(parcel, self._directory.channel(to), drawn)
        return Sent()

    def _tell_of_moved_shifts(self, parcel: Parcel, effect: do.TellOfMovedShifts) -> Answer:
        return self.tell(parcel, effect.person, shifts.moved(effect, self._engine.policy, self._names()))

    # Runbooks

    def _remind_of_review(self, parcel: Parcel, effect: RemindOfReview) -> Answer:
        policy = self._engine.policy
        today = self._engine.clock.now().date()
        books = [policy.runbooks[name] for name in effect.runbooks if name in policy.runbooks]
        stale = [book for book in books if is_stale(book, today, policy)]
        if not stale:
            return Sent()  # reviewed since, or taken out
        return self.tell(parcel, effect.person, library.review(stale, policy))

    # User groups

    def _follow_shift(self, parcel: Parcel, effect: do.FollowShift) -> Answer:
        """Draws whoever is on call at this moment, so that a late one does no harm; nobody never empties the group."""
        policy = self._engine.present_now()
        schedule = policy.schedules.get(effect.schedule)
        if schedule is None or schedule.user_group is None:
            return Sent()
        people = on_call_in(effect.schedule, self._engine.clock.now(), policy).people
        found = [user for person in people if (user := self._directory.slack_id(person)) is not None]
        # One deactivated account refuses the whole list, and alone in it empties the group nevertheless.
        users = [user for user in dict.fromkeys(found) if self._is_active(user)]
        if people and not users:
            return GiveUp(f"nobody who is on call for {effect.schedule} has an account in Slack")
        if users:
            try:
                self._set_members(
                    self._directory.group(schedule.user_group, policy.schedule_name(effect.schedule)), users
                )
            except SlackApiError:
                self._directory.forget_group(schedule.user_group)
                raise
        return Sent()

    def _set_members(self, group: str, users: list[str]) -> None:
        answer = self._client.usergroups_users_update(usergroup=group, users=users)
        if answer["usergroup"].get("date_delete"):  # somebody has switched it off
            self._client.usergroups_enable(usergroup=group)

    # Telling one person

    def tell(self, parcel: Parcel, person: str, drawn: Drawn) -> Answer:
        posted = self._direct(parcel, person, drawn)
        return posted if isinstance(posted, GiveUp) else Sent()

    def _direct(self, parcel: Parcel, person: str, drawn: Drawn) -> Message | GiveUp:
        """Slack takes a message to somebody whose account is deactivated, and nobody ever reads it."""
        user = self._directory.slack_id(person)
        if user is None:
            return GiveUp(f"{person} has no Slack id, and none was found by e-mail")
        if not self._is_active(user):
            return GiveUp("their Slack account is deactivated")
        return self._poster.post(parcel, user, drawn)

    def _is_active(self, user: str) -> bool:
        try:
            return not self._client.users_info(user=user)["user"].get("deleted", False)
        except SlackApiError as fault:
            if faults.code(fault) == "user_not_found":
                return False
            raise

    def _names(self) -> Names:
        return self._directory.names()
