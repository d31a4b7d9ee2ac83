"""What can be found out about Slack before anybody is paged: token, scopes, clock, channels, user groups, people.

It only reads, and posts nothing. No secret is ever in what it finds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.engine.clock import Clock
from bot.policy.model import Person, Policy, TargetKind
from bot.policy.nearest import known
from bot.slack.client import make_client
from bot.slack.faults import UNWILLING, code
from bot.slack.manifest import OPTIONAL, SCOPES

CLOCK_OFF_BY = timedelta(seconds=30)  # beyond it what falls due does so at the wrong time
_PAGE = 1000
_MOST_PAGES = 50
_APP_SETTINGS = "“OAuth & Permissions” of your Slack app"


class Grade(StrEnum):
    WELL = "well"
    HINT = "hint"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `said` is a sentence which says what to do unless it is well."""

    grade: Grade
    room: str  # configuration, environment, database, slack, channels, groups, people
    about: str
    said: str


@dataclass(frozen=True, slots=True)
class InSlack:
    """Whether Slack reaches a person; `trouble` says why not."""

    slack_id: str | None
    trouble: str = ""
    hint: str = ""


class SlackDoctor:
    """`known` are the people whom the bot has found by e-mail before: key to Slack user id."""

    def __init__(self, bot_token: str, app_token: SecretStr | None, api_url: str, timeout: int, clock: Clock) -> None:
        self._client = make_client(bot_token, api_url, timeout)
        # Unlike the bot, which decides by itself what it asks again, a command may wait when Slack asks it to.
        self._client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=3))
        self._app_token = app_token
        self._api_url = api_url
        self._clock = clock
        self._scopes: frozenset[str] = frozenset()
        self._name = "Baton"
        self.is_accepted = False  # whether Slack takes the token, so that more can be asked

    def connection(self) -> Iterator[Finding]:
        """The token, its scopes, the clock, and the way by which requests come in."""
        asked = self._clock.now()
        try:
            answer: Any = self._client.auth_test()
        except UNWILLING as fault:
            yield self._refused("SLACK_BOT_TOKEN", fault)
            return
        self.is_accepted = True
        headers = {str(key).lower(): str(value) for key, value in dict(answer.headers).items()}
        self._name = str(answer.get("user") or self._name)
        said = f"The token is accepted: @{self._name} in {answer.get('team') or 'the workspace'}."
        yield Finding(Grade.WELL, "slack", "SLACK_BOT_TOKEN", said)
        yield from self._granted(headers.get("x-oauth-scopes", ""))
        yield clock_against(headers.get("date", ""), asked, self._clock.now())
        yield self._way_in()

    def channels(self, policy: Policy) -> Iterator[Finding]:
        """Those that the configuration writes to: that they exist, and that the bot may post there."""
        wanted = _channels(policy)
        if not wanted:
            return
        try:
            found = {str(each["name"]): each for each in self._listed("conversations.list", "channels")}
        except UNWILLING as fault:
            yield Finding(Grade.FAULT, "channels", "channels", f"They cannot be listed: {_why(fault)}.")
            return
        for name, purpose in wanted.items():
            yield self._channel(name, purpose, found)

    def groups(self, policy: Policy) -> Iterator[Finding]:
        """Those that are paged, and those that follow a schedule."""
        paged = dict.fromkeys(
            target.name
            for path in policy.escalation_paths.values()
            for step in path.steps
            for target in step.page
            if target.kind is TargetKind.GROUP
        )
        kept = dict.fromkeys(each.user_group for each in policy.schedules.values() if each.user_group)
        if not (paged or kept):
            return
        try:
            listed = self._client.usergroups_list(include_disabled=True, include_count=True)["usergroups"]
        except UNWILLING as fault:
            yield Finding(Grade.FAULT, "groups", "user groups", f"They cannot be read: {_why(fault)}.")
            return
        found = {f"@{each['handle']}": each for each in listed}
        for handle in dict.fromkeys((*paged, *kept)):
            yield _group(handle, found, handle in paged)

    def person(self, person: Person, looked_up: str | None) -> InSlack:
        """Asks Slack for somebody's account; `looked_up` is the id by which the bot has found them before."""
        slack_id = person.slack or looked_up
        try:
            if slack_id is None:
                if not person.email:
                    return InSlack(None, "neither a Slack id nor an e-mail address is configured")
                slack_id = str(self._client.users_lookupByEmail(email=person.email)["user"]["id"])
            user = self._client.users_info(user=slack_id)["user"]
        except UNWILLING as fault:
            if isinstance(fault, SlackApiError) and code(fault) in ("user_not_found", "users_not_found"):
                by = f"the id {slack_id}" if slack_id else "this e-mail address"
                return InSlack(None, f"Slack knows nobody by {by}")
            return InSlack(None, f"Slack could not be asked: {_why(fault)}")
        if user.get("deleted"):
            return InSlack(None, f"the account {slack_id} is deactivated")
        return InSlack(slack_id, hint=_zones(person.time_zone, str(user.get("tz") or ""), self._clock.now()))

    def _granted(self, header: str) -> Iterator[Finding]:
        self._scopes = frozenset(scope.strip() for scope in header.split(",") if scope.strip())
        missing = [scope for scope in SCOPES if scope not in self._scopes]
        for scope in missing:
            said = f"This scope is missing ({SCOPES[scope]}): add it in {_APP_SETTINGS} and install the app again."
            yield Finding(Grade.FAULT, "slack", scope, said)
        for scope, purpose in OPTIONAL.items():
            if scope not in self._scopes:
                said = f"This scope is not granted ({purpose}): to have it, add it in {_APP_SETTINGS}."
                yield Finding(Grade.HINT, "slack", scope, said)
        if not missing:
            yield Finding(Grade.WELL, "slack", "scopes", f"All {len(SCOPES)} that it needs are granted.")

    def _way_in(self) -> Finding:
        if self._app_token is None:
            said = "No SLACK_APP_TOKEN, so requests come by HTTP: see that Slack can reach /slack/events of the bot."
            return Finding(Grade.HINT, "slack", "SLACK_APP_TOKEN", said)
        try:
            client = WebClient(base_url=self._client.base_url, timeout=self._client.timeout, retry_handlers=[])
            client.apps_connections_open(app_token=self._app_token.get_secret_value())
        except UNWILLING as fault:
            return self._refused("SLACK_APP_TOKEN", fault)
        return Finding(Grade.WELL, "slack", "SLACK_APP_TOKEN", "Socket Mode can be opened.")

    def _refused(self, token: str, fault: Exception) -> Finding:
        if not isinstance(fault, SlackApiError):
            said = f"Slack cannot be reached at {self._api_url} ({type(fault).__name__}): look at the network."
        elif token == "SLACK_APP_TOKEN":  # noqa: S105 - the name of a variable
            said = (
                f"Slack refuses it ({_why(fault)}): make an app-level token with the scope connections:write under "
                "“Basic Information” of your Slack app, and switch Socket Mode on."
            )
        else:
            said = f"Slack refuses it ({_why(fault)}): copy the token again from {_APP_SETTINGS}."
        return Finding(Grade.FAULT, "slack", token, said)

    def _listed(self, method: str, key: str) -> Iterator[dict[str, Any]]:
        arguments: dict[str, Any] = {"limit": _PAGE, "types": "public_channel"}
        for _ in range(_MOST_PAGES):
            answer = self._client.api_call(method, params=arguments)
            yield from answer.get(key) or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            arguments["cursor"] = cursor

    def _channel(self, name: str, purpose: str, found: Mapping[str, dict[str, Any]]) -> Finding:
        channel = found.get(name.removeprefix("#"))
        if channel is None:
            nearest = known(name.removeprefix("#"), found)
            hint = f" Did you mean #{nearest}?" if nearest else ""
            said = f"The bot sees no such public channel, for {purpose}: create it, or correct its name.{hint}"
            return Finding(Grade.FAULT, "channels", name, said)
        if channel.get("is_archived"):
            return Finding(Grade.FAULT, "channels", name, f"It is archived; unarchive it, for {purpose} go there.")
        if not channel.get("is_member") and "chat:write.public" not in self._scopes:
            said = f"The bot may not post there: write `/invite @{self._name}` in it, for {purpose} go there."
            return Finding(Grade.FAULT, "channels", name, said)
        return Finding(Grade.WELL, "channels", name, f"The bot can post there ({purpose}).")


def _channels(policy: Policy) -> dict[str, str]:
    """What the configuration writes to, and what goes there; by name."""
    wanted: dict[str, str] = {}
    if policy.workspace.announcements:
        wanted[policy.workspace.announcements] = "announcements"
    for schedule in policy.schedules.values():
        if schedule.handoff:
            wanted.setdefault(schedule.handoff.channel, "handoffs")
    for path in policy.escalation_paths.values():
        for target in (target for step in path.steps for target in step.page):
            if target.kind is TargetKind.CHANNEL:
                wanted.setdefault(target.name, "pages")
    for team in policy.teams.values():
        if team.channel:
            wanted.setdefault(team.channel, f"news for {team.name}")
    return wanted


def _group(handle: str, found: Mapping[str, dict[str, Any]], is_paged: bool) -> Finding:
    group = found.get(handle)
    is_off = bool(group and group.get("date_delete"))
    if not is_paged:
        said = "It is there." if group and not is_off else "The bot makes it, or switches it on, when it starts."
        return Finding(Grade.WELL, "groups", handle, said)
    if group is None:
        nearest = known(handle, found)
        hint = f" Did you mean {nearest}?" if nearest else ""
        said = f"An escalation path pages this user group, and there is none: make it, or correct its handle.{hint}"
        return Finding(Grade.FAULT, "groups", handle, said)
    if is_off:
        said = "An escalation path pages this user group, which is switched off: switch it on, or page somebody else."
        return Finding(Grade.FAULT, "groups", handle, said)
    count = int(group.get("user_count") or 0)
    if count == 0:
        return Finding(Grade.FAULT, "groups", handle, "Nobody is in this user group, which is paged: add people.")
    return Finding(Grade.WELL, "groups", handle, f"{count} in it.")


def clock_against(date: str, asked: datetime, answered: datetime) -> Finding:
    """Slack tells its time to the second, at some instant between question and answer."""
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return Finding(Grade.HINT, "slack", "clock", "Slack did not say what time it is; look at the clock yourself.")
    behind, ahead = theirs - answered, asked - theirs
    off = max(behind, ahead, timedelta())
    seconds = round(off.total_seconds())
    if off > CLOCK_OFF_BY:
        which = "behind" if behind > ahead else "ahead of"
        said = f"The clock of this machine is {seconds} s {which} Slack's: set it by NTP, or pages come at wrong times."
        return Finding(Grade.FAULT, "slack", "clock", said)
    return Finding(Grade.WELL, "slack", "clock", "It agrees with Slack's to within a few seconds.")


def _zones(configured: str, in_slack: str, now: datetime) -> str:
    """Words if Slack takes somebody to be elsewhere: another name for the same time is no matter."""
    try:
        theirs = ZoneInfo(in_slack) if in_slack else None
    except (ValueError, OSError):
        theirs = None
    if theirs is None or now.astimezone(theirs).utcoffset() == now.astimezone(ZoneInfo(configured)).utcoffset():
        return ""
    return f"in Slack their time zone is {in_slack}, here {configured}: correct whichever is out of date"


def _why(fault: Exception) -> str:
    if not isinstance(fault, SlackApiError):
        return f"no answer ({type(fault).__name__})"
    answer: Any = fault.response
    needed = answer.get("needed") if code(fault) == "missing_scope" else None
    return f"missing_scope: {needed}" if needed else code(fault) or "an answer that is no JSON"


def pageable(policy: Policy, taking_turns: Iterable[str]) -> tuple[str, ...]:
    """Everybody who may be paged or told: those who take turns, whom the paths name, and the leads of the teams."""
    targets = [target for path in policy.escalation_paths.values() for step in path.steps for target in step.page]
    named = [target.name for target in targets if target.kind is TargetKind.PERSON]
    teams = [policy.teams[target.name] for target in targets if target.kind is TargetKind.TEAM]
    leads = [team.lead for team in policy.teams.values() if team.lead]
    wanted = {*taking_turns, *named, *leads, *(member for team in teams for member in team.members)}
    return tuple(person for person in policy.people if person in wanted)
