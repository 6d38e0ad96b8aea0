"""What becomes of the verdicts: text left out and told, the guard's findings, the command's lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.commands._call import call
from bedside.grounding import ground, removed, sentences_of
from bedside.guards.grounding import GUARD
from bedside.lang import speaking
from bedside.types import Proposal

CHART = "Denies chest pain. Metformin 1000 mg BID."


def _removed(text: str) -> tuple[str, tuple[str, ...], str]:
    done = removed(text, ground(CHART, [text[one.start : one.end] for one in sentences_of(text)]))
    return done.text, done.left_out, done.notice


def test_a_contradicted_sentence_is_left_out_and_its_reader_is_told() -> None:
    text, left_out, notice = _removed("She takes metformin 1 g twice daily. She has chest pain.")
    assert text == "She takes metformin 1 g twice daily."
    assert left_out == ("She has chest pain.",)
    assert notice == "Left out 1 sentence: 1 that the record contradicts, 0 that it does not support."


def test_a_supported_text_stays_as_it_is_and_nothing_is_told() -> None:
    assert _removed("No chest pain.\n\n- Metformin 1 g BID.") == ("No chest pain.\n\n- Metformin 1 g BID.", (), "")


def test_the_mark_of_a_list_goes_with_its_sentence() -> None:
    text, *_ = _removed("- She has chest pain.\n- Metformin 1 g twice a day.")
    assert text == "- Metformin 1 g twice a day."


def test_the_notice_is_in_the_readers_language() -> None:
    with speaking("zh"):
        assert _removed("She has chest pain.")[2].startswith("已略去 1 句")


def test_verdicts_of_another_text_are_refused() -> None:
    with pytest.raises(ValueError, match="0 verdicts for 1 sentences"):
        removed("No chest pain.", [])


def test_the_guard_blocks_a_contradiction_warns_of_what_is_unsupported_and_marks_the_words() -> None:
    text = "She has chest pain. She takes warfarin."
    against, silent = GUARD.check(Proposal(text=text, evidence=[CHART]))
    assert (against.severity, silent.severity) == ("critical", "warning")
    assert text[silent.spans[0].start : silent.spans[0].end] == "She takes warfarin."


def test_one_text_of_the_evidence_that_supports_a_sentence_is_enough() -> None:
    assert GUARD.check(Proposal(text="She takes warfarin.", evidence=[CHART, "Warfarin 5 mg daily."])) == []


def test_without_evidence_the_guard_says_nothing() -> None:
    assert GUARD.check(Proposal(text="She takes warfarin.")) == []


def test_the_command_puts_right_what_it_can_leaves_out_the_rest_and_says_so(tmp_path: Path) -> None:
    cases = [
        ("en", CHART, ["No chest pain.", "Metformin 500 mg BID.", "She has chest pain.", "She has asthma."]),
        ("zh", "查体：左膝肿胀。否认发热。", ["右膝肿胀。", "患者发热。", "左膝肿胀。"]),
    ]
    keys = ("lang", "chart_text", "generated")
    rows = [{"id": case[0], **dict(zip(keys, case, strict=True))} for case in cases]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    code, _ = call("ground", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"), "--rewrite")
    english, chinese = map(json.loads, (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert code == 0
    assert english["rewritten"] == ["No chest pain.", "Metformin 1000 mg BID."]
    assert english["changed"] == [{"before": "Metformin 500 mg BID.", "after": "Metformin 1000 mg BID."}]
    assert english["left_out"] == ["She has chest pain.", "She has asthma."]
    assert english["notice"].startswith("Changed 1 sentence to what the record says. Left out 2 sentences: 1 that")
    assert (chinese["rewritten"], chinese["left_out"]) == (["左膝肿胀。", "左膝肿胀。"], ["患者发热。"])
    assert [one["verdict"] for one in chinese["sentences"]] == ["contradicted", "contradicted", "supported"]


def test_a_line_of_the_command_has_nothing_rewritten_unless_it_is_asked_for(tmp_path: Path) -> None:
    case = {"id": "a", "lang": "en", "chart_text": CHART, "generated": ["She has chest pain."]}
    (tmp_path / "in.jsonl").write_text(json.dumps(case), encoding="utf-8")
    call("ground", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"))
    assert set(json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))) == {"id", "sentences"}


def test_the_command_writes_a_line_a_case_and_tells_of_a_broken_one(tmp_path: Path) -> None:
    case = {"id": "a", "lang": "en", "chart_text": CHART, "generated": ["No chest pain.", "She has chest pain."]}
    (tmp_path / "in.jsonl").write_text(f'{json.dumps(case)}\n{{"id": "b", "lang": "zh"}}\n', encoding="utf-8")
    code, _ = call("ground", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"))
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert code == 3
    assert first["sentences"][0] == {"supported": True, "verdict": "supported", "evidence": {"start": 0, "end": 18}}
    assert first["sentences"][1]["verdict"] == "contradicted"
    assert second["id"] == "b"
    assert "chart_text" in second["error"]
