"""`bedside diagnose` with a chart: FHIR, imported charts, texts, archives in; each finding's place out, no identity."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bedside.charts import write_charts
from bedside.commands._call import call
from bedside.deid import Policy, scrub
from bedside.errors import DataError, FormatError, UsageError
from bedside.lang import speaking
from bedside.types import Code, Entry, RawChart

HPO = "http://human-phenotype-ontology.org"


def condition(code: str, name: str, **more: Any) -> dict[str, Any]:
    coding = [{"system": HPO, "code": code, "display": name}]
    return {"resourceType": "Condition", "id": code[3:], "code": {"coding": coding}, **more}


def note(text: str, date: str) -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode()
    content = [{"attachment": {"contentType": "text/plain", "data": data}}]
    return {"resourceType": "DocumentReference", "id": f"n{date}", "date": f"{date}T10:00:00Z", "content": content}


def bundle_of(path: Path, *resources: dict[str, Any], patient: str = "p1") -> Path:
    person = {
        "resourceType": "Patient", "id": patient, "gender": "female", "birthDate": "2015-03-02",
        "name": [{"family": "Quillfeather", "given": ["Anna"]}],
    }  # fmt: skip
    subject = {"subject": {"reference": f"Patient/{patient}"}}
    entries = [{"resource": person}, *({"resource": {**subject, **one}} for one in resources)]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    return path


def diagnose(release: Path, *words: object) -> tuple[int, str]:
    return call("diagnose", *map(str, words), "--hpo", str(release))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_bundle_is_ranked_as_its_findings_are_and_tells_their_places(release: Path, tmp_path: Path) -> None:
    path = bundle_of(
        tmp_path / "b.json",
        condition("HP:0001250", "Seizure", recordedDate="2016-01-01"),
        note("Anna Quillfeather has ataxia. No cataract.", "2020-05-01"),
    )
    code, said = diagnose(release, path, "--json")
    told = json.loads(said)
    assert code == 0
    _, plain = diagnose(release, "HP:0001250,HP:0001251,-HP:0000518", "--json")
    assert {one["id"] for one in told["ranking"]} == {one["id"] for one in json.loads(plain)["ranking"]}
    found = {one["id"]: one for one in told["chart"]["findings"]}
    assert set(found) == {"HP:0001250", "HP:0001251"}
    assert (found["HP:0001250"]["how"], found["HP:0001251"]["how"]) == ("coded", "text")
    assert found["HP:0001250"]["place"].endswith("entry[1]")
    assert found["HP:0001250"]["days_before_last"] == 1582
    assert told["chart"]["denied"] == ["HP:0000518"]
    assert told["chart"]["sex"] == "female"
    assert "Quillfeather" not in said
    assert "2016-01-01" not in said


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Differs: Seizure", "the later holds")), ("zh", ("不一致", "以较晚者为准"))]
)
def test_a_difference_between_notes_is_shown_with_both_sides(
    release: Path, tmp_path: Path, lang: Any, words: Any
) -> None:
    path = bundle_of(
        tmp_path / "b.json",
        note("Seizure and ataxia.", "2019-05-01"),
        note("No seizures.", "2020-05-01"),
    )
    with speaking(lang):
        code, said = diagnose(release, path)
    assert code == 0
    assert all(word in said for word in words)
    told = json.loads(diagnose(release, path, "--json")[1])
    assert [one["id"] for one in told["chart"]["findings"]] == ["HP:0001251"]
    (differ,) = told["chart"]["conflicts"]
    assert (differ["holds"]["present"], differ["overruled"]["present"]) == (False, True)


def test_charts_of_import_are_numbered_and_scrubbed_ones_keep_their_pseudonym(release: Path, tmp_path: Path) -> None:
    def chart(patient: str, text: str) -> RawChart:
        return RawChart(patient=patient, entries=(Entry(id="1", kind="DocumentReference", text=text),))

    raw = [chart("MRN 4711", "Seizure."), chart("MRN 4712", "Nothing of note.")]
    path, out = tmp_path / "charts.jsonl", tmp_path / "out.jsonl"
    write_charts(path, raw)
    code, _ = diagnose(release, path, "-o", out)
    one, two = lines(out)
    assert code == 3
    assert (one["id"], two["id"], "error" in one, "error" in two) == ("1", "2", False, True)
    assert "4711" not in out.read_text()
    scrubbed = [scrub(one, policy=Policy(seed=1)) for one in raw]
    write_charts(path, scrubbed)
    diagnose(release, path, "-o", out, "--force")
    assert [line["id"] for line in lines(out)] == [one.patient for one in scrubbed]


@pytest.mark.parametrize("text", ["Seizures since infancy; no cataract.", "婴儿期起反复癫痫发作，无白内障。"])
def test_a_story_in_a_text_file_and_in_an_archive_says_the_same(release: Path, tmp_path: Path, text: str) -> None:
    story, packed = tmp_path / "story.txt", tmp_path / "story.zip"
    story.write_text(text, encoding="utf-8")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("story.txt", text)
    plain, zipped = (json.loads(diagnose(release, path, "--json")[1]) for path in (story, packed))
    assert plain["ranking"] == zipped["ranking"]
    assert plain["chart"]["onset_years"] == 0.5
    assert [one["id"] for one in plain["chart"]["findings"]] == ["HP:0001250"]
    assert plain["chart"]["denied"] == ["HP:0000518"]


def test_an_odd_file_in_an_archive_is_told_and_the_charts_are_ranked(release: Path, tmp_path: Path) -> None:
    packed, out = tmp_path / "mixed.zip", tmp_path / "out.jsonl"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "Seizure.")
        archive.writestr("b.txt", "Cataract.")
        archive.writestr("c.bin", b"\x00\x01\x02\xff\xfe")
    code, _ = diagnose(release, packed, "-o", out)
    assert code == 3
    assert ["error" in line for line in lines(out)] == [False, False, True]
    assert "c.bin" in lines(out)[2]["error"]
    with pytest.raises(UsageError, match="-o"):
        diagnose(release, packed)


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff\xfe garbage", b'{"resourceType": "Bundle", "entry": []}'])
def test_a_file_without_a_chart_is_refused_with_what_is_read(release: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.bin"
    path.write_bytes(content)
    with pytest.raises((FormatError, DataError), match=r"odd\.bin"):
        diagnose(release, path)


def test_a_chart_without_findings_is_no_answer(release: Path, tmp_path: Path) -> None:
    path = bundle_of(tmp_path / "b.json", note("Well.", "2020-01-01"))
    with pytest.raises(DataError, match="no finding in this chart"):
        diagnose(release, path)


def test_codes_of_another_terminology_are_read_by_their_names(release: Path, tmp_path: Path) -> None:
    snomed = {"coding": [{"system": "http://snomed.info/sct", "code": "193570009", "display": "Cataract (disorder)"}]}
    path = bundle_of(tmp_path / "b.json", {"resourceType": "Condition", "id": "c", "code": snomed})
    told = json.loads(diagnose(release, path, "--json")[1])
    assert [one["id"] for one in told["chart"]["findings"]] == ["HP:0000518"]


def test_tests_to_do_next_are_told_with_what_they_would_show(release: Path) -> None:
    told = json.loads(diagnose(release, "HP:0001250", "--json")[1])
    assert {"test", "name", "gain_bits", "at_most", "cost", "burden", "findings"} <= set(told["workup"][0])
    gains = [one["gain_bits"] for one in told["workup"] if not one["at_most"]]
    assert gains == sorted(gains, reverse=True)


def test_a_fusion_without_its_model_is_refused(release: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--model"):
        diagnose(release, "HP:0001250", "--fuse", tmp_path)


def test_a_scrubbed_chart_has_a_code_type_that_is_kept(tmp_path: Path, release: Path) -> None:
    chart = RawChart(
        patient="7", entries=(Entry(id="1", kind="Condition", text="Seizure", codes=(Code("HP", "HP:0001250"),)),)
    )
    path = tmp_path / "c.jsonl"
    write_charts(path, [chart])
    assert json.loads(diagnose(release, path, "--json")[1])["chart"]["findings"][0]["how"] == "coded"
