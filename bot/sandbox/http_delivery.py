"""Delivery to a request URL over HTTP, signed as Slack signs."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.deliveries import Ack, Kind, Retry
from bot.sandbox.records import Json

MOST_REDIRECTS = 2
BETWEEN_KNOCKS = 0.05


class HttpDelivery:
    """One request URL for commands, interactivity and events."""

    def __init__(self, url: str, signing_secret: str, deadline: float) -> None:
        self._url = url
        self._secret = signing_secret
        self._deadline = deadline
        self._session: aiohttp.ClientSession | None = None
        self._verified = False

    @property
    def connected(self) -> bool:
        """Whether the URL has answered the challenge."""
        return self._verified

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def wait_connected(self, timeout: float) -> None:
        """Ask the URL to prove itself until it does."""
        end = time.monotonic() + timeout
        while not await self.verify():
            if time.monotonic() > end:
                raise TimeoutError(f"{self._url} has not answered the challenge within {timeout} s")
            await asyncio.sleep(BETWEEN_KNOCKS)

    async def verify(self) -> bool:
        """The url_verification handshake."""
        challenge = secrets.token_urlsafe(16)
        body = json.dumps({"token": "sandbox", "challenge": challenge, "type": "url_verification"})
        ack = await self._post(body, "application/json", {})
        answer = ack.payload or {}
        self._verified = ack.ok and challenge in (answer.get("challenge"), answer.get("text"))
        return self._verified

    async def send(self, kind: Kind, payload: Json, retry: Retry, twice: bool) -> Ack:
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(fields), "application/x-www-form-urlencoded"
        headers = {}
        if retry.attempt:
            headers = {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        first = asyncio.ensure_future(self._post(body, content_type, headers))
        if twice:
            await self._post(body, content_type, headers)
        return await first

    def signed(self, body: str) -> dict[str, str]:
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def _post(self, body: str, content_type: str, headers: dict[str, str]) -> Ack:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._deadline)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        sent = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0", **self.signed(body), **headers}
        try:
            async with self._session.post(
                self._url, data=body.encode(), headers=sent, max_redirects=MOST_REDIRECTS
            ) as response:
                answer = await response.text()
                if response.status // 100 != 2:
                    again = response.headers.get("X-Slack-No-Retry") != "1"
                    return Ack(False, error="dispatch_failed", reason="http_error", may_retry=again)
                return Ack(True, _read_answer(answer, response.content_type))
        except TimeoutError:
            return Ack(False, error="operation_timeout", reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Ack(False, error="dispatch_failed", reason="too_many_redirects")
        except aiohttp.ClientConnectionError:
            return Ack(False, error="dispatch_failed", reason="connection_failed")
        except aiohttp.ClientError:
            return Ack(False, error="dispatch_failed", reason="unknown_error")


def _read_answer(answer: str, content_type: str) -> Json | None:
    """Nothing, a text, or JSON, as an acknowledgement's payload."""
    if not answer.strip():
        return None
    if content_type == "application/json":
        try:
            given = json.loads(answer)
        except ValueError:
            return {"text": answer}
        return given if isinstance(given, dict) else {"text": answer}
    return {"text": answer}
