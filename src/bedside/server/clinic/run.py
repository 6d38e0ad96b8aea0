"""Runs the clinical server under uvicorn: port, TLS, ready; on SIGTERM notice, drain, stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable

import uvicorn

from bedside.errors import ServeError
from bedside.lang import tr
from bedside.server.clinic.app import build_clinic
from bedside.server.clinic.context import Context
from bedside.server.clinic.memory import give_back_now_and_then
from bedside.server.clinic.settings import ClinicSettings
from bedside.server.clinic.silent import let_go_of_silent
from bedside.server.leaving import leave

AT_ONCE = 512
"""Connections, and requests under way; the next is refused (503) rather than left to wait."""


def run_clinic(context: Context, door: socket.socket, on_ready: Callable[[], None] = lambda: None) -> None:
    """Serve at an open door until SIGTERM or SIGINT; `on_ready` is called once requests are answered."""
    tasks: set[asyncio.Task[None]] = set()

    def start() -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop)
        tasks.add(loop.create_task(announce()))
        tasks.add(loop.create_task(let_go_of_silent(server, context.settings.limits.head_s, AT_ONCE)))
        tasks.add(loop.create_task(give_back_now_and_then()))

    async def announce() -> None:
        while not server.started:
            await asyncio.sleep(0.01)
        on_ready()

    def stop() -> None:
        if context.health.draining:  # asked twice: do not wait any longer
            server.should_exit = True
        context.health.drain()
        tasks.add(asyncio.get_running_loop().create_task(leave(server, context.settings.notice_s)))

    server = uvicorn.Server(_config(context, start))
    server.run(sockets=[door])


def _config(context: Context, start: Callable[[], None]) -> uvicorn.Config:
    settings = context.settings
    config = uvicorn.Config(
        build_clinic(context, on_start=start),
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # what a proxy says is believed only where the settings name the proxy
        ws="none",
        loop="asyncio",  # the same whatever else is installed: how a server leaves was tested with these two
        http="h11",
        limit_concurrency=AT_ONCE,
        timeout_graceful_shutdown=int(settings.drain_s) or 1,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=64 * 1024,
    )
    if settings.tls_certificate is not None:
        config.load()
        config.ssl = tls_context(settings)
    return config


def tls_context(settings: ClinicSettings) -> ssl.SSLContext:
    """TLS 1.2 and later with the certificate of the settings; raises `ServeError` when it cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        assert settings.tls_certificate is not None
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    except (OSError, ssl.SSLError) as fault:
        what = tr("the TLS certificate or its key cannot be used", "TLS 证书或密钥无法使用")
        raise ServeError(what, value=f"{settings.tls_certificate} ({type(fault).__name__})") from None
    return context
