"""No connection leaves the machine but to what an administrator has listed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bedside.clinic.outbound import Outbound, allowed
from bedside.errors import ConfigError

FHIR = ("fhir.hospital.lan", 8443)


@pytest.mark.parametrize(
    "written", ["fhir.hospital.lan:8443", "https://fhir.hospital.lan:8443/r4", "fhir.hospital.lan"]
)
def test_a_listed_address_is_let_through_and_another_is_not(written: str) -> None:
    listed = allowed([written])
    listed.check("socket.connect", (None, FHIR))
    listed.check("socket.getaddrinfo", ("fhir.hospital.lan", 8443, 0, 0, 0))
    with pytest.raises(Outbound):
        listed.check("socket.connect", (None, ("203.0.113.7", 443)))
    with pytest.raises(Outbound):
        listed.check("socket.getaddrinfo", (b"example.org", 443, 0, 0, 0))


def test_another_port_of_a_listed_host_is_not_let_through() -> None:
    with pytest.raises(Outbound):
        allowed(["fhir.hospital.lan:8443"]).check("socket.connect", (None, ("fhir.hospital.lan", 22)))


@pytest.mark.parametrize(
    "address", [("127.0.0.1", 80), ("::1", 80, 0, 0), ("localhost", 80), "/run/postgresql/.s.PGSQL.5432"]
)
def test_the_machine_itself_is_always_let_through(address: object) -> None:
    allowed([]).check("socket.connect", (None, address))


def test_what_is_no_address_is_refused() -> None:
    for written in ("", "https://", "host:port"):
        with pytest.raises(ConfigError):
            allowed([written])


def test_once_shut_in_a_process_reaches_nothing_by_any_of_pythons_ways(tmp_path: Path) -> None:
    code = """
import asyncio, socket, urllib.request
from bedside.clinic.outbound import Outbound, shut_in
shut_in(["192.0.2.9:443"])
ways = [
    lambda: socket.create_connection(("203.0.113.7", 443), timeout=1),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("203.0.113.7", 53)),
    lambda: socket.getaddrinfo("example.org", 443),
    lambda: urllib.request.urlopen("http://203.0.113.7/", timeout=1),
    lambda: asyncio.run(asyncio.open_connection("203.0.113.7", 443)),
]
for way in ways:
    try:
        way()
    except OSError as fault:
        if isinstance(getattr(fault, "reason", fault), Outbound):
            print("refused")
"""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"] * 5
