"""Turns the files of an HPO release into arrays that open at once: terms, ancestors, diseases and annotation rows."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._hpo_files import ANNOTATIONS, GENES, ONTOLOGY, HpoFiles
from bedside.knowledge._hpoa import Row, read_hpoa
from bedside.knowledge._obo import Ontology, read_obo

Ints = NDArray[np.int32]
RANKED = ("OMIM:", "ORPHA:")
"""Diseases kept: OMIM's are ranked, Orphanet's are a second source on them."""
SEXES = {"": 0, "MALE": 1, "FEMALE": 2}


def build(files: HpoFiles, folder: Path) -> None:
    """Write the index of a release into an existing, empty folder."""
    ontology = read_obo(files[ONTOLOGY])
    number = _terms(ontology, folder)
    version, rows = read_hpoa(files[ANNOTATIONS])
    _annotations(rows, number, _genes(files[GENES]), folder)
    about = {"ontology": ontology.release, "annotations": version, "origin": files.origin, "sha256": files.sha256}
    _json(folder / "about.json", about)


def _terms(ontology: Ontology, folder: Path) -> dict[str, int]:
    """Write the terms that are in force, parents before children; returns each id's number, old ids included."""
    live = {term.id: term for term in ontology.terms if not term.obsolete}
    order = _parents_first({id: [p for p in term.parents if p in live] for id, term in live.items()})
    number = {id: place for place, id in enumerate(order)}
    parents = [[number[p] for p in live[id].parents if p in number] for id in order]
    closure: list[list[int]] = []
    for place, above in enumerate(parents):
        closure.append(sorted({place}.union(*(closure[p] for p in above))))
    _ragged(folder, "parents", parents)
    _ragged(folder, "closure", closure)
    for term in ontology.terms:
        old = [*term.old_ids, term.id] if term.obsolete else term.old_ids
        target = term.replaced_by if term.obsolete else term.id
        if target in number:
            for id in old:
                number.setdefault(id, number[target])
    former = {id: place for id, place in number.items() if id not in live}
    _json(folder / "terms.json", {"ids": order, "names": [live[id].name for id in order], "old": former})
    words = [
        [live[id].definition, [[s.text, s.scope, s.kind] for s in live[id].synonyms if s.kind != "obsolete_synonym"]]
        for id in order
    ]
    _json(folder / "words.json", words)
    return number


def _parents_first(parents: dict[str, list[str]]) -> list[str]:
    children, waiting = defaultdict(list), {id: len(above) for id, above in parents.items()}
    for id, above in parents.items():
        for one in above:
            children[one].append(id)
    order = [id for id, count in waiting.items() if not count]
    for id in order:  # grows as it is walked
        for child in children[id]:
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    return order


def _genes(path: Path) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["disease_id"]].add(row["gene_symbol"])
    return {disease: sorted(genes) for disease, genes in found.items()}


def _annotations(rows: Iterable[Row], number: dict[str, int], genes: dict[str, list[str]], folder: Path) -> None:
    """Write diseases (OMIM first) and their phenotype rows, side by side in the diseases' order."""
    findings: dict[str, list[Row]] = defaultdict(list)
    modes: dict[str, set[int]] = defaultdict(set)
    courses: dict[str, set[int]] = defaultdict(set)
    names: dict[str, str] = {}
    for row in rows:
        if row.term not in number or not row.disease.startswith(RANKED) or row.denied:
            continue
        names[row.disease] = row.name
        if row.aspect == "P":
            findings[row.disease].append(row)
        elif row.aspect == "I":
            modes[row.disease].add(number[row.term])
        elif row.aspect == "C":
            courses[row.disease].add(number[row.term])
    ids = sorted(findings, key=lambda id: (not id.startswith("OMIM:"), id))
    kept = [row for id in ids for row in findings[id]]
    references, frequencies = _Numbers(), _Numbers()
    columns = {
        "row_term": np.array([number[row.term] for row in kept], dtype=np.int32),
        "row_seen": np.array([row.seen for row in kept], dtype=np.float32),
        "row_of": np.array([row.of for row in kept], dtype=np.float32),
        "row_onset": np.array([number.get(row.onset, -1) for row in kept], dtype=np.int32),
        "row_sex": np.array([SEXES.get(row.sex, 0) for row in kept], dtype=np.int32),
        "row_frequency": np.array([frequencies[row.frequency] for row in kept], dtype=np.int32),
        "disease_rows": np.cumsum([0, *(len(findings[id]) for id in ids)], dtype=np.int32),
    }
    for name, values in columns.items():
        np.save(folder / f"{name}.npy", values)
    _ragged(folder, "row_references", [[references[one] for one in row.references] for row in kept])
    table = {
        "ids": ids,
        "names": [names[id] for id in ids],
        "genes": [genes.get(id, []) for id in ids],
        "inheritance": [sorted(modes[id]) for id in ids],
        "course": [sorted(courses[id]) for id in ids],
    }
    _json(folder / "diseases.json", table)
    _json(folder / "references.json", {"references": list(references), "frequencies": list(frequencies)})


class _Numbers(dict[str, int]):
    """Numbers new keys as they come."""

    def __missing__(self, key: str) -> int:
        self[key] = len(self)
        return self[key]


def _ragged(folder: Path, name: str, lists: list[list[int]]) -> None:
    """Lists of unlike length as two arrays: where each starts, and all their members."""
    np.save(folder / f"{name}_start.npy", np.cumsum([0, *map(len, lists)], dtype=np.int32))
    np.save(folder / f"{name}.npy", np.array([one for few in lists for one in few], dtype=np.int32))


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
