"""FHIR R4 in all the shapes it comes in: what is read, whose it is, what is identity, and what is only reported."""

import base64
import gzip
import json
import time
from contextlib import suppress

import pytest
from _reading import data_files, entries, known, read, read_text, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import BedsideError, FormatError
from bedside.formats._base import Problem
from bedside.formats._files.bytes import head
from bedside.formats._syntax.narrative import html_text
from bedside.formats.fhir import FORMAT

PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "gender": "female",
    "birthDate": "1950-03",
    "name": [{"family": "王", "given": ["小明"]}, {"family": "Wong", "given": ["Elise", "Q"]}],
    "identifier": [{"value": "MRN-778899"}],
    "telecom": [{"system": "phone", "value": "13800138000"}, {"system": "email", "value": "w@example.cn"}],
    "address": [{"line": ["12 Oak St"], "city": "Springfield", "postalCode": "62701"}],
    "contact": [{"name": {"text": "李雷"}}],
}
HB = {"coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}]}

NOT_TAKING = {"system": "http://hl7.org/fhir/CodeSystem/medication-statement-adherence", "code": "not-taking"}


def about(kind, **fields):
    return {"resourceType": kind, "id": fields.pop("id", "r1"), "subject": {"reference": "Patient/p1"}, **fields}


def bundle(*resources, **fields):
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", **fields, "entry": [{"resource": r} for r in resources]}
    )


def one(folder, resource):
    charts, problems = read_text(FORMAT, folder, bundle(PATIENT, resource))
    return [entry for entry in entries(charts) if entry.kind != "Patient"], problems


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("MedicationStatement", {"taken": "n"}, "Aspirin (status: not-taken)"),
        ("MedicationStatement", {"taken": "y"}, "Aspirin (status: active)"),
        ("MedicationStatement", {"wasNotTaken": True}, "Aspirin (status: not-taken)"),
        ("MedicationStatement", {"adherence": {"code": {"coding": [NOT_TAKING]}}}, "Aspirin (status: not-taken)"),
        ("Procedure", {"notDone": True}, "Aspirin (status: not-done)"),
        ("Procedure", {"notDone": False}, "Aspirin"),
        ("Immunization", {"notGiven": True}, "Aspirin (status: not-done)"),
    ],
)
def test_what_an_older_or_newer_version_says_was_not_done_is_not_read_as_done(tmp_path, kind, fields, said):
    code = {"text": "Aspirin", "coding": [{"system": "http://www.whocc.no/atc", "code": "B01AC06"}]}
    (entry,), _ = one(tmp_path, about(kind, status="active", code=code, **fields))
    assert entry.text == said
    assert bool(entry.codes) == ("not-" not in said)


def test_an_encounter_of_r5_keeps_its_time_and_reason_and_one_of_stu3_its_reason(tmp_path):
    pain = {"text": "Chest pain"}
    newer = about("Encounter", actualPeriod={"start": "2024-01-01"}, reason=[{"value": [{"concept": pain}]}])
    (entry,), _ = one(tmp_path, newer)
    assert (entry.text, entry.time) == ("reason: Chest pain", "2024-01-01")
    assert one(tmp_path, about("Encounter", reason=[pain]))[0][0].text == "reason: Chest pain"
    (biopsy,), _ = one(tmp_path, about("Procedure", code={"text": "Biopsy"}, reason=[{"concept": {"text": "mass"}}]))
    assert biopsy.text == "Biopsy (reason: mass)"


def test_a_quantity_that_is_none_is_kept_as_words_and_told(tmp_path):
    (entry,), problems = one(tmp_path, about("Observation", code=HB, valueQuantity="13.2 g/dL"))
    assert (entry.text, entry.value) == ("Hemoglobin 13.2 g/dL", "13.2 g/dL")
    assert ["kept as words" in problem.what for problem in problems] == [True]


def test_a_haemoglobin_keeps_code_value_unit_time_and_origin(tmp_path):
    value = {"value": 13.2, "unit": "g/dL"}
    (entry,), problems = one(tmp_path, about("Observation", code=HB, valueQuantity=value, effectiveDateTime="2024-03"))
    assert (entry.text, entry.value, entry.unit, entry.time) == ("Hemoglobin 13.2 g/dL", 13.2, "g/dL", "2024-03")
    assert (entry.codes[0].code, entry.origin.file, entry.origin.place) == (
        "718-7",
        "in.dat",
        "line 1: Bundle.entry[1]",
    )
    assert problems == []


def test_below_five_is_not_five(tmp_path):
    (entry,), _ = one(
        tmp_path, about("Observation", code=HB, valueQuantity={"comparator": "<", "value": 5, "unit": "g/dL"})
    )
    assert (entry.value, entry.text) == ("<5", "Hemoglobin < 5 g/dL")
    (entry,), _ = one(tmp_path, about("Observation", code=HB, valueQuantity={"value": 5, "unit": "g/dL"}))
    assert entry.value == 5.0


def test_a_blood_pressure_gives_two_values_under_their_own_codes(tmp_path):
    parts = [
        {
            "code": {"coding": [{"code": "8480-6"}], "text": "Systolic"},
            "valueQuantity": {"value": 120, "unit": "mm[Hg]"},
        },
        {
            "code": {"coding": [{"code": "8462-4"}], "text": "Diastolic"},
            "valueQuantity": {"value": 80, "unit": "mm[Hg]"},
        },
    ]
    found, _ = one(tmp_path, about("Observation", code={"text": "Blood pressure"}, component=parts))
    assert [entry.text for entry in found] == ["Blood pressure", "Systolic 120 mm[Hg]", "Diastolic 80 mm[Hg]"]
    assert len({entry.id for entry in found}) == 3


def test_a_refuted_diagnosis_says_so_and_a_confirmed_one_needs_no_word(tmp_path):
    def status(code):
        return {"coding": [{"code": code}]}

    (refuted,), _ = one(tmp_path, about("Condition", code={"text": "肺炎"}, verificationStatus=status("refuted")))
    (sure,), _ = one(tmp_path, about("Condition", code={"text": "肺炎"}, verificationStatus=status("confirmed")))
    assert "refuted" in refuted.text
    assert sure.text == "肺炎"


@pytest.mark.parametrize(
    ("denied", "said"),
    [({"verificationStatus": {"coding": [{"code": "refuted"}]}}, "confirmed"), ({"status": "not-done"}, "completed")],
)
def test_a_reader_of_codes_does_not_see_what_was_refuted_or_not_done(tmp_path, denied, said):
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "233604007", "display": "Pneumonia"}]}
    (no,), _ = one(tmp_path, about("Condition", code=code, **denied))
    (yes,), _ = one(tmp_path, about("Condition", code=code, verificationStatus={"coding": [{"code": said}]}))
    assert (no.codes, yes.codes[0].code) == ((), "233604007")
    assert "Pneumonia (" in no.text


def test_a_medicine_named_by_reference_is_looked_up(tmp_path):
    medicine = {"resourceType": "Medication", "id": "m1", "code": {"text": "Warfarin 5 mg"}}
    request = about("MedicationRequest", medicationReference={"reference": "Medication/m1"})
    charts, _ = read_text(FORMAT, tmp_path, bundle(PATIENT, medicine, request))
    assert texts(charts, "MedicationRequest") == ["Warfarin 5 mg"]


def test_an_unknown_resource_is_kept_with_its_words(tmp_path):
    (entry,), _ = one(tmp_path, about("Zebra", stripes={"text": "seven"}, remark="runs"))
    assert (entry.kind, "seven" in entry.text, "runs" in entry.text) == ("Zebra", True, True)


def test_identity_is_gathered_and_the_chart_keeps_sex_and_partial_birth(tmp_path):
    staff = {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Grey", "given": ["Meredith"]}]}
    place = {"resourceType": "Organization", "id": "o", "name": "协和医院"}
    charts, _ = read_text(FORMAT, tmp_path, bundle(PATIENT, staff, place))
    assert (charts[0].patient, charts[0].sex, charts[0].birth_date) == ("p1", "female", "1950-03")
    assert {"王小明", "Elise Wong", "Wong", "李雷"} <= known(charts, "NAME")
    assert "Meredith Grey" in known(charts, "STAFF")
    assert known(charts, "HOSPITAL") == {"协和医院"}
    assert known(charts, "PHONE") == {"13800138000"}
    assert known(charts, "EMAIL") == {"w@example.cn"}
    assert known(charts, "ID") == {"MRN-778899"}
    assert {"12 Oak St, Springfield", "62701"} <= known(charts, "ADDRESS")


def test_a_doctor_named_only_in_a_reference_is_known_too(tmp_path):
    performer = [{"reference": "Practitioner/9", "display": "Dr. Grey"}]
    charts, _ = read_text(FORMAT, tmp_path, bundle(PATIENT, about("Observation", code=HB, performer=performer)))
    assert known(charts, "STAFF") == {"Dr. Grey", *known(charts, "STAFF")}
    assert "Dr. Grey" in known(charts, "STAFF")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("text/plain", "胸痛三天".encode()),
        ("text/plain; charset=gb18030", "胸痛三天".encode("gb18030")),
        ("text/html", "<html><style>p{}</style><p>胸痛三天</p></html>".encode()),
        ("application/xhtml+xml", "<div><p>胸痛三天</p></div>".encode()),
        ("application/rtf", rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}\f0 \'d0\'d8\'cd\'b4\'c8\'fd\'cc\'ec\par}"),
        (
            "text/rtf",
            rb"{\rtf1\ansi \u-32568?\u30171?\u19977?\u22825?}".replace(b"-32568", str(0x80F8 - 65536).encode()),
        ),
    ],
)
def test_an_attached_note_is_read_by_its_type(tmp_path, kind, data):
    attachment = {"contentType": kind, "data": base64.b64encode(data).decode()}
    (entry,), problems = one(tmp_path, about("DocumentReference", content=[{"attachment": attachment}]))
    assert (entry.text, problems) == ("胸痛三天", [])


def test_an_attached_pdf_goes_to_the_pdf_reader_and_without_one_is_reported(tmp_path):
    attachment = {"contentType": "application/pdf", "data": base64.b64encode(b"%PDF-1.4 x").decode()}
    path = tmp_path / "d.json"
    path.write_text(bundle(PATIENT, about("DiagnosticReport", code={"text": "CT"}, presentedForm=[attachment])))
    charts, problems = read(FORMAT, path, pdf_text=lambda data: ["No nodule.", Problem("page 2", "scanned")])
    assert texts(charts, "DiagnosticReport") == ["CT\nNo nodule."]
    assert [problem.what for problem in problems] == ["scanned"]
    charts, problems = read(FORMAT, path)
    assert texts(charts, "DiagnosticReport") == ["CT"]
    assert "PDF" in problems[0].what


def test_each_patient_of_a_bundle_gets_their_own(tmp_path):
    other = {"resourceType": "Patient", "id": "p2"}
    theirs = {
        **about("Condition", code={"text": "Gout"}),
        "subject": {"reference": "http://x/fhir/Patient/p2/_history/1"},
    }
    ours = about("Condition", code={"text": "Asthma"})
    charts, _ = read_text(FORMAT, tmp_path, bundle(PATIENT, other, ours, theirs))
    assert {chart.patient: texts([chart], "Condition") for chart in charts} == {"p1": ["Asthma"], "p2": ["Gout"]}


def test_ndjson_is_read_by_line_packed_or_not_and_a_bad_line_costs_only_itself(tmp_path):
    lines = [json.dumps(PATIENT), json.dumps(about("Condition", code={"text": "Gout"})), "{broken", json.dumps(PATIENT)]
    for data in ("\n".join(lines).encode(), gzip.compress("\n".join(lines).encode())):
        charts, problems = read_text(FORMAT, tmp_path, data, "x.ndjson")
        assert texts(charts, "Condition") == ["Gout"]
        assert [problem.place for problem in problems] == ["line 3"]


def test_fhir_as_xml_says_the_same_as_json(tmp_path):
    xml = """<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Patient><id value="p1"/><gender value="female"/>
      <name><family value="Wong"/><given value="Elise"/></name></Patient></resource></entry><entry>
      <resource><Observation>
      <id value="o"/><code><coding><system value="http://loinc.org"/><code value="718-7"/><display value="Hemoglobin"/>
      </coding></code><subject><reference value="Patient/p1"/></subject><valueQuantity><value value="13.2"/>
      <unit value="g/dL"/></valueQuantity></Observation></resource></entry></Bundle>"""
    charts, problems = read_text(FORMAT, tmp_path, xml)
    assert FORMAT.sniff(xml.encode(), "x.xml")
    assert (texts(charts), charts[0].patient, charts[0].sex) == (["Hemoglobin 13.2 g/dL"], "p1", "female")
    assert (entries(charts)[0].value, problems) == (13.2, [])


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


def test_staff_alone_make_no_chart_and_the_refusal_says_what_was_there(tmp_path):
    with pytest.raises(FormatError, match="Practitioner"):
        read_text(FORMAT, tmp_path, '{"resourceType": "Practitioner", "id": "1"}')


def test_a_resource_of_nobody_is_kept_with_a_doubt(tmp_path):
    charts, problems = read_text(FORMAT, tmp_path, '{"resourceType": "Condition", "code": {"text": "Gout"}}', "a.json")
    assert (charts[0].patient, texts(charts), len(problems)) == ("a.json", ["Gout"], 1)


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


def test_every_example_bundle_is_read_without_a_problem():
    for path in data_files("fhir_r4_synthea/train/*.json", "fhir_r4_synthea/dev/*.json"):
        assert FORMAT.sniff(head(path), path.name)
        charts, problems = read(FORMAT, path)
        assert len(charts) == 1
        assert problems == []
        assert all(entry.text for entry in entries(charts))


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


def held(name, number):
    patient = {"resourceType": "Patient", "id": "p", "name": [{"text": name}], "identifier": [{"value": number}]}
    return {"resourceType": "Observation", "contained": [patient], "subject": {"reference": "#p"}, "code": HB}


def test_two_patients_inside_two_results_are_two_charts_with_their_names(tmp_path):
    charts, _ = read_text(FORMAT, tmp_path, bundle(held("Anna Berg", "M1001"), held("Bert Dahl", "M1002")))
    assert [chart.patient for chart in charts] == ["M1001", "M1002"]
    assert {"Anna Berg", "Bert Dahl"} <= known(charts, "NAME")


def test_the_drug_inside_a_prescription_is_read(tmp_path):
    drug = {"resourceType": "Medication", "id": "m", "code": {"text": "Warfarin 5 mg"}}
    given_ = about("MedicationRequest", contained=[drug], medicationReference={"reference": "#m"}, status="active")
    (entry,), _ = one(tmp_path, given_)
    assert entry.text == "Warfarin 5 mg (status: active)"


def test_a_course_that_ended_is_told_from_one_that_runs(tmp_path):
    (entry,), _ = one(tmp_path, about("MedicationRequest", medicationCodeableConcept={"text": "A"}, status="completed"))
    assert entry.text == "A (status: completed)"


@pytest.mark.parametrize(("kind", "status"), [("MedicationStatement", "not-taken"), ("Observation", "cancelled")])
def test_what_was_not_taken_or_was_cancelled_has_neither_code_nor_value(tmp_path, kind, status):
    said = {"code" if kind == "Observation" else "medicationCodeableConcept": HB, "status": status}
    (entry,), _ = one(tmp_path, about(kind, **said, valueQuantity={"value": 9.0, "unit": "g/dL"}))
    assert (entry.codes, entry.value) == ((), None)
    assert status in entry.text


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_a_history_the_newest_version_is_read_and_what_was_deleted_is_not(tmp_path, newest_first):
    versions = [
        {"resource": {**about("Condition", id="c", code={"text": text}), "meta": {"versionId": str(number)}}}
        for number, text in enumerate(("Anaemia?", "Iron deficiency anaemia"), 1)
    ]
    gone = {"resource": about("Condition", id="d", code={"text": "Gout"}), "request": {"method": "DELETE"}}
    listed = [{"resource": PATIENT}, *(reversed(versions) if newest_first else versions), gone]
    text = json.dumps({"resourceType": "Bundle", "type": "history", "entry": listed})
    charts, problems = read_text(FORMAT, tmp_path, text)
    assert [t for t in texts(charts) if "naemia" in t or "Gout" in t] == ["Iron deficiency anaemia"]
    assert sorted(problem.what for problem in problems) == ["an older version; left out", "deleted; left out"]


def test_a_condition_of_a_group_is_in_nobodys_chart(tmp_path):
    herd = {"resourceType": "Condition", "subject": {"reference": "Group/9"}, "code": {"text": "Measles"}}
    charts, problems = read_text(FORMAT, tmp_path, bundle(PATIENT, herd))
    assert "Measles" not in texts(charts)
    assert any("group" in problem.what for problem in problems)


def test_a_bundle_about_nobody_is_refused_and_not_read_as_a_table(tmp_path):
    from bedside.formats._base import ReadOptions
    from bedside.formats._choose import read_any

    path = tmp_path / "empty.json"
    path.write_text('{"resourceType":"Bundle","type":"searchset","total":0}')
    with pytest.raises(FormatError):
        list(read_any(path, ReadOptions()))
