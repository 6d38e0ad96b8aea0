"""The queue as pages: who may read and decide, two readers at once, both languages, and never a script or a forgery."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bedside.review import Item, Queue, Said, enqueue, readings

PASSWORD = "correct horse 7 电池"
HELD = Item(
    why="blocked",
    head="generate",
    text="Knee pain, takes apixaban.",
    output={"text": "Start ibuprofen 400 mg."},
    outcome="block",
    findings=(Said(rule="interaction.nsaid", severity="critical", reason="Serious bleeding.", source="ACC 2020"),),
)
NODULE = Item(
    why="sampled", head="classify", text="Nodule 21 mm.", output={"label": "benign"}, labels=("benign", "malignant")
)
COUGH = Item(
    why="abstained",
    head="tag",
    text="患者发热伴咳嗽3天。",
    output={"entities": [{"start": 2, "end": 4, "type": "symptom"}]},
)
CARD = Item(why="reported", head="card", text="Set aside.", output={"rule": "renal.metformin", "service": "s"})


def holds(ward: Any, *items: Item) -> list[str]:
    with Queue(ward.clinic.review) as queue:
        return enqueue(queue, items).new


def said(ward: Any, id: str) -> list[tuple[str, str, Any]]:
    with Queue(ward.clinic.review) as queue:
        return [(one.by, one.action, one.label) for one in readings(queue, id)]


def send(ward: Any, role: str, path: str, **sent: str) -> Any:
    return ward.as_(role).post(path, json=sent, follow_redirects=False)


def seen(ward: Any, path: str, lang: str = "en", role: str = "reviewer") -> str:
    return str(ward.as_(role).get(path, headers={"accept-language": lang}).text)


def test_the_queue_and_an_item_are_read_in_either_language(ward: Any) -> None:
    (id,) = holds(ward, HELD)
    assert "Nothing is waiting" in seen(ward, "/review?why=warned")
    for lang, words in {"en": ("blocked by the guard", "To be reviewed"), "zh": ("被把关拦截", "待审核")}.items():
        assert all(word in seen(ward, "/review", lang) for word in (*words, "interaction.nsaid", f"/review/{id}"))
    item = seen(ward, f"/review/{id}")
    assert all(word in item for word in ("Knee pain", "Start ibuprofen 400 mg.", "Serious bleeding.", "ACC 2020"))
    assert "检查意见: 拦截" in seen(ward, f"/review/{id}", "zh")


def test_an_item_is_taken_then_accepted_and_is_gone_from_the_queue(ward: Any) -> None:
    (id,) = holds(ward, HELD)
    assert "Your decision" not in seen(ward, f"/review/{id}")
    assert send(ward, "reviewer", "/review/next").headers["location"] == f"/review/{id}"
    form = seen(ward, f"/review/{id}")
    assert "Your decision" in form
    assert not {"action", "method"} & set(
        re.findall(r'name="(.*?)"', form)
    )  # they would hide the form's own from scripts
    assert send(ward, "reviewer", f"/review/{id}/decide", decision="accept").headers["location"] == "/review"
    assert said(ward, id) == [("reviewer", "accept", "Start ibuprofen 400 mg.")]
    assert id not in seen(ward, "/review")
    assert "Decided." in seen(ward, f"/review/{id}")
    assert send(ward, "reviewer", "/review/next").headers["location"] == "/review"  # no more


@pytest.mark.parametrize(
    ("item", "typed", "label"),
    [
        (HELD, "Start paracetamol 1 g.", "Start paracetamol 1 g."),
        (NODULE, "malignant", "malignant"),
        (COUGH, "2:4:symptom\n5:7:symptom", [(2, 4), (5, 7)]),
        (COUGH, "", []),
    ],
)
def test_a_correction_is_typed_as_the_kind_of_output_needs(ward: Any, item: Item, typed: str, label: Any) -> None:
    (id,) = holds(ward, replace(item, why="reported"))
    answer = send(ward, "reviewer", f"/review/{id}/decide", decision="correct", reason="seen again", label=typed)
    assert answer.status_code == 303
    ((_, action, written),) = said(ward, id)
    places = [(one["start"], one["end"]) for one in written] if isinstance(written, list) else written
    assert (action, places) == ("correct", label)


@pytest.mark.parametrize(
    "sent",
    [
        {"decision": "reject"},
        {"decision": "correct", "label": "malignant"},
        {"decision": "correct", "label": "purple", "reason": "x"},
        {"decision": "correct", "reason": "x"},
        {"decision": "burn"},
        {},
    ],
)
def test_a_decision_without_a_reason_or_that_does_not_fit_writes_nothing(ward: Any, sent: dict[str, str]) -> None:
    (id,) = holds(ward, replace(NODULE, why="reported"))
    assert send(ward, "reviewer", f"/review/{id}/decide", **sent).status_code == 422
    assert said(ward, id) == []


def test_a_card_that_was_set_aside_can_be_accepted_or_rejected_and_teaches_nothing(ward: Any) -> None:
    (id,) = holds(ward, CARD)
    send(ward, "reviewer", "/review/next")
    page = seen(ward, f"/review/{id}")
    assert "renal.metformin" in page
    assert 'value="correct"' not in page
    assert send(ward, "reviewer", f"/review/{id}/decide", decision="correct", reason="x", label="y").status_code == 422
    assert send(ward, "reviewer", f"/review/{id}/decide", decision="reject", reason="eGFR 31").status_code == 303
    assert said(ward, id) == [("reviewer", "reject", None)]


def test_of_two_who_decide_at_once_one_does_and_the_other_is_told(ward: Any) -> None:
    (id,) = holds(ward, HELD)
    with ThreadPoolExecutor(2) as both:
        answers = both.map(
            lambda role: send(ward, role, f"/review/{id}/decide", decision="accept"), ["reviewer", "clinician"]
        )
        assert sorted(one.status_code for one in answers) == [303, 422]
    assert len(said(ward, id)) == 1


def test_what_one_reader_holds_another_can_neither_take_nor_decide_until_it_is_given_back(ward: Any) -> None:
    (id,) = holds(ward, HELD)
    send(ward, "reviewer", f"/review/{id}/take")
    assert "Being read by: reviewer" in seen(ward, f"/review/{id}", role="clinician")
    assert send(ward, "clinician", f"/review/{id}/take").status_code == 422
    refused = send(ward, "clinician", f"/review/{id}/decide", decision="accept")
    assert (refused.status_code, "held by another reader" in refused.text) == (422, True)
    send(ward, "reviewer", f"/review/{id}/leave")
    assert send(ward, "clinician", f"/review/{id}/take").status_code == 303


def test_of_two_readers_neither_sees_the_other_and_who_has_decided_cannot_again(ward: Any) -> None:
    (id,) = holds(ward, replace(HELD, readers=2))
    send(ward, "reviewer", f"/review/{id}/decide", decision="reject", reason="bleeding risk")
    assert "bleeding risk" not in seen(ward, f"/review/{id}", role="clinician")
    assert send(ward, "reviewer", f"/review/{id}/take").status_code == 422
    send(ward, "clinician", f"/review/{id}/decide", decision="accept")
    assert "bleeding risk" in seen(ward, f"/review/{id}")
    assert "disagreement" in seen(ward, "/review")


@pytest.mark.parametrize(
    ("role", "reads", "decides"),
    [
        ("clinician", 200, 303),
        ("reviewer", 200, 303),
        ("data_engineer", 200, 403),
        ("auditor", 403, 403),
        ("admin", 403, 403),
        ("service", 403, 403),
    ],
)
def test_who_may_read_and_who_may_decide(ward: Any, role: str, reads: int, decides: int) -> None:
    (id,) = holds(ward, HELD)
    assert [ward.as_(role).get(at).status_code for at in ("/review", f"/review/{id}")] == [reads, reads]
    for at in ("/review/next", f"/review/{id}/take", f"/review/{id}/leave"):
        assert send(ward, role, at).status_code == decides
    assert send(ward, role, f"/review/{id}/decide", decision="accept").status_code == decides
    assert ("/review/next" in seen(ward, "/review", role=role)) == (decides == 303)


def test_nobody_is_led_to_the_login_and_a_data_engineer_starts_at_the_queue(ward: Any) -> None:
    for path in ("/review", "/review/x"):
        assert ward.client.get(path, follow_redirects=False).headers["location"] == "/login"
    assert ward.as_("data_engineer").get("/", follow_redirects=False).headers["location"] == "/review"
    assert ward.as_("clinician").get("/", follow_redirects=False).headers["location"] == "/patients"


def test_another_site_cannot_decide_in_a_readers_name(ward: Any) -> None:
    (id,) = holds(ward, HELD)
    token = ward.client.post("/v1/login", json={"name": "reviewer", "password": PASSWORD}).json()["csrf"]
    at, sent = f"/review/{id}/decide", {"decision": "accept"}
    assert ward.client.post(at, json=sent).status_code == 403
    assert ward.client.post(at, data=sent).status_code == 403
    assert said(ward, id) == []
    assert ward.client.post(at, json=sent, headers={"x-csrf-token": token}, follow_redirects=False).status_code == 303


def test_what_a_model_or_a_reader_wrote_is_never_run(ward: Any) -> None:
    evil = "<script>alert(1)</script>"
    found = Said(rule=evil, severity="critical", reason=evil, source=evil)
    (id,) = holds(ward, replace(HELD, text=evil, output={"text": evil}, reason=evil, findings=(found,), model=evil))
    send(ward, "reviewer", f"/review/{id}/take")
    for path in ("/review", f"/review/{id}", f"/review?why={evil}"):
        assert "<script>alert" not in seen(ward, path)
    assert "&lt;script&gt;" in seen(ward, f"/review/{id}")
    send(ward, "reviewer", f"/review/{id}/decide", decision="reject", reason=evil)
    assert "<script>alert" not in seen(ward, f"/review/{id}")


def test_an_item_that_is_not_there_is_404_and_is_not_repeated(ward: Any) -> None:
    answer = ward.as_("reviewer").get("/review/mary-obrien")
    assert (answer.status_code, "mary" in answer.text) == (404, False)
