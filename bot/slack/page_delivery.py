"""Delivery of pages: to one person or into a channel, several that wait for the same one as one message; and who
is in a user group that is to be paged."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core import effects as do
from bot.core.events import GroupLookedUp, PageDelivered
from bot.core.incident import Incident, Message, Page
from bot.core.paging import is_channel
from bot.engine.deliver import Answer, GiveUp, Sent
from bot.engine.engine import Engine
from bot.slack import faults
from bot.slack.directory import Directory
from bot.slack.posting import Poster
from bot.slack.views import page
from bot.store.outbox import Parcel

log = logging.getLogger(__name__)

MEMBERS_FOR = timedelta(seconds=20)  # so long is remembered who is in a group: many incidents may ask at once

SIDE_BY_SIDE = 64  # messages that are drawn anew at the same time, more or less

Found = tuple[Incident, Page]


class PageDelivery:
    def __init__(self, client: WebClient, engine: Engine, directory: Directory) -> None:
        self._client = client
        self._poster = Poster(client)
        self._engine = engine
        self._directory = directory
        self._drawing = tuple(threading.Lock() for _ in range(SIDE_BY_SIDE))
        self._joined: set[str] = set()
        self._groups: dict[str, str] = {}  # handle to id
        self._members: dict[str, tuple[datetime, tuple[str, ...]]] = {}  # as of when, by handle
        self._asking = threading.Lock()
        self.carriers: Mapping[type, Callable[..., Answer]] = {
            do.SendPage: lambda parcel, effect, incident: self.send([parcel])[0],
            do.RefreshPage: self._refresh,
            do.LookUpGroup: self._look_up_group,
        }

    def send(self, parcels: Sequence[Parcel]) -> list[Answer]:
        """Pages of one person or channel; those that an earlier attempt has posted are found by their marks."""
        found = self._found(parcels)
        answers: dict[int, Answer] = {
            parcel.id: GiveUp("the page is not in the database") for parcel in parcels if parcel.id not in found
        }
        there = [parcel for parcel in parcels if parcel.id in found]
        if there:
            answers |= self._send(there, found)
        return [answers[parcel.id] for parcel in parcels]

    def _send(self, parcels: Sequence[Parcel], found: Mapping[int, Found]) -> dict[int, Answer]:
        person = found[parcels[0].id][1].person
        to = self._address(person)
        if to is None:
            why = f"{person} has no Slack id, and none was found by e-mail"
            return {parcel.id: GiveUp(why) for parcel in parcels}
        standing = self._poster.find(parcels, to)
        # It may have been drawn since from some of its pages alone, as only they were noted.
        answers: dict[int, Answer] = {
            id_: _delivered(*found[id_], message, again=True) for id_, message in standing.items()
        }
        new = [parcel for parcel in parcels if parcel.id not in standing]
        try:
            return answers | (self._post(new, to, found) if new else {})
        except faults.UNWILLING as fault:
            meant = faults.meaning(fault)
            if isinstance(meant, GiveUp) and len(new) > 1:  # one of them may be to blame: each for itself
                return answers | {parcel.id: self.send([parcel])[0] for parcel in new}
            return answers | {parcel.id: meant for parcel in new}

    def _post(self, parcels: Sequence[Parcel], to: str, found: Mapping[int, Found]) -> dict[int, Answer]:
        policy, names = self._engine.present_now(), self._directory.names()
        drawn = page.pages([found[parcel.id] for parcel in parcels], policy, names)
        posted = self._poster.post_anew(parcels, to, drawn)
        return {parcel.id: _delivered(*found[parcel.id], posted) for parcel in parcels}

    def _found(self, parcels: Sequence[Parcel]) -> dict[int, Found]:
        found: dict[int, Found] = {}
        with self._engine.store.reading() as read:
            for parcel in parcels:
                assert isinstance(parcel.effect, do.SendPage)
                incident = read.incident(parcel.effect.number)
                paged = incident.page(parcel.effect.page) if incident else None
                if incident is not None and paged is not None:
                    found[parcel.id] = incident, paged
        return found

    def _address(self, person: str) -> str | None:
        if not is_channel(person):
            return self._directory.slack_id(person)
        if person not in self._joined:
            self._directory.join(person)  # only where the bot is can it find again what it has posted
            self._joined.add(person)
        return self._directory.channel(person)

    def _refresh(self, parcel: Parcel, effect: do.RefreshPage, incident: Incident) -> Answer:
        paged = incident.page(effect.page)
        if paged is None:
            return GiveUp("the page is not in the database")
        if paged.message is None:
            return Sent()  # it never reached anybody: there is nothing to draw anew
        # What was read first must not be drawn last, where several stand in one message.
        with self._drawing[hash(paged.message) % SIDE_BY_SIDE]:
            with self._engine.store.reading() as read:
                found = read.pages_of_message(paged.message.channel, paged.message.ts)
                policy = self._engine.present(read)
            return self._poster.edit(paged.message, page.pages(found, policy, self._directory.names()))

    # User groups

    def _look_up_group(self, parcel: Parcel, effect: do.LookUpGroup, incident: Incident) -> Answer:
        people = self._people_of(effect.handle.removeprefix("@"))
        looked_up = GroupLookedUp(
            number=effect.number, handle=effect.handle, round=effect.round, step=effect.step, people=people
        )
        return Sent(looked_up)

    def _people_of(self, handle: str) -> tuple[str, ...]:
        """Nobody, if there is no such group or it is switched off."""
        with self._asking:
            now = self._engine.clock.now()
            asked, users = self._members.get(handle, (None, ()))
            if asked is None or now - asked > MEMBERS_FOR:
                users = self._users_of(handle)
                self._members[handle] = now, users
        names = self._directory.names()
        return tuple(dict.fromkeys(names.ref(user) for user in users))

    def _users_of(self, handle: str) -> tuple[str, ...]:
        if handle not in self._groups:
            listed = self._client.usergroups_list()["usergroups"]
            self._groups |= {str(group["handle"]): str(group["id"]) for group in listed}
        group = self._groups.get(handle)
        if group is None:
            log.warning("there is no user group @%s in Slack; create it, or change the path that pages it", handle)
            return ()
        try:
            return tuple(self._client.usergroups_users_list(usergroup=group)["users"])
        except SlackApiError as fault:
            if faults.is_for_now(fault):
                raise
            del self._groups[handle]  # it is gone; another may have its handle by the next time
            return ()


def _delivered(incident: Incident, paged: Page, message: Message, again: bool = False) -> Sent:
    receipt = PageDelivered(number=incident.number, page=paged.id, message=message)
    return Sent(receipt, then=do.RefreshPage(number=incident.number, page=paged.id) if again else None)
