"""A case as a phenopacket: read back it is the same case, and no candidate is a diagnosis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.formats import phenopacket as importer
from bedside.formats._base import ReadOptions
from bedside.knowledge._ranker import Ranker
from bedside.tasks._diagnosis.case import case_of
from bedside.tasks._diagnosis.phenopacket import phenopacket
from bedside.tasks._diagnosis.told import tell
from bedside.types import RawChart

FINDINGS = ["HP:0001250", "HP:0007359", "HP:0001251", "HP:0001263", "HP:0000518", "HP:0000545", "HP:0001638"]
AGES = ["P3Y", "P6M", "P2Y4M", "Infantile onset", "HP:0003593"]
CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

finding = st.fixed_dictionaries({"id": st.sampled_from(FINDINGS)}, optional={"onset": st.sampled_from(AGES)})
rows = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1, max_size=12),
        "present": st.lists(finding, min_size=1, max_size=5),
        "excluded": st.lists(finding, max_size=4),
    },
    optional={"sex": st.sampled_from(["male", "female"]), "age": st.sampled_from(["P4Y", "P10Y2M"])},
)


def packet_of(ranker: Ranker, row: dict[str, Any]) -> dict[str, Any]:
    told = tell(ranker, case_of(row, ranker.hpo))
    return json.loads(json.dumps(phenopacket(told, ranker.hpo, row=row)))


@settings(max_examples=60, deadline=None, suppress_health_check=CALM)
@given(row=rows)
def test_whatever_was_found_and_denied_is_read_back_the_same(ranker: Ranker, row: dict[str, Any]) -> None:
    packet = packet_of(ranker, row)
    assert case_of(packet, ranker.hpo) == case_of(row, ranker.hpo)
    known = {one["type"]["id"]: one.get("onset") for one in packet["phenotypicFeatures"]}
    told = {one["id"]: one["onset"] for one in [*row["present"], *row["excluded"]] if "onset" in one}
    assert {id for id, onset in known.items() if onset} == told.keys()
    assert packet_of(ranker, packet)["phenotypicFeatures"] == packet["phenotypicFeatures"]


def test_what_the_schema_requires_is_there(ranker: Ranker) -> None:
    row = {"id": "a", "present": [{"id": "HP:0001250", "onset": "P6M"}], "sex": "male", "age": "P4Y"}
    packet = packet_of(ranker, row)
    meta = packet["metaData"]
    assert packet["subject"] == {"id": "a", "sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P4Y"}}}
    assert packet["phenotypicFeatures"][0]["onset"] == {"age": {"iso8601duration": "P6M"}}
    assert meta["phenopacketSchemaVersion"] == "2.0"
    assert meta["created"].endswith("Z")
    assert meta["createdBy"].startswith("bedside")
    used = {one["type"]["id"].partition(":")[0] for one in packet["phenotypicFeatures"]}
    used |= {one["diagnosis"]["disease"]["id"].partition(":")[0] for one in packet["interpretations"]}
    assert {one["namespacePrefix"] for one in meta["resources"]} == used
    assert all(all(one.values()) for one in meta["resources"])


def test_a_candidate_is_work_in_progress_and_no_diagnosis(ranker: Ranker, tmp_path: Path) -> None:
    packet = packet_of(ranker, {"id": "a", "present": ["HP:0001250"], "excluded": ["HP:0000518"]})
    assert {one["progressStatus"] for one in packet["interpretations"]} == {"IN_PROGRESS"}
    assert "diseases" not in packet
    path = tmp_path / "packet.json"
    path.write_text(json.dumps(packet), encoding="utf-8")
    [chart] = [one for one in importer.read(path, ReadOptions()) if isinstance(one, RawChart)]
    candidates = [one for one in chart.entries if one.kind == "Condition"]
    assert candidates
    assert all("candidate diagnosis: in progress" in one.text and not one.codes for one in candidates)


@pytest.mark.parametrize(("status", "coded"), [("SOLVED", True), ("IN_PROGRESS", False), ("UNSOLVED", False)])
def test_only_a_diagnosis_that_was_made_is_imported_with_its_code(tmp_path: Path, status: str, coded: bool) -> None:
    disease = {"id": "OMIM:100001", "label": "Fictional epilepsy 1"}
    packet = {
        "subject": {"id": "a"},
        "phenotypicFeatures": [{"type": {"id": "HP:0001250", "label": "Seizure"}}],
        "interpretations": [{"id": "i", "progressStatus": status, "diagnosis": {"disease": disease}}],
    }
    path = tmp_path / "packet.json"
    path.write_text(json.dumps(packet), encoding="utf-8")
    [chart] = [one for one in importer.read(path, ReadOptions()) if isinstance(one, RawChart)]
    [one] = [entry for entry in chart.entries if entry.kind == "Condition"]
    assert bool(one.codes) == coded
