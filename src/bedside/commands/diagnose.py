"""Rank rare diseases for a patient's findings, with the evidence | 按患者表型对罕见病排序，并给出证据"""

from __future__ import annotations

import json as jsonlib
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.cleaning.language import HAN
from bedside.commands._diagnose_genes import Prevalence, Sample, Vcf
from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say
from bedside.errors import BedsideError, UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._diagnose_rows import CaseReader
    from bedside.knowledge._ranker import Ranker

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
    """
    from bedside.commands._answers import check_place
    from bedside.commands._diagnose_genes import beside, ranker_of
    from bedside.commands._diagnose_rows import CaseReader, reads_texts
    from bedside.knowledge.hpo import open_hpo

    path = None if _is_terms(case) else _file(case)
    if out and path:
        check_place(out, path, resume=resume, force=force)
    elif out:
        raise UsageError(tr("-o is for a file of cases", "-o 用于病例文件"), next="bedside diagnose CASES.jsonl -o OUT")
    opened = open_hpo(hpo)
    for id in filter(None, (why, against)):
        if opened.disease_number.get(id, opened.ranked) >= opened.ranked:
            raise UsageError(tr("no ranked disease of that id", "没有该编号的疾病"), value=id, allowed="OMIM:000000")
    genes = beside(vcf, sample, table=bool(path and out))
    ranker = ranker_of(opened, prevalence)
    reader = CaseReader(opened, use_genes, exclude_evidence, reads_texts(opened), genes.hits)
    if path and out:
        _table(ranker, reader, path, out, top=top, denied=denied, resume=resume, as_json=json)
        return
    rows = list(islice(reader.rows(path), 2)) if path else [reader.of_words(case, terms=_is_terms(case))]
    if len(rows) != 1:
        raise UsageError(
            tr("give one case, or say where to write the answers", "请给出单个病例或指定输出文件"), next="-o OUT.jsonl"
        )
    found = rows[0].case()
    from bedside.commands._diagnose_view import show, told
    from bedside.tasks._diagnosis_answer import diagnose, explain

    answer, scores = diagnose(ranker, found, top=top, denied_weight=denied)
    reasons = explain(ranker, found, answer, scores, disease=why or "", rival=against or "")
    if json:
        emit_json({**told(answer, reasons, opened), **genes.told()})
    else:
        show(answer, reasons, opened, scores=scores, most=min(top, SHOWN))
        genes.show()


def _table(
    ranker: Ranker,
    reader: CaseReader,
    path: Path,
    out: Path,
    *,
    top: int,
    denied: float,
    resume: bool,
    as_json: bool,
) -> None:
    from bedside.commands._answers import growing_file, take_up
    from bedside.tasks._diagnosis_answer import diagnose

    rows = reader.rows(path)
    skipped, failed = take_up(out, (row.id for row in rows)) if resume else (0, 0)
    done = abstained = 0
    with growing_file(out, resume=resume) as file, progress(tr("ranking", "排序")) as advance:
        for row in rows:
            line: dict[str, Any]
            try:
                line = diagnose(ranker, row.case(), top=top, denied_weight=denied)[0].line()
            except BedsideError as fault:
                line = {"id": row.id, "error": str(fault)}
            file.write(jsonlib.dumps(line, ensure_ascii=False) + "\n")
            done, failed = done + 1, failed + ("error" in line)
            abstained += bool(line.get("abstained"))
            advance()
    if as_json:
        emit_json({"out": out, "rows": done, "failed": failed, "abstained": abstained, "skipped": skipped})
    else:
        say(
            tr(
                f"{counted(done, 'case')} written to {out}: {abstained} without a proposal, {failed} without an answer",
                f"已写出 {done} 例到 {out}：{abstained} 例不提出诊断，{failed} 例无结果",
            )
        )
        say(disclaimer())
    if failed:
        raise typer.Exit(PARTLY)


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
