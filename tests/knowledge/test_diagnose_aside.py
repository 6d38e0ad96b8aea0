"""What stands beside the list is on every view: near twins, the local model, both fused, tests, places in the chart."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from _fhir_r4 import faults
from bedside.commands._call import call
from bedside.knowledge._ranker import Ranker
from bedside.lang import Lang, speaking
from bedside.tasks._diagnosis import read as reading
from bedside.tasks._diagnosis.answer import Candidate
from bedside.tasks._diagnosis.aside import Aside, FusedAnswer, FusedLabel, LocalAnswer, suggest, twins
from bedside.tasks._diagnosis.case import case_of
from bedside.tasks._diagnosis.fhir import fhir_bundle
from bedside.tasks._diagnosis.told import Told, tell

ROW = {"id": "p-7", "present": ["HP:0001250", "HP:0001263"], "excluded": ["HP:0000518"]}
LOCAL = LocalAnswer((("Neurology <1>", 0.75), ("Eye clinic", 0.25)), ("few charts",), name="ward-model")
FUSED = FusedAnswer((FusedLabel("Neurology <1>", 0.8, (("OMIM:100001", "Fictional epilepsy 1", 0.7),)),), "", 0.4, 60)


def candidate(number: int, group: str, chance: float, *genes: str) -> Candidate:
    return Candidate(f"OMIM:{number}", f"d{number}", 0.0, chance, genes, group)


def told_with(ranker: Ranker, local: LocalAnswer | None = LOCAL, fused: FusedAnswer | None = FUSED) -> Told:
    told = tell(ranker, case_of(ROW, ranker.hpo))
    tests = suggest(ranker, told.case, told.answer.ranking)
    assert tests
    return replace(told, aside=Aside(tests, local, fused))


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def test_twins_share_a_series_or_a_gene_and_a_disease_alone_in_the_list_has_none() -> None:
    shown = [candidate(1, "x", 0.5, "A"), candidate(2, "", 0.2), candidate(3, "x", 0.1), candidate(4, "G", 0.1, "G")]
    (found,) = twins(shown)
    assert (found.group, found.of_gene, found.places, found.probability) == ("x", False, (1, 3), pytest.approx(0.6))
    both = twins([*shown, candidate(5, "G", 0.05, "G")])
    assert [(one.group, one.of_gene) for one in both] == [("x", False), ("G", True)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_bundle_has_an_assessment_of_each_engine_by_the_device_that_made_it(ranker: Ranker, lang: Lang) -> None:
    with speaking(lang):
        bundle = json.loads(json.dumps(fhir_bundle(told_with(ranker), ranker.hpo)))
    assert faults(bundle) == []
    knowledge, local, fused = resources(bundle, "RiskAssessment")
    assert knowledge["performer"] == fused["performer"] != local["performer"]
    assert [one["outcome"]["text"] for one in local["prediction"]] == ["Neurology <1>", "Eye clinic"]
    assert local["prediction"][0]["probabilityDecimal"] == 75
    assert "OMIM:100001" in fused["prediction"][0]["rationale"]
    assert len({one["method"]["text"] for one in (knowledge, local, fused)}) == 3
    assert all(one["meta"]["security"][0]["code"] == "AIAST" for one in (knowledge, local, fused))
    made = [{one["reference"] for one in part["target"]} for part in resources(bundle, "Provenance")]
    assert made[0] & made[1] == set()
    [impression] = resources(bundle, "ClinicalImpression")
    assert len(impression["supportingInfo"]) == 3
    [plan] = resources(bundle, "CarePlan")
    assert {"en": "expected gain", "zh": "预期信息增益"}[lang] in plan["activity"][0]["detail"]["description"]


def test_a_local_model_that_holds_back_predicts_nothing_and_says_why(ranker: Ranker) -> None:
    silent = told_with(ranker, LocalAnswer(abstained="too little text", name="m"), FusedAnswer(abstained="no answer"))
    bundle = json.loads(json.dumps(fhir_bundle(silent, ranker.hpo)))
    assert faults(bundle) == []
    _, local, fused = resources(bundle, "RiskAssessment")
    assert "prediction" not in local
    assert "prediction" not in fused
    assert any("too little text" in one["text"] for one in local["note"])


def test_without_a_local_model_there_is_one_assessment_and_one_device(ranker: Ranker) -> None:
    bundle = fhir_bundle(told_with(ranker, None, None), ranker.hpo)
    assert [len(resources(bundle, kind)) for kind in ("RiskAssessment", "Device", "Provenance")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            ("local model ward-model", "Both fused", "fitted on 60 labelled cases", "Tests to do next", "few charts"),
        ),
        ("zh", ("本地模型 ward-model", "两者融合", "由 60 个标注病例拟合", "建议检查", "预期最能区分")),
    ],
)
def test_the_page_shows_the_other_engines_and_the_tests(ranker: Ranker, lang: Lang, words: tuple[str, ...]) -> None:
    from bedside.evaluate.pages.differential import render

    with speaking(lang):
        page = render([told_with(ranker)], ranker.hpo)
        plain = render([told_with(ranker, None, None)], ranker.hpo)
    assert [word for word in words if word not in page] == []
    assert "Neurology &lt;1&gt;" in page
    assert "Neurology <1>" not in page
    assert words[0] not in plain


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Near twins (series fictional): 1, 2; together", "near twin of 2")),
        ("zh", ("近似疾病（同一系列 fictional）：第 1、2 位，合计", "与第 2 位近似")),
    ],
)
def test_the_page_marks_near_twins(ranker: Ranker, lang: Lang, words: tuple[str, ...]) -> None:
    from bedside.evaluate.pages.differential import render

    told = told_with(ranker)
    ranking = tuple(replace(one, group="fictional" if n < 2 else "") for n, one in enumerate(told.answer.ranking))
    apart = tuple(replace(one, group="") for one in ranking)
    with speaking(lang):
        page = render([replace(told, answer=replace(told.answer, ranking=ranking))], ranker.hpo)
        plain = render([replace(told, answer=replace(told.answer, ranking=apart))], ranker.hpo)
    assert [word for word in words if word not in page] == []
    assert words[1] not in plain


@pytest.fixture
def chart_lines(tmp_path: Path) -> Path:
    from bedside.charts import write_charts
    from bedside.types import Code, Entry, RawChart

    coded = Entry(id="1", kind="Condition", text="Seizure", codes=(Code("HP", "HP:0001250"),), time="2019-05-01")
    note = Entry(id="2", kind="DocumentReference", text="Ataxia. No cataract. 步态不稳。", time="2020-05-01")
    path = tmp_path / "charts.jsonl"
    write_charts(path, [RawChart(patient=f"MRN 471{n}", entries=(coded, note)) for n in range(3)])
    return path


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("Where in the chart", "coded, Condition")), ("zh", ("在病历中的位置", "编码，Condition"))],
)
def test_each_finding_of_a_chart_has_its_place_on_the_page_and_in_the_bundle(
    release: Path, chart_lines: Path, tmp_path: Path, lang: Lang, words: tuple[str, ...]
) -> None:
    chart_lines.write_text(chart_lines.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    page, bundle = tmp_path / "a.html", tmp_path / "a.json"
    with speaking(lang):
        call("diagnose", str(chart_lines), "--report", str(page), "--fhir", str(bundle), "--hpo", str(release))
    assert [word for word in words if word not in page.read_text(encoding="utf-8")] == []
    made = json.loads(bundle.read_text(encoding="utf-8"))
    assert faults(made) == []
    seen = {one["code"]["coding"][0]["code"]: one for one in resources(made, "Observation")}
    assert words[1] in seen["HP:0001250"]["note"][0]["text"]
    assert "meta" not in seen["HP:0001250"]  # it stood there as a code
    assert seen["HP:0001251"]["meta"]["security"][0]["code"] == "AIAST"  # it was read in words
    assert "4710" not in page.read_text() + bundle.read_text()


@pytest.mark.parametrize("views", [(), ("--report", "--fhir")], ids=["no views", "views"])
def test_a_chart_of_a_table_is_read_once_whatever_is_written(
    release: Path, chart_lines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, views: tuple[str, ...]
) -> None:
    read: list[str] = []
    scrubbed = reading.without_identity
    monkeypatch.setattr(reading, "without_identity", lambda raw: (read.append(raw.patient), scrubbed(raw))[1])
    files = {"--report": tmp_path / "a.html", "--fhir": tmp_path / "a.ndjson"}
    more = [word for view in views for word in (view, str(files[view]))]
    out = tmp_path / "out.jsonl"
    assert call("diagnose", str(chart_lines), "-o", str(out), *more, "--hpo", str(release))[0] == 0
    assert read == ["MRN 4710", "MRN 4711", "MRN 4712"]
    assert all("kept" not in json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert all(len(files[view].read_text(encoding="utf-8")) > 100 for view in views)


def test_a_run_taken_up_again_has_all_cases_on_its_views(release: Path, chart_lines: Path, tmp_path: Path) -> None:
    out, bundles = tmp_path / "out.jsonl", tmp_path / "b.ndjson"
    given = ("diagnose", str(chart_lines), "-o", str(out), "--hpo", str(release))
    call(*given)
    whole = out.read_text(encoding="utf-8")
    out.write_text(whole.splitlines()[0] + "\n", encoding="utf-8")
    call(*given, "--resume", "--fhir", str(bundles))
    assert out.read_text(encoding="utf-8") == whole
    assert len(bundles.read_text(encoding="utf-8").splitlines()) == 3
