"""Asks another system over HTTP, once, within a limit for all of it; redirects are not followed."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from threading import Event

import httpx

from bot.core.requests import HttpRequest
from bot.integrations.actions_result import KEPT, Kept, Result, Secrets, Stopped, length, plain

LOOK_EVERY = 0.1  # seconds, whether the bot is to stop
SETTLES_WITHIN = 1.0  # seconds, what was broken off
LONGEST_LINE = 300  # of what a service says of itself
PERHAPS = "It may have been done all the same; look before you run it again."
_ENV = "env:"
_HARMLESS = ("GET", "HEAD")
_TALKATIVE = ("httpx", "httpcore")  # of addresses, and of headers


class Unusable(Exception):
    """The request cannot be made; the sentence says why, without a secret."""


@dataclass
class _Answer:
    """As far as it has come."""

    kept: Kept = field(default_factory=lambda: Kept(at_the_end=0))
    response: httpx.Response | None = None


def ask(request: HttpRequest, environ: Mapping[str, str], stopping: Event) -> Result:
    """What came of it. Raises Stopped once `stopping` is set."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    secrets = Secrets(())
    try:
        headers, secrets = _headers(request, environ)
        words = _in_a_loop(_Asking(request, headers, secrets), stopping)
    except Unusable as unusable:
        words = Result(False, str(unusable))
    return Result(words.is_done, secrets.hidden(words.words))


def _headers(request: HttpRequest, environ: Mapping[str, str]) -> tuple[dict[str, str], Secrets]:
    headers, hidden = {}, []
    for name, value in request.headers.items():
        if value.startswith(_ENV):
            variable = value.removeprefix(_ENV)
            value = environ.get(variable, "").strip()
            if not value:
                raise Unusable(f"{variable} is not set, so the header {name} has no value. Nothing was sent.")
            if not value.isprintable():
                sentence = f"{variable} has a line break or another control character in it"
                raise Unusable(f"{sentence}, so it cannot be the header {name}. Nothing was sent.")
            hidden.append(value)
        headers[name] = value
    return headers, Secrets(hidden)


def _in_a_loop(asking: "_Asking", stopping: Event) -> Result:
    """A loop of its own, for only what can be cancelled is sure to keep to a limit.

    It is not closed by asyncio's own means, which would wait for a look-up of a name that has long been given up.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asking.within_its_limit(stopping))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


class _Asking:
    def __init__(self, request: HttpRequest, headers: Mapping[str, str], secrets: Secrets) -> None:
        self._request = request
        # As bytes, for a value need not be ASCII; compressed answers would be cut in their middle.
        given = {"User-Agent": "Baton", "Accept-Encoding": "identity", **headers}
        self._headers = [(name.encode(), value.encode()) for name, value in given.items()]
        self._secrets = secrets
        self._answer = _Answer()

    async def within_its_limit(self, stopping: Event) -> Result:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._request.limit.total_seconds()
        task = asyncio.ensure_future(self._ask())
        while not task.done() and (left := end - loop.time()) > 0 and not stopping.is_set():
            await asyncio.wait({task}, timeout=min(left, LOOK_EVERY))
        if task.done():
            return self._result(task)
        task.cancel()
        await asyncio.wait({task}, timeout=SETTLES_WITHIN)
        if task.done() and not task.cancelled():
            task.exception()  # of what was broken off nobody need hear
        if stopping.is_set():
            raise Stopped
        return self._late()

    async def _ask(self) -> None:
        request = self._request
        content = request.body.encode() if request.body is not None else None
        async with (
            httpx.AsyncClient(verify=_trusted(), timeout=None) as client,  # noqa: S113  # the limit is of all of it
            client.stream(request.method, request.url, headers=self._headers, content=content) as response,
        ):
            self._answer.response = response
            async for piece in response.aiter_raw():
                self._answer.kept.add(piece)
                if self._answer.kept.total >= KEPT:
                    return  # nobody reads more

    def _result(self, task: "asyncio.Task[None]") -> Result:
        fault = task.exception()
        response = self._answer.response
        if response is None:
            return Result(False, self._why(fault))
        if fault is not None:
            return Result(False, f"{self._status(response)}\n{self._host} broke off in the middle of its answer.")
        said = f"{self._status(response)}{self._leads_to(response)}"
        body = self._body(response)
        return Result(response.is_success, f"{said}\n{body}" if body else said)

    def _late(self) -> Result:
        limit = length(self._request.limit)
        perhaps = "" if self._request.method in _HARMLESS else f" {PERHAPS}"
        response = self._answer.response
        if response is None:
            return Result(False, f"{self._host} did not answer within {limit}.{perhaps}")
        words = f"{self._status(response)}\n{self._host} did not end its answer within {limit}.{perhaps}"
        body = self._body(response)
        return Result(False, f"{words}\n{body}" if body else words)

    @property
    def _host(self) -> str:
        try:
            url = httpx.URL(self._request.url)
        except httpx.InvalidURL:
            return "The address"
        return f"{url.host}:{url.port}" if url.port else url.host

    def _status(self, response: httpx.Response) -> str:
        return plain(f"{response.status_code} {response.reason_phrase}".strip())[:LONGEST_LINE]

    def _leads_to(self, response: httpx.Response) -> str:
        place = plain(response.headers.get("Location", ""))
        if not response.is_redirect or not place:
            return ""
        # Before it is cut, so that no half of a secret is left.
        place = self._secrets.hidden(place)[:LONGEST_LINE]
        return f"\nIt leads to {place}, and that is not followed; write the right address into the runbook."

    def _body(self, response: httpx.Response) -> str:
        given = response.headers.get("Content-Length", "")
        encoding = response.headers.get("Content-Encoding", "identity").lower()
        announced = int(given) if given.isdecimal() and len(given) < 16 and self._request.method != "HEAD" else 0
        total = max(announced, self._answer.kept.total)
        if encoding != "identity" and total:
            return f"(binary, {total:,} bytes: {plain(encoding)[:20]})"
        return self._answer.kept.read(self._secrets, response.charset_encoding, announced)

    def _why(self, fault: BaseException | None) -> str:
        host = self._host
        for cause in _causes(fault):
            match cause:
                case socket.gaierror():
                    return f"The name {host} cannot be resolved."
                case ConnectionRefusedError():
                    return f"{host} refused the connection."
                case ssl.SSLCertVerificationError():
                    return f"The certificate of {host} cannot be trusted: {cause.verify_message}."
                case ssl.SSLError():
                    return f"{host} cannot be spoken to over TLS ({cause.reason})."
                case httpx.RemoteProtocolError():
                    return f"{host} broke the connection, or did not answer as HTTP wants it."
                case httpx.InvalidURL() | httpx.UnsupportedProtocol():
                    return "The address cannot be used."
                case httpx.LocalProtocolError():
                    return "A header of this request cannot be sent as it is written."
        return f"{host} cannot be reached ({type(fault).__name__})."


@cache
def _trusted() -> ssl.SSLContext:
    """Who is trusted is read once, for it takes longer than a request."""
    return httpx.create_ssl_context()


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    """It and what has led to it, the innermost first."""
    if fault is None:
        return
    inner = [*fault.exceptions] if isinstance(fault, BaseExceptionGroup) else []
    for each in (fault.__cause__ or fault.__context__, *inner):
        yield from _causes(each)
    yield fault
