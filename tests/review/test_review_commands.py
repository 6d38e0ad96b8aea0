"""`bedside review` and `bedside predict --review` as a user types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from review_cases import COUGH, NODULE, ids, queue_at

from bedside.commands._call import call
from bedside.errors import BedsideError
from bedside.lang import speaking
from bedside.review import Plan, Queue, decide, enqueue, item_of_verdict
from bedside.review.page import write_form, write_page
from bedside.review.pairs import blind
from bedside.types import Allergy, Facts, Finding, Proposal, Span, Verdict, verdict

IBUPROFEN = Finding(
    rule="interaction.nsaid-anticoagulant",
    severity="critical",
    reason="bleeding",
    source="label, 2023",
    spans=(Span(6, 15, "drug"),),
)


def _json(*words: str) -> dict[str, Any]:
    _, out = call("review", *words, "--json")
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def _lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_a_report_is_added_taken_corrected_and_exported(tmp_path: Path) -> None:
    queue = ("--queue", str(tmp_path / "q"))
    row = {"text": "Nodule 21 mm, spiculated.", "output": {"label": "benign"}, "labels": ["benign", "malignant"]}
    file = _lines(tmp_path / "reported.jsonl", row)
    assert _json("add", str(file), "--why", "reported", *queue)["added"] == 1
    id = _json("take", "--by", "ann", *queue)["id"]
    assert _json("list", *queue)["items"][0]["id"] == id
    _json("correct", id, "--by", "ann", "--label", "malignant", "--reason", "spiculated", *queue)
    assert _json("list", *queue)["items"] == []
    with pytest.raises(BedsideError, match="overwritten"):
        call("review", "export", "-o", str(tmp_path / "q"), *queue)
    out = tmp_path / "rows.jsonl"
    assert _json("export", "-o", str(out), *queue)["rows"] == 1
    (told,) = map(json.loads, out.read_text().splitlines())
    assert (told["label"], told["review"]["by"], told["review"]["why"]) == ("malignant", "ann", "reported")
    assert _json("stats", *queue)["accepted"][0]["corrected"] == 1
    end = _json("verify", *queue)["end"]
    assert _json("verify", "--end", end, *queue)["lines"] == int(end.split(":")[0])
    with pytest.raises(BedsideError):
        call("review", "verify", "--end", f"1:{'0' * 64}", *queue)


def test_bad_lines_are_counted_and_the_good_ones_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = {"text": "Nodule 21 mm.", "output": {"label": "benign"}}
    bad = ["no json", {"text": ""}, {"text": "secret words", "why": "because"}, {"text": "x", "output": [1]}]
    file = _lines(tmp_path / "rows.jsonl", good, *bad)
    code, out = call("review", "add", str(file), "--queue", str(tmp_path / "q"), "--json")
    assert code == 3
    assert json.loads(out.splitlines()[-1])["added"] == 1
    assert "secret" not in out + capsys.readouterr().err


def test_an_entity_is_corrected_by_its_place_and_there_may_be_none(tmp_path: Path) -> None:
    for number, words in enumerate((("--entity", "5:7:symptom"), ("--none",))):
        with queue_at(tmp_path / str(number), COUGH) as queue:
            (id,) = ids(queue)
        place = ("--queue", str(tmp_path / str(number) / "queue.sqlite"))
        call("review", "correct", id, "--by", "ann", "--reason", "wrong", *words, *place)
        said = _json("show", id, *place)["decisions"][0]["label"]
        assert said == ([] if number else [{"start": 5, "end": 7, "type": "symptom"}])
    with pytest.raises(BedsideError, match="START:END:TYPE"):
        call("review", "correct", id, "--by", "ann", "--reason", "x", "--entity", "5-7", *place)


def test_what_a_guard_blocked_is_shown_with_its_reason_and_what_it_let_pass_is_drawn(tmp_path: Path) -> None:
    proposal = Proposal(
        text="Start ibuprofen 400 mg.",
        facts=Facts(age_years=71, medications=["apixaban"], allergies=[Allergy("penicillin", "rash")]),
        question="What may Mr. John Smith take?",
    )
    with Queue(tmp_path / "q") as queue:
        judged = [(proposal, verdict([IBUPROFEN])), (proposal, Verdict(outcome="allow"))]
        done = enqueue(queue, [item_of_verdict(*one, patient="MRN 4482910") for one in judged], plan=Plan(rate=0))
        assert (len(done.new), done.not_drawn) == (1, 1)
    _, out = call("review", "show", done.new[0], "--queue", str(tmp_path / "q"))
    for words in (
        "blocked by the guard",
        "apixaban",
        "penicillin (rash)",
        "bleeding",
        "label, 2023",
        "Not a diagnosis",
    ):
        assert words in " ".join(out.split())
    assert "Smith" not in out


def test_the_other_readers_decision_is_not_shown_before_both_have_decided(tmp_path: Path) -> None:
    with Queue(tmp_path / "q") as queue:
        (id,) = enqueue(queue, [NODULE], plan=Plan(double=1)).new
        decide(queue, id, "reject", by="ann", reason="half of it is missing")
    _, out = call("review", "show", id, "--queue", str(tmp_path / "q"))
    assert "half of it" not in out
    assert "blind to the other" in out


def test_predict_sends_what_it_withheld_and_a_share_of_its_answers_once(tmp_path: Path) -> None:
    rows = [{"patient": f"p{n}", "text": f"{w} {n}", "label": w} for n in range(20) for w in ("cough", "gout")]
    table = _lines(tmp_path / "rows.jsonl", *rows)
    fit = ("--backbone", "echo", "--epochs", "1", "--patient", "patient", "--identity", "absent", "made up")
    call("fit", str(table), "-o", str(tmp_path / "M"), "--json", *fit)
    asked = _lines(tmp_path / "asked.jsonl", {"id": "a", "text": "cough"}, {"id": "b", "text": "?!"})
    queue = ("--review", str(tmp_path / "q"), "--review-rate", "1")
    for _ in range(2):
        call("predict", str(tmp_path / "M"), str(asked), "-o", str(tmp_path / "o.jsonl"), "--force", *queue)
    with Queue(tmp_path / "q") as opened:
        found = [(one.item.why, one.item.text, one.item.labels) for one in opened.items()]
    assert found == [("abstained", "?!", ["cough", "gout"]), ("sampled", "cough", ["cough", "gout"])]


def test_a_pair_is_judged_on_the_terminal_and_the_preference_revealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {name: [{"id": str(number), "text": f"{name} {number}"} for number in range(6)] for name in ("up", "down")}
    files = [_lines(tmp_path / f"{name}.jsonl", *rows) for name, rows in said.items()]
    pairs, queue = str(tmp_path / "pairs.jsonl"), ("--queue", str(tmp_path / "q"))
    assert _json("compare", *map(str, files), "-o", pairs)["pairs"] == 6
    monkeypatch.setattr("typer.prompt", lambda question, **_: "because" if "why" in question else "0")
    assert _json("judge", pairs, "--by", "ann", *queue)["judged"] == 6
    overall = _json("reveal", pairs, *queue)["preferences"][0]
    assert (overall["equal"], overall["share"]["value"]) == (6, 0.5)


SIZES = [{"width": 390, "height": 844}, {"width": 1100, "height": 900}]
Visit = Callable[[Path, dict[str, int]], tuple[Any, list[str]]]


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_pages_fit_a_telephone_and_the_form_saves_what_was_said(tmp_path: Path, visit: Visit, lang: Any) -> None:
    done = blind([{"id": "1", "text": "rest"}], [{"id": "1", "text": "surgery"}], {"1": "sprain <b>"}, ("a", "b"))
    with speaking(lang), queue_at(tmp_path, NODULE, COUGH) as queue:
        write_page(tmp_path / "queue.html", queue, queue.items())
        write_form(tmp_path / "form.html", done.pairs)
    for name in ("queue.html", "form.html"):
        for size in SIZES:
            page, complaints = visit(tmp_path / name, size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            assert complaints == []
    page.fill("input[name=by]", "ann")
    page.check("input[value=left] >> nth=0")
    with page.expect_download() as saving:
        page.click("button")
    saved = json.loads(Path(saving.value.path()).read_text())
    assert saved == {"study": done.key.study, "by": "ann", "answers": [{"pair": done.pairs[0].id, "overall": "left"}]}
