"""From the slash command to acknowledged, paged and ready, as ratios to the latency of one Slack call.

    python -m tests.benchmarks.declare_bench

The bot runs as a process of its own (`bot run`), the sandbox in this one.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.demo.workspace import channels, users
from bot.policy.load import load
from bot.sandbox.server import Sandbox
from bot.slack.manifest import manifest

ROOT = Path(__file__).parent.parent.parent
LATENCY = 0.25  # seconds a call
ROUNDS = 10
AT_ONCE = 20
RECONNECTS = 3
TEXT = "/incident declare sev1 churn-scoring Scores are stale"


@contextmanager
def bot_and_slack() -> Iterator[Sandbox]:
    policy = load(ROOT / "config", ROOT / "runbooks")
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(manifest=manifest(), users=users(policy), channels=channels(policy)) as sandbox,
    ):
        environment = {
            **os.environ,
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "BATON_HTTP": "127.0.0.1:0",
        }
        bot = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment)
        try:
            sandbox.wait_connected(30)
            sandbox.person("U0NOOR").types("/incident list", "general")  # the first request pays for imports
            yield sandbox
        finally:
            bot.terminate()
            bot.wait()


def one(sandbox: Sandbox) -> tuple[float, float, float]:
    """Seconds until acknowledged, until the page is delivered, and until the channel is ready."""
    seen = len(sandbox.calls)
    began = time.monotonic()
    reply = sandbox.person("U0NOOR").types(TEXT, "general")
    assert reply.ok, reply.error
    sandbox.settle(timeout=60, quiet_for=1.0)
    calls = [call for call in sandbox.calls[seen:] if call.ok]
    created = next(call for call in calls if call.method == "conversations.create")
    posts = [call for call in calls if call.method == "chat.postMessage"]
    page = next(call for call in posts if str(call.args["channel"]).startswith("U"))
    card = next(call for call in posts if call.started > created.finished)
    invited = next(call for call in calls if call.method == "conversations.invite")
    ready = max(created.finished, card.finished, invited.finished)
    return reply.took, page.finished - began, ready - began


def many(sandbox: Sandbox) -> tuple[float, int, int]:
    """Twenty declares at the same moment: the slowest acknowledgement, incidents and channels."""
    seen = len(sandbox.calls)
    gate = threading.Barrier(AT_ONCE)
    people = [sandbox.person("U0NOOR") for _ in range(AT_ONCE)]

    def declare(index: int) -> float:
        gate.wait()
        reply = people[index].types(f"{TEXT} {index}", "general")
        assert reply.ok, reply.error
        return reply.took

    with ThreadPoolExecutor(AT_ONCE) as pool:
        slowest = max(pool.map(declare, range(AT_ONCE)))
    sandbox.settle(timeout=120, quiet_for=2.0)
    made = [call for call in sandbox.calls[seen:] if call.ok and call.method == "conversations.create"]
    cards = [call for call in sandbox.calls[seen:] if call.ok and call.method == "pins.add"]
    return slowest, len(cards), len(made)


def reconnects(sandbox: Sandbox) -> float:
    """The longest wait of commands that are typed without a pause while the socket is refreshed."""
    slowest = 0.0
    for _ in range(RECONNECTS):
        sandbox.drop_sockets("refresh_requested")
        for _ in range(10):
            reply = sandbox.person("U0NOOR").types("/incident list", "general")
            assert reply.ok, reply.error
            slowest = max(slowest, reply.took)
    return slowest


def main() -> None:
    out = Console()
    with bot_and_slack() as sandbox:
        sandbox.faults.latency = LATENCY
        rounds = [one(sandbox) for _ in track(range(ROUNDS), "One declare at a time")]
        slowest, incidents, made = many(sandbox)
        waited = reconnects(sandbox)
    acknowledged, paged, ready = (statistics.median(column) for column in zip(*rounds, strict=True))
    title = f"{platform.machine()}, {os.cpu_count()} cores, one Slack call {LATENCY * 1000:.0f} ms"
    table = Table("what", "measured", "wanted", title=title)
    table.add_row("command to acknowledged (median)", f"{acknowledged * 1000:.0f} ms", "under 100 ms")
    table.add_row("command to page delivered (median)", f"{paged / LATENCY:.2f} × one Slack call", "at most 1.5 ×")
    table.add_row("command to ready (median)", f"{ready / LATENCY:.2f} × one Slack call", "at most 2.5 ×")
    table.add_row(f"{AT_ONCE} at once: slowest acknowledgement", f"{slowest * 1000:.0f} ms", "under 500 ms")
    table.add_row(f"{AT_ONCE} at once: channels, cards", f"{made}, {incidents}", f"{AT_ONCE}, {AT_ONCE}")
    table.add_row("longest wait across three reconnects", f"{waited * 1000:.0f} ms", "at most 500 ms")
    out.print(table)


if __name__ == "__main__":
    main()
