"""Where messages arrive that leave the bot by other ways than Slack: a real mail server and a real webhook."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

REFUSAL = "554 No mail from you"


class Mailbox:
    """All mail that has arrived; it can refuse what comes."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses = False
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return REFUSAL
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
        return "250 OK"

    @property
    def address(self) -> str:
        return f"mailto://127.0.0.1:{self.port}/luis@example.com?from=baton@example.com"


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    server = _AnyPort(box, hostname="127.0.0.1", port=0)
    server.start()
    try:
        box.port = server.port
        yield box
    finally:
        server.stop()


class Hook:
    """What was posted, oldest first. It answers with `status`, once `opens` is set."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.posts: list[dict[str, Any]] = []
        self.status = 200
        self.asked = 0
        self.opens = threading.Event()
        self.opens.set()

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/s3cr3t-path"


class _Roomy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def webhook() -> Iterator[Hook]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hook.asked += 1
            hook.opens.wait(30)
            if hook.status == 200:
                hook.posts.append(body)
            self.send_response(hook.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = _Roomy(("127.0.0.1", 0), Answers)
    hook = Hook(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        hook.opens.set()
        server.shutdown()
        server.server_close()
        thread.join()
