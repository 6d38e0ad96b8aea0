"""`bedside literature extract`: tables of figures or of papers, with the columns that are asked for."""

from __future__ import annotations

import csv
import json as jsonlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, say
from bedside.commands._literature.papers import IdColumn, Kind, Papers, TextColumn, TitleColumn, columns_of, whole
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

LINES = "papers.jsonl"


def extract(
    papers: Annotated[
        Path,
        typer.Argument(metavar="FILE|DIR", help=tr("Papers, or the DIR of an analysis", "文献文件，或分析结果文件夹")),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("CSV or JSONL to write", "输出 CSV 或 JSONL"))],
    rows: Annotated[
        str, typer.Option(metavar="figures|papers", help=tr("A row is a figure or a paper", "每行一个数字或一篇文献"))
    ] = "figures",
    columns: Annotated[
        str | None, typer.Option(metavar="A,B,...", help=tr("These columns, in this order", "所需列及顺序"))
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(metavar="HR,OR,...", help=tr("These kinds of figures only", "仅导出这些种类的数字")),
    ] = None,
    flagged: Annotated[
        bool, typer.Option("--flagged", help=tr("Only what cannot be right as printed", "仅导出存疑的数字"))
    ] = False,
    id: IdColumn = None,
    title: TitleColumn = None,
    text: TextColumn = None,
    kind: Kind = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """A row a figure (estimate, interval, p, arm, outcome, sentence) or a paper (design, PICO, sentences by role).

    Of a file of papers, which is read anew, or the folder that `analyse` wrote. A CSV opens in spreadsheets as it is.

    `bedside literature extract DIR -o effects.csv --only HR,OR,RR --columns paper,outcome,value,low,high,p,sentence`

    `bedside literature extract pubmed.xml -o papers.jsonl --rows papers --columns id,design,population,conclusions`
    """
    from bedside.files import whole_file
    from bedside.literature import tables

    if rows not in ("figures", "papers"):
        raise UsageError(tr("no such rows", "行类型无效"), where="--rows", value=rows, allowed=["figures", "papers"])
    if out.suffix.lower() not in (".csv", ".jsonl"):
        raise UsageError(tr("unknown kind of table", "不支持的表格类型"), value=out.name, allowed=[".csv", ".jsonl"])
    _check(papers, out, force=force)
    names = tables.chosen(columns, tables.FIGURES if rows == "figures" else tables.PAPERS)
    given = Papers(papers, columns_of(id, title, text), kind)
    kinds = _kinds(only)
    count = 0
    with whole_file(out) as file:
        write = _writer(file, names, out.suffix.lower())
        for row in tables.only(_rows(papers, given, rows, kinds, flagged=flagged), names):
            write(row)
            count += 1
    if json:
        emit_json({"out": out, "rows": count, "columns": names, "problems": given.count})
    else:
        say(tr(f"{counted(count, 'row')} written to {out}", f"已写出 {count} 行到 {out}"))
        for one in given.problems[:5]:
            say(f"  {one['place']}: {one['what']}")
        say(disclaimer())
    if given.count:
        raise typer.Exit(PARTLY)


def _check(papers: Path, out: Path, *, force: bool) -> None:
    from bedside.files import check_out

    if not papers.exists():
        raise UsageError(tr("no such file or folder", "文件或文件夹不存在"), value=papers)
    check_out(out, inputs=[papers, papers / LINES])
    if out.exists() and not force:
        raise UsageError(tr("the file is there already", "文件已存在"), value=out, next="--force")


def _kinds(only: str | None) -> frozenset[str]:
    """The kinds of figures that are asked for; none named: all."""
    from bedside.literature._statistic import measures

    named = frozenset(one.strip() for one in (only or "").split(",") if one.strip())
    known = {*measures(), "n", "proportion", "mean", "median", "change", "p"}
    if wrong := sorted(named - known):
        what = tr("no such kind of figure", "没有这种数字")
        raise UsageError(what, where="--only", value=", ".join(wrong), allowed=sorted(known))
    return named


def _rows(papers: Path, given: Papers, rows: str, kinds: frozenset[str], *, flagged: bool) -> Iterator[dict[str, Any]]:
    from bedside.literature import tables
    from bedside.literature.analysis import Wanted

    there = (papers / LINES) if papers.is_dir() else papers
    lines = tables.lines_in(there) if _analysed(there) else whole(given, Wanted(phenotypes=False))
    for line in lines:
        if rows == "papers":
            row = tables.paper_row(line)
            if not flagged or row["flags"]:
                yield row
            continue
        for row in tables.figures_of(line):
            if (not kinds or row["kind"] in kinds) and (not flagged or row["flags"]):
                yield row


def _analysed(path: Path) -> bool:
    """Whether a file holds lines of an analysis."""
    if not path.is_file() or path.suffix != ".jsonl":
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        first = file.readline()
    return '"roles"' in first and '"numbers"' in first and '"pico"' in first


def _writer(file: IO[str], names: tuple[str, ...], suffix: Literal[".csv", ".jsonl"] | str) -> Any:
    from bedside.literature.tables import safe

    if suffix == ".jsonl":
        return lambda row: file.write(jsonlib.dumps(row, ensure_ascii=False) + "\n")
    file.write("\ufeff")
    table = csv.DictWriter(file, names)
    table.writeheader()
    return lambda row: table.writerow({name: safe(value) for name, value in row.items()})
