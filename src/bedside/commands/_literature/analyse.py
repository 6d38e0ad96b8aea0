"""`bedside literature analyse`: what each paper is and says, as lines, tables, edges and a page."""

from __future__ import annotations

import csv
import json as jsonlib
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.commands._io import PARTLY, Jobs, JsonFlag, emit_json, progress, say, table
from bedside.commands._literature.papers import (
    IdColumn,
    Kind,
    Papers,
    PhenotypesFlag,
    TextColumn,
    TitleColumn,
    analysed,
    columns_of,
)
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

LINES, FIGURES, EDGES, REPORT, PAGE = "papers.jsonl", "numbers.csv", "edges.jsonl", "report.json", "report.html"
SHOWN = 5
"""Problems told in the terminal."""


def analyse(
    papers: Annotated[Path, typer.Argument(metavar="FILE", help=tr("Papers: a file or folder", "文献文件或文件夹"))],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder to write", "输出文件夹"))],
    model: Annotated[Path | None, typer.Option(help=tr("Fitted model that labels topics", "主题分类模型"))] = None,
    tagger: Annotated[Path | None, typer.Option(help=tr("Fitted model that tags entities", "实体识别模型"))] = None,
    relater: Annotated[Path | None, typer.Option(help=tr("Fitted model that relates them", "关系判断模型"))] = None,
    phenotypes: PhenotypesFlag = True,
    hpo: Annotated[Path | None, typer.Option(help=tr("Folder with another HPO release", "其他 HPO 版本的目录"))] = None,
    id: IdColumn = None,
    title: TitleColumn = None,
    text: TextColumn = None,
    kind: Kind = None,
    resume: Annotated[bool, typer.Option("--resume", help=tr("Go on with a stopped run", "继续中断的运行"))] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over what is there", "覆盖已有结果"))] = False,
    jobs: Jobs = 1,
    json: JsonFlag = False,
) -> None:
    """Design, roles of sentences, PICO, key terms, figures and whether they agree, findings, relations of each paper.

    Reads PubMed and PMC XML, MEDLINE (.nbib), RIS, PDF, HTML, Markdown, text and any table (JSONL, CSV, Excel,
    Parquet); a folder is all its files. In bounded memory; after a kill, --resume goes on.

    Writes papers.jsonl (a line a paper), numbers.csv (a row a figure), edges.jsonl (for the graph), report.json and
    report.html. Every place is in code points of the paper's text.

    `bedside literature analyse pubmed.xml -o DIR`

    `bedside literature analyse abstracts.jsonl -o DIR --tagger MODEL --relater MODEL --jobs 0`
    """
    from bedside.literature.analysis import Wanted

    _check(papers, out, resume=resume, force=force)
    given = Papers(papers, columns_of(id, title, text), kind)
    wanted = Wanted(model=model, tagger=tagger, relater=relater, phenotypes=phenotypes, hpo=hpo)
    did = analysed(out / LINES, given, wanted, resume=resume, jobs=jobs)
    report = _tables(out, papers, given)
    _tell({"out": out, **did, **report}, as_json=json)


def _check(papers: Path, out: Path, *, resume: bool, force: bool) -> None:
    from bedside.commands._answers import check_place
    from bedside.files import check_out

    if not papers.exists():
        raise UsageError(tr("no such file or folder", "文件或文件夹不存在"), value=papers)
    check_out(out, inputs=[papers], folder=True)
    if out.is_dir():
        check_place(out / LINES, papers, resume=resume, force=force)


def _tables(out: Path, papers: Path, given: Papers) -> dict[str, Any]:
    """The tables, edges and report out of the lines, in one pass."""
    from bedside.files import whole_file
    from bedside.literature import tables
    from bedside.literature.page import write_page
    from bedside.literature.tally import Tally

    tally = Tally()
    figures = edges = 0
    with (
        whole_file(out / FIGURES) as numbers,
        whole_file(out / EDGES) as links,
        (out / LINES).open(encoding="utf-8") as lines,
        progress(tr("writing tables", "写出数据表")) as advance,
    ):
        numbers.write("\ufeff")
        writer = csv.DictWriter(numbers, tables.FIGURES)
        writer.writeheader()
        for said in lines:
            line = jsonlib.loads(said)
            tally.add(line)
            advance()
            if "error" in line:
                continue
            for row in tables.figures_of(line):
                writer.writerow({name: tables.safe(value) for name, value in row.items()})
                figures += 1
            for edge in line["edges"]:
                links.write(jsonlib.dumps(edge, ensure_ascii=False) + "\n")
                edges += 1
    told = {
        "source": papers.name,
        **tally.told(),
        "numbers": figures,
        "edges": edges,
        "problems": given.count,
        "problems_told": given.problems,
    }
    with whole_file(out / REPORT) as file:
        jsonlib.dump(told, file, ensure_ascii=False, indent=1)
        file.write("\n")
    write_page(out / PAGE, told)
    return told


def _tell(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit_json({name: part for name, part in report.items() if name not in ("flagged", "problems_told")})
    else:
        _say(report)
    if report["failed"] or report["problems"]:
        raise typer.Exit(PARTLY)


def _say(report: dict[str, Any]) -> None:
    from bedside.literature.design import design_name

    papers, failed = report["papers"], report["failed"]
    en = f"{counted(papers, 'paper')} read, {failed} failed; {report['numbers']} figures, {report['edges']} edges"
    zh = f"已分析 {papers} 篇，失败 {failed} 篇；数字 {report['numbers']} 个，关系 {report['edges']} 条"
    say(tr(f"{en} in {report['out']}", f"{zh}，见 {report['out']}"))
    head = tr("design", "研究设计"), tr("papers", "篇数")
    table(tr("Designs", "研究设计"), head, [(design_name(name), number) for name, number in report["designs"].items()])
    if report["flags"]:
        from bedside.literature.checks import told

        say(tr("Figures that cannot be right as printed:", "印刷有误或自相矛盾的数字："))
        for name, number in report["flags"].items():
            say(f"  {number}  {told(name)}")
    if report["retracted"]:
        say(tr(f"retracted: {report['retracted']}", f"已撤稿：{report['retracted']}"))
    for one in report["problems_told"][:SHOWN]:
        say(f"  {one['place']}: {one['what']}")
    if (more := report["problems"] - SHOWN) > 0:
        say(tr(f"  and {more} more", f"  另有 {more} 处"))
    say(tr(f"page: {report['out'] / PAGE}", f"页面：{report['out'] / PAGE}"))
    say(disclaimer())
