"""Rank rare diseases for a patient's findings, with the evidence | 按患者表型对罕见病排序，并给出证据"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._diagnose import options as given
from bedside.commands._diagnose.genes import Prevalence, Sample, Vcf
from bedside.commands._diagnose.named import disease_named, file_named, is_terms, only_case
from bedside.commands._diagnose.out import Ask, Fhir, Outputs, Phenopacket, Report, with_text
from bedside.commands._io import Jobs, JsonFlag, emit_json
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._diagnose.beside import Beside
    from bedside.commands._diagnose.genes import Genes
    from bedside.tasks._diagnosis.told import Told

SHOWN = 10
"""Diseases of one case on the terminal."""


def run(
    case: given.Case,
    out: given.Out = None,
    top: given.Top = 100,
    exclude_evidence: given.ExcludeEvidence = None,
    use_genes: given.UseGenes = False,
    vcf: Vcf = None,
    sample: Sample = None,
    prevalence: Prevalence = None,
    denied: given.Denied = 0.0,
    why: given.Why = None,
    against: given.Against = None,
    hpo: given.Release = None,
    resume: given.Resume = False,
    force: given.Force = False,
    jobs: Jobs = 1,
    model: given.LocalModel = None,
    writer: given.WriterName = None,
    fuse: given.Fuse = None,
    workup_by: given.WorkupBy = "gain",
    report: Report = None,
    fhir: Fhir = None,
    phenopacket: Phenopacket = None,
    ask: Ask = False,
    json: JsonFlag = False,
) -> None:
    """Rank every annotated rare disease for the findings of a patient, and show what speaks for it.

    One case is told with its reasons; with -o, a line a case: `id`, `ranking` of `id`, `label`, `score`,
    `probability`, and `abstained`. Rows are `{"id", "present": [{"id": "HP:.."}], "excluded": [..]}`,
    phenopackets, or `{"id", "text", "lang"}`, whose findings are read as `bedside phenotypes` does.

    Genes are ignored unless --use-genes, or --vcf gives the patient's own.
    Denied findings weigh 0 unless --denied says more: published tables list as
    denied what other patients of the same disease have. A row without an answer gets `id` and `error`; exit code 3.

    `bedside diagnose HP:0001250,HP:0001263,HP:0000252`

    `bedside diagnose HP:0001250,HP:0001263 --vcf PATIENT.vcf.gz --prevalence PREVALENCE.tsv`

    `bedside diagnose "A boy of 4 with seizures since infancy, a small head and no words; no fever."`

    `bedside diagnose CASES.jsonl -o OUT.jsonl --top 100 --exclude-evidence pmid`

    `bedside diagnose CASE.json --ask --report answer.html --fhir answer.json`
    """
    from bedside.commands._diagnose.genes import read_genes
    from bedside.commands._diagnose.table import Ranking, rank_table
    from bedside.tasks._diagnosis.told import tell as told_of

    path = None if is_terms(case) else file_named(case)
    _check_place(out, path, ask=ask, resume=resume, force=force)
    table = bool(out and path) and not ask
    outputs = Outputs(report, fhir, phenopacket)
    outputs.check([path, out], table=table)
    genes = read_genes(vcf, sample, table=table)
    ranking = Ranking(
        hpo=hpo,
        prevalence=prevalence,
        use_genes=use_genes,
        evidence_field=exclude_evidence,
        top=top,
        denied=denied,
        model=model,
        writer=writer,
        fuse=fuse,
        workup_by=workup_by,
    )
    ranker, reader = ranking.open(genes.hits)
    named = disease_named(why, ranker.hpo), disease_named(against, ranker.hpo)
    told = partial(told_of, ranker, top=top, denied_weight=denied, disease=named[0], rival=named[1])
    if path and out and not ask:
        views: dict[str, Any] = {"outputs": outputs, "tell_case": told}
        rank_table(ranking, ranker, reader, path, out, resume=resume, jobs=jobs, as_json=json, **views)
        return
    beside = ranking.beside(ranker)
    row = only_case(reader, path, ask=ask) if path else reader.of_words(case, terms=is_terms(case))
    if ask:
        from bedside.commands._diagnose.ask import interviewed

        answer = interviewed(ranker, reader.case(row), top=top, denied=denied, why=named, quiet=json, out=out)
    else:
        answer = told(reader.case(row))
    _tell(beside.also(answer), row.value, beside, genes, outputs, most=min(top, SHOWN), as_json=json)


def _check_place(out: Path | None, path: Path | None, *, ask: bool, resume: bool, force: bool) -> None:
    """Refuse before any work an output that is there already, or that nothing would be written to."""
    from bedside.commands._answers import check_place

    if out and (path or ask):
        check_place(out, path or Path(), resume=resume, force=force)
    elif out:
        raise UsageError(tr("-o is for a file of cases", "-o 用于病例文件"), next="bedside diagnose CASES.jsonl -o OUT")


def _tell(answer: Told, row: Any, beside: Beside, genes: Genes, outputs: Outputs, *, most: int, as_json: bool) -> None:
    """One case in the files that were asked for, and on the terminal or as JSON."""
    from bedside.commands._diagnose.view import as_told, show
    from bedside.tasks._diagnosis.read import reads_findings

    hpo = beside.ranker.hpo
    if outputs:
        answer = with_text(answer, row, reads_findings(hpo))
        outputs.write(answer, hpo, row)
    if as_json:
        emit_json({**as_told(answer, hpo), **beside.told(answer), **genes.told(), **outputs.named()})
        return
    beside.say_first(answer)
    show(answer, hpo, most=most, also=lambda: beside.say_also(answer))
    genes.show()
    outputs.say()


COMMAND = run
