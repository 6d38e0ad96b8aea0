"""How a server stops: it gives notice, shuts the door, hears out whoever is inside, and only then goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.types import Message, Receive

LAST_WORD_S = 1.0
"""How long open connections may still ask after new ones are refused. One that is closed with a request unread on it is
reset, and its caller would not know whether he was heard."""


class UnderWay:
    """The requests that are being answered. The application ends when they have, or a moment later."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Count the task that runs this as a request."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    def heard_out(self, receive: Receive) -> Receive:
        """`receive` of an application's life that tells of its end only when who is cut short has been told so."""

        async def received() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown" and self._tasks:
                await asyncio.wait(self._tasks, timeout=LAST_WORD_S)
            return message

        return received


async def leave(server: uvicorn.Server, notice_s: float) -> None:
    """Give notice, close the door, hear out who is inside (each answer ends its connection), and only then stop."""
    await asyncio.sleep(notice_s)
    await _close_door(server)
    loop = asyncio.get_running_loop()
    end = loop.time() + LAST_WORD_S
    while server.server_state.connections and loop.time() < end:
        await asyncio.sleep(0.02)
    server.should_exit = True


async def _close_door(server: uvicorn.Server) -> None:
    """Stop listening, but take in those that the kernel has connected already: it would reset them."""

    def protocol() -> asyncio.Protocol:
        config, state = server.config, server.server_state
        made: asyncio.Protocol = config.http_protocol_class(  # type: ignore[call-arg]
            config=config, server_state=state, app_state=server.lifespan.state
        )
        return made

    knocked = []
    for listener in server.servers:
        doors = [door.dup() for door in listener.sockets]
        listener.close()
        for door in doors:
            with door, contextlib.suppress(BlockingIOError):
                while True:
                    knocked.append(door.accept()[0])
    for connection in knocked:
        connection.setblocking(False)
        await asyncio.get_running_loop().connect_accepted_socket(protocol, connection)
