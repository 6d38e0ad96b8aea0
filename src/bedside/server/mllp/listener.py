"""Listens for the hospital's systems, each connection in a thread of its own, from listed addresses only."""

from __future__ import annotations

import logging
import socket
import socketserver
import threading
from types import TracebackType

from bedside.clinic.audit.log import Event
from bedside.errors import log_fault
from bedside.server.clinic.context import Context
from bedside.server.mllp.answer import answer_to
from bedside.server.mllp.frames import CHUNK, BrokenFrame, framed, frames
from bedside.types import RawChart

log = logging.getLogger("bedside.server")
IDLE_S = 600.0
MOST_AT_ONCE = 32


class Listener:
    """A context manager that listens while it is open; `port` is the one it got, where 0 was asked for."""

    def __init__(self, context: Context, host: str, port: int) -> None:
        self._server = _Server((host, port), _Connection)
        self._server.context, self._server.places = context, threading.Semaphore(MOST_AT_ONCE)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Listener:
        threading.Thread(target=self._server.serve_forever, daemon=True, name="mllp").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    block_on_close = False
    context: Context
    places: threading.Semaphore

    def verify_request(self, request: object, client_address: tuple[str, int]) -> bool:
        """Only listed addresses are spoken to."""
        return client_address[0] in self.context.settings.mllp_peers

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke; what it sent is not logged."""
        log.warning("an MLLP connection broke")


class _Connection(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        """Answer message after message, until the sender leaves, is silent for too long, or speaks no MLLP."""
        if not self.server.places.acquire(blocking=False):
            return
        try:
            self.request.settimeout(IDLE_S)
            for message in frames(lambda size: self.request.recv(CHUNK)):
                self.request.sendall(framed(answer_to(message, self._keep)))
        except (OSError, BrokenFrame) as fault:
            log_fault(log, fault)
        finally:
            self.server.places.release()

    def _keep(self, chart: RawChart) -> None:
        """The audit line is written with what is kept: no line, no acknowledgement."""
        clinic = self.server.context.clinic
        patient, new = clinic.records.keep(chart)
        detail: dict[str, str | int] = {"entries": len(chart.entries), "new": int(new)}
        event = Event(
            action="patient.write", outcome="kept", via="mllp", role="service", patient=patient, detail=detail
        )
        clinic.audit.write(event)
