"""HL7 v2 as hospitals send it: framing, separators, escapes, character sets, and what each segment becomes."""

import base64
from contextlib import suppress

import pytest
from _reading import data_files, entries, known, read, read_text, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import BedsideError, FormatError
from bedside.formats._files.bytes import head
from bedside.formats.hl7v2 import FORMAT

MSH = r"MSH|^~\&|LAB|General Hospital|EHR|X|20240305||{kind}|C1|P|2.5|||||||{charset}"
PID = "PID|1||778899^^^H^MR||Everyman^Adam^Q||19500302|M|||12 Oak St^^Springfield^IL^62701||555-0100|||||AC-9"


def message(*segments: str, kind: str = "ORU^R01", charset: str = "", end: str = "\r") -> str:
    return end.join([MSH.format(kind=kind, charset=charset), PID, *segments]) + end


@pytest.mark.parametrize("chunk", [1, 1 << 20])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_haemoglobin_is_read_however_segments_end(tmp_path, monkeypatch, end, chunk):
    monkeypatch.setattr("bedside.formats._hl7v2.message.CHUNK", chunk)
    text = message("OBR|1|||58410-2^CBC^LN", "OBX|1|NM|718-7^Hemoglobin^LN||13.2|g/dL|12-16|N|||F", end=end)
    charts, problems = read_text(FORMAT, tmp_path, text)
    result = entries(charts)[-1]
    assert (result.text, result.value, result.unit) == (
        "Hemoglobin 13.2 g/dL (reference: 12-16; flag: N)",
        13.2,
        "g/dL",
    )
    assert (result.codes[0].system, result.origin.place) == ("http://loinc.org", "line 4")
    assert not problems


def test_names_addresses_and_numbers_become_identity_and_stay_out_of_the_entries(tmp_path):
    visit = "PV1|1|I|W3^301^B^General Hospital||||1234^Grey^Meredith"
    charts, _ = read_text(FORMAT, tmp_path, message(visit, "NK1|1|Everyman^Eve|SPO||555-0199", kind="ADT^A01"))
    chart = charts[0]
    assert (chart.patient, chart.sex, chart.birth_date) == ("778899", "male", "1950-03-02")
    assert {"Adam Q Everyman", "Everyman", "Eve"} <= known(charts, "NAME")
    assert "Meredith Grey" in known(charts, "STAFF")
    assert known(charts, "PHONE") == {"555-0100", "555-0199"}
    assert {"301"} <= known(charts, "BED/ROOM")
    assert "AC-9" in known(charts, "ACCOUNT")
    assert "12 Oak St, Springfield" in known(charts, "ADDRESS")
    assert not any("Grey" in text or "Everyman" in text for text in texts(charts))


def test_lines_of_one_report_are_one_note_and_two_reports_are_two(tmp_path):
    lines = [f"OBX|{i}|TX|18748-4^CT chest^LN||{text}" for i, text in enumerate(["No nodule.", "Heart normal."], 1)]
    one, _ = read_text(FORMAT, tmp_path, message(*lines))
    assert texts(one) == ["CT chest\nNo nodule.\nHeart normal."]
    two, _ = read_text(FORMAT, tmp_path, message(lines[0], "OBX|2|TX|24627-2^CT head^LN||Normal."))
    assert len(texts(two)) == 2


def test_a_document_in_base64_is_read_and_a_pointer_to_one_is_a_problem(tmp_path):
    data = base64.b64encode("既往高血压".encode()).decode()
    charts, problems = read_text(
        FORMAT, tmp_path, message(f"OBX|1|ED|1^Note||^text^plain^Base64^{data}", kind="MDM^T02")
    )
    assert "既往高血压" in texts(charts, "DocumentReference")[0]
    assert not problems
    _, problems = read_text(FORMAT, tmp_path, message("OBX|1|RP|1^Note||http://x/y", kind="MDM^T02"))
    assert len(problems) == 1


def test_comments_go_with_the_result_above_them(tmp_path):
    charts, _ = read_text(FORMAT, tmp_path, message("OBX|1|NM|1^K||4.1|mmol/L", "NTE|1||haemolysed"))
    assert texts(charts) == ["K 4.1 mmol/L\nnote: haemolysed"]


def test_other_separators_and_escapes_are_honoured(tmp_path):
    other = "MSH#*%!@#LAB#H###2024##ORU*R01#1#P#2.5\rPID#1##42\rOBX#1#TX#N*Note##a!F!b!.br!c!E!d"
    charts, _ = read_text(FORMAT, tmp_path, other)
    assert charts[0].patient == "42"
    assert texts(charts) == ["Note\na#b\nc!d"]


def test_an_ampersand_escape_is_undone_and_a_stray_backslash_stays(tmp_path):
    charts, _ = read_text(FORMAT, tmp_path, message(r"OBX|1|ST|1^Unit||A\T\E", r"OBX|2|ST|2^Path||C:\tmp"))
    assert [entry.value for entry in entries(charts)] == ["A&E", r"C:\tmp"]


@pytest.mark.parametrize(
    ("charset", "encoding"), [("GB 18030-2000", "gb18030"), ("UNICODE UTF-8", "utf-8"), ("", "gb18030")]
)
def test_chinese_is_read_in_the_declared_encoding_and_guessed_without_one(tmp_path, charset, encoding):
    text = message("OBX|1|TX|1^主诉||反复咳嗽、咳痰十年，加重伴气促三天", charset=charset)
    charts, _ = read_text(FORMAT, tmp_path, text.encode(encoding))
    assert texts(charts) == ["主诉: 反复咳嗽、咳痰十年，加重伴气促三天"]


def test_batches_and_framing_bytes_hold_several_patients(tmp_path):
    other = message("DG1|1||I10^Hypertension^I10").replace("778899", "2")
    batch = "FHS|^~\\&\rBHS|^~\\&\r" + message("DG1|1||J18.9^Pneumonia^I10") + other + "BTS|2\rFTS|1\r"
    charts, _ = read_text(FORMAT, tmp_path, batch)
    assert [chart.patient for chart in charts] == ["778899", "2"]
    framed = b"\x0b" + message("DG1|1||I10^Hypertension").encode() + b"\x1c\r"
    assert FORMAT.sniff(framed, "x.txt")
    assert texts(read_text(FORMAT, tmp_path, framed)[0]) == ["Hypertension"]


def test_a_line_broken_inside_a_field_is_mended(tmp_path):
    charts, _ = read_text(FORMAT, tmp_path, message("OBX|1|FT|1^Note||first line\nsecond line|||"))
    assert texts(charts) == ["Note\nfirst line\nsecond line"]


def test_an_impossible_date_keeps_the_entry_and_is_reported(tmp_path):
    charts, problems = read_text(FORMAT, tmp_path, message("DG1|1||I10^Hypertension||20230230"))
    assert entries(charts)[0].time is None
    assert problems[0].place == "line 3"
    assert "date" in problems[0].what
    charts, problems = read_text(FORMAT, tmp_path, message("DG1|1||I10^Hypertension||202302"))
    assert (entries(charts)[0].time, problems) == ("2023-02", [])


def test_a_site_segment_is_kept_not_dropped(tmp_path):
    charts, _ = read_text(FORMAT, tmp_path, message("ZXX|1|allergic to pollen"))
    assert entries(charts)[0].kind == "Basic"
    assert "allergic to pollen" in texts(charts)[0]


def test_a_file_without_a_message_is_refused(tmp_path):
    with pytest.raises(FormatError):
        read_text(FORMAT, tmp_path, "Dear colleague,\nMSH is an abbreviation.")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_never_crash(tmp_path_factory, noise):
    with suppress(BedsideError):
        read_text(FORMAT, tmp_path_factory.mktemp("n"), message().encode() + noise)


def test_every_example_message_is_sniffed_and_read():
    for path in data_files("hl7v2_messages/train/*.hl7", "hl7v2_messages/dev/*.hl7"):
        assert FORMAT.sniff(head(path), path.name), path.name
        charts, _ = read(FORMAT, path)
        assert charts, path.name


def test_a_result_that_is_no_number_stays_in_words_and_one_taken_back_has_no_value(tmp_path):
    rows = ("OBX|1|NM|2823-3^Potassium^LN||haemolysed|mmol/L", "OBX|2|NM|2823-3^Potassium^LN||4.1|mmol/L|||||W")
    charts, problems = read_text(FORMAT, tmp_path, message(*rows))
    spoilt, wrong = entries(charts)
    assert (spoilt.text, spoilt.value) == ("Potassium haemolysed mmol/L", None)
    assert (wrong.text, wrong.value, wrong.codes) == ("Potassium 4.1 mmol/L (status: wrong)", None, ())
    assert len(problems) == 1


def test_a_result_without_a_time_was_measured_when_its_report_says_it_was_drawn(tmp_path):
    first, second = "OBR|1|||1^Panel|||20260101110000", "OBR|2|||1^Panel|||20260102110000"
    bare, dated = "OBX|1|NM|1^K||6.8|mmol/L|||||F", "OBX|2|NM|1^K||4.4|mmol/L|||||F|||20260103090000"
    charts, _ = read_text(FORMAT, tmp_path, message(first, bare, second, dated))
    found = [(one.value, one.time) for one in entries(charts) if one.kind == "Observation"]
    assert found == [(6.8, "2026-01-01T11:00:00"), (4.4, "2026-01-03T09:00:00")]


@pytest.mark.parametrize(("event", "told"), [("ADT^A40", True), ("ADT^A11", True), ("ADT^A01", False)])
def test_a_message_that_takes_back_or_merges_is_told_where_nobody_can_carry_it_out(tmp_path, event, told):
    _, problems = read_text(FORMAT, tmp_path, message("DG1|1||I10^Hypertension^I10", kind=event))
    assert any("NOT done" in problem.what for problem in problems) is told


def test_a_message_sent_again_gives_the_same_entries_and_another_of_its_number_gives_its_own(tmp_path):
    sent = message("OBX|1|NM|718-7^Hemoglobin^LN||13.2|g/dL", "DG1|1||D50^Anaemia^I10")
    other = message("OBX|1|NM|718-7^Hemoglobin^LN||9.9|g/dL")
    charts, _ = read_text(FORMAT, tmp_path, sent + other + sent)
    first, between, again = ([entry.id for entry in chart.entries] for chart in charts)
    assert first == again
    assert not set(first) & set(between)
