"""The settings a security officer writes: read as documented, refused when wrong, safe when left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bedside.errors import ConfigError, ServeError
from bedside.server.clinic.run import tls_context
from bedside.server.clinic.settings import ClinicSettings, read_settings
from bedside.server.door import open_door

PAGE = Path(__file__).parents[2] / "docs" / "clinic.md"


def test_the_settings_on_the_page_are_read(tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (tmp_path / "s.toml").write_text(block[1], encoding="utf-8")
    settings = read_settings(tmp_path / "s.toml", host="0.0.0.0")
    assert settings.tls
    assert settings.issuers[0].audience == ["bedside"]
    assert settings.outbound == ["https://fhir.hospital.lan"]


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('port = 99999\nhots = "x"\n[limits]\nbody_bytes = 0\n')
    with pytest.raises(ConfigError) as told:
        read_settings(tmp_path / "s.toml")
    assert {fault.partition(":")[0] for fault in told.value.faults} == {"port", "hots", "limits.body_bytes"}


def test_by_default_only_this_machine_is_listened_to_and_nothing_is_called() -> None:
    settings = read_settings(None)
    assert (settings.host, settings.outbound, settings.trusted_proxies) == ("127.0.0.1", [], [])


def test_an_open_address_needs_tls(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="needs TLS"):
        read_settings(None, host="0.0.0.0")
    pair = {"tls_certificate": tmp_path / "cert.pem", "tls_key": tmp_path / "key.pem"}
    assert read_settings(None, host="0.0.0.0", **pair).tls
    with pytest.raises(ConfigError, match="go together"):
        read_settings(None, tls_certificate=tmp_path / "cert.pem")


def test_a_certificate_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("nothing")
    settings = ClinicSettings(tls_certificate=tmp_path / "cert.pem", tls_key=tmp_path / "cert.pem")
    with pytest.raises(ServeError, match="certificate"):
        tls_context(settings)


def test_a_taken_port_is_refused_but_a_demo_takes_another() -> None:
    with open_door("127.0.0.1", 0) as first:
        taken = first.getsockname()[1]
        with pytest.raises(ServeError, match="port"):
            open_door("127.0.0.1", taken)
        with open_door("127.0.0.1", taken, or_any=True) as other:
            assert other.getsockname()[1] != taken
