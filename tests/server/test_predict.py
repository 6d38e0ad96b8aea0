"""A note goes in, a decision comes out; a note that cannot be used is refused with what is allowed."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from bedside.model.forms import FORMS, form_of
from bedside.model.given import NOTHING
from bedside.server.predict import Answer, Asked, language, write_answer
from bedside.types import Abstained, Prediction, Ranking, Score, Tagging, Written


def test_a_spiculated_nodule_and_a_smooth_one_get_different_labels(desk: Any) -> None:
    spiculated = desk.ask({"text": "21 mm nodule, spiculated"}).json()
    smooth = desk.ask({"text": "4 mm nodule, smooth"}).json()
    assert (spiculated["label"], smooth["label"]) == ("malignant", "benign")
    assert sum(spiculated["probabilities"].values()) == pytest.approx(1)


def test_the_answer_names_request_model_and_who_decides(desk: Any) -> None:
    answer = desk.ask({"text": "nodule"}, **{"X-Request-ID": "ward-3:42"})
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "ward-3:42"
    assert answer.json()["model"] == "abc123"
    assert "clinician decides" in answer.json()["disclaimer"]


def test_a_request_id_with_a_line_break_or_html_is_replaced(desk: Any) -> None:
    for bad in ("<script>", "a b", "x" * 129):
        assert desk.ask({"text": "nodule"}, **{"X-Request-ID": bad}).json()["request_id"] != bad


def test_several_notes_are_answered_in_the_order_asked(desk: Any) -> None:
    texts = [f"nodule {n}" + (", spiculated" if n % 3 == 0 else "") for n in range(40)]
    labels = [result["label"] for result in desk.ask({"texts": texts}).json()["results"]]
    assert labels == ["malignant" if n % 3 == 0 else "benign" for n in range(40)]


def test_chinese_notes_are_read_and_chinese_readers_answered_in_chinese(desk: Any) -> None:
    answer = desk.ask({"text": "结节毛刺明显"}, **{"Accept-Language": "zh-CN,zh;q=0.9"}).json()
    assert answer["label"] == "malignant"
    assert "医生决定" in answer["disclaimer"]


def test_an_abstention_has_a_reason_and_no_label(desk: Any) -> None:
    english, chinese = desk.ask({"text": "blank"}).json(), desk.ask({"text": "blank", "lang": "zh"}).json()
    assert english["outcome"] == "abstained"
    assert english["label"] is None
    assert (english["reason"], chinese["reason"]) == ("nothing to read", "没有可读内容")


@pytest.mark.parametrize("head", sorted(set(FORMS) - {"score"}))
def test_an_abstention_has_the_fields_of_its_head_and_nothing_in_them(head: str) -> None:
    asked = Asked(("nodule",), (NOTHING,), several=False, lang="zh")
    silent = Answer(Abstained("没有可读内容"), Counter())
    form = form_of(head)
    told = write_answer(asked, [silent], form=form, model="m", request_id="r")
    assert {name: told[name] for name in form.tells} == dict.fromkeys(form.tells)
    assert ("label" in told) == (FORMS[head] == "labels")
    assert told["reason"] == "没有可读内容"


@pytest.mark.parametrize(
    ("answer", "head"),
    [
        (Prediction(label="gut", probabilities={"gut": 1.0}), "classify"),
        (Tagging(entities=()), "tag"),
        (Ranking(documents=()), "rank"),
        (Score(value=1.0, low=0.0, high=2.0), "continuous"),
        (Score(value=1.0, low=0.0, high=2.0, probabilities={"1": 1.0}), "ordinal"),
        (Written("gut", 0.5), "generate"),
    ],
)
def test_the_fields_of_an_abstention_are_those_of_an_answer(answer: Any, head: str) -> None:
    assert set(form_of(head).tells) == set(form_of(head).told("gut", NOTHING, answer))


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body"),
        ([], "body"),
        ({"text": "a", "texts": ["b"]}, "body"),
        ({"txt": "a"}, "body"),
        ({"text": ""}, "text"),
        ({"text": " \n\t"}, "text"),
        ({"text": None}, "text"),
        ({"text": 7}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "x" * 200_001}, "text"),
        ({"texts": []}, "texts"),
        ({"texts": "a"}, "texts"),
        ({"texts": ["a"] * 257}, "texts"),
        ({"texts": ["a", 3]}, "texts[1]"),
        ({"text": "a", "lang": "fr"}, "lang"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(desk: Any, body: Any, where: str) -> None:
    answer = desk.ask(body)
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == where
    assert answer.json()["error"]["allowed"]


def test_half_a_surrogate_pair_is_refused_and_a_whole_one_is_read(desk: Any) -> None:
    post = desk.client.post
    assert post("/v1/predict", content=b'{"text": "\\ud83d"}').status_code == 422
    assert post("/v1/predict", content=b'{"text": "\\ud83d\\ude00 nodule"}').status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_is_refused(desk: Any, body: bytes) -> None:
    answer = desk.client.post("/v1/predict", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "not_json"


def test_openapi_shows_an_example_that_works(desk: Any) -> None:
    page = desk.client.get("/openapi.json").json()
    examples = page["paths"]["/v1/predict"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert [desk.ask(example["value"]).status_code for example in examples.values()] == [200, 200]


def test_an_unknown_address_is_refused_in_the_same_shape(desk: Any) -> None:
    missing, wrong = desk.client.get("/v2"), desk.client.get("/v1/predict")
    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert missing.json()["error"]["code"] == "not_found"


def test_every_answer_carries_a_request_id_of_its_own_or_the_one_sent(desk: Any) -> None:
    client, seen = desk.client, set()
    for answer in (client.get("/v2"), client.get("/v2"), client.get("/v1/predict"), client.get("/livez")):
        seen.add(answer.headers["x-request-id"])
        if answer.status_code != 200:
            assert answer.json()["error"]["request_id"] == answer.headers["x-request-id"]
    assert len(seen) == 4
    assert "none" not in seen
    assert client.get("/v2", headers={"X-Request-ID": "ward-3.7"}).json()["error"]["request_id"] == "ward-3.7"
    assert client.get("/v2", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"] != "a b\tc"


@pytest.mark.parametrize("body", [[], {"texts": []}, {"text": ""}, {"text": 7}, {"text": "x" * 200_001}])
def test_a_refusal_is_chinese_to_the_last_word_when_asked_in_chinese(desk: Any, body: Any) -> None:
    english = desk.ask(body).json()["error"]
    chinese = desk.ask(body, **{"Accept-Language": "zh-CN"}).json()["error"]
    for part in ("what", "allowed"):
        assert english[part].isascii()
        assert not chinese[part].isascii()


def test_a_wrong_address_is_told_in_the_callers_language(desk: Any) -> None:
    assert desk.client.get("/v2", headers={"Accept-Language": "zh"}).json()["error"]["what"] == "地址不存在"
    assert desk.client.get("/v2").json()["error"]["what"] == "no such address"


def test_the_first_language_we_speak_wins() -> None:
    assert language("fr,zh;q=0.5,en;q=0.1") == "zh"
    assert language("fr") == "en"
    assert language("zh", "en") == "en"


def test_no_word_of_the_note_is_in_a_refusal(desk: Any) -> None:
    answer = desk.ask({"text": "Smith has a secret\0"})
    assert "secret" not in json.dumps(answer.json())
