"""The road of every Web API call: arguments, faults, token, scopes, rate limit, the deed, the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.api import METHODS
from bot.sandbox.api.call import Method, MethodCall, Server, need_scope
from bot.sandbox.arguments import Arguments, read_arguments
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.limits import RateLimiter
from bot.sandbox.quiet import Quiet
from bot.sandbox.records import Json
from bot.sandbox.refusals import Refused
from bot.sandbox.wires import Wires
from bot.sandbox.workspace import Workspace

Hook = Callable[[str, dict[str, Any], str], None]


@dataclass
class Call:
    """One call as tests and benchmarks look at it; `started` and `finished` are of the monotonic clock."""

    method: str
    args: dict[str, Any]
    token: Literal["bot", "app", "none"]
    at: datetime
    started: float
    ok: bool = False
    error: str | None = None
    finished: float = 0.0


@dataclass
class WebApi:
    workspace: Workspace
    server: Server
    faults: Faults
    quiet: Quiet
    wires: Wires
    limiter: RateLimiter = field(default_factory=RateLimiter)
    calls: list[Call] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)

    async def handle(self, request: Request) -> Response:
        with self.quiet.busy():
            started = time.monotonic()
            body = await request.body()
            name = request.path_params["method"]
            call = Call(name, {}, "none", self.workspace.clock.now(), started)
            self.calls.append(call)
            answer = await self._answer(request, body, call)
            call.finished = time.monotonic()
            return answer

    async def _answer(self, request: Request, body: bytes, call: Call) -> Response:
        try:
            call.args = read_arguments(request.url.query, request.headers.get("content-type", ""), body)
        except Refused as no:
            return self._refusal(call, no)
        token = _token(request, call.args)
        call.token = self._kind(token)
        latency = self.faults.latency_for(call.method)
        if latency:
            await asyncio.sleep(latency)
        fault = self.faults.take(call.method)
        if fault is not None and fault.kind != "lost_reply":
            return await self._suffer(request, call, fault)
        try:
            answer = self._carry_out(call, token)
        except Refused as no:
            answer = self._refusal(call, no)
        if fault is not None:
            return self._cut(request, call, fault)
        return answer

    async def _suffer(self, request: Request, call: Call, fault: Fault) -> Response:
        """Trouble instead of the deed."""
        call.error = fault.kind
        if fault.kind == "429":
            return _rate_limited(fault.retry_after)
        if fault.kind == "500":
            return JSONResponse({"ok": False, "error": "internal_error"}, status_code=500)
        if fault.kind == "timeout":
            while (await request.receive())["type"] != "http.disconnect":
                pass
        return self._cut(request, call, fault)

    def _cut(self, request: Request, call: Call, fault: Fault) -> Response:
        """Nothing arrives: the connection is gone before the answer."""
        call.ok, call.error = False, fault.kind
        client = request.client
        self.wires.cut(None if client is None else (client.host, client.port))
        return Response(status_code=204)

    def _carry_out(self, call: Call, token: str) -> Response:
        method = METHODS.get(call.method)
        if method is None:
            raise Refused("unknown_method")
        self._check_token(method, token)
        need_scope(self.workspace.app, method.scopes)
        if self.faults.rate_limits:
            channel = str(call.args.get("channel", ""))
            wait = self.limiter.wait_for(call.method, method.tier, channel, self.workspace.clock.now())
            if wait:
                call.error = "ratelimited"
                return _rate_limited(wait)
        self._tell_hooks(call, "before")
        with self.workspace.lock:
            answer = method.run(MethodCall(self.workspace, self.server, Arguments(call.args)))
        self._tell_hooks(call, "after")
        call.ok = True
        return JSONResponse({"ok": True, **answer}, headers=self._scope_headers(method))

    def _tell_hooks(self, call: Call, when: str) -> None:
        for hook in list(self.hooks):
            hook(call.method, call.args, when)

    def _kind(self, token: str) -> Literal["bot", "app", "none"]:
        app = self.workspace.app
        return "bot" if token == app.bot_token else "app" if token == app.app_token else "none"

    def _check_token(self, method: Method, token: str) -> None:
        if not token:
            raise Refused("not_authed")
        kind = self._kind(token)
        if kind == "none":
            raise Refused("invalid_auth")
        if (kind == "app") is not method.app_token:
            raise Refused("not_allowed_token_type")

    def _scope_headers(self, method: Method) -> dict[str, str]:
        headers = {"x-oauth-scopes": self.workspace.app.granted()}
        return headers | {"x-accepted-oauth-scopes": ",".join(method.scopes)} if method.scopes else headers

    def _refusal(self, call: Call, no: Refused) -> Response:
        call.error = no.error
        body: Json = {"ok": False, "error": no.error, **no.further}
        return JSONResponse(body, headers={"x-oauth-scopes": self.workspace.app.granted()})


def _rate_limited(wait: int) -> Response:
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": str(wait)})


def _token(request: Request, args: dict[str, Any]) -> str:
    """From the header; otherwise from the arguments, out of which it is taken."""
    given = str(args.pop("token", ""))
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else given
