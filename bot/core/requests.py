"""What an action asks of another system, made from its templates once, when it is asked for.

As text it waits in the database: what somebody has consented to is what is done, whatever is said or configured
meanwhile. Secrets are in neither; they are put in their places when it is carried out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from bot.core.decision import Refused
from bot.core.incident import Incident, RunbookRun
from bot.core.instructions import filled_in
from bot.policy.actions import Action, CommandCall, HttpCall
from bot.policy.model import Policy

LONGEST_URL = 2000
LONGEST_BODY = 20_000


@dataclass(frozen=True, slots=True)
class HttpRequest:
    method: str
    url: str
    headers: Mapping[str, str]  # `env:NAME` stands for a secret
    body: str | None
    limit: timedelta
    kind: Literal["http"] = "http"

    def __str__(self) -> str:
        sent = f" with {len(self.body)} characters" if self.body else ""
        return f"{self.method} {self.url}{sent}"


@dataclass(frozen=True, slots=True)
class CommandRequest:
    command: str  # its name in the configuration, which must know it still
    words: tuple[str, ...]
    limit: timedelta
    kind: Literal["command"] = "command"

    def __str__(self) -> str:
        return f"{self.command}: {' '.join(_quoted(word) for word in self.words)}"


Request = HttpRequest | CommandRequest
_adapter: TypeAdapter[Request] = TypeAdapter(Request)


def dump(request: Request) -> str:
    return _adapter.dump_json(request).decode()


def load(text: str) -> Request:
    return _adapter.validate_json(text)


def requested(action: Action, dry: bool, run: RunbookRun, incident: Incident, policy: Policy) -> Request:
    """The request of an action, its names filled in; refused with the sentence if it cannot be made so."""
    if action.http is not None:
        return _http(action.http, run, incident, policy)
    assert action.command is not None, "only what reaches other systems is requested"
    return _command(action.command, dry, run, incident, policy)


def _http(call: HttpCall, run: RunbookRun, incident: Incident, policy: Policy) -> HttpRequest:
    url = filled_in(call.url, incident, policy, run, quoted=True)
    if not _is_address(url) or "(not set:" in url or len(url) > LONGEST_URL:
        raise Refused(f"The address of this action cannot be used: {url[:200]}")
    body = filled_in(call.body, incident, policy, run) if call.body is not None else None
    if body is not None and len(body) > LONGEST_BODY:
        raise Refused(f"The body of this action is longer than {LONGEST_BODY:,} characters.")
    headers = {name: filled_in(value, incident, policy, run) for name, value in call.headers.items()}
    if any(not value.isprintable() for value in headers.values()):
        raise Refused("A header of this action has a line break or another control character in it.")
    if any(_is_secret(value) and not _is_secret(call.headers[name]) for name, value in headers.items()):
        raise Refused("A header of this action would begin with env:, which only the runbook itself may say.")
    return HttpRequest(call.method, url, headers, body, call.limit)


def _is_secret(value: str) -> bool:
    return value.startswith("env:")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # half a bracket
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _command(call: CommandCall, dry: bool, run: RunbookRun, incident: Incident, policy: Policy) -> CommandRequest:
    command = policy.commands.get(call.command)
    if command is None:
        raise Refused(f"The configuration has no command “{call.command}”, so it cannot be run from here.")
    given = {name: filled_in(value, incident, policy, run) for name, value in call.arguments.items()}
    try:
        words = command.words(given, dry)
    except ValueError as bad:
        raise Refused(f"The command {call.command} cannot be run so: {bad}.") from None
    return CommandRequest(call.command, tuple(words), command.limit)


def _quoted(word: str) -> str:
    return f'"{word}"' if not word or " " in word else word
