"""The page's endpoints under /sandbox, the page itself, and the other addresses that the sandbox hands out."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.websockets import WebSocket

from bot.sandbox import groups, modals, seen
from bot.sandbox.arguments import read_arguments
from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import Faults
from bot.sandbox.files import SHOWN_IN_PLACE, file_at
from bot.sandbox.interactions import Interactions, Reply
from bot.sandbox.live import Live
from bot.sandbox.records import Json
from bot.sandbox.refusals import Refused
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.workspace import TEAM_ID, Workspace

PAGE = Path(__file__).parent / "page"
MISSING_PAGE = "The sandbox runs, but its page is not part of this installation. The Web API is at /api/."
FORWARD_STEPS, MOST_STEPS = 60, 1_500
SHORTEST_STEP, LONGEST_STEP = timedelta(seconds=15), timedelta(minutes=5)
LONGEST_PAUSE, LONGEST_RUN = 0.03, 10.0  # seconds of real time


class Host(Protocol):
    """What the page's endpoints need of the server."""

    workspace: Workspace
    interactions: Interactions
    response_urls: ResponseUrls
    live: Live
    clock: SandboxClock
    faults: Faults

    @property
    def connected(self) -> bool: ...

    def wait_a_moment(self) -> None: ...


class PageApi:
    """Each endpoint is a method that takes the JSON body and answers with JSON."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def add_to(self, app: FastAPI) -> None:
        for name in ("people", "groups", "state", "messages", "canvas", "faults"):
            app.add_route(f"/sandbox/{name}", self._reading(getattr(self, name)), methods=["GET"])
        posts = (
            "say command action submit close react shortcut home read open_im join suggest clock deactivate set_faults"
        )
        for name in posts.split():
            path = "faults" if name == "set_faults" else name
            app.add_route(f"/sandbox/{path}", self._writing(getattr(self, name)), methods=["POST"])
        app.add_route("/sandbox/upload", self._upload_by_person, methods=["POST"])
        app.add_api_websocket_route("/sandbox/live", self._live)
        app.add_route("/", self._file("index.html"), methods=["GET"])
        app.add_route("/static/{file}", self._static, methods=["GET"])
        app.add_route("/archives/{channel}/{message}", self._file("index.html"), methods=["GET"])
        app.add_route("/response/{key}", self._response_url, methods=["POST"])
        app.add_route("/upload/v1/{file_id}", self._upload, methods=["POST"])
        app.add_route("/files-pri/{file}/{name}", self._download, methods=["GET"])
        app.add_route("/files/{user}/{file}/{name}", self._download, methods=["GET"])

    # -- looking -------------------------------------------------------------------------------------------------

    def people(self, query: Json) -> Json:
        workspace = self._host.workspace
        app, now = workspace.app, self._host.clock.now()
        return {
            "team": {"id": TEAM_ID, "name": workspace.team_name, "domain": workspace.domain},
            "people": [
                {
                    "id": user.id,
                    "name": user.name,
                    "real_name": user.real_name,
                    "title": user.title,
                    "is_bot": user.is_bot,
                    "deactivated": user.deactivated,
                    "color": user.color,
                    **user.zone(now),
                }
                for user in workspace.users.values()
            ],
            "commands": [
                {"command": entry.name, "description": entry.description, "usage_hint": entry.usage_hint}
                for entry in app.commands
            ],
            "shortcuts": [
                {
                    "name": entry.name,
                    "type": entry.kind,
                    "callback_id": entry.callback_id,
                    "description": entry.description,
                }
                for entry in app.shortcuts
            ],
            "app": {"name": app.name, "bot_user_id": app.bot_user_id, "home_enabled": app.home_enabled},
        }

    def state(self, query: Json) -> Json:
        host = self._host
        user = host.workspace.user(query.get("as", "")).id
        now = host.clock.now()
        home = host.workspace.homes.get(user)
        return {
            "now": now.timestamp(),
            "clock_offset": (now - datetime.now(UTC)).total_seconds(),
            "version": host.live.version,
            "connected": host.connected,
            "channels": seen.channels(host.workspace, user),
            "groups": groups.seen(host.workspace),
            "views": [modals.shown(host.workspace, view) for view in modals.stack(host.workspace, user)],
            "home": None if home is None else modals.shown(host.workspace, home),
        }

    def groups(self, query: Json) -> Json:
        return {"groups": groups.seen(self._host.workspace)}

    def messages(self, query: Json) -> Json:
        workspace = self._host.workspace
        channel = workspace.channels.get(query.get("channel", ""))
        if channel is None:
            raise Refused("channel_not_found")
        return {"messages": seen.messages(workspace, channel, query.get("as", ""), query.get("thread_ts", ""))}

    def canvas(self, query: Json) -> Json:
        workspace = self._host.workspace
        channel = workspace.channels.get(query.get("channel", ""))
        if channel is None or not workspace.may_see(channel, query.get("as", "")):
            raise Refused("channel_not_found")
        if channel.canvas is None:
            raise Refused("canvas_not_found")
        return {"title": channel.canvas.title, "markdown": channel.canvas.markdown}

    def faults(self, query: Json) -> Json:
        faults = self._host.faults
        return {
            "latency_ms": round(faults.latency * 1000),
            "rate_limits": faults.rate_limits,
            "faults": [
                {"method": fault.method, "kind": fault.kind, "times": fault.times} for fault in faults.waiting()
            ],
        }

    # -- doing ---------------------------------------------------------------------------------------------------

    async def say(self, body: Json) -> Reply:
        return self._act.say(body["as"], body["channel"], body["text"], body.get("thread_ts") or "")

    async def command(self, body: Json) -> Reply:
        command = self._host.workspace.app.command(body["command"])
        if command is None:
            raise Refused("no_such_command")
        return await self._act.command(body["as"], body["channel"], command, body.get("text") or "")

    async def action(self, body: Json) -> Reply:
        user, action_id, block_id, value = body["as"], body["action_id"], body.get("block_id"), body.get("value")
        entered = body.get("values")
        if body.get("view_id"):
            return await self._act.click_in_view(user, body["view_id"], action_id, value, block_id, entered)
        place = body["channel"], body["message_ts"]
        return await self._act.click(user, *place, action_id, value, block_id, entered)

    async def submit(self, body: Json) -> Reply:
        return await self._act.submit(body["as"], body["view_id"], body.get("values") or {})

    async def close(self, body: Json) -> Reply:
        return await self._act.close(body["as"], body["view_id"])

    async def react(self, body: Json) -> Reply:
        return self._act.reacts(body["as"], body["channel"], body["ts"], body["name"].strip(":"))

    async def shortcut(self, body: Json) -> Reply:
        place = body.get("channel") or "", body.get("message_ts") or ""
        return await self._act.shortcut(body["as"], body["callback_id"], *place)

    async def home(self, body: Json) -> Reply:
        return self._act.open_home(body["as"])

    async def read(self, body: Json) -> Reply:
        return self._act.read(body["as"], body["channel"])

    async def join(self, body: Json) -> Reply:
        return self._act.join(body["as"], body["channel"])

    async def open_im(self, body: Json) -> Json:
        return {"channel": self._act.open_im(body["as"], body["user"]).id}

    async def suggest(self, body: Json) -> Json:
        place = body.get("view_id") or body["message_ts"]
        channel = "" if body.get("view_id") else body["channel"]
        typed = body.get("value") or ""
        reply = await self._act.suggest(body["as"], channel, place, body["action_id"], body.get("block_id"), typed)
        return {"options": reply.options}

    async def clock(self, body: Json) -> Json:
        """Forward by `advance` seconds or `to` an instant, in small steps, so that nothing due on the way is late."""
        now = self._host.clock.now()
        seconds = float(body["to"]) - now.timestamp() if "to" in body else float(body["advance"])
        if seconds < 0:
            raise Refused("time_only_goes_forward")
        ahead = timedelta(seconds=seconds)
        step = min(max(SHORTEST_STEP, ahead / FORWARD_STEPS), LONGEST_STEP)
        step = max(step, ahead / MOST_STEPS)
        pause = min(LONGEST_PAUSE, LONGEST_RUN / max(1.0, ahead / step))
        self._host.clock.run_forward(ahead, step, pause, self._host.wait_a_moment)
        return {"now": now.timestamp(), "until": (now + ahead).timestamp()}

    async def deactivate(self, body: Json) -> Reply:
        with self._host.workspace.lock:
            self._host.workspace.deactivate(body["user"], body.get("deactivated", True))
        return Reply(True)

    async def set_faults(self, body: Json) -> Json:
        faults = self._host.faults
        if body.get("clear"):
            faults.clear()
        if "latency_ms" in body:
            faults.latency = float(body["latency_ms"]) / 1000
        if "rate_limits" in body:
            faults.rate_limits = bool(body["rate_limits"])
        if "kind" in body:
            faults.add(body.get("method") or "*", body["kind"], int(body.get("times") or 1))
        return self.faults({})

    @property
    def _act(self) -> Interactions:
        return self._host.interactions

    # -- HTTP ----------------------------------------------------------------------------------------------------

    def _reading(self, look: Callable[[Json], Json]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                with self._host.workspace.lock:
                    return JSONResponse(look(dict(request.query_params)))
            except Refused as no:
                return JSONResponse({"ok": False, "error": no.error}, status_code=404)

        return endpoint

    def _writing(self, act: Callable[[Json], Awaitable[Reply | Json]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                body: Json = await request.json()
                done = await act(body)
            except Refused as no:
                done = Reply(False, error=no.error)
            except (KeyError, ValueError, TypeError) as wrong:
                return JSONResponse({"ok": False, "error": f"bad_request: {wrong!r}"}, status_code=400)
            return JSONResponse(_shown_reply(done, body) if isinstance(done, Reply) else {"ok": True, **done})

        return endpoint

    def _file(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            path = PAGE / name
            if not path.is_file():
                return PlainTextResponse(MISSING_PAGE, status_code=404)
            content = await asyncio.to_thread(path.read_bytes)
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

        return endpoint

    async def _static(self, request: Request) -> Response:
        return await self._file(Path(request.path_params["file"]).name)(request)

    async def _live(self, socket: WebSocket) -> None:
        await self._host.live.serve(socket)

    async def _response_url(self, request: Request) -> Response:
        try:
            body = await request.body()
            answer = read_arguments("", request.headers.get("content-type", ""), body)
            with self._host.workspace.lock:
                self._host.response_urls.use(request.path_params["key"], answer)
        except Refused as no:
            return JSONResponse({"ok": False, "error": no.error}, status_code=404)
        return PlainTextResponse("ok")

    async def _upload(self, request: Request) -> Response:
        file = self._host.workspace.files.get(request.path_params["file_id"])
        if file is None or file.complete:
            return PlainTextResponse("no such upload", status_code=404)
        content = await request.body()
        if len(content) != file.length:
            words = f"announced as {file.length} bytes, but {len(content)} came"
            return PlainTextResponse(words, status_code=400)
        await asyncio.to_thread(file.receive, content)
        return PlainTextResponse(f"OK - {len(content)}")

    async def _upload_by_person(self, request: Request) -> Response:
        """The body is the file itself; the query says whose it is and what it is called."""
        query = request.query_params
        try:
            content = await request.body()
            file = await self._act.upload(query.get("as", ""), query.get("name", ""), content)
        except Refused as no:
            return JSONResponse({"ok": False, "error": no.error})
        return JSONResponse({"ok": True, "file": file})

    async def _download(self, request: Request) -> Response:
        file = file_at(self._host.workspace.files, request.url.path)
        if file is None or not file.complete or file.content is None:
            return PlainTextResponse("no such file", status_code=404)
        headers = {"X-Content-Type-Options": "nosniff"}
        if file.mimetype not in SHOWN_IN_PLACE:  # a page or a drawing with scripts would act in the page's name
            headers["Content-Disposition"] = "attachment"
        return Response(file.content, media_type=file.mimetype, headers=headers)


def _shown_reply(reply: Reply, body: Json) -> Json:
    shown: dict[str, Any] = {"ok": reply.ok}
    if reply.ts:
        shown["ts"] = reply.ts
    if reply.errors:
        return shown | {"errors": reply.errors}
    if reply.error:
        shown["error"] = reply.error
        if "command" in body:
            shown["message"] = f'{body["command"]} failed with the error "{reply.error}"'
    return shown
