"""PostgreSQL is killed under a running clinic: what cannot be known is refused, and it goes on when it is back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic.open import open_clinic
from bedside.errors import ClinicError
from bedside.types import RawChart


@pytest.fixture
def postgres(pgserver: Any, tmp_path: Path) -> Iterator[Any]:
    """A PostgreSQL of this test's own."""
    server = pgserver.get_server(tmp_path / "postgres")
    yield server
    server.cleanup()


def test_what_was_acknowledged_outlives_a_killed_postgresql_and_the_clinic_goes_on_without_hands(
    postgres: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", "00" * 32)
    address = f"postgresql://postgres@/postgres?unix_sock={tmp_path}/postgres/.s.PGSQL.5432"
    with open_clinic(tmp_path / "data", database=address) as clinic:
        kept = {clinic.records.keep(RawChart(patient=f"P{n}"))[0] for n in range(5)}
        killed = postgres.get_postmaster_info().process
        its = killed.children(recursive=True)
        os.kill(killed.pid, signal.SIGKILL)
        for one in (killed, *its):  # the next cannot start while one of the old holds the shared memory
            one.wait(300)
        with pytest.raises(ClinicError, match="store cannot be used"):
            clinic.records.keep(RawChart(patient="DURING"))
        postgres.ensure_postgres_running()
        assert {one.id for one in clinic.records.search(limit=100)} == kept
        clinic.records.keep(RawChart(patient="AFTER"))
        assert clinic.records.count() == 6
