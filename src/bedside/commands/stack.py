"""Fit how another engine and the knowledge of rare diseases weigh together | 拟合其他引擎与罕见病知识的融合权重"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.commands._diagnose.options import WriterName
from bedside.commands._io import PARTLY, JsonFlag, Seed, emit_json, say
from bedside.errors import UsageError
from bedside.lang import disclaimer, tr


def run(
    cases: Annotated[
        Path, typer.Argument(metavar="LABELLED", help=tr("Cases with a label, JSONL", "带标签的病例 JSONL"))
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder for the fusion", "融合结果目录"))],
    model: Annotated[
        Path | None, typer.Option(help=tr("Model that did not learn from these cases", "未用这些病例训练的模型"))
    ] = None,
    writer: WriterName = None,
    map: Annotated[
        Path | None,
        typer.Option("--map", help=tr("Table: label, OMIM id or HPO finding", "对照表：标签、OMIM 编号或 HPO 表型")),
    ] = None,
    label: Annotated[str, typer.Option(help=tr("Field of the label", "标签字段"))] = "label",
    patient: Annotated[
        str, typer.Option(help=tr("Field of the patient (none: each row)", "患者字段（无则每行一人）"))
    ] = "patient",
    exclude_evidence: Annotated[
        str | None,
        typer.Option(
            "--exclude-evidence",
            metavar="FIELD",
            help=tr("Ignore annotations citing the row's FIELD, e.g. pmid", "忽略引用该行 FIELD（如 pmid）的注释"),
        ),
    ] = None,
    hpo: Annotated[
        Path | None, typer.Option(help=tr("Folder of a newer HPO release", "较新 HPO 发布文件的目录"))
    ] = None,
    seed: Seed = 0,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a fusion at OUT", "覆盖已有融合结果"))] = False,
    json: JsonFlag = False,
) -> None:
    """Fit how another engine and the knowledge weigh together; measure each alone and both on cases not fitted on.

    Cases are rows of `bedside diagnose` with a `label` (or the OMIM id of `disease`), and `patient`. A label that is an
    OMIM id stands for that disease; others by --map, a line each: `Cardiology<tab>HP:0001626`, `KBG<tab>OMIM:148050`.

    Figures are cross-fitted by patient: label first, among three, log loss, calibration error, with intervals and a
    paired test. Too few cases are refused, and how many it takes is said. `bedside diagnose --fuse STACK` applies it.

    With --writer the labels are OMIM ids, and the weight of its list is fitted over diseases: 0 where it does not help.

    `bedside stack labelled.jsonl --model MODEL --map labels.tsv -o STACK/`

    `bedside stack labelled.jsonl --writer smollm2 -o WEIGHT/`
    """
    from bedside.commands._stack.cases import read_cases
    from bedside.commands._stack.fit import fit_stack, told
    from bedside.commands._stack.view import show
    from bedside.files import check_out

    check_out(out, inputs=[cases, map, model], folder=True)
    if (model is None) == (writer is None):
        what = tr("one engine beside the knowledge", "请给出知识之外的一个引擎")
        raise UsageError(what, allowed="--model MODEL | --writer WRITER")
    if model is None:
        _weigh_writer(cases, str(writer), out, label, exclude_evidence, hpo, seed, force, json)
        return
    found = read_cases(cases, model, map, label=label, patient=patient, evidence=exclude_evidence, hpo=hpo)
    fitted = fit_stack(found, seed)
    fitted.stack.save(out, replace=force)
    report: dict[str, Any] = {**told(fitted), "failed": found.failed, "out": str(out)}
    if json:
        emit_json(report)
    else:
        show(fitted, found)
        say(
            tr(
                f"fusion: {out}; next: bedside diagnose CASE --model {model} --fuse {out}",
                f"融合结果：{out}；下一步：bedside diagnose 病例 --model {model} --fuse {out}",
            )
        )
        say(disclaimer())
    if found.failed:
        raise typer.Exit(PARTLY)


def _weigh_writer(
    cases: Path,
    writer: str,
    out: Path,
    label: str,
    evidence: str | None,
    hpo: Path | None,
    seed: int,
    force: bool,
    as_json: bool,
) -> None:
    """The same for a writer, whose list is of diseases and not of the site's labels."""
    from bedside.commands._diagnose.writer import open_writer
    from bedside.commands._stack.writer import fit_writer, show
    from bedside.knowledge._ranker import Ranker
    from bedside.knowledge.hpo import open_hpo

    opened = open_writer(writer, Ranker(open_hpo(hpo)))
    fitted = fit_writer(cases, opened, label=label, evidence=evidence, seed=seed)
    fitted.weighed.save(out, replace=force)
    if as_json:
        emit_json({**fitted.told(), "out": str(out)})
    else:
        show(fitted, out, writer)
        say(disclaimer())
    if fitted.failed:
        raise typer.Exit(PARTLY)


COMMAND = run
