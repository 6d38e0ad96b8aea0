"""The vault: opens with its key alone, notices every change, and never lets the key lie beside it."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.deid import Vault, open_vault
from bedside.deid.vault.key import load_key
from bedside.errors import VaultError

KEY = bytes(range(32))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return open_vault(tmp_path / "vault.db", key=KEY)


def change(vault: Vault, statement: str, *values: object) -> None:
    with sqlite3.connect(vault.path) as db:
        db.execute(statement, values)
    db.close()


def test_what_goes_in_comes_out_with_the_key(vault: Vault) -> None:
    name = vault.pseudonym("patient", "王小明 MRN 7")
    assert vault.put("patient", [(name, "王小明 MRN 7")]) == 1
    assert open_vault(vault.path, key=KEY).get("patient", name) == ["王小明 MRN 7"]
    assert vault.put("patient", [(name, "王小明 MRN 7")]) == 0
    assert vault.get("patient", "P-0000000000000000") == []
    assert vault.verify() == 1


def test_the_file_alone_tells_nothing(vault: Vault) -> None:
    vault.put("patient", [(vault.pseudonym("patient", "Ada Lovelace"), "Ada Lovelace")])
    assert b"Lovelace" not in vault.path.read_bytes()
    assert vault.path.stat().st_mode & 0o077 == 0


def test_another_key_is_refused(vault: Vault) -> None:
    with pytest.raises(VaultError, match="key does not open"):
        open_vault(vault.path, key=b"x" * 32)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET sealed = zeroblob(40) WHERE name = 'patient:P-1'",
        "DELETE FROM entries WHERE name = 'patient:P-1'",
        "UPDATE entries SET sealed = (SELECT sealed FROM entries WHERE name LIKE '%P-2') WHERE name = 'patient:P-1'",
        "UPDATE entries SET name = 'patient:P-3' WHERE name = 'patient:P-1'",
        "INSERT INTO entries SELECT 'patient:P-4', sealed FROM entries WHERE name = 'patient:P-1'",
        "DELETE FROM meta WHERE name = 'total'",
    ],
    ids=["changed", "deleted", "swapped", "renamed", "copied", "total gone"],
)
def test_a_tampered_vault_is_noticed(vault: Vault, statement: str) -> None:
    vault.put("patient", [("P-1", "one"), ("P-2", "two")])
    assert vault.verify() == 2
    change(vault, statement)
    with pytest.raises(VaultError, match="changed"):
        vault.verify()


def test_two_patients_never_share_a_pseudonym_but_two_towns_may_share_a_surrogate(vault: Vault) -> None:
    vault.put("surrogate P-1", [("临江市", "北京"), ("临江市", "上海")])
    assert vault.get("surrogate P-1", "临江市") == ["北京", "上海"]
    assert vault.verify() == 1
    with pytest.raises(VaultError, match="two originals"):
        vault.put("patient", [("P-1", "one"), ("P-1", "two")])
    assert vault.get("patient", "P-1") == []


def test_a_file_that_is_no_vault_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be read as one" * 20)
    with pytest.raises(VaultError):
        open_vault(path, key=KEY)
    with pytest.raises(VaultError, match="no vault"):
        open_vault(tmp_path / "none.db", key=KEY, create=False)


def _put_many(path: Path, start: int) -> int:
    vault = open_vault(path, key=KEY)
    return sum(vault.put("patient", [(f"P-{n}", str(n))]) for n in range(start, start + 40))


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        new = sum(pool.map(_put_many, [path, path], [0, 20]))
    assert new == 60
    assert open_vault(path, key=KEY).verify() == 60


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.dictionaries(
        st.text(min_size=1, max_size=8).filter(lambda s: s.isprintable()), st.text(max_size=30), max_size=5
    )
)
def test_any_text_makes_the_round_trip(vault: Vault, pairs: dict[str, str]) -> None:
    vault.put("surrogate", pairs.items())
    assert all(original in vault.get("surrogate", name) for name, original in pairs.items())


# the key


def key_file(folder: Path, text: str = KEY.hex(), mode: int = 0o600) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "key"
    path.write_text(text + "\n")
    path.chmod(mode)
    return path


def test_a_key_file_of_its_owners_alone_is_read(tmp_path: Path) -> None:
    assert load_key(key_file(tmp_path / "keys"), vault=tmp_path / "data" / "vault.db") == KEY


def test_a_key_beside_the_vault_is_refused_also_through_a_link(tmp_path: Path) -> None:
    beside = key_file(tmp_path / "data")
    with pytest.raises(VaultError, match="own folder"):
        load_key(beside, vault=tmp_path / "data" / "vault.db")
    link = tmp_path / "link"
    link.symlink_to(beside)
    with pytest.raises(VaultError, match="own folder"):
        load_key(link, vault=tmp_path / "data" / "vault.db")


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_key_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="others may read"):
        load_key(key_file(tmp_path / "keys", mode=0o644), vault=tmp_path / "vault.db")


@pytest.mark.parametrize("text", ["", "secret", "00" * 16, "zz" * 32])
def test_a_key_that_is_not_32_bytes_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(VaultError, match="32 bytes"):
        load_key(key_file(tmp_path / "keys", text), vault=tmp_path / "vault.db")


def test_the_environment_may_hold_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BEDSIDE_VAULT_KEY", raising=False)
    with pytest.raises(VaultError, match="needs a key"):
        load_key(None, vault=tmp_path / "vault.db")
    monkeypatch.setenv("BEDSIDE_VAULT_KEY", KEY.hex())
    assert load_key(None, vault=tmp_path / "vault.db") == KEY


def test_a_key_of_32_raw_bytes_is_told_from_one_that_cannot_be_read(tmp_path: Path) -> None:
    path = key_file(tmp_path / "keys")
    path.write_bytes(bytes(range(200, 232)))
    with pytest.raises(VaultError, match="hexadecimal or base64"):
        load_key(path, vault=tmp_path / "vault.db")
    with pytest.raises(VaultError, match="cannot be read"):
        load_key(tmp_path / "keys" / "none", vault=tmp_path / "vault.db")


def test_a_folder_is_no_vault(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="a folder"):
        open_vault(tmp_path, key=KEY)


def test_an_emptied_vault_is_not_begun_anew_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    path.touch()
    with pytest.raises(VaultError, match="empty"):
        open_vault(path, key=bytes(32))
