"""Serves the HTTP door in a thread of its own."""

import asyncio
import socket
import threading
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

START_WITHIN = 10.0  # seconds
TICKS_A_SECOND = 10  # by which uvicorn counts
TURNS = 5  # of the loop, from an accepted connection to one that is known


class HttpServer:
    """Binds at once, so that a taken port is known before anything else starts."""

    def __init__(self, door: FastAPI, host: str, port: int) -> None:
        self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port: int = self._socket.getsockname()[1]
        self._server = _Server(uvicorn.Config(door, log_config=None, access_log=False, lifespan="off"))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="http", daemon=True
        )

    def start(self) -> None:
        self._thread.start()
        self._server.is_serving.wait(START_WITHIN)

    def stop(self) -> None:
        self._server.tell_to_stop()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_serving = threading.Event()
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell_to_stop(self) -> None:
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Ends as soon as it is told to, and looks at its clock once a second, not ten times."""
        self._loop = asyncio.get_running_loop()
        self.is_serving.set()  # not before: uvicorn ends without a shutdown if it is told to stop before it is here
        ticks = 0
        while not self.should_exit:
            ticks += TICKS_A_SECOND
            if await self.on_tick(ticks):
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """With nobody connected there is nobody to wait for; uvicorn would wait all the same."""
        loop = asyncio.get_running_loop()
        for listening in (each for server in self.servers for each in server.sockets):
            loop.remove_reader(listening.fileno())
        for _ in range(TURNS):  # who is being let in would be lost, and never closed, if the server closed before
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
