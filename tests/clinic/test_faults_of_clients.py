"""Clients that come too slowly, say nothing, or come by the thousand: the next one is answered all the same."""

from __future__ import annotations

import socket
from typing import Any

import pytest


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
        for _ in range(100):
            try:
                line.sendall(b"x")
                assert line.recv(10) == b""
            except TimeoutError:
                continue
            except (ConnectionResetError, BrokenPipeError):
                pass
            return
    pytest.fail("ten seconds of letters")


def test_a_thousand_silent_connections_keep_nobody_out_for_long(served: Any) -> None:
    held = [served.speak(b"") for _ in range(1000)]
    answers = set()
    for _ in range(200):
        with served.speak(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n") as line:
            answers.add(line.recv(12)[9:])
        if b"200" in answers:
            break
    assert b"200" in answers
    for line in held:
        line.close()
