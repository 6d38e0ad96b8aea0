"""The genes of a patient's VCF as evidence for the ranking: a separate bar, never part of phenotype-only figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bedside.formats._vcf.genes import VcfGenes, genes_of
from bedside.knowledge._gene_hits import GeneHit


def gene_hits(
    path: Path, sample: str | None = None, on_lines: Callable[[int], None] | None = None
) -> tuple[tuple[GeneHit, ...], VcfGenes]:
    """The genes hit in `sample` (the first of the file unless named), and what of the file was kept and left out."""
    found = genes_of(path, sample, on_lines)
    return tuple(GeneHit(one.gene, one.carried, one.one, one.both, one.told) for one in found.genes), found
