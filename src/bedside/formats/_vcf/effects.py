"""What a variant does to which gene, as its annotator wrote it: snpEff's ANN, VEP's CSQ, ClinVar's GENEINFO.

Severity follows the four impacts that Ensembl and snpEff give the terms of the Sequence Ontology: high 1, moderate 0.6
(as much as a missense weighs in Exomiser when no predictor speaks), splice region 0.3, the rest 0. A variant that
ClinVar calls pathogenic weighs 1 whatever its term, one it calls benign 0.
Sources: Ensembl, "Calculated variant consequences"; Cingolani et al., "Variant annotations in VCF format" 1.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedside.formats._vcf import Called, Header

ANNOTATED = ("ANN", "CSQ", "GENEINFO")
ANN_FIELDS = ("Allele", "Consequence", "IMPACT", "SYMBOL", "Gene", "Feature_type", "Feature", "BIOTYPE", "Rank",
              "HGVSc", "HGVSp")  # fmt: skip
"""The places of ANN, by VEP's names for the same things; ANN's order is fixed by its definition."""
HIGH = frozenset([
        "transcript_ablation", "splice_acceptor_variant", "splice_donor_variant", "stop_gained",
        "frameshift_variant", "stop_lost", "start_lost", "transcript_amplification", "feature_elongation",
        "feature_truncation", "exon_loss_variant", "chromosome_number_variation", "rare_amino_acid_variant",
        "nonsense", "splice_acceptor", "splice_donor", "initiator_codon_variant",
])  # fmt: skip
MODERATE = frozenset([
        "inframe_insertion", "inframe_deletion", "missense_variant", "protein_altering_variant",
        "disruptive_inframe_deletion", "disruptive_inframe_insertion", "conservative_inframe_deletion",
        "conservative_inframe_insertion", "inframe_indel",
])  # fmt: skip
NEAR_SPLICE = frozenset([
        "splice_region_variant", "splice_donor_5th_base_variant", "splice_donor_region_variant",
        "splice_polypyrimidine_tract_variant",
])  # fmt: skip
WEIGHTS = ((HIGH, 1.0), (MODERATE, 0.6), (NEAR_SPLICE, 0.3))


@dataclass(frozen=True, slots=True)
class Effect:
    """What one allele does to one gene: severity 0 to 1, the consequence, and how it is written (HGVS), if it is."""

    gene: str
    severity: float
    consequence: str = ""
    written: str = ""


def annotators(header: Header) -> tuple[str, ...]:
    """Which of the known annotations a file declares."""
    return tuple(name for name in ANNOTATED if name in header.info)


def csq_fields(header: Header) -> tuple[str, ...]:
    """The names of CSQ's places, from its description: `... Format: Allele|Consequence|...`."""
    found = re.search(r"Format:\s*([\w|.\-]+)", header.info.get("CSQ", ""))
    return tuple(found[1].split("|")) if found else ()


def effects(called: Called, number: int, csq: tuple[str, ...]) -> tuple[list[Effect], list[dict[str, str]]]:
    """The worst effect on each gene of an allele (1 is the first alternative), and the annotator's own lines on it."""
    lines = [dict(zip(ANN_FIELDS, one.split("|"), strict=False)) for one in _parts(called, "ANN")]
    lines = [line for line in lines if line.get("Allele") == called.alts[number - 1]]
    if csq:
        vep = [dict(zip(csq, one.split("|"), strict=False)) for one in _parts(called, "CSQ")]
        lines += [line for line in vep if _is_of(line, called, number)]
    worst: dict[str, Effect] = {}
    for line in lines:
        for gene in filter(None, re.split(r"[&,]", line.get("SYMBOL", ""))):
            one = Effect(gene, _severity(line), line.get("Consequence", "").replace("&", ", "), _written(line))
            if gene not in worst or one.severity > worst[gene].severity:
                worst[gene] = one
    if not worst:
        worst = {gene: Effect(gene, *_clinvar_term(called)) for gene in _geneinfo(called)}
    said = _clinvar(called)
    if said is not None:
        worst = {gene: Effect(gene, said, one.consequence, one.written) for gene, one in worst.items()}
    return list(worst.values()), lines


def _parts(called: Called, name: str) -> list[str]:
    value = called.info.get(name, "")
    return value.split(",") if value else []


def _is_of(line: dict[str, str], called: Called, number: int) -> bool:
    """Does a line of CSQ speak of this allele? VEP writes an allele without the base it shares with the reference."""
    if len(called.alts) == 1 or ("Allele" not in line and "ALLELE_NUM" not in line):
        return True
    if "ALLELE_NUM" in line:
        return line["ALLELE_NUM"] == str(number)
    alt = called.alts[number - 1]
    shared = all(one[:1] == called.ref[:1] for one in called.alts) and any(
        len(one) != len(called.ref) for one in called.alts
    )
    return line["Allele"] in ((alt[1:] or "-", alt) if shared else (alt,))


def _severity(line: dict[str, str]) -> float:
    terms = set(line.get("Consequence", "").split("&"))
    by_term = max((weight for names, weight in WEIGHTS if terms & names), default=0.0)
    return max(by_term, {"HIGH": 1.0, "MODERATE": 0.6}.get(line.get("IMPACT", ""), 0.0))


def _written(line: dict[str, str]) -> str:
    """HGVS of the coding sequence and the protein, without the transcript."""
    return " ".join(filter(None, (line.get(name, "").rpartition(":")[2] for name in ("HGVSc", "HGVSp"))))


def _geneinfo(called: Called) -> list[str]:
    """The symbols of ClinVar's `BRCA1:672|NBR2:10230`."""
    return [one.split(":")[0] for one in called.info.get("GENEINFO", "").split("|") if one.split(":")[0]]


def _clinvar_term(called: Called) -> tuple[float, str]:
    """Severity and consequence by ClinVar's MC, `SO:0001583|missense_variant`; a gene without it weighs nothing."""
    terms = {one.rpartition("|")[2] for one in called.info.get("MC", "").split(",")} - {""}
    return max((weight for names, weight in WEIGHTS if terms & names), default=0.0), ", ".join(sorted(terms))


def _clinvar(called: Called) -> float | None:
    """1 for what ClinVar calls (likely) pathogenic, 0 for (likely) benign, None where it says neither or both."""
    said = called.info.get("CLNSIG", "").lower().replace("conflicting_", "")
    if "CONFLICTING" in called.info.get("CLNSIG", "").upper():
        return None
    bad, good = "pathogenic" in said, "benign" in said
    return None if bad == good else float(bad)
