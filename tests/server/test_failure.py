"""A crash is told as a crash: never an empty answer, never the note in a log, and no harm to the other callers."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cluster_aids import until


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


def refused(answer: Any) -> str:
    """Why nothing was answered, with a time to come back; "" where something was."""
    assert ("retry-after" in answer.headers) == (answer.status_code == 503)
    return str(answer.json().get("error", {}).get("code", ""))


def test_of_more_than_may_wait_the_rest_is_refused_at_once_with_a_time_to_retry(open_desk: Any, held: Any) -> None:
    with open_desk(held, waiting_texts=2, batch_texts=1) as desk, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(desk.ask, {"text": "slow"}) for _ in range(8)]
        told = until(lambda: sum(one.done() for one in asked) >= 5)  # one is read, two wait
        at_once = {refused(one.result()) for one in asked if one.done()}
        held.let_go.set()
        assert (told, at_once) == (True, {"busy"})
        assert {refused(one.result()) for one in asked} == {"busy", ""}


def test_a_late_answer_is_a_503_with_a_time_to_retry(open_desk: Any, held: Any) -> None:
    with open_desk(held, timeout_s=0.2) as desk:
        assert refused(desk.ask({"text": "slow"})) == "timeout"
        held.let_go.set()


def test_texts_that_wait_together_are_answered_together(open_desk: Any, held: Any) -> None:
    with open_desk(held) as desk, ThreadPoolExecutor(7) as pool:
        slow = pool.submit(desk.ask, {"text": "slow"})
        read = until(lambda: len(held.sizes) == 3)  # it was asked twice before it was ready
        rest = [pool.submit(desk.ask, {"text": f"nodule {n}"}) for n in range(6)]
        wait = until(lambda: desk.service.batcher.waiting() == 6)
        held.let_go.set()
        assert (read, wait, slow.result().status_code) == (True, True, 200)
        assert [one.result().json()["label"] for one in rest] == ["benign"] * 6
    assert held.sizes[2:] == [1, 6]
