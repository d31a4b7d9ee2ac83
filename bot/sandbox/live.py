"""Pushes to open pages that something they may see has changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.records import Json
from bot.sandbox.workspace import Change, Workspace


@dataclass(eq=False)
class Page:
    user: str
    news: asyncio.Queue[Json]


class Live:
    """The open pages, and the version that grows at each change."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._pages: set[Page] = set()
        self.version = 0

    def watch(self, change: Change) -> None:
        """On the server's loop."""
        self.version += 1
        if not self._pages:
            return
        news: Json = {
            "version": self.version,
            "channel": change.channel,
            "what": change.what,
            "now": self._workspace.clock.now().timestamp(),
        }
        for page in self._pages:
            if self._concerns(change, page.user):
                page.news.put_nowait(news)

    def _concerns(self, change: Change, user: str) -> bool:
        if change.users:
            return user in change.users
        return change.channel is None or self._workspace.may_see(self._workspace.channels[change.channel], user)

    async def serve(self, socket: WebSocket) -> None:
        await socket.accept()
        page = Page(socket.query_params.get("as", ""), asyncio.Queue())
        self._pages.add(page)
        reader = asyncio.create_task(_until_gone(socket))
        try:
            while not reader.done():
                news = asyncio.create_task(page.news.get())
                await asyncio.wait({news, reader}, return_when=asyncio.FIRST_COMPLETED)
                if not news.done():
                    news.cancel()
                    break
                await socket.send_json(news.result())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._pages.discard(page)
            reader.cancel()


async def _until_gone(socket: WebSocket) -> None:
    try:
        while True:
            await socket.receive_text()
    except (WebSocketDisconnect, RuntimeError, KeyError):
        return
