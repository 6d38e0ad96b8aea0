"""A made-up HPO release of a dozen findings and six diseases, in the files' own formats: no package is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.knowledge._ranker import Ranker
from bedside.knowledge.hpo import Hpo, open_hpo

TERMS = {
    "HP:0000001": ("All", ""),
    "HP:0000118": ("Phenotypic abnormality", "HP:0000001"),
    "HP:0000707": ("Abnormality of the nervous system", "HP:0000118"),
    "HP:0001250": ("Seizure", "HP:0000707"),
    "HP:0007359": ("Focal-onset seizure", "HP:0001250"),
    "HP:0001251": ("Ataxia", "HP:0000707"),
    "HP:0001263": ("Global developmental delay", "HP:0000707"),
    "HP:0000478": ("Abnormality of the eye", "HP:0000118"),
    "HP:0000518": ("Cataract", "HP:0000478"),
    "HP:0000545": ("Myopia", "HP:0000478"),
    "HP:0001626": ("Abnormality of the heart", "HP:0000118"),
    "HP:0001638": ("Cardiomyopathy", "HP:0001626"),
    "HP:0000005": ("Mode of inheritance", "HP:0000001"),
    "HP:0001419": ("X-linked recessive inheritance", "HP:0000005"),
    "HP:0003674": ("Onset", "HP:0000001"),
    "HP:0003593": ("Infantile onset", "HP:0003674"),
    "HP:0003584": ("Late onset", "HP:0003674"),
}
HEAD = "database_id disease_name qualifier hpo_id reference evidence onset frequency sex modifier aspect biocuration"
ROWS = """
OMIM:100001|Fictional epilepsy 1||HP:0007359|PMID:1|3/7||P
OMIM:100001|Fictional epilepsy 1||HP:0007359|PMID:2|5/5||P
OMIM:100001|Fictional epilepsy 1||HP:0001263|PMID:1|HP:0040282||P
OMIM:100001|Fictional epilepsy 1|NOT|HP:0000518|PMID:1|||P
OMIM:100001|Fictional epilepsy 1||HP:0001251|PMID:1|0/7||P
OMIM:100001|Fictional epilepsy 1||HP:0003593|PMID:1|||C
OMIM:100002|Fictional ataxia||HP:0001251|PMID:3|40%||P
OMIM:100002|Fictional ataxia||HP:0003584|PMID:3|||C
OMIM:100003|Fictional cataract||HP:0000518|OMIM:100003||MALE|P
OMIM:100003|Fictional cataract||HP:0001419|OMIM:100003|||I
OMIM:100004|Fictional heart disease||HP:0001638|PMID:4|9/10||P
OMIM:100005|Fictional everything||HP:0001250|PMID:5|||P
OMIM:100005|Fictional everything||HP:0000518|PMID:5|||P
OMIM:100005|Fictional everything||HP:0001251|PMID:5|||P
OMIM:100005|Fictional everything||HP:0001638|PMID:5|||P
OMIM:100006|Fictional cataract, autosomal||HP:0000518|PMID:6|||P
ORPHA:77|Fictional heart disease||HP:0000545|ORPHA:77|HP:0040281||P
ORPHA:77|Fictional heart disease||HP:0001638|ORPHA:77|HP:0040281||P
DECIPHER:9|Not ranked||HP:0000545|DECIPHER:9|||P
"""
GENES = {"OMIM:100001": "AAA1", "OMIM:100004": "HRT1", "ORPHA:77": "HRT1"}


def write_release(folder: Path) -> Path:
    """The three files of a release, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = ["format-version: 1.2\ndata-version: hp/releases/2031-02-03\n"]
    for id, (name, parent) in TERMS.items():
        extra = (
            'def: "A \\"fit\\"." [X:1]\nsynonym: "Fits" EXACT layperson []\nalt_id: HP:0001275\n'
            if "1250" in id
            else ""
        )
        above = f"is_a: {parent} ! {TERMS[parent][0]}\n" if parent else ""
        parts.append(f"[Term]\nid: {id}\nname: {name}\n{extra}{above}")
    parts.append("[Term]\nid: HP:0009999\nname: old cataract\nis_obsolete: true\nreplaced_by: HP:0000518\n")
    (folder / "hp.obo").write_text("\n".join(parts), encoding="utf-8")
    lines = ["#description: made up", "#version: 2031-02-03", "\t".join(HEAD.split())]
    for row in ROWS.strip().splitlines():
        disease, name, denied, term, reference, often, sex, aspect = row.split("|")
        lines.append("\t".join([disease, name, denied, term, reference, "PCS", "", often, sex, "", aspect, "X"]))
    (folder / "phenotype.hpoa").write_text("\n".join(lines) + "\n", encoding="utf-8")
    genes = [f"1\t{gene}\tHP:0001250\tSeizure\t-\t{disease}" for disease, gene in GENES.items()]
    head = "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id"
    (folder / "genes_to_phenotype.txt").write_text("\n".join([head, *genes]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path / "release")


@pytest.fixture
def hpo(release: Path) -> Hpo:
    return open_hpo(release)


@pytest.fixture
def ranker(hpo: Hpo) -> Ranker:
    return Ranker(hpo)
