"""What is said in Slack, as lines that a person can read aloud."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from bot.policy.model import Policy
from bot.sandbox.server import Sandbox

DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
USER = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
CHANNEL = re.compile(r"<#(\w+)(?:\|[^>]*)?>")
LINK = re.compile(r"<(?:https?|mailto)[^|>]*\|([^>]*)>")
BOLD = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")


class Transcript:
    def __init__(self, console: Console, sandbox: Sandbox, policy: Policy) -> None:
        self._console = console
        self._sandbox = sandbox
        self._policy = policy
        self._told_at: datetime | None = None

    def time(self, now: datetime) -> None:
        """A heading, when time has passed since the last one."""
        if now == self._told_at:
            return
        self._told_at = now
        self._console.print()
        self._console.rule(Text(f"{now:%A %d %B, %H:%M} UTC", style="bold"), style="dim", align="left")

    def says(self, person: str, words: str, now: datetime) -> None:
        known = self._policy.people[person]
        local = now.astimezone(ZoneInfo(known.time_zone))
        city = known.time_zone.rpartition("/")[2].replace("_", " ")
        self._line(f"{known.name} ({city} {local:%H:%M})", words, "cyan")

    def shows(self, where: str, words: str) -> None:
        self._line(where, self.plain(words), "magenta")

    def narrates(self, words: str) -> None:
        self._console.print(Text(f"  {words}", style="dim italic"))

    def beat(self, name: str, happened: bool) -> None:
        mark, style = ("✓", "green") if happened else ("✗", "bold red")
        self._console.print(Text(f"  {mark} {name}" if happened else f"  {mark} did not happen: {name}", style=style))

    def plain(self, words: str) -> str:
        """Slack's markup as a reader would see it."""
        for pattern, shown in (
            (DATE, lambda found: found[1]),
            (USER, lambda found: f"@{self._name(found[1])}"),
            (CHANNEL, lambda found: f"#{self._channel(found[1])}"),
            (LINK, lambda found: found[1]),
            (BOLD, lambda found: found[1]),
        ):
            words = pattern.sub(shown, words)
        return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def _name(self, slack_id: str) -> str:
        return next((person.name for person in self._policy.people.values() if person.slack == slack_id), slack_id)

    def _channel(self, channel_id: str) -> str:
        named = (str(channel["name"]) for channel in self._sandbox.channels() if channel["id"] == channel_id)
        return next(named, channel_id)

    def _line(self, who: str, words: str, style: str) -> None:
        said = Text("  ")
        said.append(f"{who}: ", style=style)
        said.append(words.strip().replace("\n", "\n      "))
        self._console.print(said)
