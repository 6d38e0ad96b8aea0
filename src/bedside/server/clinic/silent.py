"""Lets go of connections that never come to a request: heads sent letter by letter, and lines that say nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn


async def let_go_of_silent(server: uvicorn.Server, head_s: float, places: int) -> None:
    """Close what has asked nothing for `head_s` seconds, or for a tenth of it while half of the `places` are taken.

    uvicorn times a connection only after its first answer. Runs until it is cancelled.
    """
    loop, since = asyncio.get_running_loop(), dict[Any, float]()
    while True:
        await asyncio.sleep(head_s / 20)
        now, held = loop.time(), server.server_state.connections
        since = {one: since.get(one, now) for one in held if _asks_nothing(one)}
        patience = head_s if len(held) < places / 2 else head_s / 10
        for one, then in since.items():
            if now - then > patience:
                one.transport.abort()


def _asks_nothing(connection: Any) -> bool:
    """Whether no request is under way on it."""
    cycle = connection.cycle
    return cycle is None or bool(cycle.response_complete)
