"""Starts `bedside serve` on a free port of this machine, asks it one question over HTTP, and stops it again."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

from bedside.errors import ServeError
from bedside.lang import tr

READY_SECONDS = 90.0


def ask_server(model: Path, text: str) -> str:
    """The answer to one POST /v1/predict, as one line; a server that never gets ready is an error."""
    port = _free_port()
    words = [sys.executable, "-m", "bedside", "serve", str(model), "--port", str(port), "--no-auth"]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, server)
        body = json.dumps({"text": text}, ensure_ascii=False).encode()
        status, answer = _request(port, "POST", "/v1/predict", body)
        if status != 200:
            raise ServeError(tr("the server did not answer", "服务未应答"), value=status)
        return f"POST /v1/predict -> {status} {answer}"
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            if _request(port, "GET", "/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise ServeError(tr("the server did not become ready", "服务未就绪"), next="bedside serve --help")


def _request(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()
