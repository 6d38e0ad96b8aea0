"""`bedside diagnose --writer`: a language model's list beside the ranking moves it only by a fitted weight."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from _fhir_r4 import faults
from _other_program import Reply, answering
from bedside.commands._call import call
from bedside.errors import ConfigError, DataError, UsageError
from bedside.knowledge._ranker import Findings, Ranker
from bedside.lang import Lang, speaking
from bedside.phenotypes.called import Called
from bedside.tasks import _disease_nearest
from bedside.tasks._diagnosis.case import case_of
from bedside.tasks._diagnosis.fhir import fhir_bundle
from bedside.tasks._diagnosis.prompt import prompt_of
from bedside.tasks._diagnosis.told import tell
from bedside.tasks._diagnosis.writer import Writer
from bedside.tasks._diagnosis.written import lists_of, mixed, read_written
from bedside.tasks._disease_links import DiseaseLinks
from bedside.tasks._written_weight import Weighed
from bedside.types import Abstained, Advice, Failed, Written

CASE = "HP:0001250,HP:0001263"
LIST = "1. **Fictional ataxia** - unsteady\n2. Fictional epilepsy\n3. Gout of the ear"


class Llm:
    """What another program says, and what it was sent."""

    says, status = LIST, 200

    def __init__(self) -> None:
        self.heard: list[Any] = []


@pytest.fixture(autouse=True)
def _no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are linked by their words alone: vectors of the made-up names say nothing."""
    monkeypatch.setattr(_disease_nearest, "nearest_of", lambda hpo, bar=None: lambda name: ())


@pytest.fixture
def llm() -> Iterator[tuple[Llm, str]]:
    one = Llm()

    def reply(body: bytes, _: Mapping[str, str]) -> Reply:
        one.heard.append(json.loads(body))
        choice = {"message": {"content": one.says}, "finish_reason": "stop"}
        return one.status, {}, json.dumps({"choices": [choice]}).encode()

    with answering(reply) as address:
        yield one, f"{address}/v1#qwen3:8b"


def told(release: Path, writer: str, *more: object, case: str = CASE) -> dict[str, Any]:
    code, said = call("diagnose", case, "--hpo", str(release), "--writer", writer, "--json", *map(str, more))
    assert code == 0, said
    return json.loads(said)


def ids(answer: dict[str, Any]) -> list[str]:
    return [one["id"] for one in answer["ranking"]]


def test_the_list_stands_apart_and_the_ranking_is_as_it_was(release: Path, llm: tuple[Llm, str]) -> None:
    one, address = llm
    alone = json.loads(call("diagnose", CASE, "--hpo", str(release), "--json")[1])
    beside = told(release, address)
    assert beside["ranking"] == alone["ranking"]
    assert "written" not in alone
    assert beside["written_by"] == "qwen3-8b"
    assert [row["diseases"][0]["id"] for row in beside["written"]] == ["OMIM:100002", "OMIM:100001"]
    assert beside["written_unmatched"] == ["Gout of the ear"]
    assert "written_fused" not in beside
    (asked,) = one.heard
    assert asked["model"] == "qwen3:8b"
    assert "Seizure; Global developmental delay" in asked["messages"][-1]["content"]


def test_only_findings_leave_never_a_word_of_the_story(release: Path, llm: tuple[Llm, str]) -> None:
    one, address = llm
    told(release, address, case="John Smith, MRN 4482913, has a cataract and ataxia since Easter.")
    sent = json.dumps(one.heard)
    assert "ataract" in sent
    assert not [word for word in ("Smith", "4482913", "Easter") if word in sent]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("says", "status", "why"),
    [
        ("I'm sorry, I cannot diagnose.", 200, {"en": "refused", "zh": "拒绝"}),
        ("It may be many things.", 200, {"en": "no name", "zh": "读不出"}),
        (LIST, 500, {"en": "failed; see the log", "zh": "失败"}),
    ],
)
def test_a_writer_that_gives_nothing_leaves_the_ranking_and_a_line_says_so(
    release: Path, llm: tuple[Llm, str], lang: Lang, says: str, status: int, why: dict[str, str]
) -> None:
    one, address = llm
    one.says, one.status = says, status
    with speaking(lang):
        code, said = call("diagnose", CASE, "--hpo", str(release), "--writer", address)
    assert code == 0
    assert why[lang] in said
    assert {"en": "The ranking stands as it is", "zh": "排序不受影响"}[lang] in said
    assert "Fictional epilepsy 1" in said


def test_a_table_keeps_each_list_on_its_line(release: Path, llm: tuple[Llm, str], tmp_path: Path) -> None:
    rows, out = tmp_path / "cases.jsonl", tmp_path / "out.jsonl"
    rows.write_text("".join(json.dumps({"id": n, "present": CASE.split(",")}) + "\n" for n in "ab"))
    assert call("diagnose", str(rows), "-o", str(out), "--hpo", str(release), "--writer", llm[1])[0] == 0
    assert [len(json.loads(line)["written"]) for line in out.read_text().splitlines()] == [2, 2]


def test_what_cannot_be_asked_is_refused_before_any_case(release: Path, tmp_path: Path) -> None:
    def refused(writer: str, *more: str) -> tuple[int, str]:
        return call("diagnose", CASE, "--hpo", str(release), "--writer", writer, *more)

    with pytest.raises(UsageError, match="which model"):
        refused("http://127.0.0.1:9/v1")
    with pytest.raises(ConfigError, match="https"):
        refused("http://llm.hospital.lan/v1#qwen")
    settings = tmp_path / "clinic.toml"
    settings.write_text('[[models]]\nname = "a"\nengine = "remote"\naddress = "https://x.lan/v1"\nmodel = "m"\n')
    with pytest.raises(ConfigError, match="not in outbound"):
        refused(f"{settings}#a")
    with pytest.raises(UsageError, match="fitted with"):
        call("diagnose", CASE, "--hpo", str(release), "--fuse", str(tmp_path))


@pytest.mark.parametrize(("lang", "words"), [("en", ("male", "3 years", "Looked for")), ("zh", ("男", "3 岁", "未见"))])
def test_the_question_holds_what_is_known_and_nothing_that_is_not(
    ranker: Ranker, lang: Lang, words: tuple[str, ...]
) -> None:
    number = ranker.hpo.number
    bare = Findings((number["HP:0001250"],))
    full = replace(bare, denied=(number["HP:0000518"],), sex="male", onset_years=3.0)
    with speaking(lang):
        said, plain = prompt_of(full, Called(ranker.hpo)), prompt_of(bare, Called(ranker.hpo))
    assert [word for word in words if word not in said] == []
    assert [word for word in words if word in plain] == []


@pytest.mark.parametrize(
    ("decision", "matched", "why"),
    [
        (Advice(prediction=Written(LIST)), 2, ""),
        (Advice(prediction=Written("1. Fictional ataxia\n2. Fictional heart disease", whole=False)), 1, ""),
        (Abstained("held back: no"), 0, "held back: no"),
        (Failed("e-1"), 0, "e-1"),
    ],
)
def test_a_list_that_was_broken_off_loses_its_last_name_and_one_held_back_says_why(
    ranker: Ranker, decision: Any, matched: int, why: str
) -> None:
    writer = Writer("w", "k", lambda questions: [decision for _ in questions], DiseaseLinks(ranker), ranker)
    (answer,) = writer.answers([Findings((ranker.hpo.number["HP:0001250"],))])
    assert len(answer.matched) == matched
    assert (answer.abstained or answer.failed) == why


def test_a_disease_that_is_named_twice_is_told_once_at_its_better_place(ranker: Ranker) -> None:
    said = "1. Fictional ataxia\n2. Ataxia, fictional\n3. Gout of the ear\n4. Ear gout\n5. Fictional epilepsy"
    answer = read_written(said, DiseaseLinks(ranker), ranker, by="w")
    assert [one.name for one in answer.matched] == ["Fictional ataxia", "Fictional epilepsy"]
    assert len(answer.unmatched) == 2


def both(ranker: Ranker, weight: float) -> Any:
    case = case_of({"present": CASE.split(",")}, ranker.hpo)
    one = tell(ranker, case)
    answer = read_written(LIST, DiseaseLinks(ranker), ranker, by="<qwen>")
    lists = lists_of(ranker, ranker.score(case.findings), answer)
    aside = replace(one.aside, written=answer, mixed=mixed(ranker, lists, weight, 40))
    return replace(one, aside=aside)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_bundle_names_who_wrote_the_list_and_gives_it_no_chance(ranker: Ranker, lang: Lang) -> None:
    with speaking(lang):
        bundle = json.loads(json.dumps(fhir_bundle(both(ranker, 1.0), ranker.hpo)))
    assert faults(bundle) == []
    kinds = [one["resource"] for one in bundle["entry"]]
    knowledge, written, fused = [one for one in kinds if one["resourceType"] == "RiskAssessment"]
    assert written["performer"] != knowledge["performer"] == fused["performer"]
    assert written["prediction"][0]["outcome"]["coding"][0]["code"] == "100002"
    assert not [one for one in written["prediction"] if "probabilityDecimal" in one]
    assert "<qwen>" in written["method"]["text"]
    assert "Gout of the ear" in json.dumps(written["note"])


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("Written by", "without a match", "no evidence")), ("zh", ("所写", "未对应到可排序的疾病", "没有证据"))],
)
def test_the_page_says_whose_list_it_is_and_what_has_no_match(
    ranker: Ranker, lang: Lang, words: tuple[str, ...]
) -> None:
    from bedside.evaluate.pages.differential import render

    with speaking(lang):
        page = render([both(ranker, 0.0)], ranker.hpo)
    assert [word for word in words if word not in page] == []
    assert "&lt;qwen&gt;" in page
    assert "<qwen>" not in page
    assert {"en": "weight is 0", "zh": "权重为 0"}[lang] in page


# The weight.


def test_stack_fits_the_weight_and_diagnose_applies_it_to_its_own_writer_alone(
    release: Path, llm: tuple[Llm, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedside.commands._stack import writer as weighing

    one, address = llm
    one.says = "1. Fictional cataract\n2. Fictional heart disease"
    monkeypatch.setattr(weighing, "LEAST", 2)
    rows = [{"id": n, "present": ["HP:0000518"], "label": f"OMIM:10000{3 + n % 2}"} for n in range(12)]
    path, out = tmp_path / "labelled.jsonl", tmp_path / "W"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"id": "x", "present": ["HP:0000518"]}]))
    code, said = call("stack", str(path), "--writer", address, "--hpo", str(release), "-o", str(out), "--json")
    report = json.loads(said)
    assert (code, report["failed"], report["cases"], report["diseases"]) == (3, 1, 12, 2)
    assert report["matched"] == report["names"] == 24
    assert report["figures"]["written"]["top3"]["n"] == 12
    values = json.loads((out / "writer.json").read_text())
    (out / "writer.json").write_text(json.dumps({**values, "weight": 4.0}))
    answer = told(release, address, "--fuse", out, case="HP:0000518")
    assert answer["written_fused"][0]["place_written"] == 1
    assert answer["written_weight"] == 4.0
    with pytest.raises(DataError, match="another writer"):
        told(release, address.replace("qwen3", "other"), "--fuse", out)


def test_too_few_diseases_fit_no_weight(release: Path, llm: tuple[Llm, str], tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(json.dumps({"present": ["HP:0000518"], "label": "OMIM:100003"}) + "\n")
    with pytest.raises(DataError, match="too few diseases"):
        call("stack", str(path), "--writer", llm[1], "--hpo", str(release), "-o", str(tmp_path / "W"))


def test_a_weight_that_is_broken_is_refused(ranker: Ranker, tmp_path: Path) -> None:
    from bedside.tasks._written_weight import read_weight

    writer = Writer("w", "k", lambda questions: [], DiseaseLinks(ranker), ranker)
    good = Weighed(0.5, "k", ranker.hpo.key, 40, 30, 0)
    good.save(tmp_path / "W")
    assert read_weight(tmp_path / "W", writer) == good
    with pytest.raises(UsageError, match="there already"):
        good.save(tmp_path / "W")
    (tmp_path / "W" / "writer.json").write_text('{"format": 1, "weight": "NaN"}')
    with pytest.raises(DataError, match="not a writer's weight"):
        read_weight(tmp_path / "W", writer)
