"""Everyday names of rare diseases: eponyms, abbreviations and Chinese names, which the titles of the index lack."""

from __future__ import annotations

from importlib.resources import files

from bedside.knowledge.hpo import Hpo


def everyday_names(hpo: Hpo) -> list[tuple[str, tuple[int, ...]]]:
    """Each name with the ranked diseases that it stands for; a disease that this release does not have is left out."""
    found = []
    for line in table().splitlines():
        ids, *names = line.split("\t")
        numbers = (hpo.disease_number.get(f"OMIM:{id}", hpo.ranked) for id in ids.split())
        diseases = tuple(number for number in numbers if number < hpo.ranked)
        found += [(name, diseases) for few in names for name in few.split("; ") if name and diseases]
    return found


def table() -> str:
    """The rows of `data/disease_names.tsv`: OMIM numbers, English names, Chinese names."""
    text = (files("bedside.tasks") / "data" / "disease_names.tsv").read_text(encoding="utf-8")
    _, _, rows = text.partition("omim\ten\tzh\n")
    return rows
