"""Human Phenotype Ontology: findings, and which rare diseases show them how often | 人类表型本体及罕见病表型注释"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.files import cached_folder
from bedside.home import place
from bedside.knowledge._base import Source
from bedside.knowledge._hpo_build import build
from bedside.knowledge._hpo_files import INSTALL, find, installed
from bedside.lang import tr

INDEX = "1"
"""Raised when the index is built differently, so that an older one is not taken for it."""
LICENCE = "HPO: free for all uses with attribution, unchanged (hpo.jax.org/license); OMIM and Orphanet cited by row"
CITATION = "Gargano MA et al. The Human Phenotype Ontology in 2024. Nucleic Acids Res 2024;52:D1333-D1346"

Ints = NDArray[np.int32]


def licence() -> str:
    """The ontology's licence in the user's language."""
    zh = "HPO：注明来源即可自由使用，不得改动（hpo.jax.org/license）；OMIM 与 Orphanet 逐条引用"
    return tr(LICENCE, zh)


class Hpo:
    """A release, opened from its index: terms by number (parents before children), diseases by number (OMIM first)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._arrays: dict[str, Any] = {}
        self.about: dict[str, Any] = self._json("about")
        terms, diseases = self._json("terms"), self._json("diseases")
        self.ids: list[str] = terms["ids"]
        self.names: list[str] = terms["names"]
        self.number: dict[str, int] = {**terms["old"], **{id: n for n, id in enumerate(self.ids)}}
        self.diseases: list[str] = diseases["ids"]
        self.titles: list[str] = diseases["names"]
        self.genes: list[list[str]] = diseases["genes"]
        self.inheritance: list[list[int]] = diseases["inheritance"]
        self.course: list[list[int]] = diseases["course"]
        self.disease_number: dict[str, int] = {id: n for n, id in enumerate(self.diseases)}
        self.ranked = sum(id.startswith("OMIM:") for id in self.diseases)
        for name in ("parents", "closure", "row_references"):
            setattr(self, f"_{name}", self.array(name))
            setattr(self, f"_{name}_start", self.array(f"{name}_start"))
        self.row_term, self.row_seen, self.row_of = (self.array(f"row_{name}") for name in ("term", "seen", "of"))
        self.row_onset, self.row_sex = self.array("row_onset"), self.array("row_sex")
        self.row_frequency, self.disease_rows = self.array("row_frequency"), self.array("disease_rows")

    @property
    def release(self) -> str:
        """The date of the annotations."""
        return str(self.about["annotations"] or self.about["ontology"])

    @property
    def key(self) -> str:
        """What tells this release's index from any other."""
        return self.folder.name

    def array(self, name: str) -> Any:
        """One array of the index, mapped from the disk once; a plain view, which is sliced several times faster."""
        if name not in self._arrays:
            self._arrays[name] = np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))
        return self._arrays[name]

    def parents(self, term: int) -> Ints:
        """The terms directly above one."""
        return _slice(self, "parents", term)

    def ancestors(self, term: int) -> Ints:
        """The term itself and all above it."""
        return _slice(self, "closure", term)

    def rows(self, disease: int) -> range:
        """The numbers of a disease's annotation rows."""
        return range(int(self.disease_rows[disease]), int(self.disease_rows[disease + 1]))

    def references(self, row: int) -> list[str]:
        """Who says so: PMID, OMIM or ORPHA ids of an annotation row."""
        return [self._evidence["references"][n] for n in _slice(self, "row_references", row)]

    def frequency(self, row: int) -> str:
        """The frequency of an annotation row as the file writes it: `3/7`, `40%`, a category's id, or nothing."""
        return str(self._evidence["frequencies"][int(self.row_frequency[row])])

    def label(self, id: str) -> str:
        """The name of a term by its id, old ids included; nothing for one that is unknown."""
        return self.names[self.number[id]] if id in self.number else ""

    def definition(self, term: int) -> str:
        """What a term means, in English."""
        return str(self._words[term][0])

    def synonyms(self, term: int) -> list[tuple[str, str, str]]:
        """Other wordings of a term: text, scope (EXACT, BROAD, NARROW, RELATED), kind (layperson, abbreviation...)."""
        return [(text, scope, kind) for text, scope, kind in self._words[term][1]]

    @cached_property
    def citing(self) -> dict[str, list[int]]:
        """Which diseases have a row that cites a reference."""
        found: dict[str, list[int]] = {}
        owner = np.repeat(np.arange(len(self.diseases)), np.diff(self.disease_rows))
        starts = np.asarray(self.array("row_references_start"))
        rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        pairs = np.unique(np.stack([np.asarray(self.array("row_references")), owner[rows]]), axis=1)
        for reference, disease in pairs.T.tolist():
            found.setdefault(self._evidence["references"][reference], []).append(disease)
        return found

    @cached_property
    def diseases_of(self) -> dict[str, list[int]]:
        """The ranked diseases of a gene, by its symbol."""
        found: dict[str, list[int]] = {}
        for disease, genes in enumerate(self.genes[: self.ranked]):
            for gene in genes:
                found.setdefault(gene, []).append(disease)
        return found

    @cached_property
    def _evidence(self) -> dict[str, list[str]]:
        return self._json("references")

    @cached_property
    def _words(self) -> list[Any]:
        return self._json("words")

    def _json(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))


def open_hpo(folder: Path | None = None) -> Hpo:
    """The release of `folder`, of the home or of the installed package; its index is built the first time.

    Raises UsageError when there is none, FormatError when a file is not what it should be.
    """
    files = find(folder)
    digest = hashlib.sha256("".join([INDEX, files.origin, *files.sha256.values()]).encode()).hexdigest()[:16]
    return Hpo(cached_folder(place("cache", "hpo") / digest, lambda fresh: build(files, fresh)))


def _slice(hpo: Hpo, name: str, at: int) -> Ints:
    start = getattr(hpo, f"_{name}_start")
    return getattr(hpo, f"_{name}")[start[at] : start[at + 1]]


SOURCE = Source(name="hpo", licence=LICENCE, citation=CITATION, install=INSTALL, installed=installed, open=open_hpo)
