"""Clients that come too slowly, say nothing, or come by the thousand: the next one is answered all the same."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from bedside.server.clinic import silent as silent_module


@pytest.fixture(scope="module")
def served(start_server: Any) -> Any:
    """A server that waits one second for a head."""
    return start_server("[limits]\nhead_s = 1.0\nrequests_per_second = 0\n")


def ended(line: socket.socket) -> bool:
    """Whether the server lets go of a connection; a timeout is no."""
    try:
        return line.recv(1000) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("said", [b"", b"GET /livez HTTP/1.1\r\nhost: x\r\nx-a: "])
def test_a_connection_that_never_comes_to_a_request_is_let_go(served: Any, said: bytes) -> None:
    with served.speak(said) as line:
        assert ended(line)


def test_a_head_sent_letter_by_letter_is_let_go_and_one_sent_at_once_is_answered(served: Any) -> None:
    with served.speak(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n") as line:
        assert line.recv(1000).startswith(b"HTTP/1.1 200")
    with served.speak(b"GET /livez HTTP/1.1\r\n") as line:
        line.settimeout(0.1)
        for _ in range(3000):
            try:
                line.sendall(b"x")
                assert line.recv(10) == b""
            except TimeoutError:
                continue
            except (ConnectionResetError, BrokenPipeError):
                pass
            return
    pytest.fail("five minutes of letters")


def test_a_thousand_silent_connections_are_let_go_and_the_next_is_answered(served: Any) -> None:
    held = [served.speak(b"") for _ in range(1000)]
    assert all(map(ended, held))
    with served.speak(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n") as line:
        assert line.recv(12)[9:] == b"200"
    for line in held:
        line.close()


@dataclass(eq=False)
class Clock:
    """Time that passes only while somebody sleeps; it ends after `most` seconds."""

    most: float
    now: float = 0.0

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self.most:
            raise asyncio.CancelledError


@pytest.mark.parametrize(("silent", "patience"), [(400, 10.0), (600, 1.0)])
def test_while_half_the_places_are_taken_silence_is_borne_a_tenth_as_long(
    silent: int, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, gone = Clock(most=20.0), list[float]()
    line = SimpleNamespace(abort=lambda: gone.append(clock.now))
    held = {Held(cycle=None, transport=line) for _ in range(silent)}
    server = SimpleNamespace(server_state=SimpleNamespace(connections=held))
    monkeypatch.setattr(silent_module, "asyncio", SimpleNamespace(sleep=clock.sleep, get_running_loop=lambda: clock))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(silent_module.let_go_of_silent(server, head_s=10.0, places=1000))  # type: ignore[arg-type]
    assert min(gone) == pytest.approx(patience, abs=1.0)
    assert len(gone) >= silent


@dataclass(eq=False)
class Held:
    """A connection as uvicorn keeps it."""

    cycle: None
    transport: Any
