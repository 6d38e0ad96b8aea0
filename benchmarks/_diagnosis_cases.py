"""The patients that benchmarks/diagnosis.py ranks: JSONL rows or phenopackets of any folder, and noise put on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bedside.errors import BedsideError
from bedside.knowledge._onset import years_of
from bedside.knowledge._ranker import Findings
from bedside.knowledge.hpo import Hpo
from bedside.tasks._diagnosis.case import case_of

FILES = ("train.jsonl", "dev.jsonl", "more.jsonl")
"""The sealed test file is not among them."""
PROMPT = "_en-prompt.txt"


@dataclass(frozen=True)
class Case:
    """One patient: what was found, and the number of the disease it was."""

    id: str
    findings: Findings
    truth: int
    disease: str
    leaky: bool


def read_cases(folder: Path, hpo: Hpo) -> tuple[list[Case], int]:
    """The usable cases of a folder's files, streamed, and how many cases there were."""
    cases, count = [], 0
    for row in _rows(folder):
        count += 1
        one = _of_row(row, hpo) if "present" in row else _of_phenopacket(row, hpo)
        if one is not None:
            cases.append(one)
    return cases, count


def listed(cases: list[Case], path: Path) -> tuple[list[Case], int]:
    """The cases that a file names, one a line, and how many it names.

    A line is a name, or as in the published comparison a disease, its id and `NAME_en-prompt.txt`, by tabs.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    names = {_key(line.split("\t")[-1].strip().removesuffix(PROMPT).removesuffix(".json")) for line in lines if line}
    return [case for case in cases if _key(case.id) in names], len(names)


def noisy(cases: list[Case], added: int, seed: int) -> list[Case]:
    """Each case with findings of other cases among its own: what is found by the way, or mistaken."""
    rng = np.random.default_rng(seed)
    pool = np.array([term for case in cases for term in case.findings.present])
    told = []
    for case in cases:
        more = tuple(int(term) for term in rng.choice(pool, 4 * added) if term not in case.findings.present)
        present = (*case.findings.present, *tuple(dict.fromkeys(more))[:added])
        told.append(replace(case, findings=replace(case.findings, present=present)))
    return told


def vague(cases: list[Case], hpo: Hpo, share: float, seed: int) -> list[Case]:
    """Each case with a share of its findings told one step more generally, as a parent."""
    rng = np.random.default_rng(seed)
    top = {hpo.number.get("HP:0000118", -1), hpo.number.get("HP:0000001", -1)}

    def above(term: int) -> int:
        parents = [int(one) for one in hpo.parents(term) if int(one) not in top]
        return int(rng.choice(parents)) if parents and rng.random() < share else term

    return [
        replace(case, findings=replace(case.findings, present=tuple(dict.fromkeys(map(above, case.findings.present)))))
        for case in cases
    ]


def _key(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name).lower()


def _of_row(row: dict, hpo: Hpo) -> Case | None:
    """A row as in phenopackets_rare_disease."""
    truth = hpo.disease_number.get(row["disease"]["id"], hpo.ranked)
    present = sorted({hpo.number[one["id"]] for one in row["present"] if one["id"] in hpo.number})
    if truth >= hpo.ranked or not present:
        return None
    found = Findings(tuple(present), sex=row.get("sex") or "", onset_years=years_of(row.get("onset"), hpo))
    leaky = truth in hpo.citing.get(row["pmid"], ())
    return Case(row["id"], found, truth, row["disease"]["id"], leaky)


def _of_phenopacket(row: dict, hpo: Hpo) -> Case | None:
    """A GA4GH phenopacket with its diagnosis in an interpretation or among its diseases."""
    named = [one.get("diagnosis", {}).get("disease", {}).get("id") for one in row.get("interpretations", [])]
    named += [one.get("term", {}).get("id") for one in row.get("diseases", []) if not one.get("excluded")]
    disease = next((id for id in named if hpo.disease_number.get(id, hpo.ranked) < hpo.ranked), None)
    if disease is None:
        return None
    try:
        found = case_of(row, hpo).findings
    except BedsideError:  # no finding that this release knows
        return None
    truth = hpo.disease_number[disease]
    cited = [one.get("id", "") for one in row.get("metaData", {}).get("externalReferences", [])]
    leaky = any(truth in hpo.citing.get(id, ()) for id in cited)
    found = replace(found, present=tuple(sorted(found.present)), denied=())
    return Case(str(row.get("id", "")), found, truth, disease, leaky)


def _rows(folder: Path) -> Iterator[dict]:
    known = all((folder / name).is_file() for name in FILES)
    for path in [folder / name for name in FILES] if known else sorted(folder.rglob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    for path in sorted(folder.rglob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(row, dict) and "phenotypicFeatures" in row:
            yield row
