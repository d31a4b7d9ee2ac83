"""Somebody else's system that actions call: a real HTTP server that answers in good ways and bad."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHUNK = 64 * 1024


@dataclass
class Service:
    """Its address, and all that it was asked; `answers` says how."""

    port: int
    asked: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    heard: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    leaves: threading.Event = field(default_factory=threading.Event)
    answers: Callable[["Answering"], None] = lambda answering: answering.says(b"")

    def url(self, path: str = "/jobs") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


class Answering(BaseHTTPRequestHandler):
    service: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.service.asked.append((f"{self.command} {self.path}", dict(self.headers.items()), body))
        self.service.heard.release()
        try:
            self.service.answers(self)
        except OSError:
            self.close_connection = True  # whoever asked has gone

    do_GET = do_POST

    def says(self, body: bytes, status: int = 200, **headers: str) -> None:
        """An answer as it should be."""
        self.begins(status, **{"Content-Length": str(len(body)), **headers})
        self.wfile.write(body)

    def begins(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def says_nothing(self) -> None:
        self.service.leaves.wait(30)

    def drips(self) -> None:
        """A little of the body every now and then, without end."""
        self.begins()
        while not self.service.leaves.wait(0.05):
            self.wfile.write(b".")

    def drips_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.service.leaves.wait(0.05):
            self.wfile.write(b".")

    def floods(self) -> None:
        """10 MB, announced."""
        self.begins(**{"Content-Length": str(10_000_000)})
        for _ in range(10_000_000 // CHUNK):
            self.wfile.write(b"row\n" * (CHUNK // 4))

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Roomy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def service() -> Iterator[Service]:
    class Own(Answering):
        pass

    server = _Roomy(("127.0.0.1", 0), Own)
    Own.service = opened = Service(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        opened.leaves.set()
        server.shutdown()
        server.server_close()
        thread.join()
