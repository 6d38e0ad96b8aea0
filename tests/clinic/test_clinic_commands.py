"""Users, audit and doctor as an administrator types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic.open import open_clinic
from bedside.clinic.principal import Principal
from bedside.commands._call import call
from bedside.errors import AuditError, ClinicError, UsageError
from bedside.lang import speaking


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data of a server that has been started once."""
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", "00" * 32)
    with open_clinic(tmp_path / "data"):
        return tmp_path / "data"


def users(data: Path, verb: str, *words: str) -> Any:
    return json.loads(call("users", verb, *words, "--data", str(data), "--json")[1])


def test_an_account_is_made_gets_a_key_and_is_shut(data: Path) -> None:
    made = users(data, "add", "王医生", "--role", "clinician")
    assert len(made["password"]) >= 12
    key = users(data, "key", "王医生")["key"]
    with open_clinic(data) as clinic:
        assert clinic.accounts.login("王医生", made["password"]) is not None
        assert clinic.keys.who(key) == Principal(id=made["id"], name="王医生", role="clinician", via="key")
    users(data, "disable", "王医生")
    assert [one["disabled"] for one in users(data, "list")["users"]] == [True]
    with open_clinic(data) as clinic:
        assert clinic.keys.who(key) is None


def test_what_an_administrator_does_at_the_machine_stands_in_the_audit_log(data: Path) -> None:
    users(data, "add", "bob", "--role", "service", "--no-password")
    users(data, "disable", "bob")
    heard = call("audit", "search", "--data", str(data), "--json")[1].splitlines()
    assert [json.loads(line)["action"] for line in heard] == ["users.add", "users.disable"]


def test_a_wrong_role_and_an_unknown_name_are_refused(data: Path) -> None:
    with pytest.raises(UsageError, match="no such role"):
        users(data, "add", "bob", "--role", "boss")
    with pytest.raises(UsageError, match="no such account"):
        users(data, "key", "bob")


def test_a_mistyped_folder_makes_no_new_one(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such data folder"):
        users(tmp_path / "dta", "list")
    assert not (tmp_path / "dta").exists()


def test_a_whole_log_is_verified_and_a_changed_one_is_an_error(data: Path) -> None:
    for name in ("ann", "bob", "cy"):
        users(data, "add", name, "--role", "auditor", "--no-password")
    assert json.loads(call("audit", "verify", "--data", str(data), "--json")[1])["lines"] == 3
    (log,) = (data / "audit").glob("2*.jsonl")
    log.write_text(log.read_text().replace("auditor", "janitor"))
    with pytest.raises(AuditError, match="changed"):
        call("audit", "verify", "--data", str(data))


def test_an_export_holds_the_lines_that_fit_and_its_checkpoint_is_accepted_later(data: Path, tmp_path: Path) -> None:
    users(data, "add", "ann", "--role", "auditor", "--no-password")
    out, point = tmp_path / "out.jsonl", tmp_path / "point.json"
    call("audit", "export", "--data", str(data), "-o", str(out), "--checkpoint", str(point), "--action", "users.add")
    assert [json.loads(line)["detail"]["role"] for line in out.read_text().splitlines()] == ["auditor"]
    users(data, "disable", "ann")
    assert call("audit", "verify", "--data", str(data), "--checkpoint", str(point))[0] == 0


def test_the_audit_log_of_this_year_is_not_deleted(data: Path) -> None:
    users(data, "add", "ann", "--role", "auditor", "--no-password")
    with pytest.raises(UsageError, match="15 years"):
        call("audit", "prune", "--data", str(data), "--before", "2100")


def test_a_good_installation_is_good_and_an_open_folder_is_told_with_what_mends_it(data: Path) -> None:
    def looked() -> tuple[int, dict[str, Any]]:
        code, heard = call("doctor", "--data", str(data), "--json")
        return code, {one["name"]: one for one in json.loads(heard)["checks"]}

    code, checks = looked()
    assert {name for name, one in checks.items() if not one["good"]} <= {"models", "disk", "container"}
    assert checks["database"]["what"] == "0 patients"
    data.chmod(0o755)
    code, checks = looked()
    assert code == 3
    assert checks["data folder"]["next"] == f"chmod -R go= {data}"


def test_the_doctor_finds_a_missing_key_a_missing_folder_and_makes_neither(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BEDSIDE_CLINIC_KEY")
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path / "home"))
    with speaking("zh"):
        code, heard = call("doctor", "--data", str(data))
    assert code == 3
    assert "缺少此数据的主密钥" in heard
    assert list((tmp_path / "home" / "keys").iterdir()) == []
    assert call("doctor", "--data", str(tmp_path / "none"))[0] == 3
    assert not (tmp_path / "none").exists()
    with pytest.raises(ClinicError):
        users(data, "list")
