"""Rank rare diseases for a patient's findings, with the evidence | 按患者表型对罕见病排序，并给出证据"""

from __future__ import annotations

import re
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.cleaning.language import HAN
from bedside.commands._diagnose.beside import Fuse, LocalModel, WorkupBy, WriterName
from bedside.commands._diagnose.genes import Prevalence, Sample, Vcf
from bedside.commands._diagnose.out import Ask, Fhir, Outputs, Phenopacket, Report, with_text
from bedside.commands._io import Jobs, JsonFlag, emit_json
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._diagnose.rows import CaseReader, CaseRow
    from bedside.knowledge.hpo import Hpo

SHOWN = 10
"""Diseases of one case on the terminal."""


def run(
    case: Annotated[
        str,
        typer.Argument(
            metavar="CASE", help=tr("File of cases, HPO ids HP:..,HP:.., or a story", "病例文件、HPO 编号或病情描述")
        ),
    ],
    out: Annotated[Path | None, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))] = None,
    top: Annotated[int, typer.Option(min=1, help=tr("Diseases a case", "每例列出的疾病数"))] = 100,
    exclude_evidence: Annotated[
        str | None,
        typer.Option(
            "--exclude-evidence",
            metavar="FIELD",
            help=tr("Ignore annotations citing the row's FIELD, e.g. pmid", "忽略引用该行 FIELD（如 pmid）的注释"),
        ),
    ] = None,
    use_genes: Annotated[
        bool, typer.Option("--use-genes", help=tr("Use the row's genes as evidence", "将该行基因用作证据"))
    ] = False,
    vcf: Vcf = None,
    sample: Sample = None,
    prevalence: Prevalence = None,
    denied: Annotated[
        float, typer.Option(min=0, max=1, help=tr("Weight of denied findings", "被否认表型的权重"))
    ] = 0.0,
    why: Annotated[
        str | None, typer.Option(metavar="OMIM:ID", help=tr("Explain this disease, not the first", "解释该疾病"))
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="OMIM:ID", help=tr("Compare with this one", "与该疾病对比"))
    ] = None,
    hpo: Annotated[
        Path | None, typer.Option(help=tr("Folder of a newer HPO release", "较新 HPO 发布文件的目录"))
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    jobs: Jobs = 1,
    model: LocalModel = None,
    writer: WriterName = None,
    fuse: Fuse = None,
    workup_by: WorkupBy = "gain",
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
    from bedside.commands._answers import check_place
    from bedside.commands._diagnose.genes import read_genes
    from bedside.commands._diagnose.table import Ranking, rank_table
    from bedside.commands._diagnose.view import as_told, show
    from bedside.tasks._diagnosis.read import reads_findings
    from bedside.tasks._diagnosis.told import tell as told_of

    path = None if _is_terms(case) else _file(case)
    if out and (path or ask):
        check_place(out, path or Path(), resume=resume, force=force)
    elif out:
        raise UsageError(tr("-o is for a file of cases", "-o 用于病例文件"), next="bedside diagnose CASES.jsonl -o OUT")
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
    named = _ranked(why, ranker.hpo), _ranked(against, ranker.hpo)
    told = partial(told_of, ranker, top=top, denied_weight=denied, disease=named[0], rival=named[1])
    if path and out and not ask:
        views: dict[str, Any] = {"outputs": outputs, "tell_case": told}
        rank_table(ranking, ranker, reader, path, out, resume=resume, jobs=jobs, as_json=json, **views)
        return
    beside = ranking.beside(ranker)
    row = _only(reader, path, ask=ask) if path else reader.of_words(case, terms=_is_terms(case))
    if ask:
        from bedside.commands._diagnose.ask import interviewed

        answer = interviewed(ranker, reader.case(row), top=top, denied=denied, why=named, quiet=json, out=out)
    else:
        answer = told(reader.case(row))
    answer = beside.also(answer)
    if outputs:
        answer = with_text(answer, row.value, reads_findings(ranker.hpo))
        outputs.write(answer, ranker.hpo, row.value)
    if json:
        emit_json({**as_told(answer, ranker.hpo), **beside.told(answer), **genes.told(), **outputs.named()})
        return
    beside.say_first(answer)
    show(answer, ranker.hpo, most=min(top, SHOWN), also=lambda: beside.say_also(answer))
    genes.show()
    outputs.say()


def _ranked(id: str | None, hpo: Hpo) -> str:
    """A disease that was named, or nothing; UsageError for one that is not ranked."""
    if id is not None and hpo.disease_number.get(id, hpo.ranked) >= hpo.ranked:
        raise UsageError(tr("no ranked disease of that id", "没有该编号的疾病"), value=id, allowed="OMIM:000000")
    return id or ""


def _only(reader: CaseReader, path: Path, *, ask: bool) -> CaseRow:
    """The one case of a file; UsageError when there are more."""
    rows = list(islice(reader.rows(path), 2))
    if len(rows) == 1:
        return rows[0]
    if ask:
        raise UsageError(tr("questions are for one case", "追问仅用于单个病例"), where="--ask", value=path.name)
    what = tr("give one case, or say where to write the answers", "请给出单个病例或指定输出文件")
    raise UsageError(what, next="-o OUT.jsonl")


def _is_terms(case: str) -> bool:
    return case.strip().upper().startswith(("HP:", "HP_"))


def _file(case: str) -> Path | None:
    """The file that is named; None for a story told in words."""
    path = Path(case)
    try:
        there = path.is_file()
    except (OSError, ValueError):  # too long a name, or a null in it: a story
        there = False
    if not there and not re.search(r"\s", case.strip()) and not HAN.search(case):
        what = tr("no such file, no HPO ids, and no story", "既不是文件，也不是 HPO 编号或病情描述")
        allowed = tr(
            "CASES.jsonl | HP:0001250,HP:0001263 | a story in words", "CASES.jsonl | HP:0001250,HP:0001263 | 文字描述"
        )
        raise UsageError(what, value=path.name, allowed=allowed)
    return path if there else None


COMMAND = run
