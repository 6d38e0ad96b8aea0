"""Beside the findings: likeness as a whole, variants in genes, prevalence, and which diseases are near twins."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.commands._call import call
from bedside.errors import ColumnError, DataError, UsageError
from bedside.knowledge._closure import closure_without
from bedside.knowledge._gene_hits import GeneHit
from bedside.knowledge._groups import groups, series_of
from bedside.knowledge._links import links
from bedside.knowledge._lr_weights import WEIGHTS
from bedside.knowledge._prevalence import read_prevalence, share_of
from bedside.knowledge._ranker import Findings, Ranker
from bedside.knowledge._rerank import LEADING, leading
from bedside.knowledge._waterfall import waterfall
from bedside.knowledge.hpo import Hpo


def findings(ranker: Ranker, *ids: str, **more: object) -> Findings:
    return Findings(tuple(ranker.hpo.number[id] for id in ids), **more)  # type: ignore[arg-type]


def cosine(ranker: Ranker, found: Findings, column: int, without: tuple[str, ...] = ()) -> float:
    """The likeness by its definition, over dense vectors."""
    content = -np.log(ranker.background.astype(float))
    content[ranker.background > 0.5] = 0
    mine, theirs = np.zeros(len(content)), np.zeros(len(content))
    for term in found.present:
        mine[ranker.hpo.ancestors(term)] = content[ranker.hpo.ancestors(term)]
    terms, share = closure_without(ranker.hpo, column, without)
    theirs[terms] = content[terms] * np.sqrt(share)
    return float(mine @ theirs / max(1e-6, np.linalg.norm(mine) * np.linalg.norm(theirs)))


@pytest.mark.parametrize("without", [(), ("PMID:1",), ("PMID:4", "ORPHA:77")])
def test_likeness_is_the_cosine_of_findings_and_annotation_with_evidence_left_out(
    ranker: Ranker, without: tuple[str, ...]
) -> None:
    found = findings(ranker, "HP:0007359", "HP:0001638", "HP:0000545")
    parts = ranker.score(found, without=without).parts
    heart = ranker.hpo.disease_number["OMIM:100004"]
    for disease in range(ranker.hpo.ranked):
        wanted = WEIGHTS["likeness"] * cosine(ranker, found, disease, without)
        assert parts["likeness"][disease] == pytest.approx(wanted, abs=1e-5)
    orphanet = WEIGHTS["likeness_orphanet"] * cosine(ranker, found, ranker.hpo.disease_number["ORPHA:77"], without)
    assert parts["likeness_orphanet"][heart] == pytest.approx(orphanet, abs=1e-5)
    assert (parts["likeness_orphanet"] > 0).sum() <= 1


@given(st.lists(st.floats(-5, 5, width=32), min_size=1, max_size=200))
def test_the_second_look_is_at_the_first_and_at_all_that_tie_with_its_last(scores: list[float]) -> None:
    total = np.array(scores, dtype=np.float32)
    chosen = leading(total)
    assert len(chosen) >= min(LEADING, len(total))
    left = np.delete(total, chosen)
    assert not len(left) or left.max() < total[chosen].min()


def test_two_altered_copies_fit_a_recessive_disease_and_one_fits_a_dominant_one() -> None:
    one, two = GeneHit("A", carried=1.0, one=1.0, both=0.0), GeneHit("A", carried=1.0, one=0.0, both=1.0)
    recessive, dominant = ["HP:0000007"], ["HP:0000006"]
    assert one.fit(recessive, "") < one.fit(dominant, "") == 1.0
    assert two.fit(recessive, "") == 1.0 > two.fit(dominant, "")
    assert one.fit([], "") == two.fit([], "") == 1.0


def test_a_boy_with_one_copy_on_x_is_ill_and_his_mother_carries_it() -> None:
    hit = GeneHit("A", carried=1.0, one=1.0, both=0.0)
    assert hit.fit(["HP:0001419"], "male") == 1.0 > hit.fit(["HP:0001419"], "female") > 0


def test_variants_are_a_bar_of_their_own_and_the_bars_still_sum(ranker: Ranker) -> None:
    hit = GeneHit("HRT1", 1.0, 1.0, 0.0, "c.7C>T (one copy)")
    found = findings(ranker, "HP:0000707", variants=(hit,))
    scores = ranker.score(found)
    heart = ranker.hpo.disease_number["OMIM:100004"]
    assert np.flatnonzero(scores.parts["variants"]).tolist() == [heart]
    bars = waterfall(ranker, found, scores, heart)
    assert [bar.source for bar in bars if bar.kind == "variants"] == ["HRT1: c.7C>T (one copy)"]
    assert sum(bar.value for bar in bars) == pytest.approx(float(scores.total[heart]), abs=1e-5)
    assert "variants" not in ranker.score(findings(ranker, "HP:0000707")).parts


@pytest.mark.parametrize(
    ("text", "share"),
    [("0.0001", 1e-4), ("0.01 %", 1e-4), ("1/40000", 2.5e-5), ("4 per 100,000", 4e-5), ("<1 / 1 000 000", 1e-6),
     ("1-9 / 100 000", 3e-5), ("unknown", None), ("", None), ("0", None), ("2", None), ("1.2.3", None), ("1/0", None)],
)  # fmt: skip
def test_a_prevalence_is_read_as_people_write_it(text: str, share: float | None) -> None:
    assert share_of(text) == (share if share is None else pytest.approx(share))


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_prevalence(text: str) -> None:
    share = share_of(text)
    assert share is None or 0 < share <= 1


def test_a_common_disease_moves_up_a_rare_one_down_and_one_not_in_the_table_stays(hpo: Hpo, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("disease_id,prevalence\nOMIM:100001,1/1000\nOMIM:100002,1/1000000\nORPHA:77,1/100000\n")
    prior = read_prevalence(path, hpo, links(hpo))
    at = {id: float(prior[hpo.disease_number[id]]) for id in hpo.diseases[: hpo.ranked]}
    assert at["OMIM:100001"] > 0 > at["OMIM:100002"]
    assert at["OMIM:100004"] == at["OMIM:100003"] == 0  # the median of the table, by its Orphanet entry; not in it
    ranker = Ranker(hpo, prevalence=prior)
    scores = ranker.score(findings(ranker, "HP:0001250"))
    assert scores.parts["prevalence"].tolist() == prior.tolist()


@pytest.mark.parametrize(
    ("content", "fault", "told"),
    [
        ("name,prevalence\nx,1\n", ColumnError, "disease_id"),
        ("disease_id,prevalence\nOMIM:100001,often\n", DataError, "line 2"),
        ("disease_id,prevalence\nOMIM:999999,0.1\n", DataError, "OMIM:000000"),
    ],
)
def test_a_table_that_cannot_be_a_prior_is_refused(
    hpo: Hpo, tmp_path: Path, content: str, fault: type[Exception], told: str
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(content)
    with pytest.raises(fault, match=told):
        read_prevalence(path, hpo, links(hpo))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Joubert syndrome 24", "Joubert syndrome 5"),
        ("Mucopolysaccharidosis type IIIB", "Mucopolysaccharidosis type II"),
        ("Spastic paraplegia 81, autosomal recessive", "Spastic paraplegia 3A, autosomal dominant"),
        ("Ciliary dyskinesia, primary, 49, without situs inversus", "Ciliary dyskinesia, primary, 1"),
    ],
)
def test_members_of_one_numbered_series_are_near_twins(one: str, other: str) -> None:
    assert series_of(one) == series_of(other)
    assert series_of(one) != series_of("KBG syndrome")


def test_a_disease_that_stands_alone_has_no_group_and_one_of_a_series_has_its_name(hpo: Hpo) -> None:
    hpo.titles[0], hpo.titles[1] = "Fictional epilepsy 1", "Fictional epilepsy 2"
    assert groups(hpo)[:4] == ["fictional epilepsy", "fictional epilepsy", "", ""]


def test_the_command_takes_a_vcf_for_one_patient_and_tells_what_it_used(release: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.vcf"
    head = '##fileformat=VCFv4.2\n##INFO=<ID=ANN,Number=.,Type=String,Description="x">\n'
    columns = "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "S1"])
    row = "\t".join(["1", "5", ".", "C", "T", "9", "PASS", "ANN=T|stop_gained|HIGH|HRT1", "GT", "0/1"])
    path.write_text(f"{head}{columns}\n{row}\n")
    code, text = call("diagnose", "HP:0000707", "--vcf", str(path), "--hpo", str(release), "--json")
    told = json.loads(text)
    assert code == 0
    assert (told["vcf"]["kept"], told["vcf"]["genes"]) == (1, ["HRT1"])
    assert told["ranking"][0]["id"] == "OMIM:100004"
    assert {"id", "label", "score", "probability", "group"} == set(told["ranking"][0])
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"present": ["HP:0001250"]}\n')
    words = map(str, ("diagnose", cases, "-o", tmp_path / "out.jsonl", "--vcf", path, "--hpo", release))
    with pytest.raises(UsageError, match="one patient"):
        call(*words)
