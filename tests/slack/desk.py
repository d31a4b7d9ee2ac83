"""The listeners on a real Bolt app, with a real engine on SQLite; Slack's side is a small server that takes notes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.core.events import ChannelCreated, IncidentEvent
from bot.core.incident import Incident
from bot.engine.engine import Engine
from bot.slack.listeners import listen
from bot.store.store import Store
from tests.slack.build import DECLARED, NAMES, NINE, POLICY


class StoppedClock:
    def __init__(self) -> None:
        self.time = NINE

    def now(self) -> datetime:
        return self.time

    def passes(self, **span: int) -> None:
        self.time += timedelta(**span)


@dataclass
class Call:
    """What was asked of Slack: the method (or `respond`) and its arguments."""

    method: str
    body: dict[str, Any]


@dataclass
class Desk:
    app: App
    engine: Engine
    clock: StoppedClock
    address: str
    calls: list[Call] = field(default_factory=list)
    refuses: bool = False
    _trigger: int = 0

    def types(self, text: str, *, by: str = "U0LUIS", channel: str = "C0ANY", command: str = "/incident") -> Any:
        """The acknowledgement: what the person sees at once."""
        body = {"command": command, "text": text, "user_id": by, "channel_id": channel}
        return self.sends({**body, "response_url": f"{self.address}/respond"})

    def clicks(self, action: str, value: str = "{}", *, by: str = "U0AMINA", home: bool = False) -> Any:
        pressed = {"type": "button", "action_id": action, "block_id": "b", "value": value}
        place = {"view": {"type": "home"}} if home else {"response_url": f"{self.address}/respond"}
        return self.sends({"type": "block_actions", "user": {"id": by}, "actions": [pressed], **place})

    def submits(self, modal: str, about: str, *, by: str = "U0AMINA", **values: str) -> Any:
        state = {block: {"value": {"type": "plain_text_input", "value": value}} for block, value in values.items()}
        view = {"type": "modal", "callback_id": modal, "private_metadata": about, "state": {"values": state}}
        return self.sends({"type": "view_submission", "user": {"id": by}, "view": view})

    def sends(self, body: dict[str, Any]) -> Any:
        self._trigger += 1
        response = self.app.dispatch(
            BoltRequest(mode="socket_mode", body={"trigger_id": f"t{self._trigger}", "team_id": "T1", **body})
        )
        assert response.status == 200, response.body
        return json.loads(response.body) if response.body else None

    def finishes(self) -> None:
        """Waits for what listeners do after their acknowledgement; nothing can be asked after that."""
        self.app.listener_runner.listener_executor.shutdown(wait=True)

    def incident(self, number: int) -> Incident:
        with self.engine.store.reading() as read:
            found = read.incident(number)
        assert found is not None
        return found

    def happens(self, event: IncidentEvent) -> None:
        assert self.engine.handle(event).refusal is None


def said(answer: Any) -> str:
    """All words of an answer."""
    return json.dumps(answer, ensure_ascii=False)


@cache
def _new_database() -> bytes:
    """The file of a migrated store; made once, for it takes longer than most tests."""
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/new.db")
        store.migrate()
        store.close()
        return (Path(folder) / "new.db").read_bytes()


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """An empty house."""
    (folder / "baton.db").write_bytes(_new_database())
    store = Store(f"sqlite:///{folder}/baton.db")
    clock = StoppedClock()
    engine = Engine(store, POLICY, clock)
    with _slack() as (address, calls, server):
        client = WebClient(token="xoxb-1", base_url=f"{address}/api/", retry_handlers=[])
        who = AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1")
        app = App(name="desk", client=client, authorize=lambda: who, request_verification_enabled=False)
        listen(app, engine, lambda: NAMES)
        made = Desk(app, engine, clock, address, calls)
        server.RequestHandlerClass.desk = made  # type: ignore[attr-defined]  # the handler is made by the server
        yield made
        made.finishes()
    store.close()


@contextmanager
def declared(folder: Path) -> Iterator[Desk]:
    """INC-1 is declared and has its channel C042; Amina is being paged."""
    with desk(folder) as made:
        made.happens(DECLARED)
        made.happens(ChannelCreated(number=1, channel="C042", name="inc-1-scores-are-stale"))
        yield made


@contextmanager
def _slack() -> Iterator[tuple[str, list[Call], ThreadingHTTPServer]]:
    calls: list[Call] = []

    class Slack(BaseHTTPRequestHandler):
        desk: Desk

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            calls.append(Call(self.path.rpartition("/")[2], body))
            answer = json.dumps({"ok": not self.desk.refuses, "error": "expired_trigger_id"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls, server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
