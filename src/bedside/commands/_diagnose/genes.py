"""What `bedside diagnose` is given beside the findings: a VCF's genes, and a table of prevalences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import progress, say
from bedside.errors import UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.formats._vcf.genes import VcfGenes
    from bedside.knowledge._gene_hits import GeneHit
    from bedside.knowledge._ranker import Ranker
    from bedside.knowledge.hpo import Hpo

Vcf = Annotated[
    Path | None,
    typer.Option(
        "--vcf",
        help=tr("The patient's VCF, annotated with genes: its rare variants as evidence", "患者 VCF（已注释基因）"),
    ),
]
Sample = Annotated[str | None, typer.Option(help=tr("Sample of the VCF, not its first", "VCF 中的样本名（默认首个）"))]
Prevalence = Annotated[
    Path | None,
    typer.Option(help=tr("Table of disease_id and prevalence, as a prior", "疾病编号与患病率表，用作先验")),
]


@dataclass(frozen=True, slots=True)
class Genes:
    """The genes that a VCF speaks for, and how it was read."""

    hits: tuple[GeneHit, ...] = ()
    read: VcfGenes | None = None

    def told(self) -> dict[str, Any]:
        """What of the VCF was used, for `--json`; nothing without one."""
        if self.read is None:
            return {}
        genes = [one.gene for one in self.hits]
        return {"vcf": {**self.read.counts, "genes": genes, "frequencies": self.read.frequencies}}

    def show(self) -> None:
        """Print what of the VCF was used."""
        if self.read is None:
            return
        names = {
            "unreadable": tr("unreadable", "无法读取"),
            "filtered": tr("failed a filter", "未通过过滤"),
            "not carried": tr("not carried", "未携带"),
            "no gene": tr("without a gene", "无基因"),
            "mild": tr("without a damaging effect", "无损害性影响"),
            "common": tr("common", "常见变异"),
        }
        counts = self.read.counts
        left = ", ".join(f"{counts[key]} {name}" for key, name in names.items() if counts[key])
        read, genes = counted(counts["read"], "allele"), counted(len(self.hits), "gene")
        say(
            tr(
                f"VCF: {read} read, {counts['kept']} kept, in {genes}; left out: {left or 'none'}",
                f"VCF：读取 {counts['read']} 个等位基因，保留 {counts['kept']} 个，"
                f"涉及 {len(self.hits)} 个基因；排除：{left or '无'}",
            )
        )
        if not self.read.frequencies:
            what = "It does not say how common its variants are: none was left out as common."
            say(tr(what, "该文件未注明变异频率：没有按常见排除任何变异。"))


def read_genes(vcf: Path | None, sample: str | None, *, table: bool) -> Genes:
    """Read the VCF of one patient; UsageError for a table of cases, or a sample without a VCF."""
    if vcf is None:
        if sample is not None:
            raise UsageError(tr("--sample names a sample of --vcf", "--sample 须与 --vcf 同用"), next="--vcf FILE")
        return Genes()
    if table:
        what = tr("a VCF is of one patient, not of a table of cases", "VCF 属于单个患者，不能用于病例表")
        raise UsageError(what, where="--vcf", next='bedside diagnose CASE.json --vcf FILE | {"gene": [..]} --use-genes')
    if not vcf.is_file():
        raise UsageError(tr("no such file", "没有该文件"), where="--vcf", value=vcf.name)
    from bedside.tasks._diagnosis.genes import gene_hits

    with progress(tr("reading variants", "读取变异")) as advance:
        return Genes(*gene_hits(vcf, sample, advance))


def ranker_of(hpo: Hpo, prevalence: Path | None) -> Ranker:
    """The ranker, with the prior of the user's table if there is one."""
    from bedside.knowledge._links import links
    from bedside.knowledge._prevalence import read_prevalence
    from bedside.knowledge._ranker import Ranker

    return Ranker(hpo, prevalence=read_prevalence(prevalence, hpo, links(hpo)) if prevalence else None)
