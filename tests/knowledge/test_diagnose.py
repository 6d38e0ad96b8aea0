"""`bedside diagnose`: cases in, a ranked differential with its reasons out, one patient or a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.errors import DataError, UsageError
from bedside.knowledge.hpo import Hpo
from bedside.lang import speaking
from bedside.tasks._diagnosis.case import case_of

EPILEPSY = {
    "id": "a",
    "present": [{"id": "HP:0001250"}, {"id": "HP:0001263"}],
    "excluded": [{"id": "HP:0000518"}],
    "pmid": "PMID:1",
    "gene": ["HRT1"],
}
HEART = {"id": "b", "present": [{"id": "HP:0001638", "label": "Cardiomyopathy"}], "excluded": []}


def table_of(folder: Path, *rows: Any) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def answers(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def diagnose(release: Path, *words: object) -> tuple[int, str]:
    return call("diagnose", *map(str, words), "--hpo", str(release))


def test_each_case_of_a_table_gets_a_ranking_of_ids_labels_scores_and_chances(release: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    code, said = diagnose(release, table_of(tmp_path, EPILEPSY, HEART), "-o", out, "--top", 3, "--json")
    one, two = answers(out)
    assert code == 0
    assert json.loads(said)["rows"] == 2
    assert [one["ranking"][0]["id"], two["ranking"][0]["id"]] == ["OMIM:100001", "OMIM:100004"]
    assert len(one["ranking"]) == 3
    assert set(one["ranking"][0]) == {"id", "label", "score", "probability", "group"}
    assert isinstance(one["abstained"], bool)
    scores = [entry["score"] for entry in one["ranking"]]
    assert scores == sorted(scores, reverse=True)


def test_own_publications_and_genes_count_only_as_asked(release: Path, tmp_path: Path) -> None:
    path, out = table_of(tmp_path, EPILEPSY), tmp_path / "out.jsonl"

    def score(disease: str, *words: str) -> float:
        diagnose(release, path, "-o", out, "--force", *words)
        return next(one["score"] for one in answers(out)[0]["ranking"] if one["id"] == disease)

    assert score("OMIM:100001", "--exclude-evidence", "pmid") < score("OMIM:100001")
    assert score("OMIM:100004", "--use-genes") > score("OMIM:100004")
    assert score("OMIM:100003", "--denied", "1") < score("OMIM:100003")


def test_a_bad_row_is_told_in_its_place_and_the_rest_is_ranked(release: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    unknown = {"id": "c", "present": [{"id": "HP:7777777"}]}
    code, _ = diagnose(release, table_of(tmp_path, "{not json", unknown, {"id": "d"}, HEART), "-o", out)
    found = answers(out)
    assert code == 3
    assert ["error" in line for line in found] == [True, True, True, False]
    assert [line["id"] for line in found] == ["1", "c", "d", "b"]
    assert "HP:7777777" in found[1]["error"]


def test_a_finding_of_another_release_is_named_and_the_others_count(hpo: Hpo) -> None:
    case = case_of({"present": ["HP:0001250", "HP:7777777", "hp_0001275"]}, hpo)
    assert case.unread == ("HP:7777777",)
    assert [hpo.ids[term] for term in case.findings.present] == ["HP:0001250"]


def test_a_phenopacket_says_the_same_as_a_row(hpo: Hpo) -> None:
    packet = {
        "id": "a",
        "subject": {"sex": "FEMALE"},
        "phenotypicFeatures": [
            {"type": {"id": "HP:0001250"}},
            {"type": {"id": "HP:0001263"}},
            {"type": {"id": "HP:0000518"}, "excluded": True},
        ],
        "diseases": [{"onset": {"age": {"iso8601duration": "P1Y"}}}],
    }
    row = {**EPILEPSY, "sex": "female", "onset": "P1Y"}
    assert case_of(packet, hpo) == case_of(row, hpo)


def test_a_text_goes_through_the_door_that_is_opened_for_it(hpo: Hpo) -> None:
    row = {"id": "t", "text": "抽搐，无白内障", "lang": "zh"}
    with pytest.raises(DataError, match="text"):
        case_of(row, hpo)
    case = case_of(row, hpo, read_text=lambda text, lang: (["HP:0001250"], ["HP:0000518"]))
    assert [hpo.names[term] for term in (*case.findings.present, *case.findings.denied)] == ["Seizure", "Cataract"]


@pytest.mark.parametrize("story", ["Seizures since infancy; no cataract.", "婴儿期起反复癫痫发作，无白内障。"])
def test_a_story_is_ranked_as_its_findings_are(release: Path, tmp_path: Path, story: str) -> None:
    found = {"id": "a", "present": ["HP:0001250"], "excluded": ["HP:0000518"]}
    path, out = table_of(tmp_path, {"id": "a", "text": story}, found), tmp_path / "out.jsonl"
    assert diagnose(release, path, "-o", out, "--denied", 1)[0] == 0
    told, ids = answers(out)
    assert told == ids
    _, said = diagnose(release, story, "--denied", 1, "--json")
    assert json.loads(said)["ranking"][0] == ids["ranking"][0]


def test_a_table_over_two_processes_is_ranked_as_by_one(release: Path, tmp_path: Path) -> None:
    rows = [{**(EPILEPSY, HEART)[n % 2], "id": f"c{n}"} for n in range(40)]
    path = table_of(tmp_path, *rows, {"id": "t", "text": "婴儿期起反复癫痫发作，无白内障。"}, "{not json")
    _, one = diagnose(release, path, "-o", tmp_path / "1.jsonl", "--json")
    code, two = diagnose(release, path, "-o", tmp_path / "2.jsonl", "--json", "--jobs", 2)
    assert (code, one.replace("1.jsonl", "2.jsonl")) == (3, two)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_a_stopped_table_is_taken_up_where_it_ended(release: Path, tmp_path: Path) -> None:
    path, out = table_of(tmp_path, EPILEPSY, HEART), tmp_path / "out.jsonl"
    diagnose(release, path, "-o", out)
    whole = out.read_text()
    out.unlink()
    (tmp_path / "out.jsonl.part").write_text(whole[: whole.index("\n") + 20])
    _, said = diagnose(release, path, "-o", out, "--resume", "--json")
    assert json.loads(said)["skipped"] == 1
    assert out.read_text() == whole


def test_a_table_is_not_written_over_unasked(release: Path, tmp_path: Path) -> None:
    path, out = table_of(tmp_path, HEART), tmp_path / "out.jsonl"
    out.write_text("mine\n")
    with pytest.raises(UsageError, match="--force"):
        diagnose(release, path, "-o", out)
    assert out.read_text() == "mine\n"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Ranked differential", "Why", "a causal gene is known", "clinician decides")),
        ("zh", ("鉴别诊断排序", "依据", "已知致病基因", "由临床医生决定")),
    ],
)
def test_one_patient_is_told_with_reasons_in_both_languages(release: Path, lang: Any, words: tuple[str, ...]) -> None:
    with speaking(lang):
        code, said = diagnose(release, "HP:0001250,HP:0001263")
    assert code == 0
    assert "OMIM:100001" in said
    assert all(word in said for word in words)


def test_the_reasons_sum_to_the_score_that_is_told(release: Path) -> None:
    _, said = diagnose(release, "HP:0001250,HP:0000518,-HP:0001251", "--why", "OMIM:100005", "--json")
    told = json.loads(said)
    score = next(one["score"] for one in told["ranking"] if one["id"] == "OMIM:100005")
    assert told["why"]["disease"] == "OMIM:100005"
    assert sum(bar["value"] for bar in told["why"]["bars"]) == pytest.approx(score, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no-such-file.jsonl",), "HP:0001250"),
        (("HP:0001250", "--why", "OMIM:999999"), "OMIM:999999"),
        (("HP:0001250", "-o", "x.jsonl"), "file of cases"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(release: Path, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        diagnose(release, *words)


def test_two_cases_need_a_place_for_the_answers_and_an_empty_file_is_no_case(release: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="-o"):
        diagnose(release, table_of(tmp_path, EPILEPSY, HEART))
    with pytest.raises(DataError, match="no case"):
        diagnose(release, table_of(tmp_path))


def test_words_in_the_place_of_an_id_are_told_as_a_question_mark_and_never_repeated(hpo: Hpo) -> None:
    assert case_of({"present": ["HP:0001250", "王小明 13812345678", "SNOMED:123"]}, hpo).unread == ("?", "SNOMED:123")
    with pytest.raises(DataError) as caught:
        case_of({"present": ["Mary Johnson, 617-555-0199", "HP:7777777"]}, hpo)
    assert "HP:7777777" in str(caught.value)
    assert "Mary".upper() not in str(caught.value).upper()


@pytest.mark.parametrize(
    ("told", "sex", "unread"),
    [
        ({"sex": "walrus"}, "", ("sex",)),
        ({"sex": "女"}, "female", ()),
        ({"sex": "UNKNOWN_SEX"}, "", ()),
        ({"onset": float("nan")}, "", ("onset",)),
        ({"onset": "-P3Y"}, "", ("onset",)),
        ({"onset": "P3Y", "sex": "M"}, "male", ()),
    ],
)
def test_a_sex_or_age_at_onset_that_cannot_be_used_is_told(
    hpo: Hpo, told: dict[str, Any], sex: str, unread: tuple[str, ...]
) -> None:
    case = case_of({"present": ["HP:0001250"], **told}, hpo)
    assert (case.findings.sex, case.unread) == (sex, unread)


def test_a_finding_said_to_be_there_and_not_to_be_there_is_told_and_counts(hpo: Hpo) -> None:
    one = hpo.ids[hpo.number["HP:0001250"]]
    row = {"id": "a", "present": [{"id": one}], "excluded": [{"id": one}]}
    assert case_of(row, hpo).disputed == (one,)
    assert case_of({**row, "excluded": []}, hpo).disputed == ()
    assert case_of(row, hpo).findings.denied == ()
