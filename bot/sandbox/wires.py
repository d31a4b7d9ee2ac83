"""The TCP connections below the server, so that one can be cut as a network cuts it."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

Address = tuple[str, int]


class Wires:
    """Every open connection by the client's address."""

    def __init__(self) -> None:
        self._open: dict[Address, asyncio.Transport] = {}
        self._made: set[asyncio.Transport] = set()  # all that still are, whatever is spoken over them

    def cut(self, client: Address | None) -> None:
        """At once, without a goodbye."""
        transport = self._open.pop(client, None) if client is not None else None
        if transport is not None:
            transport.abort()

    def forget(self, client: Address | None) -> None:
        if client is not None:
            self._open.pop(client, None)

    def cut_all(self) -> None:
        """Also those whose last words are still on their way to somebody who may be dead."""
        for transport in list(self._made):
            transport.abort()

    @property
    def are_gone(self) -> bool:
        """Whether nothing is left of any of them."""
        return all(transport.get_extra_info("socket").fileno() < 0 for transport in self._made)

    def protocol(self) -> type[asyncio.Protocol]:
        """uvicorn's HTTP protocol, which here also notes the transport of each connection."""
        wires, made = self._open, self._made

        class NotedProtocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
                super().connection_made(transport)
                made.difference_update([each for each in made if each.is_closing()])
                made.add(transport)
                if self.client is not None:
                    wires[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    wires.pop(self.client, None)
                super().connection_lost(exc)

        return NotedProtocol
