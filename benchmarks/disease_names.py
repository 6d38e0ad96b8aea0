"""How many everyday names of diseases are linked to the right disease, and how many that name none are linked.

    python benchmarks/disease_names.py              # by words, everyday names among them
    python benchmarks/disease_names.py --without    # by the titles of the index alone
    python benchmarks/disease_names.py --nearest    # and by vectors where no word fits

`benchmarks/data/disease_names.tsv` holds names with the OMIM number of a disease that is meant, written by hand without
looking at `src/bedside/tasks/data/disease_names.tsv` (but by its author, after it); and names of common diseases, of
groups of diseases and made-up ones, without a number, which must not be linked. A link is right where the disease meant
is among those found.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from scipy.stats import binomtest

from bedside.cleaning.language import HAN
from bedside.knowledge._ranker import Ranker
from bedside.knowledge.hpo import open_hpo
from bedside.tasks import _disease_links
from bedside.tasks._disease_nearest import nearest_of
from bedside.tasks._listed_diseases import listed

NAMES = Path(__file__).parent / "data" / "disease_names.tsv"


def main() -> None:
    """Print the shares by language, and the names that went wrong."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--without", action="store_true", help="leave the everyday names out")
    ask.add_argument("--nearest", action="store_true", help="link by vectors too")
    given = ask.parse_args()
    if given.without:
        _disease_links.everyday_names = lambda hpo: []
    hpo = open_hpo()
    links = _disease_links.DiseaseLinks(Ranker(hpo), nearest_of(hpo) if given.nearest else None)
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    wrong: list[str] = []
    missed: list[str] = []
    counts: dict[tuple[str, str], list[bool]] = {}
    for name, number in rows:
        found = [hpo.diseases[one] for one in links.of(listed(f"1. {name}").names[0])]
        right = f"OMIM:{number}" in found if number else not found
        kind = "meant" if number else "none meant"
        counts.setdefault((kind, "zh" if HAN.search(name) else "en"), []).append(right)
        if found and not right:
            wrong.append(f"{name} -> {hpo.titles[hpo.disease_number[found[0]]]}")
        if number and not found:
            missed.append(name)
    for (kind, language), right in counts.items():
        low, high = binomtest(sum(right), len(right)).proportion_ci(method="wilson")
        told = "linked right" if kind == "meant" else "not linked"
        share = f"{sum(right) / len(right):.3f} [{low:.3f}, {high:.3f}]"
        print(f"{kind}, {language}: {sum(right)} of {len(right)} {told}, {share}")
    print(f"linked wrong: {len(wrong)}", *wrong, sep="\n  ")
    print(f"not linked: {len(missed)}", *missed, sep="; ")


if __name__ == "__main__":
    main()
