"""Who may ask, from where, how much and how fast."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bedside.errors import ServeError
from bedside.server.auth import make_key, read_keys
from bedside.server.errors import Refusal
from bedside.server.limits import RateLimit
from bedside.server.settings import Settings


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, str]:
    key, line = make_key("ward-3")
    _, other = make_key()
    path = tmp_path / "keys.txt"
    path.write_text(f"# ward keys\n\n{line}  # until May\n{other}\n")
    return path, key


def test_a_known_key_is_let_in_and_named_in_the_audit_log(open_desk: Any, keys: tuple[Path, str]) -> None:
    with open_desk(keys=keys[0]) as desk:
        bearer = desk.ask({"text": "nodule"}, Authorization=f"Bearer {keys[1]}")
        header = desk.ask({"text": "nodule"}, **{"X-API-Key": keys[1]})
        assert (bearer.status_code, header.status_code) == (200, 200)
        assert [line["key"] for line in desk.lines()] == ["ward-3", "ward-3"]
        assert keys[1] not in desk.audit.read_text()


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}, {"X-API-Key": ""}]
)
def test_no_key_and_a_wrong_key_are_refused(open_desk: Any, keys: tuple[Path, str], header: dict[str, str]) -> None:
    with open_desk(keys=keys[0]) as desk:
        answer = desk.ask({"text": "nodule"}, **header)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_the_keys_file_does_not_hold_the_key() -> None:
    key, line = make_key("ward-3")
    assert key not in line
    assert key.removeprefix("bedside_") not in line


@pytest.mark.parametrize("text", ["", "ward-3 short\n", "ward-3 " + "a" * 64 + "\nward-3 " + "b" * 64])
def test_a_keys_file_that_is_empty_broken_or_double_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.txt"
    path.write_text(text)
    with pytest.raises(ServeError):
        read_keys(path)


def test_an_open_address_needs_keys_and_this_machine_does_not(tmp_path: Path) -> None:
    assert Settings(host="::1").host == "::1"
    assert Settings(host="0.0.0.0", keys=tmp_path / "k").keys
    for host in ("0.0.0.0", "10.0.0.7", "::", "ward.example"):
        with pytest.raises(ServeError):
            Settings(host=host)


def test_a_long_body_is_refused_whether_it_says_so_or_not(open_desk: Any) -> None:
    def pieces() -> Any:
        yield b'{"text": "'
        for _ in range(50):
            yield b"x" * 100

    with open_desk(max_body_bytes=1000) as desk:
        assert desk.ask({"text": "x" * 2000}).status_code == 413
        assert desk.client.post("/v1/predict", content=pieces()).status_code == 413
        assert desk.ask({"text": "x" * 500}).status_code == 200


def test_too_many_texts_a_second_are_429_until_time_has_passed() -> None:
    now = [0.0]
    limit = RateLimit(10, clock=lambda: now[0])
    limit.take("ward-3", 20)
    with pytest.raises(Refusal) as refused:
        limit.take("ward-3", 5)
    assert refused.value.status == 429
    assert refused.value.retry_after_s == pytest.approx(0.5)
    limit.take("ward-4", 20)
    now[0] = 0.5
    limit.take("ward-3", 5)


def test_of_four_who_come_at_once_two_are_let_in_as_one_after_the_other() -> None:
    inside: list[None] = []
    most, another_comes = 0, Event()

    def clock() -> float:
        nonlocal most
        inside.append(None)
        most = max(most, len(inside))
        another_comes.wait(0.1)
        inside.pop()
        return 0.0

    limit = RateLimit(1, clock=clock)

    def let_in(_: int) -> bool:
        try:
            limit.take("10.0.0.1", 1)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(let_in, range(4))) == [False, False, True, True]
    assert most == 1


def test_a_429_says_when_to_come_back(open_desk: Any) -> None:
    with open_desk(texts_per_second=0.001) as desk:  # so few that none is earned while the machine is held up
        answers = [desk.ask({"text": "nodule"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_key_sent_twice_is_refused_and_a_wrong_method_told_the_right_one(
    open_desk: Any, keys: tuple[Path, str]
) -> None:
    with open_desk(keys=keys[0]) as desk:
        shown = ("Authorization", f"Bearer {keys[1]}")
        assert desk.client.post("/v1/predict", json={"text": "nodule"}, headers=[shown]).status_code == 200
        assert desk.client.post("/v1/predict", json={"text": "nodule"}, headers=[shown, shown]).status_code == 400
        assert desk.client.get("/v1/predict", headers=[shown]).headers["allow"] == "POST"
        assert "GET" in desk.client.post("/livez").headers["allow"]


def test_a_text_that_stands_twice_in_a_request_is_refused(desk: Any) -> None:
    body = b'{"text": "nodule", "text": "21 mm nodule, spiculated"}'
    answer = desk.client.post("/v1/predict", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "named_twice")
