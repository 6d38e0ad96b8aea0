"""FHIR R4 in all the shapes it comes in: what is read, whose it is, what is identity, and what is only reported."""

import base64

import pytest
from _fhir_resources import HB, PATIENT, about, bundle, one
from _reading import data_files, entries, known, read, read_text, texts

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.formats._files.bytes import head
from bedside.formats.fhir import FORMAT


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


def test_staff_alone_make_no_chart_and_the_refusal_says_what_was_there(tmp_path):
    with pytest.raises(FormatError, match="Practitioner"):
        read_text(FORMAT, tmp_path, '{"resourceType": "Practitioner", "id": "1"}')


def test_a_resource_of_nobody_is_kept_with_a_doubt(tmp_path):
    charts, problems = read_text(FORMAT, tmp_path, '{"resourceType": "Condition", "code": {"text": "Gout"}}', "a.json")
    assert (charts[0].patient, texts(charts), len(problems)) == ("a.json", ["Gout"], 1)


def test_every_example_bundle_is_read_without_a_problem():
    for path in data_files("fhir_r4_synthea/train/*.json", "fhir_r4_synthea/dev/*.json"):
        assert FORMAT.sniff(head(path), path.name)
        charts, problems = read(FORMAT, path)
        assert len(charts) == 1
        assert problems == []
        assert all(entry.text for entry in entries(charts))


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
