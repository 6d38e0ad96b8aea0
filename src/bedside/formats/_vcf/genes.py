"""Which genes a person's rare, damaging variants hit, on one side or both; what was kept and left out is counted.

Left out, in this order: lines that cannot be read, calls that failed a FILTER, alleles that the person does not
carry, alleles without a gene, effects of no weight, alleles that are common. Common is over 2 in 100; for a disease of
one altered copy over 1 in 1,000 (the limits of Exomiser's shipped analysis settings). An allele of unknown frequency
counts as rare. Two variants are on both sides unless the file says by phase that they are on the same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from bedside.errors import FormatError
from bedside.formats._vcf import Called, read_vcf
from bedside.formats._vcf.effects import ANNOTATED, Effect, annotators, csq_fields, effects
from bedside.formats._vcf.frequency import frequency, population_fields
from bedside.lang import tr

COMMON, COMMON_ALONE = 0.02, 0.001
"""Frequency from which an allele is no cause of a disease of two altered copies, and of one."""
ANNOTATE = "snpEff ann GRCh38.mane IN.vcf > OUT.vcf | vep --vcf --symbol --af_gnomade -i IN.vcf -o OUT.vcf"
REASONS = ("read", "kept", "unreadable", "filtered", "not carried", "no gene", "mild", "common")
EVERY = 1000
"""Lines between two words to the progress bar."""


@dataclass(frozen=True, slots=True)
class GeneVariants:
    """One gene: how severe its worst variant is alone, alone and very rare, and on both sides (0 to 1)."""

    gene: str
    carried: float
    one: float
    both: float
    told: str
    """The variants in words: how written or what they do, and on how many sides."""


@dataclass(slots=True)
class VcfGenes:
    """What a file says: genes, and how many alleles were read, kept, and left out for which reason."""

    genes: list[GeneVariants] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    frequencies: bool = False
    """Does the file say how common its variants are? If not, nothing was left out as common."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """One allele of one gene that was kept."""

    effect: Effect
    both: bool
    """On both chromosomes, or on the only one."""
    rare: bool
    side: tuple[str, int] | None
    """Phase set and side, where phased."""


def genes_of(path: Path, sample: str | None = None, on_lines: Callable[[int], None] | None = None) -> VcfGenes:
    """The genes that a VCF's rare, damaging variants hit in `sample` (the first unless named).

    `on_lines` is told how many lines were read since. Raises FormatError when the file names no genes.
    """
    found, hits = VcfGenes(), defaultdict[str, list[_Hit]](list)
    with read_vcf(path, sample) as (header, lines):
        if not annotators(header):
            what = tr("no variant in this file is annotated with its gene", "该文件的变异未注释基因")
            raise FormatError(what, where=path.name, allowed=f"INFO {', '.join(ANNOTATED)}", next=ANNOTATE)
        csq, fields = csq_fields(header), population_fields(header)
        for number, called in enumerate(lines, 1):
            if called is None:
                found.counts["read"] += 1
                found.counts["unreadable"] += 1
            else:
                _take(called, csq, fields, hits, found)
            if on_lines and number % EVERY == 0:
                on_lines(EVERY)
    found.genes = [_summed(gene, few) for gene, few in sorted(hits.items())]
    return found


def _take(
    called: Called, csq: tuple[str, ...], fields: tuple[str, ...], hits: dict[str, list[_Hit]], found: VcfGenes
) -> None:
    """Sort the alleles of one line into hits, or count why not."""
    for number in range(1, len(called.alts) + 1):
        found.counts["read"] += 1
        reason, kept, common = _judged(called, number, csq, fields)
        found.frequencies |= common is not None
        found.counts[reason] += 1
        rare = common is None or common <= COMMON_ALONE
        for effect in kept:
            hits[effect.gene].append(_Hit(effect, _on_both(called, number), rare, _side(called, number)))


def _judged(
    called: Called, number: int, csq: tuple[str, ...], fields: tuple[str, ...]
) -> tuple[str, list[Effect], float | None]:
    """Why an allele counts or not, its effects if it does, and how common it is as far as that was looked at."""
    if not called.passed:
        return "filtered", [], None
    if called.alts[number - 1] in ("*", "<*>", "<NON_REF>") or (called.alleles and number not in called.alleles):
        return "not carried", [], None
    told, lines = effects(called, number, csq)
    if not told:
        return "no gene", [], None
    common = frequency(called, number, fields, lines)
    weighty = [one for one in told if one.severity > 0]
    if not weighty:
        return "mild", [], common
    if common is not None and common > COMMON:
        return "common", [], common
    return "kept", weighty, common


def _on_both(called: Called, number: int) -> bool:
    """Homozygous, or the only copy (a genotype of one allele, as males have on X)."""
    return bool(called.alleles) and all(one == number for one in called.alleles)


def _side(called: Called, number: int) -> tuple[str, int] | None:
    return (called.phase, called.alleles.index(number)) if called.phase else None


def _summed(gene: str, hits: list[_Hit]) -> GeneVariants:
    severity = [one.effect.severity for one in hits]
    pairs = [
        min(one.effect.severity, other.effect.severity) for one, other in combinations(hits, 2) if _apart(one, other)
    ]
    both = [one.effect.severity for one in hits if one.both]
    order = sorted(hits, key=lambda one: -one.effect.severity)
    return GeneVariants(
        gene,
        carried=max(severity),
        one=max((one.effect.severity for one in hits if one.rare), default=0.0),
        both=max([*both, *pairs], default=0.0),
        told="; ".join(_told(one) for one in order[:3]),
    )


def _apart(one: _Hit, other: _Hit) -> bool:
    """May two variants be on different chromosomes? Not when both are phased, and on the same side."""
    return one.side is None or one.side != other.side


def _told(hit: _Hit) -> str:
    sides = tr("both copies", "双拷贝") if hit.both else tr("one copy", "单拷贝")
    return f"{hit.effect.written or hit.effect.consequence or '?'} ({sides})"
