"""Who is who in the workspace: people of the configuration that are known by e-mail only, and channels by name."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.policy.model import Policy
from bot.slack.faults import UNWILLING, code, is_for_now
from bot.slack.names import Names
from bot.slack.search import find_channel

log = logging.getLogger(__name__)


class Directory:
    """Remembers what was looked up; a person found is handed to `found` to be kept for the next start."""

    def __init__(self, client: WebClient, policy: Policy, known: dict[str, str], found: Callable[[str, str], None]):
        self._client = client
        self._policy = policy
        self._people = dict(known)
        self._found = found
        self._channels: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._lock = threading.Lock()

    def names(self) -> Names:
        with self._lock:
            return Names(self._policy, dict(self._people))

    def look_up(self) -> None:
        """Finds everybody who is known by e-mail only; who cannot be found is said in the log."""
        for key, person in self._policy.people.items():
            if person.slack is None and person.email and key not in self._people:
                try:
                    self._look_up(key, person.email)
                except UNWILLING as fault:
                    why = code(fault) if isinstance(fault, SlackApiError) else type(fault).__name__
                    log.warning("%s could not be found in Slack by e-mail (%s)", key, why)

    def slack_id(self, ref: str) -> str | None:
        """Of whom something is to be sent to; who was not found at the start, as Slack was busy, is found now."""
        known, person = self.names().slack(ref), self._policy.people.get(ref)
        if known is not None or person is None or not person.email:
            return known
        try:
            return self._look_up(ref, person.email)
        except SlackApiError as fault:
            if is_for_now(fault):
                raise
            return None

    def channel(self, name: str) -> str:
        """The id of a channel named `#name`; the name itself when it cannot be found, which Slack also takes."""
        if not name.startswith("#"):
            return name
        if name not in self._channels:
            found = self._find(name)
            if found is None:
                return name
            self._channels[name] = found
        return self._channels[name]

    def group(self, handle: str, name: str) -> str:
        """The id of the user group @handle; one that is not there is made, one that is switched off switched on."""
        bare = handle.removeprefix("@")
        if bare not in self._groups:
            listed = self._client.usergroups_list(include_disabled=True)["usergroups"]
            found = next((group for group in listed if group["handle"] == bare), None)
            if found is None:
                found = self._make_group(bare, f"On call {name}")
            elif found.get("date_delete"):
                self._client.usergroups_enable(usergroup=found["id"])
            self._groups[bare] = str(found["id"])
        return self._groups[bare]

    def forget_group(self, handle: str) -> None:
        """The next question about it is put to Slack again."""
        self._groups.pop(handle.removeprefix("@"), None)

    def join(self, name: str) -> None:
        """Joins a public channel that the bot writes to; its own messages can be found again only there."""
        try:
            channel = self.channel(name)
            if not channel.startswith("#"):
                self._client.conversations_join(channel=channel)
            else:
                log.warning("there is no channel %s that the bot can see; create it, or invite the bot", name)
        except UNWILLING as fault:
            log.warning("the bot could not join %s (%s)", name, fault)

    def _make_group(self, handle: str, name: str) -> Any:
        try:
            return self._client.usergroups_create(name=name, handle=handle)["usergroup"]
        except SlackApiError as fault:
            if code(fault) != "name_already_exists":
                raise
            return self._client.usergroups_create(name=f"{name} ({handle})", handle=handle)["usergroup"]

    def _find(self, name: str) -> str | None:
        try:
            found = find_channel(self._client, name.removeprefix("#"))
        except SlackApiError as fault:
            if is_for_now(fault):
                raise
            return None  # the bot may not list channels
        return str(found["id"]) if found else None

    def _look_up(self, key: str, email: str) -> str:
        slack_id = str(self._client.users_lookupByEmail(email=email)["user"]["id"])
        with self._lock:
            self._people[key] = slack_id
        self._found(key, slack_id)
        return slack_id
