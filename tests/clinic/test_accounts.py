"""Who gets in: the right password and key; not the wrong ones, not a shut account, not for ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from bedside.clinic._database import Database, open_database
from bedside.clinic.accounts import FAILURES, LOCK_S, Accounts
from bedside.clinic.api_keys import ApiKeys
from bedside.clinic.sessions import IDLE_S, LONGEST_S, Sessions
from bedside.errors import UsageError

PASSWORD = "battery staple 电池"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    return Accounts(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), clock)


def fail(accounts: Accounts, times: int = FAILURES) -> None:
    for _ in range(times):
        assert accounts.login("王医生", "wrong password") is None


@pytest.fixture
def doctor(accounts: Accounts) -> Any:
    return accounts.add("王医生", "clinician", PASSWORD)


def test_the_right_password_lets_in_and_a_wrong_one_does_not(accounts: Accounts, doctor: Any) -> None:
    assert accounts.login("王医生", PASSWORD) == doctor
    assert accounts.login("王医生", PASSWORD + " ") is None
    assert accounts.login("nobody", PASSWORD) is None


def test_after_five_wrong_passwords_even_the_right_one_waits_a_quarter_of_an_hour(
    accounts: Accounts, doctor: Any, clock: Clock
) -> None:
    fail(accounts)
    assert accounts.login("王医生", PASSWORD) is None
    clock.now += LOCK_S + 1
    assert accounts.login("王医生", PASSWORD) is not None


def test_four_wrong_passwords_and_a_right_one_begin_the_count_anew(accounts: Accounts, doctor: Any) -> None:
    for _ in range(3):
        fail(accounts, FAILURES - 1)
        assert accounts.login("王医生", PASSWORD) is not None


def test_a_clock_put_back_does_not_lock_for_longer(accounts: Accounts, doctor: Any, clock: Clock) -> None:
    fail(accounts)
    clock.now -= 365 * 86400
    assert accounts.login("王医生", PASSWORD) is not None


def test_an_administrator_unlocks(accounts: Accounts, doctor: Any) -> None:
    fail(accounts)
    assert accounts.disable("王医生", disabled=False)
    assert accounts.login("王医生", PASSWORD) is not None


def test_a_shut_account_is_out_by_every_door(accounts: Accounts, doctor: Any, database: Database, clock: Clock) -> None:
    keys, sessions = ApiKeys(database), Sessions(database, clock)
    key, (token, _) = keys.make(doctor.id), sessions.open(doctor.id)
    assert keys.who(key) is not None
    assert sessions.who(token) is not None
    accounts.disable("王医生")
    assert accounts.login("王医生", PASSWORD) is None
    assert keys.who(key) is None
    assert sessions.who(token) is None


@pytest.mark.parametrize(
    "forged", ["", "bedside_", "bedside_{id}", "bedside_{id}.", "bedside_{id}.wrong", "{id}.\ud800"]
)
def test_a_key_is_its_id_and_its_secret(doctor: Any, database: Database, forged: str) -> None:
    keys = ApiKeys(database)
    id, _, secret = keys.make(doctor.id).removeprefix("bedside_").partition(".")
    assert keys.who(f"bedside_{id}.{secret}") is not None
    assert keys.who(forged.format(id=id)) is None


def test_one_key_is_shut_and_the_other_still_opens(doctor: Any, database: Database) -> None:
    keys = ApiKeys(database)
    first, second = keys.make(doctor.id), keys.make(doctor.id)
    assert keys.disable(first.removeprefix("bedside_").partition(".")[0])
    assert (keys.who(first) is None, keys.who(second) is not None) == (True, True)


def test_neither_password_nor_key_nor_token_lies_readable_in_the_store(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    doctor = Accounts(database).add("doctor", "clinician", PASSWORD)
    key, (token, _) = ApiKeys(database).make(doctor.id), Sessions(database).open(doctor.id)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"$argon2id$" in stored
    for secret in (PASSWORD, key.partition(".")[2], token):
        assert secret.encode() not in stored


@pytest.mark.parametrize("later", [IDLE_S + 1, LONGEST_S + 1, -3600.0])
def test_a_login_ends_when_unused_and_when_the_clock_is_put_back(
    doctor: Any, database: Database, clock: Clock, later: float
) -> None:
    sessions = Sessions(database, clock)
    token, _ = sessions.open(doctor.id)
    clock.now += later
    assert sessions.who(token) is None


def test_a_login_in_use_lasts_half_a_day_and_no_longer(doctor: Any, database: Database, clock: Clock) -> None:
    sessions = Sessions(database, clock)
    token, _ = sessions.open(doctor.id)
    for _ in range(int(LONGEST_S // 1200)):
        clock.now += 1200
        assert sessions.who(token) is not None
    clock.now += 1200
    assert sessions.who(token) is None


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [("", "clinician", None), ("a b", "clinician", None), ("bob", "boss", None), ("bob", "clinician", "short")],
)
def test_a_bad_name_role_or_password_makes_no_account(
    accounts: Accounts, name: str, role: str, password: str | None
) -> None:
    with pytest.raises(UsageError):
        accounts.add(name, role, password)
    assert accounts.all() == []


def test_a_name_is_taken_once(accounts: Accounts, doctor: Any) -> None:
    with pytest.raises(UsageError, match="taken"):
        accounts.add("王医生", "admin")


def test_a_name_that_readers_would_take_for_anothers_is_taken_too(accounts: Accounts) -> None:
    accounts.add("dr.li", "clinician")
    for alike in ("Dr.Li", "ｄｒ.ｌｉ", "dr.l\u0456"):
        with pytest.raises(UsageError, match="looks like"):
            accounts.add(alike, "admin")
    assert accounts.add("dr.liu", "clinician").name == "dr.liu"


def test_a_key_ends_after_its_days_and_one_without_days_does_not(database: Database) -> None:
    now = [1_000_000.0]
    user = Accounts(database).add("emr", "service")
    keys = ApiKeys(database, lambda: now[0])
    short, endless = keys.make(user.id, 1), keys.make(user.id)
    assert keys.who(short) is not None
    now[0] += 86_400
    assert keys.who(short) is None
    assert keys.who(endless) is not None


def test_a_replaced_key_opens_for_a_day_more_but_never_longer_than_it_would_have(database: Database) -> None:
    now = [1_000_000.0]
    user = Accounts(database).add("emr", "service")
    keys = ApiKeys(database, lambda: now[0])
    old, nearly = keys.make(user.id), keys.make(user.id, 0.5)
    ids = {key.expires is None: key.id for key in keys.of(user.id)}
    assert keys.replace(ids[True], 30)
    assert keys.replace(ids[False], 30)
    now[0] += 0.6 * 86_400
    assert (keys.who(old) is not None, keys.who(nearly)) == (True, None)
    now[0] += 0.6 * 86_400
    assert keys.who(old) is None
    assert keys.replace(ids[True]) is None
