"""FHIR that is damaged, odd or hostile: the good rest is read, and what was not is told by its place."""

import gzip
import json
import time
from contextlib import suppress

import pytest
from _fhir_resources import HB, PATIENT, about, bundle, one
from _reading import entries, known, read_text, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import BedsideError, FormatError
from bedside.formats._syntax.narrative import html_text
from bedside.formats.fhir import FORMAT


def test_ndjson_is_read_by_line_packed_or_not_and_a_bad_line_costs_only_itself(tmp_path):
    lines = [json.dumps(PATIENT), json.dumps(about("Condition", code={"text": "Gout"})), "{broken", json.dumps(PATIENT)]
    for data in ("\n".join(lines).encode(), gzip.compress("\n".join(lines).encode())):
        charts, problems = read_text(FORMAT, tmp_path, data, "x.ndjson")
        assert texts(charts, "Condition") == ["Gout"]
        assert [problem.place for problem in problems] == ["line 3"]


def test_a_bundle_cut_off_keeps_its_whole_entries_and_names_the_line(tmp_path):
    whole = bundle(PATIENT, about("Condition", code={"text": "Gout"}), about("Condition", code={"text": "Asthma"}))
    charts, problems = read_text(FORMAT, tmp_path, whole[:-60])
    assert texts(charts, "Condition") == ["Gout"]
    assert "line 1" in problems[0].what


def test_impossible_values_are_reported_and_the_entry_stays(tmp_path):
    bad = about("Observation", code=HB, valueQuantity={"value": 1320, "unit": "g/dL"}, effectiveDateTime="2023-02-30")
    (entry,), problems = one(tmp_path, bad)
    assert (entry.value, entry.time, len(problems)) == (1320.0, None, 2)
    fine = about("Observation", code=HB, valueQuantity={"value": 132, "unit": "g/L"}, effectiveDateTime="2024-02-29")
    assert one(tmp_path, fine)[1] == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", '"high"', "1" + "0" * 5000])
def test_what_is_no_number_is_no_value(tmp_path, number):
    text = bundle(PATIENT, about("Observation", code=HB, valueQuantity={"value": 42.125, "unit": "g/dL"}))
    charts, problems = read_text(FORMAT, tmp_path, text.replace("42.125", number))
    assert entries(charts)[-1].value is None
    assert problems


def test_a_key_given_twice_is_reported(tmp_path):
    text = json.dumps(PATIENT)[:-1] + ', "gender": "male"}'
    charts, problems = read_text(FORMAT, tmp_path, text)
    assert (charts[0].sex, len(problems)) == ("male", 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_and_utf_16_are_read(tmp_path, encoding):
    data = json.dumps(PATIENT, ensure_ascii=False, indent=1).encode(encoding)
    assert FORMAT.sniff(data, "x.json")
    assert "王小明" in known(read_text(FORMAT, tmp_path, data)[0], "NAME")


def test_nul_bytes_and_half_characters_do_not_reach_the_chart(tmp_path):
    (entry,), _ = one(tmp_path, about("Condition", code={"text": "Go\x00ut \ud800"}))
    assert entry.text == "Gout \ufffd"


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 100_000, '{"resourceType":"Patient","x":' + "[" * 100_000])
def test_nesting_without_end_is_refused(tmp_path, deep):
    with pytest.raises(FormatError):
        read_text(FORMAT, tmp_path, deep)


KEYS = st.sampled_from(["name", "code", "coding", "text", "value", "subject", "reference", "given", "id", "component"])

wild = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["Patient", "Observation", "Condition", "DocumentReference", "Zebra"]), st.data())
def test_a_resource_of_any_shape_never_crashes(tmp_path_factory, kind, data):
    keys = (
        "name code subject valueQuantity component content presentedForm effectivePeriod contact telecom id extension"
    )
    fields = data.draw(st.dictionaries(st.sampled_from(keys.split()), wild, max_size=4))
    with suppress(BedsideError):
        read_text(FORMAT, tmp_path_factory.mktemp("n"), json.dumps({"resourceType": kind, **fields}))


@pytest.mark.parametrize("hostile", ["<", "<a ", "<!", "<![", "&", "<!--", "</a", '<a b="', "<script>", "<?", "<div>"])
def test_markup_made_to_stall_a_parser_is_passed_in_no_time(hostile):
    start = time.process_time()
    html_text(hostile * 50_000)
    assert time.process_time() - start < 30


@pytest.mark.parametrize("stray", ["a word", None, 7])
def test_a_stray_entry_of_a_bundle_is_told_by_its_place(tmp_path, stray):
    text = json.dumps({"resourceType": "Bundle", "entry": [stray, {"resource": PATIENT}]})
    charts, problems = read_text(FORMAT, tmp_path, text)
    assert len(charts) == 1
    assert [problem.place for problem in problems] == ["line 1: Bundle.entry[0]"]


def test_half_a_character_in_a_diagnosis_is_told(tmp_path):
    text = json.dumps(about("Condition", code={"text": "gout \ud83d"}))
    charts, problems = read_text(FORMAT, tmp_path, text)
    assert texts(charts) == ["gout \ufffd"]
    assert len(problems) == 1


def test_resources_a_line_each_in_two_encodings_are_read_and_an_unreadable_one_is_told(tmp_path):
    lines = [json.dumps(about("Condition", id=str(i), code={"text": "头痛三天"}), ensure_ascii=False) for i in range(3)]
    torn = lines[2].encode("gb18030").replace("头痛三天".encode("gb18030"), b"\xff\xfe\xfd\xfc")
    data = b"\n".join([lines[0].encode(), lines[1].encode("gb18030"), torn])
    charts, problems = read_text(FORMAT, tmp_path, data)
    assert texts(charts) == ["头痛三天", "头痛三天"]
    assert [problem.place for problem in problems] == ["line 2", "line 3"]
