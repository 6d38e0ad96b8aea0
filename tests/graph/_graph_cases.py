"""A made-up HPO release, a vocabulary of drugs, and documents in both languages: what the tests' graph is built of."""

from __future__ import annotations

from pathlib import Path

from bedside.library import Item

TERMS = """
HP:0000001|All||
HP:0000118|Phenotypic abnormality|HP:0000001|
HP:0000707|Abnormality of the nervous system|HP:0000118|
HP:0001250|Seizure|HP:0000707|"Fits" EXACT layperson
HP:0001945|Fever|HP:0000118|
HP:0002014|Diarrhea|HP:0000118|
HP:0001386|Joint swelling|HP:0000118|
HP:0000083|Kidney failure|HP:0000118|
HP:0012735|Cough|HP:0000118|
HP:0000006|Autosomal dominant inheritance|HP:0000001|
"""
HEAD = "database_id disease_name qualifier hpo_id reference evidence onset frequency sex modifier aspect biocuration"
ROWS = """
OMIM:100001|Kabuki syndrome||HP:0001250|PMID:1|3/7|P
OMIM:100001|Kabuki syndrome||HP:0012735|PMID:1||P
OMIM:100001|Kabuki syndrome|NOT|HP:0012735|PMID:2||P
OMIM:100001|Kabuki syndrome||HP:0001945|PMID:2|0/9|P
OMIM:100001|Kabuki syndrome||HP:0000006|PMID:1||I
OMIM:100002|Gout||HP:0001386|PMID:3|HP:0040281|P
OMIM:100002|Gout||HP:0001386|PMID:4|5/5|P
OMIM:100003|Ataxia, episodic||HP:0001250|PMID:5||P
ORPHA:77|Kabuki syndrome||HP:0001250|ORPHA:77|HP:0040281|P
"""
GENES = {"OMIM:100001": "KMT2D", "ORPHA:77": "KMT2D"}
DRUGS = [
    {"id": "1", "en": "Metformin", "zh": "二甲双胍", "kind": "drug", "synonyms": "Glucophage"},
    {"id": "2", "en": "Colchicine", "zh": "秋水仙碱", "kind": "drug", "synonyms": ""},
    {"id": "3", "en": "Warfarin", "zh": "华法林", "kind": "drug", "synonyms": ""},
    {"id": "4", "en": "Type 2 diabetes", "zh": "2型糖尿病", "kind": "disease", "synonyms": "T2DM"},
]
ITEMS = [
    Item(
        id="kabuki", title="What are the symptoms of Kabuki syndrome ?", date="2019", text="Fits and cough; no fever."
    ),
    Item(
        id="gout", title="Gout", date="2021-05", text="Colchicine is used to treat gout. Metformin does not treat gout."
    ),
    Item(
        id="zh",
        title="二甲双胍",
        text="二甲双胍用于治疗2型糖尿病。二甲双胍禁用于严重肾衰竭患者。腹泻是二甲双胍的常见副作用。",
    ),
]


def write_release(folder: Path) -> Path:
    """The three files of a release."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = ["format-version: 1.2\ndata-version: hp/releases/2031-02-03\n"]
    for line in TERMS.strip().splitlines():
        id, name, parent, synonym = line.split("|")
        above = f"is_a: {parent}\n" if parent else ""
        parts.append(f"[Term]\nid: {id}\nname: {name}\n{f'synonym: {synonym} []' if synonym else ''}\n{above}")
    (folder / "hp.obo").write_text("\n".join(parts), encoding="utf-8")
    head = (
        "database_id disease_name qualifier hpo_id reference evidence onset frequency sex modifier aspect biocuration"
    )
    lines = ["#description: made up", "#version: 2031-02-03", "\t".join(head.split())]
    for row in ROWS.strip().splitlines():
        disease, name, denied, term, reference, often, aspect = row.split("|")
        lines.append("\t".join([disease, name, denied, term, reference, "PCS", "", often, "", "", aspect, "X"]))
    (folder / "phenotype.hpoa").write_text("\n".join(lines) + "\n", encoding="utf-8")
    genes = [f"1\t{gene}\tHP:0001250\tSeizure\t-\t{disease}" for disease, gene in GENES.items()]
    head = "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id"
    (folder / "genes_to_phenotype.txt").write_text("\n".join([head, *genes]) + "\n", encoding="utf-8")
    return folder
