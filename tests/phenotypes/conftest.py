"""A made-up HPO release of some findings, in the files' own formats: no package is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.phenotypes.reader import Reader

TERMS = """
HP:0000118|Phenotypic abnormality|HP:0000001|
HP:0001945|Fever|HP:0000118|
HP:0001250|Seizure|HP:0000118|"Fits" EXACT layperson
HP:0001903|Anemia|HP:0000118|
HP:0001901|Polycythemia|HP:0000118|
HP:0001744|Splenomegaly|HP:0000118|"Increased spleen size" EXACT layperson
HP:0002240|Hepatomegaly|HP:0000118|"Enlarged liver" EXACT layperson
HP:0000077|Abnormality of the kidney|HP:0000118|
HP:0004322|Short stature|HP:0000118|
HP:0001649|Tachycardia|HP:0000118|
HP:0000822|Hypertension|HP:0000118|
HP:0002027|Abdominal pain|HP:0000118|
HP:0001631|Atrial septal defect|HP:0000118|"ASD2" EXACT abbreviation
HP:0000988|Skin rash|HP:0000118|
HP:0100754|Mania|HP:0000118|
HP:0000819|Diabetes mellitus|HP:0000118|
HP:0031987|Diminished ability to concentrate|HP:0000118|"Concentration problem" EXACT layperson
HP:0100519|Anuria|HP:0000118|
HP:0100515|Pollakisuria|HP:0000118|
HP:0000073|Ureteral duplication|HP:0000118|
HP:0002329|Drowsiness|HP:0000118|"Sleepy" EXACT layperson
HP:0002359|Frequent falls|HP:0000118|
HP:0001596|Alopecia|HP:0000118|
HP:0000520|Proptosis|HP:0000118|
HP:0002875|Exertional dyspnea|HP:0000118|
HP:0003391|Gowers sign|HP:0000118|
HP:0000508|Ptosis|HP:0000118|
HP:0002066|Gait ataxia|HP:0000118|
HP:0000992|Cutaneous photosensitivity|HP:0000118|
HP:0002321|Vertigo|HP:0000118|
HP:0000006|Autosomal dominant inheritance|HP:0000001|
"""


def write_release(folder: Path) -> Path:
    """The three files of a release, in a folder."""
    parts = ["format-version: 1.2\ndata-version: hp/releases/2031-02-03\n", "[Term]\nid: HP:0000001\nname: All\n"]
    for line in TERMS.strip().splitlines():
        id, name, parent, synonym = line.split("|")
        extra = f"synonym: {synonym} []\n" if synonym else ""
        parts.append(f"[Term]\nid: {id}\nname: {name}\n{extra}is_a: {parent}\n")
    (folder / "hp.obo").write_text("\n".join(parts), encoding="utf-8")
    columns = (
        "database_id disease_name qualifier hpo_id reference evidence onset frequency sex modifier aspect biocuration"
    )
    row = ["OMIM:100001", "Fictional fits", "", "HP:0001250", "PMID:1", "PCS", "", "3/7", "", "", "P", "X"]
    annotations = ["#version: 2031-02-03", "\t".join(columns.split()), "\t".join(row)]
    (folder / "phenotype.hpoa").write_text("\n".join(annotations) + "\n", encoding="utf-8")
    head = "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id"
    (folder / "genes_to_phenotype.txt").write_text(
        f"{head}\n1\tAAA1\tHP:0001250\tSeizure\t-\tOMIM:100001\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "release"
    folder.mkdir()
    return write_release(folder)


@pytest.fixture
def reader(release: Path) -> Reader:
    from bedside.knowledge.hpo import open_hpo

    return Reader(open_hpo(release))
