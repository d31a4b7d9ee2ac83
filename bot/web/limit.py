"""Refuses a request whose body is too large, before anybody else reads a byte of it."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 1_000_000  # bytes; the longest payload of Slack is well below
_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class Limit:
    """Reads the body up to the limit, and hands it on whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _WITHOUT_BODY:
            await self._app(scope, receive, send)
            return
        body = bytearray()
        more = not _says_too_much(scope)
        too_large = not more
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            too_large = len(body) > MOST
            more = message.get("more_body", False) and not too_large
        if too_large:
            said = f"A request may have {MOST // 1_000_000} MB at most.\n"
            refusal = PlainTextResponse(said, status_code=413, headers={"Connection": "close"})
            await refusal(scope, receive, send)
            return
        await self._app(scope, _first(bytes(body), receive), send)


def _says_too_much(scope: Scope) -> bool:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return length.isdigit() and int(length[:20]) > MOST


def _first(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received
