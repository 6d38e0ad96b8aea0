"""Which Orphanet entries speak of the same disease as an OMIM entry: by a shared gene, or by nearly the same name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from bedside.knowledge.hpo import Hpo

FEW_GENES = 2
LIKE_BY_GENE, LIKE_BY_NAME = 0.4, 0.6
"""Jaccard overlap of the names' words from which an entry of many genes, or of no shared gene, is the same disease."""
_EMPTY = frozenset(
    [
        "syndrome",
        "disease",
        "type",
        "disorder",
        "with",
        "and",
        "of",
        "the",
        "familial",
        "autosomal",
        "dominant",
        "recessive",
        "related",
    ]
)


def links(hpo: Hpo) -> list[list[int]]:
    """For each ranked disease the numbers of the Orphanet entries linked to it."""
    of_gene, of_word = defaultdict(list), defaultdict(list)
    full = [_words(title) for title in hpo.titles]
    bare = [words - _EMPTY for words in full]
    for other in range(hpo.ranked, len(hpo.diseases)):
        for gene in hpo.genes[other]:
            of_gene[gene].append(other)
        for word in bare[other]:
            of_word[word].append(other)
    found: list[list[int]] = []
    for disease in range(hpo.ranked):
        by_gene = {other for gene in hpo.genes[disease] for other in of_gene[gene]}
        same = {
            other
            for other in by_gene
            if len(hpo.genes[other]) <= FEW_GENES or _overlap(full[disease], full[other]) >= LIKE_BY_GENE
        }
        shared = Counter(other for word in bare[disease] for other in of_word[word])
        same |= {other for other in shared if _overlap(bare[disease], bare[other]) >= LIKE_BY_NAME}
        found.append(sorted(same))
    return found


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", title.lower()))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
