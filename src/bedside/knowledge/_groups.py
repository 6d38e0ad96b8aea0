"""Which diseases are near twins: members of one numbered series, or diseases of one gene.

The findings can seldom tell them apart ("Joubert syndrome 24" from "25"), so a list may fold them into one line.
"""

from __future__ import annotations

import re
from collections import Counter

from bedside.knowledge.hpo import Hpo

_MEMBER = re.compile(
    r"[\s,;-]*\b(?:(?:type|group|form|complementation group)\s+)?(?:[0-9]+[A-Z]?|[IVX]+[A-Z]?|[A-Z][0-9]*)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r",?\s+(?:with|without|and|due to|autosomal|x-linked|susceptibility to|digenic|mild|severe|included)\b.*$",
    re.IGNORECASE,
)
SHORTEST = 4
"""Letters that must remain of a name."""


def series_of(title: str) -> str:
    """The name without its number or letter, in lower case; the whole name where it has neither.

    >>> series_of("Ciliary dyskinesia, primary, 49, without situs inversus")
    'ciliary dyskinesia, primary'
    >>> series_of("Mucopolysaccharidosis type IIIB"), series_of("KBG syndrome")
    ('mucopolysaccharidosis', 'kbg syndrome')
    """
    whole = " ".join(title.split(";")[0].split()).lower()
    for name in (whole, _AFTER.sub("", whole)):
        short = _MEMBER.sub("", name).strip(" ,;-")
        if short != name and len(short) >= SHORTEST:
            return short
    return whole


def groups(hpo: Hpo) -> list[str]:
    """[d] for each ranked disease the series if others are of it too, else its gene if others have it, else ""."""
    series = [series_of(title) for title in hpo.titles[: hpo.ranked]]
    of_series = Counter(series)
    of_gene = Counter(gene for genes in hpo.genes[: hpo.ranked] for gene in genes)
    found = []
    for name, genes in zip(series, hpo.genes[: hpo.ranked], strict=True):
        shared = [gene for gene in genes if of_gene[gene] > 1]
        found.append(name if of_series[name] > 1 else shared[0] if len(genes) == 1 and shared else "")
    return found
