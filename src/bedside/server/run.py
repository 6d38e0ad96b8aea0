"""Runs the application under uvicorn: warm-up, ready; on SIGTERM first "not ready", then drain, then stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket

import uvicorn

from bedside.errors import BedsideError, ServeError
from bedside.lang import tr
from bedside.server.app import build_app
from bedside.server.leaving import leave
from bedside.server.service import Service

log = logging.getLogger("bedside.server")


def run(service: Service, door: socket.socket) -> None:
    """Serve at an open door until SIGTERM or SIGINT; raises ServeError when the model cannot answer."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # a worker is one thread: sharing its texts out costs more
    settings = service.settings
    faults: list[BedsideError] = []
    tasks: set[asyncio.Task[None]] = set()

    def start() -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop)
        tasks.add(loop.create_task(warm_up()))

    def stop() -> None:
        if service.health.draining:  # asked twice: do not wait any longer
            server.should_exit = True
        service.health.drain()
        tasks.add(asyncio.get_running_loop().create_task(leave(server, settings.notice_s)))

    async def warm_up() -> None:
        fault = await _warmed(service)
        if fault is not None:
            faults.append(fault)
            service.health.broke()
            server.should_exit = True

    config = uvicorn.Config(
        build_app(service, on_start=start),
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # nobody here asks for the caller's address
        ws="none",
        loop="asyncio",  # the same whatever else is installed: how a server leaves was tested with these two
        http="h11",
        timeout_graceful_shutdown=int(settings.drain_s) or 1,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[door])
    if faults:
        raise faults[0]


async def _warmed(service: Service) -> BedsideError | None:
    """Have the model answer once; what stood in the way, if anything did."""
    try:
        await service.warm_up()
    except BedsideError as fault:
        return fault
    except Exception as fault:
        return ServeError(tr("the model cannot answer", "模型无法作答"), value=type(fault).__name__)
    return None
