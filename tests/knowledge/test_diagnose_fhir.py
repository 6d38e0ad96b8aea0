"""A differential as FHIR R4: valid by the published definitions, a draft in every part, and nothing asserted."""

from __future__ import annotations

import copy
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from _fhir_r4 import faults
from bedside.formats import fhir
from bedside.formats._base import ReadOptions
from bedside.knowledge._ranker import Ranker
from bedside.lang import Lang, speaking
from bedside.tasks._diagnosis.aside import suggest
from bedside.tasks._diagnosis.case import case_of
from bedside.tasks._diagnosis.fhir import fhir_bundle
from bedside.tasks._diagnosis.told import tell
from bedside.types import RawChart

ROW = {"id": "p-7", "present": ["HP:0001250", "HP:0001263"], "excluded": ["HP:0000518"], "sex": "female"}


def bundle_of(ranker: Ranker, row: dict[str, Any] = ROW) -> dict[str, Any]:
    return json.loads(json.dumps(fhir_bundle(tell(ranker, case_of(row, ranker.hpo)), ranker.hpo)))


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("row", [ROW, {"id": "q", "present": ["HP:0000118"]}], ids=["denied and sex", "least"])
def test_the_bundle_follows_the_published_definitions(ranker: Ranker, lang: Lang, row: dict[str, Any]) -> None:
    with speaking(lang):
        assert faults(bundle_of(ranker, row)) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda risk: risk.pop("subject"),
        lambda risk: risk.update(status="draft"),
        lambda risk: risk["prediction"][0].update(probabilityDecimal=101),
        lambda risk: risk.update(prediction=risk["prediction"][0]),
        lambda risk: risk.update(diagnosis="x"),
        lambda risk: risk["performer"].update(reference="urn:uuid:elsewhere"),
    ],
)
def test_the_rules_catch_a_risk_assessment_that_breaks_them(ranker: Ranker, spoil: Any) -> None:
    bundle = copy.deepcopy(bundle_of(ranker))
    spoil(resources(bundle, "RiskAssessment")[0])
    assert faults(bundle) != []


def test_a_finding_is_present_or_absent_by_its_answer_never_by_its_code_alone(ranker: Ranker) -> None:
    said = {
        one["code"]["coding"][0]["code"]: one["valueCodeableConcept"]["coding"][0]["display"]
        for one in resources(bundle_of(ranker), "Observation")
    }
    assert said == {"HP:0001250": "Present", "HP:0001263": "Present", "HP:0000518": "Absent"}


def test_chances_are_percentages_that_sum_to_a_hundred_with_the_diseases_not_listed(ranker: Ranker) -> None:
    [risk] = resources(bundle_of(ranker), "RiskAssessment")
    first = risk["prediction"][0]
    told = tell(ranker, case_of(ROW, ranker.hpo))
    assert first["outcome"]["coding"][0] == {
        "system": "http://www.omim.org",
        "code": "100001",
        "display": "Fictional epilepsy 1",
    }
    assert first["probabilityDecimal"] == pytest.approx(100 * told.answer.ranking[0].probability, abs=1e-3)
    assert sum(one["probabilityDecimal"] for one in risk["prediction"]) == pytest.approx(100, abs=0.01)
    assert "coding" not in risk["prediction"][-1]["outcome"]


@pytest.mark.parametrize(
    ("lang", "draft"), [("en", "AI-generated draft"), ("zh", "人工智能生成的草稿")], ids=["English", "Chinese"]
)
def test_it_is_a_draft_of_a_named_program_and_no_condition_is_asserted(ranker: Ranker, lang: Lang, draft: str) -> None:
    with speaking(lang):
        bundle = bundle_of(ranker)
    for kind, status in (("RiskAssessment", "preliminary"), ("ClinicalImpression", "in-progress")):
        [one] = resources(bundle, kind)
        assert one["status"] == status
        assert one["meta"]["security"][0]["code"] == "AIAST"
        assert draft in one["note"][0]["text"]
    [device] = resources(bundle, "Device")
    assert "2031-02-03" in [one["value"] for one in device["version"]]
    assert resources(bundle, "Condition") == []


def test_findings_read_by_machine_are_labelled_so_and_those_that_were_given_are_not(ranker: Ranker) -> None:
    told = tell(ranker, case_of(ROW, ranker.hpo))
    given = fhir_bundle(told, ranker.hpo)
    read = fhir_bundle(replace(told, text="Seizures."), ranker.hpo)
    assert all("meta" not in one and "device" not in one for one in resources(given, "Observation"))
    assert all(one["meta"]["security"] and one["device"] for one in resources(read, "Observation"))
    assert faults(read) == []


def test_the_importer_reads_the_bundle_and_does_not_take_the_absent_finding_for_present(
    ranker: Ranker, tmp_path: Path
) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(bundle_of(ranker)), encoding="utf-8")
    charts = [one for one in fhir.read(path, ReadOptions()) if isinstance(one, RawChart)]
    assert len(charts) == 1
    said = [f"{one.text} {one.value}" for one in charts[0].entries if one.kind == "Observation"]
    assert any("Seizure" in text and "Present" in text for text in said)
    assert any("Cataract" in text and "Absent" in text for text in said)
    assert not [one for one in charts[0].entries if one.kind == "Condition"]


@pytest.mark.parametrize(("lang", "words"), [("en", "expected gain"), ("zh", "预期信息增益")])
def test_tests_that_would_separate_the_candidates_are_proposed_and_never_ordered(
    ranker: Ranker, lang: Lang, words: str
) -> None:
    told = tell(ranker, case_of(ROW, ranker.hpo))
    tests = suggest(ranker, told.case, told.answer.ranking)
    with speaking(lang):
        bundle = json.loads(json.dumps(fhir_bundle(replace(told, aside=replace(told.aside, tests=tests)), ranker.hpo)))
    assert faults(bundle) == []
    (plan,) = resources(bundle, "CarePlan")
    assert (plan["status"], plan["intent"]) == ("draft", "proposal")
    assert len(plan["activity"]) == len(tests) > 0
    assert all(words in one["detail"]["description"] for one in plan["activity"])
    assert resources(bundle_of(ranker), "CarePlan") == []
