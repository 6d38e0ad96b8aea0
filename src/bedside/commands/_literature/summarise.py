"""`bedside literature summarise`: papers in their own sentences, findings by outcome, every sentence cited."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, say
from bedside.commands._literature.extract import LINES, _analysed
from bedside.commands._literature.papers import IdColumn, Kind, Papers, TextColumn, TitleColumn, columns_of, whole
from bedside.errors import DataError, UsageError
from bedside.lang import counted, tr


def summarise(
    papers: Annotated[
        Path,
        typer.Argument(metavar="FILE|DIR", help=tr("Papers, or the DIR of an analysis", "文献文件，或分析结果文件夹")),
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=tr("Markdown or JSON to write", "输出 Markdown 或 JSON"))
    ] = None,
    paper: Annotated[
        list[str] | None, typer.Option(metavar="ID", help=tr("This paper only (may be repeated)", "仅此文献（可重复）"))
    ] = None,
    level: Annotated[str, typer.Option(metavar="clinician|patient", help=tr("For whom", "面向读者"))] = "clinician",
    top: Annotated[int, typer.Option(min=1, help=tr("Papers at most", "最多文献数"))] = 50,
    outcomes: Annotated[int, typer.Option(min=1, help=tr("Outcomes at most", "最多结局数"))] = 20,
    id: IdColumn = None,
    title: TitleColumn = None,
    text: TextColumn = None,
    kind: Kind = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """Why, how, what was found, so what, of each paper; of several, also what agrees and disagrees by outcome.

    No sentence is written: each is quoted, with the paper's id and its place. Retracted papers are named and left out.
    Without -o it is printed.

    `bedside literature summarise trial.pdf`

    `bedside literature summarise DIR -o summary.md --level patient`
    """
    from bedside.literature.findings import outcomes_of
    from bedside.literature.written import markdown, outcome_told, paper_told

    _check(papers, out, level, force=force)
    given = Papers(papers, columns_of(id, title, text), kind)
    lines = list(islice(_lines(papers, given, paper), top))
    if not lines:
        what = tr("no such paper", "没有该文献") if paper else tr("no paper in it", "其中没有文献")
        raise DataError(what, where=papers.name, value=", ".join(paper) if paper else None)
    kept = [one for one in lines if not one["retracted"]]
    told = [paper_told(one, cast(Any, level)) for one in kept]
    left = [{"id": one["id"], "title": one["title"]} for one in lines if one["retracted"]]
    found = outcomes_of(kept)
    report = {"papers": told, "outcomes": [outcome_told(one) for one in found[:outcomes]], "left_out": left}
    if told:
        words = "\n".join(markdown(told, found, left, most=outcomes))
    else:
        words = tr("Every paper here is retracted: nothing to summarise.", "所有文献均已撤稿，无可摘要。")
    _write(out, report, words)
    _tell(out, report, words, given, as_json=json)


def _check(papers: Path, out: Path | None, level: str, *, force: bool) -> None:
    from bedside.files import check_out

    if level not in ("clinician", "patient"):
        raise UsageError(
            tr("no such level", "没有这种读者"), where="--level", value=level, allowed=["clinician", "patient"]
        )
    if not papers.exists():
        raise UsageError(tr("no such file or folder", "文件或文件夹不存在"), value=papers)
    if out is None:
        return
    if out.suffix.lower() not in (".md", ".json"):
        raise UsageError(tr("unknown kind of summary", "不支持的摘要格式"), value=out.name, allowed=[".md", ".json"])
    check_out(out, inputs=[papers, papers / LINES])
    if out.exists() and not force:
        raise UsageError(tr("the file is there already", "文件已存在"), value=out, next="--force")


def _lines(papers: Path, given: Papers, wanted: list[str] | None) -> Iterator[Any]:
    from bedside.literature.analysis import Wanted
    from bedside.literature.tables import lines_in

    there = (papers / LINES) if papers.is_dir() else papers
    lines = lines_in(there) if _analysed(there) else whole(given, Wanted(phenotypes=False))
    return (one for one in lines if not wanted or one["id"] in wanted)


def _write(out: Path | None, report: dict[str, Any], words: str) -> None:
    from bedside.files import whole_file

    if out is None:
        return
    with whole_file(out) as file:
        if out.suffix.lower() == ".json":
            jsonlib.dump(report, file, ensure_ascii=False, indent=1)
            file.write("\n")
        else:
            file.write(words)


def _tell(out: Path | None, report: dict[str, Any], words: str, given: Papers, *, as_json: bool) -> None:
    if as_json:
        emit_json({"out": out, **report} if out is None else {"out": out, "papers": len(report["papers"])})
    elif out is None:
        say(words)
    else:
        n = len(report["papers"])
        say(tr(f"{counted(n, 'paper')} summarised in {out}", f"已将 {n} 篇文献的摘要写入 {out}"))
    for one in given.problems[:5]:
        say(f"  {one['place']}: {one['what']}", quiet=True)
    if given.count:
        raise typer.Exit(PARTLY)
