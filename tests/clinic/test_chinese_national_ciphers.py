"""国密: SM4 for charts, SM3 for the audit log, by the published vectors; AES beside it, neither read as the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from sqlalchemy import select, update

from bedside.chain import digest
from bedside.clinic._database import Database
from bedside.clinic._tables import patients, pieces
from bedside.clinic.audit.log import Event
from bedside.clinic.audit.read import AuditReader
from bedside.clinic.consent import Consent
from bedside.clinic.keys import keyring as _keyring
from bedside.clinic.keys.keyring import NONCE, Keyring, keyring, seal, unseal
from bedside.clinic.keys.sm import SM4GCM, hmac_sm3, sm3
from bedside.clinic.open import open_clinic
from bedside.clinic.records import open_records
from bedside.commands._call import call
from bedside.deid.vault.key import MarkedKey
from bedside.errors import AuditError, ClinicError, VaultError
from bedside.types import Entry, Identifier, RawChart

MASTER = b"m" * 32
AES, SM = MASTER, MarkedKey("sm4", MASTER)
WANG = RawChart(
    patient="住院-2",
    identifiers=(Identifier("NAME", "王小明"),),
    entries=(Entry(id="1", kind="Condition", text="痛风"),),
)


def test_sm3_gives_the_digests_of_the_standard() -> None:
    """GB/T 32905-2016, appendix A.1 and A.2."""
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_gives_the_block_of_the_standard() -> None:
    """GB/T 32907-2016, appendix A.1."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(SM4(block), ECB()).encryptor()
    assert (encryptor.update(block) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_in_gcm_gives_the_ciphertext_and_tag_of_rfc_8998() -> None:
    """RFC 8998, appendix A.1."""
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    extra = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    wanted = (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert SM4GCM(key).encrypt(nonce, plain, extra).hex() == wanted
    assert SM4GCM(key).decrypt(nonce, bytes.fromhex(wanted), extra) == plain


def test_keyed_sm3_is_the_hmac_of_its_definition() -> None:
    key = b"k" * 32
    block = key.ljust(64, b"\0")
    inner = sm3(bytes(one ^ 0x36 for one in block) + b"said")
    assert hmac_sm3(key, b"said") == sm3(bytes(one ^ 0x5C for one in block) + inner)


@pytest.mark.parametrize("length", [16, 32])
def test_what_is_sealed_opens_with_its_key_and_place_and_no_bit_of_it_can_be_changed(length: int) -> None:
    key = bytes(range(length))
    sealed = seal(key, b"a chart", "piece p1")
    assert unseal(key, sealed, "piece p1") == b"a chart"
    for at in range(len(sealed)):
        with pytest.raises(ClinicError):
            unseal(key, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], "piece p1")
    for wrong in (sealed[:-1], sealed[: NONCE + 3], b"", sealed + b"\0"):
        with pytest.raises(ClinicError):
            unseal(key, wrong, "piece p1")
    with pytest.raises(ClinicError):
        unseal(key, sealed, "piece p2")


def test_no_nonce_is_used_twice() -> None:
    assert len({seal(bytes(16), b"x", "here")[:NONCE] for _ in range(2000)}) == 2000


def test_aes_with_a_short_key_is_not_used() -> None:
    with pytest.raises(ValueError, match="length"):
        seal(bytes(24), b"x", "here")


def test_the_same_bytes_as_an_aes_and_as_an_sm4_key_are_two_keys() -> None:
    aes, sm = keyring([AES]), keyring([SM])
    assert aes.current != sm.current
    for made, other in ((aes, sm), (sm, aes)):
        with pytest.raises(ClinicError, match="not at hand"):
            other.unwrap(made.wrap(b"secret", "p1"), "p1")
        disguised = other.current.encode() + made.wrap(b"secret", "p1")[8:]
        with pytest.raises(ClinicError, match="changed"):
            other.unwrap(disguised, "p1")


def test_a_store_made_with_aes_moves_to_sm4_chart_by_chart_and_both_are_read_meanwhile(database: Database) -> None:
    id, _ = open_records(database, keyring([AES])).keep(WANG)
    records = open_records(database, keyring([SM, AES]))
    Consent(records).break_glass(id, "u1", "昏迷，需查过敏史")
    new, _ = records.keep(RawChart(patient="住院-3", entries=WANG.entries))
    assert (records.chart(id), key_bytes(database, records.ring, id)) == (WANG, 32)
    assert key_bytes(database, records.ring, new) == 16
    assert (records.reseal(id), records.reseal(id), records.reseal(new)) == (True, False, False)
    assert key_bytes(database, records.ring, id) == 16
    alone = open_records(database, keyring([SM]))
    assert alone.chart(id) == WANG
    assert alone.search("王小明")[0].name == "王小明"
    assert Consent(alone).grants(id)[0].reason == "昏迷，需查过敏史"
    assert open_records(database, keyring([AES, SM])).reseal(id)


def test_an_old_seal_put_back_into_a_chart_that_moved_is_noticed(database: Database) -> None:
    id, _ = open_records(database, keyring([AES])).keep(WANG)
    with database.read() as db:
        (old,) = db.execute(select(pieces.c.sealed)).scalars()
    records = open_records(database, keyring([SM, AES]))
    records.reseal(id)
    with database.write() as db:
        db.execute(update(pieces).values(sealed=old))
    with pytest.raises(ClinicError, match="changed"):
        records.chart(id)


def test_the_audit_log_goes_on_by_sm3_and_is_checked_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in (MASTER.hex(), f"sm4:{MASTER.hex()} {MASTER.hex()}"):
        monkeypatch.setenv("BEDSIDE_CLINIC_KEY", key)
        with open_clinic(tmp_path / "d") as clinic:
            clinic.audit.write(Event(action="patient.read", outcome="done"))
    reader = AuditReader(tmp_path / "d" / "audit")
    assert [one.get("hash", "sha256") for one in reader.lines()] == ["sha256", "sm3"]
    assert reader.verify().good
    (log,) = reader.years()
    written = log.read_text()
    first, second = map(json.loads, written.splitlines())
    plain = {name: value for name, value in second.items() if name not in ("mark", "hash")}
    assert second["mark"] != digest(first["mark"], plain)
    log.write_text(written.replace(', "hash": "sm3"', ""))
    with pytest.raises(AuditError, match="changed"):
        reader.verify()


def test_rekey_moves_every_chart_and_says_how_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", MASTER.hex())
    with open_clinic(tmp_path / "d") as clinic:
        for n in range(3):
            clinic.records.keep(RawChart(patient=f"住院-{n}", entries=WANG.entries))
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", f"sm4:{MASTER.hex()} {MASTER.hex()}")
    words = ("--data", str(tmp_path / "d"), "--json")
    assert json.loads(call("rekey", *words)[1]) == {"patients": 3, "moved": 3, "cipher": "SM4-GCM"}
    assert json.loads(call("rekey", *words)[1])["moved"] == 0
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", f"sm4:{MASTER.hex()}")
    with open_clinic(tmp_path / "d") as clinic:
        assert clinic.records.count() == 3


@pytest.mark.parametrize("written", ["sm9:" + "00" * 32, "sm4:" + "00" * 16, "sm4:", "aes:" + "00" * 32])
def test_a_key_with_another_mark_or_length_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", written)
    with pytest.raises(VaultError, match="not 32 bytes"):
        _keyring.load_keyring(None, tmp_path / "d")


def key_bytes(database: Database, ring: Keyring, id: str) -> int:
    """How long a patient's own key is: 32 bytes are AES, 16 are SM4."""
    with database.read() as db:
        wrapped: Any = db.execute(select(patients.c.data_key).where(patients.c.id == id)).scalar()
    return len(ring.unwrap(wrapped, f"patient {id}"))
