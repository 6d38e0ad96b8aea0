"""C-CDA: whole documents and loose fragments, narrative and coded statements, and who is named in them."""

import base64

import pytest
from _reading import data_files, entries, known, read, read_text, texts

from bedside.errors import FormatError
from bedside.formats._files.bytes import head
from bedside.formats.ccda import FORMAT

HEADER = """<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<recordTarget><patientRole><id root="1.2" extension="778899"/><addr><streetAddressLine>12 Oak St</streetAddressLine>
<city>Springfield</city></addr><telecom value="tel:555-0100"/><patient><name><given>Adam</given>
<family>Everyman</family>
</name><administrativeGenderCode code="M"/><birthTime value="19500302"/></patient><providerOrganization>
<name>General Hospital</name></providerOrganization></patientRole></recordTarget>
<author><assignedAuthor><assignedPerson><name><given>Meredith</given><family>Grey</family></name></assignedPerson>
</assignedAuthor></author>
<component>{body}</component></ClinicalDocument>"""
TABLE = (
    "<text><table><tbody><tr><td>Platelets</td><td>152</td></tr><tr><td>CRP</td><td>5</td></tr></tbody></table></text>"
)
LOINC = 'codeSystem="2.16.840.1.113883.6.1"'
SNOMED = 'codeSystem="2.16.840.1.113883.6.96"'
TEMPLATE = '<templateId root="2.16.840.1.113883.10.20.22.{}"/>'


def observation(inner: str, attributes: str = "") -> str:
    return f'<entry><observation classCode="OBS" moodCode="EVN" {attributes}>{inner}</observation></entry>'


def section(inner: str) -> str:
    return f"<section><title>Results</title>{inner}</section>"


def test_a_document_gives_patient_narrative_statements_and_identity(tmp_path):
    hb = observation(f'<code code="718-7" displayName="Hemoglobin" {LOINC}/><effectiveTime value="20240305"/>'
                     '<value xsi:type="PQ" value="13.2" unit="g/dL"/>')  # fmt: skip
    body = f"<structuredBody><component>{section(TABLE + hb)}</component></structuredBody>"
    charts, problems = read_text(FORMAT, tmp_path, HEADER.format(body=body))
    chart = charts[0]
    assert (chart.patient, chart.sex, chart.birth_date, problems) == ("778899", "male", "1950-03-02", [])
    assert texts(charts) == ["Results\nPlatelets 152\nCRP 5", "Hemoglobin 13.2 g/dL"]
    result = entries(charts)[1]
    assert (result.value, result.unit, result.time, result.codes[0].system) == (
        13.2,
        "g/dL",
        "2024-03-05",
        "http://loinc.org",
    )
    assert "Adam Everyman" in known(charts, "NAME")
    assert "Meredith Grey" in known(charts, "STAFF")
    assert known(charts, "HOSPITAL") == {"General Hospital"}
    assert known(charts, "PHONE") == {"555-0100"}
    assert "12 Oak St" in known(charts, "ADDRESS")


def test_a_fragment_with_an_undeclared_prefix_is_read_and_says_that_nobody_is_named(tmp_path):
    value = '<value xsi:type="PQ" value="4.1" unit="mmol/L"/>'
    charts, problems = read_text(FORMAT, tmp_path, section(observation(f'<code displayName="K" code="1"/>{value}')))
    assert texts(charts) == ["K 4.1 mmol/L"]
    assert [problem.place for problem in problems] == ["file"]


def test_several_roots_are_all_read(tmp_path):
    charts, _ = read_text(FORMAT, tmp_path, section(TABLE) + "<!-- and -->" + section("<text>Stable.</text>"))
    assert texts(charts) == ["Results\nPlatelets 152\nCRP 5", "Results\nStable."]


def test_a_problem_is_a_condition_and_a_denied_one_says_not(tmp_path):
    inner = (
        TEMPLATE.format("4.4") + f'<value xsi:type="CD" code="22298006" displayName="Myocardial infarction" {SNOMED}/>'
    )
    charts, _ = read_text(FORMAT, tmp_path, section(observation(inner) + observation(inner, 'negationInd="true"')))
    assert texts(charts, "Condition") == ["Myocardial infarction", "not: Myocardial infarction"]
    assert entries(charts)[0].codes[0].code == "22298006"
    assert entries(charts)[1].codes == ()


def test_an_allergy_names_the_substance_and_a_medicine_the_drug(tmp_path):
    allergy = observation(
        TEMPLATE.format("4.7")
        + '<value xsi:type="CD" code="1" displayName="Drug allergy"/><participant><participantRole>'
        '<playingEntity><code code="7980" displayName="Penicillin G"/></playingEntity></participantRole></participant>'
    )
    drug = (
        '<entry><substanceAdministration moodCode="EVN"><consumable><manufacturedProduct><manufacturedMaterial>'
        '<code code="1" displayName="Warfarin 5 mg"/></manufacturedMaterial></manufacturedProduct></consumable>'
        "</substanceAdministration></entry>"
    )
    charts, _ = read_text(FORMAT, tmp_path, section(allergy + drug + drug.replace("EVN", "INT")))
    assert texts(charts, "AllergyIntolerance") == ["Penicillin G (Drug allergy)"]
    assert texts(charts, "MedicationStatement") == texts(charts, "MedicationRequest") == ["Warfarin 5 mg"]


def test_a_relatives_disease_names_the_relative(tmp_path):
    inner = TEMPLATE.format("4.46") + '<value xsi:type="CD" code="1" displayName="Diabetes"/>'
    organizer = (
        '<entry><organizer moodCode="EVN"><subject><relatedSubject>'
        '<code code="FTH" displayName="Father"/></relatedSubject>'
        f"</subject><component>{observation(inner)[7:-8]}</component></organizer></entry>"
    )
    charts, _ = read_text(FORMAT, tmp_path, section(organizer))
    assert texts(charts, "FamilyMemberHistory") == ["Father: Diabetes"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('<value xsi:type="IVL_PQ"><high value="0.5" unit="mg/L" inclusive="false"/></value>', "< 0.5 mg/L"),
        ('<value xsi:type="IVL_PQ"><low value="1" unit="mg"/><high value="2" unit="mg"/></value>', "1 mg - 2 mg"),
        ('<value xsi:type="ST">Positive<br/> and more</value>', "Positive and more"),
        ('<value xsi:type="PQ" nullFlavor="OTH"><translation value="152" nullFlavor="OTH"><originalText>THOUS/MCL'
         "</originalText></translation></value>", "152 THOUS/MCL"),
    ],
)  # fmt: skip
def test_values_are_said_as_they_are(tmp_path, value, said):
    charts, _ = read_text(FORMAT, tmp_path, section(observation(f'<code code="1" displayName="Test"/>{value}')))
    assert texts(charts) == [f"Test {said}"]


def test_a_name_only_in_the_narrative_is_followed_there(tmp_path):
    text = '<text><content ID="a1">Peanut butter</content></text>'
    pointed = '<code nullFlavor="OTH"><originalText><reference value="#a1"/></originalText></code>'
    charts, _ = read_text(FORMAT, tmp_path, section(text + observation(pointed)))
    assert texts(charts)[1] == "Peanut butter"


def test_an_embedded_body_is_decoded_and_a_referenced_one_is_a_problem(tmp_path):
    data = base64.b64encode(b"Stable on warfarin.").decode()
    inner = f'<nonXMLBody><text mediaType="text/plain" representation="B64">{data}</text></nonXMLBody>'
    charts, problems = read_text(FORMAT, tmp_path, HEADER.format(body=inner))
    assert (texts(charts), problems) == (["Stable on warfarin."], [])
    elsewhere = '<nonXMLBody><text><reference value="x.pdf"/></text></nonXMLBody>'
    assert len(read_text(FORMAT, tmp_path, HEADER.format(body=elsewhere))[1]) == 1


def test_an_impossible_date_is_reported_and_a_partial_one_is_kept_partial(tmp_path):
    stem = '<code code="1" displayName="K"/><effectiveTime value="{}"/>'
    charts, problems = read_text(FORMAT, tmp_path, section(observation(stem.format("20230230"))))
    assert (entries(charts)[0].time, len(problems)) == (None, 2)
    charts, problems = read_text(FORMAT, tmp_path, section(observation(stem.format("202302"))))
    assert (entries(charts)[0].time, len(problems)) == ("2023-02", 1)


def test_fhir_xml_and_html_are_not_taken_for_cda():
    assert not FORMAT.sniff(b'<Observation xmlns="http://hl7.org/fhir"/>', "x.xml")
    assert not FORMAT.sniff(b"<html><body>section</body></html>", "x.xml")
    assert FORMAT.sniff(b"<!-- see http://hl7.org/fhir -->\n<section/>", "x.xml")


def test_an_empty_document_is_refused(tmp_path):
    with pytest.raises(FormatError, match="nothing clinical"):
        read_text(FORMAT, tmp_path, "<section><text/></section>")


def test_every_example_document_is_read_and_nearly_every_fragment():
    for path in data_files("ccda_documents/train/*.ccda", "ccda_documents/dev/*.ccda"):
        charts, _ = read(FORMAT, path, pdf_text=lambda data: ["a page"])
        assert charts[0].entries or known(charts, "NAME"), path.name
    refused = []
    fragments = data_files("ccda_examples/train/**/*.xml", "ccda_examples/dev/**/*.xml")
    for path in fragments:
        assert FORMAT.sniff(head(path), path.name) or "signature" in path.name, path.name
        try:
            read(FORMAT, path)
        except FormatError:
            refused.append(path.name)
    assert len(refused) <= 0.06 * len(fragments), refused
