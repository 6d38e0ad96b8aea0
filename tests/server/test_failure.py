"""A crash is told as a crash: never an empty answer, never the note in a log, and no harm to the other callers."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bedside.model.given import Given


def test_a_text_the_model_fails_on_is_a_500_with_an_error_id(desk: Any) -> None:
    answer = desk.ask({"text": "poison"})
    assert answer.status_code == 500
    assert answer.json()["error"]["error_id"] == "feedc0de"
    assert "label" not in answer.json()


def test_in_a_batch_the_failed_texts_are_named_by_position(desk: Any) -> None:
    answer = desk.ask({"texts": ["nodule", "poison", "nodule", "poison"]})
    assert answer.status_code == 500
    assert answer.json()["error"]["failed"] == [1, 3]


def test_a_crash_shows_its_kind_in_the_log_and_the_note_nowhere(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = desk.ask({"text": "crash of John Smith"})
    error_id = answer.json()["error"]["error_id"]
    assert answer.status_code == 500
    assert error_id in caplog.text
    assert "RuntimeError" in caplog.text
    for page in (caplog.text, answer.text, desk.audit.read_text(), desk.client.get("/metrics").text):
        assert "Smith" not in page
    assert desk.ask({"text": "nodule"}).status_code == 200


def test_the_server_goes_on_after_a_crash_and_counts_it(desk: Any) -> None:
    desk.ask({"text": "crash"})
    assert "bedside_errors_total 1.0" in desk.client.get("/metrics").text


def test_the_audit_line_says_who_how_much_and_how_it_ended(desk: Any) -> None:
    desk.ask({"texts": ["Smith, spiculated", "nodule"]})
    desk.ask({"text": ""})
    good, bad = desk.lines()
    assert (good["outcome"], good["status"], good["n_texts"], good["identity_removed"]) == ("answered", 200, 2, 1)
    assert (bad["outcome"], bad["status"]) == ("invalid", 422)
    assert good["key"] == "local"
    assert "malignant" not in desk.audit.read_text()


def test_without_an_audit_line_there_is_no_answer(desk: Any) -> None:
    desk.service._audit.close()
    answer = desk.ask({"text": "nodule"})
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "audit_failed"


def test_a_full_queue_and_a_late_answer_are_503_with_a_time_to_retry(open_desk: Any) -> None:
    with open_desk(waiting_texts=2, batch_texts=1, timeout_s=1.0) as desk, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: desk.ask({"text": "slow"}), range(8)))
    codes = Counter(a.json().get("error", {}).get("code", "answered") for a in answers)
    assert codes["answered"] >= 1
    assert codes["busy"] >= 1
    assert all("retry-after" in a.headers for a in answers if a.status_code == 503)


def test_texts_that_wait_together_are_answered_together(open_desk: Any, rule: Any) -> None:
    sizes: list[int] = []

    def counted(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> Any:
        sizes.append(len(texts))
        return rule(texts, given, removed)

    with open_desk(counted) as desk, ThreadPoolExecutor(9) as pool:
        slow = pool.submit(desk.ask, {"text": "slow"})
        while not sizes[2:]:
            pass
        rest = list(pool.map(lambda n: desk.ask({"text": f"nodule {n}"}).json()["label"], range(6)))
        assert slow.result().status_code == 200
    assert rest == ["benign"] * 6
    assert max(sizes) > 1
