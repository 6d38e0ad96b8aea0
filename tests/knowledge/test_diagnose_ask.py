"""`bedside diagnose --ask`: one question at a time; each answer counts; the user can go back or stop."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.errors import UsageError
from bedside.knowledge._ranker import Ranker
from bedside.lang import Lang, speaking
from bedside.tasks._diagnosis.case import case_of
from bedside.tasks._diagnosis.interview import LEAST_BITS, Interview


def ask(monkeypatch: pytest.MonkeyPatch, release: Path, answers: str, *words: object) -> tuple[int, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    return call("diagnose", "HP:0001251", "--ask", *map(str, words), "--hpo", str(release))


def interview(ranker: Ranker, **options: Any) -> Interview:
    return Interview(ranker, case_of({"id": "a", "present": ["HP:0001251"]}, ranker.hpo), **options)


def test_a_yes_and_a_no_to_the_same_question_move_the_diseases_that_show_it_apart(ranker: Ranker) -> None:
    told = {}
    for said in ("yes", "no", "unknown"):
        talk = interview(ranker)
        assert talk.question is not None
        assert talk.question.id == "HP:0001638"  # cardiomyopathy: 9 in 10 with the heart disease have it
        talk.answer(said)
        told[said] = next(one.score for one in talk.differential.ranking if one.id == "OMIM:100004")
    assert told["no"] < told["unknown"] < told["yes"]


def test_a_denied_finding_counts_as_much_as_one_that_is_seen_unless_a_weight_is_said(ranker: Ranker) -> None:
    plain, none = interview(ranker), interview(ranker, denied_weight=0.0)
    weights = ranker.score(plain.case.findings).weights
    assert plain.denied_weight == pytest.approx(float(weights.mean()))
    assert none.denied_weight == 0.0
    before = none.leading()
    none.answer("no")
    assert none.leading() == before


def test_what_is_not_known_is_not_asked_again_nor_a_kind_of_it(ranker: Ranker) -> None:
    talk = interview(ranker)
    put = []
    while talk.question is not None:
        put.append(talk.question.term)
        talk.answer("unknown")
    assert len(put) == len(set(put)) > 1
    hpo = ranker.hpo
    assert not any(set(put[:place]) & set(hpo.ancestors(term).tolist()) for place, term in enumerate(put))
    assert talk.told().why.questions == ()


def test_questions_come_by_what_is_expected_of_them_and_end_when_that_is_nothing(ranker: Ranker) -> None:
    talk = interview(ranker)
    while talk.question is not None:
        assert talk.question.bits >= LEAST_BITS
        talk.answer("no")
    assert talk.asked
    with pytest.raises(ValueError, match="yes, no or unknown"):
        talk.answer("yes")


def test_back_leaves_no_trace_of_the_answer(ranker: Ranker) -> None:
    talk = interview(ranker)
    before = (talk.differential, talk.question, talk.case)
    assert not talk.back()
    talk.answer("yes")
    assert talk.differential != before[0]
    assert talk.back()
    assert (talk.differential, talk.question, talk.case) == before


@pytest.mark.parametrize(
    ("lang", "words", "name", "stopped"),
    [
        ("en", "yes\nno\nstop\n", "Does the patient have: Seizure?", "answers so far count"),
        ("zh", "有\n没有\n停止\n", "患者是否有：癫痫发作？", "以目前的回答为准"),
    ],
)
def test_a_conversation_is_held_in_either_language(
    release: Path, monkeypatch: pytest.MonkeyPatch, lang: Lang, words: str, name: str, stopped: str
) -> None:
    with speaking(lang):
        code, said = ask(monkeypatch, release, words)
    assert code == 0
    assert name in said
    assert stopped in said
    assert "(+" in said  # a chance that moved


def test_the_end_of_the_input_and_ctrl_c_end_it_with_the_answers_so_far(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(io.StringIO):
        def readline(self, *_: Any) -> str:
            line = super().readline()
            if not line:
                raise KeyboardInterrupt
            return line

    _, ended = ask(monkeypatch, release, "yes\n", "--json")
    monkeypatch.setattr("sys.stdin", Interrupted("yes\n"))
    _, stopped = call("diagnose", "HP:0001251", "--ask", "--json", "--hpo", str(release))
    assert json.loads(ended) == json.loads(stopped)
    assert [one["answer"] for one in json.loads(ended)["asked"]] == ["yes"]


def test_what_cannot_be_understood_is_asked_again(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, said = ask(monkeypatch, release, "maybe\n\nn\ns\n")
    assert said.count("Please answer") == 2
    assert said.count("Question 1") == 1
    assert "Cardiomyopathy: no" in said


def test_the_answers_are_kept_in_the_file_and_on_the_page(
    release: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out, page = tmp_path / "asked.json", tmp_path / "asked.html"
    _, said = ask(monkeypatch, release, "u\nb\ny\nn\n", "-o", out, "--report", page, "--json")
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert [one["answer"] for one in kept["asked"]] == ["yes", "no"]
    assert kept["asked"][0]["label"] == "Cardiomyopathy"
    assert kept["ranking"] == json.loads(said)["ranking"]
    assert "Asked and answered" in page.read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="--force"):
        ask(monkeypatch, release, "", "-o", out)


def test_questions_are_for_one_case(release: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "a", "present": ["HP:0001251"]}\n' * 2, encoding="utf-8")
    with pytest.raises(UsageError, match="one case"):
        call("diagnose", str(cases), "--ask", "--hpo", str(release))
