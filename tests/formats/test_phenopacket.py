"""Phenopackets v2: one patient, a family, a cohort, one a line; what is excluded is never read as present."""

import json
import sys

import pytest
from _reading import data_files, entries, known, read, read_text, texts

from bedside.errors import FormatError
from bedside.formats._files.bytes import head
from bedside.formats.phenopacket import FORMAT

MICROCEPHALY = {"id": "HP:0000252", "label": "Microcephaly"}
PACKET = {
    "id": "case-1",
    "subject": {"id": "P16", "sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P4Y2M"}}},
    "phenotypicFeatures": [
        {"type": MICROCEPHALY, "onset": {"age": {"iso8601duration": "P1Y"}}},
        {"type": {"id": "HP:0001250", "label": "Seizure"}, "excluded": True},
    ],
    "metaData": {"phenopacketSchemaVersion": "2.0"},
}


def test_a_feature_seen_and_one_excluded_are_told_apart(tmp_path):
    charts, problems = read_text(FORMAT, tmp_path, json.dumps(PACKET, indent=1))
    assert texts(charts, "Observation") == ["Microcephaly (onset: 1 years)", "not: Seizure"]
    assert [[code.code for code in entry.codes] for entry in entries(charts)] == [[], ["HP:0000252"], []]
    assert (charts[0].patient, charts[0].sex, problems) == ("P16", "female", [])
    assert texts(charts, "Patient") == ["age at last encounter: 4 years 2 months"]
    assert known(charts, "ID") == {"P16"}


def test_an_excluded_disease_has_no_code_that_reads_as_present(tmp_path):
    gout = {"term": {"id": "OMIM:1", "label": "Gout"}}
    more = {"diseases": [gout, {**gout, "excluded": True}]}
    charts, _ = read_text(FORMAT, tmp_path, json.dumps({**PACKET, **more}))
    assert [(e.text, len(e.codes)) for e in entries(charts)[-2:]] == [("Gout", 1), ("not: Gout", 0)]


@pytest.mark.parametrize("feature", [{"type": None}, {"type": None, "excluded": True}, {}])
def test_a_feature_that_names_nothing_is_told_and_makes_no_entry(tmp_path, feature):
    charts, problems = read_text(FORMAT, tmp_path, json.dumps({**PACKET, "phenotypicFeatures": [feature]}))
    assert texts(charts, "Observation") == []
    assert [problem.place.endswith("phenotypicFeatures[0]") for problem in problems] == [True]


def test_a_measurement_keeps_value_and_unit_and_a_disease_its_stage(tmp_path):
    quantity = {"unit": {"id": "UCUM:g/dL", "label": "g/dL"}, "value": 9.1}
    more = {
        "measurements": [{"assay": {"id": "LOINC:718-7", "label": "Hemoglobin"}, "value": {"quantity": quantity}}],
        "diseases": [{"term": {"id": "OMIM:1", "label": "KBG syndrome"}, "diseaseStage": [{"label": "II"}]}],
    }
    charts, _ = read_text(FORMAT, tmp_path, json.dumps({**PACKET, **more}))
    result = entries(charts)[-1]
    assert (result.text, result.value, result.unit) == ("Hemoglobin 9.1 g/dL", 9.1, "g/dL")
    assert texts(charts, "Condition") == ["KBG syndrome (stage: II)"]


def test_treatments_and_variants_are_read(tmp_path):
    variant = {"geneContext": {"symbol": "ANKRD11"}, "expressions": [{"syntax": "hgvs.c", "value": "c.1A>G"}]}
    interpreted = {
        "variantInterpretation": {"acmgPathogenicityClassification": "PATHOGENIC", "variationDescriptor": variant}
    }
    more = {
        "medicalActions": [{"treatment": {"agent": {"id": "CHEBI:1", "label": "valproate"}}}],
        "interpretations": [{"diagnosis": {"disease": {"label": "KBG"}, "genomicInterpretations": [interpreted]}}],
    }
    charts, _ = read_text(FORMAT, tmp_path, json.dumps({**PACKET, **more}))
    assert texts(charts, "MedicationStatement") == ["valproate"]
    assert texts(charts, "MolecularSequence") == ["variant: ANKRD11; c.1A>G; pathogenic"]


def test_a_family_is_two_charts_and_the_probands_tells_of_the_relative(tmp_path):
    relative = {"subject": {"id": "F1"}, "diseases": [{"term": {"label": "Gout"}}]}
    charts, _ = read_text(FORMAT, tmp_path, json.dumps({"id": "f", "proband": PACKET, "relatives": [relative]}))
    assert [chart.patient for chart in charts] == ["P16", "F1"]
    assert texts(charts[:1], "FamilyMemberHistory") == ["relative: Gout"]


def test_a_cohort_and_a_file_of_lines_give_a_chart_each(tmp_path):
    other = {**PACKET, "subject": {"id": "P17"}}
    cohort, _ = read_text(FORMAT, tmp_path, json.dumps({"id": "c", "members": [PACKET, other]}))
    lines, _ = read_text(FORMAT, tmp_path, json.dumps(PACKET) + "\n\n" + json.dumps(other) + "\n")
    assert [c.patient for c in cohort] == [c.patient for c in lines] == ["P16", "P17"]


def test_names_in_snake_case_are_the_same_names(tmp_path):
    packet = {"subject": {"id": "1"}, "phenotypic_features": [{"type": MICROCEPHALY}]}
    assert FORMAT.sniff(json.dumps(packet).encode(), "x.json")
    assert texts(read_text(FORMAT, tmp_path, json.dumps(packet))[0]) == ["Microcephaly"]


def test_a_bad_line_costs_only_itself_and_fhir_is_left_to_its_reader(tmp_path):
    _, problems = read_text(FORMAT, tmp_path, json.dumps(PACKET) + "\n{broken\n")
    assert [problem.place for problem in problems] == ["line 2"]
    assert not FORMAT.sniff(b'{"resourceType": "Patient", "subject": 1, "phenotypicFeatures": []}', "x.json")


@pytest.mark.parametrize("text", ["{", "[]", '{"id": "x"}', "[" * 100_000, '{"subject": 3}'])
def test_what_is_no_phenopacket_is_refused(tmp_path, text):
    with pytest.raises(FormatError):
        read_text(FORMAT, tmp_path, text)


def test_the_flat_rare_disease_rows_are_read_as_packets():
    for path in data_files("phenopackets_rare_disease/dev.jsonl"):
        assert FORMAT.sniff(head(path), path.name)
        charts, problems = read(FORMAT, path)
        assert len(charts) == 140
        assert problems == []
        assert any(text.startswith("not: ") for text in texts(charts))


YAML = """
id: case-1
subject: {id: 0012, sex: FEMALE, dateOfBirth: 1950-03-02}
phenotypicFeatures:
  - type: {id: HP:0000252, label: Microcephaly}
    excluded: false
  - type: {id: HP:0001250, label: Seizure}
    excluded: true
"""


def test_a_packet_in_yaml_says_the_same_and_its_ids_stay_text(tmp_path):
    assert FORMAT.sniff(YAML.encode(), "case.yaml")
    charts, problems = read_text(FORMAT, tmp_path, YAML, "case.yaml")
    assert texts(charts, "Observation") == ["Microcephaly", "not: Seizure"]
    assert (charts[0].patient, charts[0].birth_date, problems) == ("0012", "1950-03-02", [])


@pytest.mark.parametrize("text", ["subject: [", "a: &a [x]\nphenotypicFeatures: [*a, *a]\nsubject: {id: 1}\n"])
def test_broken_yaml_and_aliases_are_refused(tmp_path, text):
    with pytest.raises(FormatError):
        read_text(FORMAT, tmp_path, text, "case.yaml")


def test_without_a_yaml_reader_the_refusal_names_json(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(FormatError, match="JSON"):
        read_text(FORMAT, tmp_path, YAML, "case.yaml")
