"""Pages with a thousand open incidents: how late after its due time one is handed to Slack, and how near to Slack's
limits a thousand are handed over that fall due in the same second, the most severe first.

    python -m tests.benchmarks.storm_bench

The bot runs as a process of its own (`bot run`), the sandbox in this one.
"""

import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.core.events import CardPosted, ChannelCreated, IncidentDeclared
from bot.core.incident import Incident, Message
from bot.demo.workspace import channels, slack_id, users
from bot.engine.engine import Engine
from bot.engine.waiting import MOST_TOGETHER
from bot.policy.load import load
from bot.policy.model import EscalationPath, Policy
from bot.sandbox import messages
from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import Call
from bot.slack.manifest import manifest
from bot.store.rows import table
from bot.store.store import Store

ROOT = Path(__file__).parent.parent.parent
OPEN = 1_100
PAGED = 6  # people, each for as many of them
SINGLE = 100  # steps that fall due one by one
APART = timedelta(seconds=0.25)
SOON = timedelta(seconds=6)  # more than a beat of the pulse, which then knows of it
LATENCY = 0.1  # seconds a call
PER_CHANNEL, PER_MINUTE = 1, 300  # messages a second in a channel, and a minute in the workspace
TAKES_TOO_LONG = 300.0
_NAME = re.compile(r"INC-(\d+)\b")
PATH = "bench"


def thousand(policy: Policy, store: Store, sandbox: Sandbox) -> dict[int, str]:
    """Open incidents whose second step is not due yet, each with its severity; all that was to be sent is sent."""
    severities = list(policy.severities)
    found: dict[int, str] = {}
    people = list(policy.people)[:PAGED]
    engines = [Engine(store, _paging(policy, person), SandboxClock()) for person in people]
    for index in track(range(OPEN), "A thousand incidents"):
        engine = engines[index % len(people)]
        severity = severities[(index // len(people)) % len(severities)]
        outcome = engine.handle(IncidentDeclared(by=people[0], title=f"Table {index} is late", severity=severity))
        assert isinstance(outcome.state, Incident)
        number = outcome.state.number
        channel, card = _made(sandbox, f"inc-{number}")
        engine.handle(ChannelCreated(number=number, channel=channel, name=f"inc-{number}"))
        engine.handle(CardPosted(number=number, message=Message(channel, card)))
        found[number] = severity
    _nothing_waits(store)
    return found


def _made(sandbox: Sandbox, name: str) -> tuple[str, str]:
    """The channel of an incident, and a card in it."""

    async def make() -> tuple[str, str]:
        with sandbox.workspace.lock:
            channel = sandbox.workspace.create_channel(name, sandbox.bot_user_id, private=False)
            said = messages.post(sandbox.workspace, channel, sandbox.bot_user_id, {"text": "The card"})
            return channel.id, said.ts

    return sandbox.run(make())


def _nothing_waits(store: Store) -> None:
    with store.transaction() as work:
        work._connection.execute(table("outbox").update().values(state="sent", due_at=None))


def _paging(policy: Policy, person: str) -> Policy:
    other = next(each for each in policy.people if each != person)
    steps = [{"page": [f"person:{each}"], "wait": "1d"} for each in (other, person)]
    paths = {**policy.escalation_paths, PATH: EscalationPath.model_validate({"steps": steps})}
    workspace = policy.workspace.model_copy(update={"default_escalation_path": PATH})
    return policy.model_copy(update={"escalation_paths": paths, "workspace": workspace})


def fall_due(store: Store, due: dict[int, datetime]) -> None:
    rows = table("timer")
    with store.transaction() as work:
        for number, at in due.items():
            key = f"incident:{number}:escalation"
            work._connection.execute(rows.update().where(rows.c.key == key).values(due=at, not_before=at))


@contextmanager
def bot_on(sandbox: Sandbox, database: str) -> Iterator[None]:
    environment = {
        **os.environ,
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "DATABASE_URL": database,
        "BATON_HTTP": "127.0.0.1:0",
    }
    bot = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment)
    try:
        sandbox.wait_connected(60)
        sandbox.settle(timeout=60, quiet_for=1.0)
        yield
    finally:
        bot.terminate()
        bot.wait()


def pages(sandbox: Sandbox, to: set[str], numbers: set[int]) -> dict[int, Call]:
    """By incident, the call that handed its page over."""
    posts = [call for call in list(sandbox.calls) if call.ok and call.method == "chat.postMessage"]
    found: dict[int, Call] = {}
    for call in posts:
        if call.args["channel"] in to and "paged" in str(call.args["text"]):
            for number in set(map(int, _NAME.findall(str(call.args["blocks"])))):
                found.setdefault(number, call)
    return {number: call for number, call in found.items() if number in numbers}


def wait_for_pages(sandbox: Sandbox, to: set[str], numbers: set[int]) -> dict[int, Call]:
    until = time.monotonic() + TAKES_TOO_LONG
    while len(found := pages(sandbox, to, numbers)) < len(numbers):
        assert time.monotonic() < until, f"{len(found)} of {len(numbers)} pages were handed over"
        time.sleep(0.5)
    return found


def singles(sandbox: Sandbox, store: Store, numbers: list[int], to: set[str]) -> list[float]:
    """Seconds from the due time of a step to the call that hands its page over."""
    start = datetime.now(UTC) + SOON
    due = {number: start + place * APART for place, number in enumerate(numbers)}
    fall_due(store, due)
    handed = wait_for_pages(sandbox, to, set(numbers))
    return sorted((handed[number].at - due[number]).total_seconds() for number in numbers)


def storm(sandbox: Sandbox, store: Store, numbers: list[int], to: set[str]) -> tuple[dict[int, float], int]:
    """Seconds from the due time of all to each page, and how many messages it took."""
    at = datetime.now(UTC) + SOON
    fall_due(store, dict.fromkeys(numbers, at))
    handed = wait_for_pages(sandbox, to, set(numbers))
    return {n: (call.at - at).total_seconds() for n, call in handed.items()}, len({id(c) for c in handed.values()})


def fastest(numbers: int) -> float:
    """Seconds that Slack's limits ask for if everything were ready at once."""
    each = Counter(index % PAGED for index in range(numbers))
    needed = [-(-count // MOST_TOGETHER) for count in each.values()]
    beyond = max(0, sum(needed) - PER_MINUTE) * 60 / PER_MINUTE
    return max((max(needed) - 1) / PER_CHANNEL, beyond)


def main() -> None:
    out = Console()
    policy = load(ROOT / "config", ROOT / "runbooks")
    to = {slack_id(policy, person) for person in policy.people}
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(manifest=manifest(), users=users(policy), channels=channels(policy)) as sandbox,
    ):
        database = f"sqlite:///{folder}/bench.db"
        store = Store(database)
        store.migrate()
        found = thousand(policy, store, sandbox)
        with bot_on(sandbox, database):
            sandbox.faults.latency = LATENCY
            late = singles(sandbox, store, list(found)[:SINGLE], to)
            sandbox.settle(timeout=60, quiet_for=2.0)
            sandbox.faults.rate_limits = True
            rest = list(found)[SINGLE:]
            handed, count = storm(sandbox, store, rest, to)
        refused = sum(call.error == "ratelimited" for call in sandbox.calls if call.args.get("channel") in to)
        store.close()
    best = fastest(len(rest))
    title = (
        f"{platform.machine()}, {os.cpu_count()} cores, {OPEN} open incidents, one Slack call {LATENCY * 1000:.0f} ms"
    )
    shown = Table("what", "measured", "wanted", title=title)
    shown.add_row("due time to page handed over (median)", f"{statistics.median(late) * 1000:.0f} ms", "")
    shown.add_row(
        "due time to page handed over (99 %)", f"{late[-(-len(late) * 99 // 100) - 1] * 1000:.0f} ms", "under 1 s"
    )
    shown.add_row(
        f"{len(rest)} in the same second: until all are", f"{max(handed.values()):.1f} s", f"Slack allows {best:.1f} s"
    )
    shown.add_row("messages, and calls refused for the limits", f"{count}, {refused}", "")
    for severity in policy.severities:
        mine = [handed[number] for number in rest if found[number] == severity]
        shown.add_row(f"until half, all of {severity}", f"{statistics.median(mine):.1f} s, {max(mine):.1f} s", "")
    out.print(shown)


if __name__ == "__main__":
    main()
