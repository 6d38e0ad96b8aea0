"""Read charts in any format into one JSONL file, a line a patient | 读取任意格式的病历，每位患者一行 JSONL"""

from __future__ import annotations

import json as jsonlib
import tempfile
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.commands._import_report import Result
from bedside.commands._io import PARTLY, JsonFlag, check_lines_name, emit_json, progress, say, table
from bedside.errors import ColumnError, ConfigError, FormatError, MissingExtra, UsageError
from bedside.files import check_out, unfinished_prefix, whole_file
from bedside.lang import counted, tr

SHOWN_PROBLEMS = 10
RECIPE_KEYS = ("columns", "encoding", "sheet", "format")
NOTHING_USABLE = 2


def run(
    paths: Annotated[
        list[str], typer.Argument(help=tr("Files, folders, globs, archives", "文件、文件夹、通配符或压缩包"))
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Charts to write (JSONL)", "输出的病历 JSONL"))],
    report: Annotated[Path | None, typer.Option(help=tr("Where the report goes (JSON)", "报告 JSON 的位置"))] = None,
    map: Annotated[
        list[str] | None,
        typer.Option("--map", help=tr("text=COL, patient=COL, ... (a+b joins)", "列含义，如 text=列名")),
    ] = None,
    recipe: Annotated[Path | None, typer.Option(help=tr("TOML with [columns]", "含 [columns] 的 TOML"))] = None,
    format: Annotated[str | None, typer.Option(help=tr("Read all as this format", "全部按此格式读取"))] = None,
    encoding: Annotated[str | None, typer.Option(help=tr("Encoding of text files", "文本文件的编码"))] = None,
    sheet: Annotated[str | None, typer.Option(help=tr("Sheet of a workbook", "工作表名称"))] = None,
    json: JsonFlag = False,
) -> None:
    """Read charts in any format into one JSONL file, a line a patient."""
    settings = _settings(recipe, map, format=format, encoding=encoding, sheet=sheet)
    _check_outputs(paths, out, report)
    results, totals = _read_all(paths, [target for target in (out, report) if target], settings)
    whole = {"files": [result.to_dict() for result in results], "totals": totals}
    if report:
        with whole_file(report) as file:
            file.write(jsonlib.dumps(whole, ensure_ascii=False, indent=1))
    if json:
        emit_json(whole)
    _show(results, totals, out, report, quiet=json)
    if not totals["charts"]:
        raise typer.Exit(NOTHING_USABLE)
    if any(result.status != "read" for result in results) or totals["problems"]:
        raise typer.Exit(PARTLY)


COMMAND = run


def _check_outputs(paths: list[str], out: Path, report: Path | None) -> None:
    """Refuse an output that is a folder, that would replace the other one, or an input named on the command line."""
    outputs = [target for target in (out, report) if target]
    for target in outputs:
        if target.is_dir():
            raise UsageError(tr("a folder stands where the file should go", "输出位置是一个文件夹"), value=f"{target}/")
        if any(_same(Path(path), target) for path in paths):
            raise UsageError(tr("the output would replace an input", "输出会覆盖输入文件"), value=target)
        check_out(target)
    if report and out.resolve() == report.resolve():
        what = tr("the report would replace the charts", "报告会覆盖病历")
        raise UsageError(what, value=report, allowed=tr("another --report", "另一个 --report"))
    check_lines_name(out)


def _settings(recipe: Path | None, flags: list[str] | None, **given: str | None) -> dict[str, Any]:
    """The recipe, then the flags over it; every fault of the recipe told together."""
    from bedside.formats._tables.columns import ROLES

    values: dict[str, Any] = {}
    if recipe:
        try:
            values = tomllib.loads(recipe.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise ConfigError(
                [tr("cannot be read as TOML", "无法按 TOML 读取") + f" ({fault})"], where=str(recipe)
            ) from None
    columns = values.get("columns", {})
    faults = [f"{key}: {tr('unknown key', '未知的键')}" for key in values if key not in RECIPE_KEYS]
    if not isinstance(columns, dict) or not all(isinstance(name, str) for name in columns.values()):
        faults.append(tr("columns: each must be a column's name", "columns：每项须为列名"))
    if faults:
        raise ConfigError(faults, where=str(recipe))
    for flag in flags or []:
        role, equals, column = flag.partition("=")
        if not (role and equals and column):
            raise UsageError(tr("--map wants NAME=COLUMN", "--map 须写作 含义=列名"), value=flag)
        columns = {**columns, role.strip(): column.strip()}
    if unknown := columns.keys() - ROLES.keys():
        raise UsageError(
            tr("unknown meaning of a column", "未知的列含义"), value=", ".join(unknown), allowed=list(ROLES)
        )
    return {**values, **{key: value for key, value in given.items() if value}, "columns": columns}


def _read_all(paths: list[str], outputs: list[Path], settings: dict[str, Any]) -> tuple[list[Result], dict[str, Any]]:
    """Read every source into a spill file, then write the merged charts to the first output, if there are any.

    What an earlier run wrote inside a folder that is read again is no input.
    """
    from bedside.charts import write_charts
    from bedside.formats._charts.gather import Gather
    from bedside.formats._files.sources import Refusal, Sources

    out = outputs[0]
    results: list[Result] = []
    with (
        tempfile.TemporaryDirectory(dir=out.parent, prefix=unfinished_prefix(out)) as scratch,
        Gather(out) as gather,
    ):
        sources = Sources(paths, Path(scratch))
        with progress(tr("reading", "读取"), total=sources.total_bytes()) as advance:
            for source in sources:
                if isinstance(source, Refusal):
                    results.append(Result(source.name, told=[{"place": "", "what": source.what}]))
                elif not any(_same(source.path, output) for output in outputs):
                    results.append(_read_one(source.path, source.name, settings, gather, advance))
                    advance(source.size)
        if any(result.records for result in results):
            with progress(tr("writing charts", "写出病历")) as advance:
                write_charts(out, (chart for chart in gather.charts() if advance() is None))
        merge = gather.merge
    return results, _totals(results, merge, sources.hidden)


def _read_one(path: Path, name: str, settings: dict[str, Any], gather: Any, advance: Any) -> Result:
    from bedside.formats._base import Problem, ReadOptions
    from bedside.formats._choose import read_any
    from bedside.formats.pdf import attached_pages

    result = Result(name)
    options = ReadOptions(
        encoding=settings.get("encoding"),
        sheet=settings.get("sheet"),
        columns=settings["columns"],
        pdf_text=attached_pages,
        on_note=lambda note: result.notes.setdefault(note),
        on_change=gather.change,
    )
    try:
        for kind, piece in read_any(path, options, settings.get("format")):
            result.format = kind
            if isinstance(piece, Problem):
                result.problem(piece.place, piece.what)
                continue
            gather.add(piece)
            result.records += 1
            result.entries += len(piece.entries)
            if result.records % 1000 == 0:
                advance(0, note=tr(f"{result.records:,} records", f"{result.records:,} 条"))
    except FormatError as refusal:
        result.problem(
            "", refusal.what + (tr(f". Next: {refusal.next}", f"。下一步：{refusal.next}") if refusal.next else "")
        )
    except (ColumnError, MissingExtra) as refusal:
        result.problem("", str(refusal))
    return result


def _same(path: Path, out: Path) -> bool:
    return out.exists() and path.exists() and path.samefile(out)


def _totals(results: list[Result], merge: Any, hidden: int) -> dict[str, Any]:
    statuses = {status: sum(1 for r in results if r.status == status) for status in ("read", "partly", "refused")}
    conflicts = [{"place": tr(f"chart {n}", f"第 {n} 份病历"), "what": what} for n, what in merge.conflicts]
    return {
        "files": len(results),
        **statuses,
        "records": sum(result.records for result in results),
        "charts": merge.patients,
        "entries": merge.entries,
        "duplicates": merge.duplicates,
        "joined": merge.joined,
        "withdrawn": merge.withdrawn,
        "hidden_skipped": hidden,
        "problems": conflicts + [{"place": place, "what": what} for place, what in merge.unresolved],
    }


def _show(results: list[Result], totals: dict[str, Any], out: Path, report: Path | None, *, quiet: bool) -> None:
    """The human view: counts by format, the first problems, and where the rest are."""
    problems = [(r.file, p["place"], p["what"]) for r in results for p in r.problems]
    problems += [("", problem["place"], problem["what"]) for problem in totals["problems"]]
    if not quiet:
        counts: dict[str, list[int]] = {}
        for result in results:
            row = counts.setdefault(result.format or "-", [0, 0, 0, 0, 0])
            row[("read", "partly", "refused").index(result.status)] += 1
            row[3], row[4] = row[3] + result.records, row[4] + result.entries
        head = (
            ("format", "格式"),
            ("read", "读取"),
            ("partly", "部分"),
            ("refused", "拒绝"),
            ("records", "记录"),
            ("entries", "条目"),
        )
        table(
            tr("Import", "导入"), [tr(*names) for names in head], [[name, *row] for name, row in sorted(counts.items())]
        )
    for file, place, what in problems[:SHOWN_PROBLEMS]:
        say(": ".join(part for part in (file, place, what) if part), quiet=quiet)
    if len(problems) > SHOWN_PROBLEMS:
        more = len(problems) - SHOWN_PROBLEMS
        where = str(report) if report else tr("use --report FILE to see them", "用 --report FILE 查看")
        say(tr(f"... and {more} more problems: {where}", f"……另有 {more} 个问题：{where}"), quiet=quiet)
    charts, entries, same = totals["charts"], totals["entries"], totals["duplicates"]
    if charts:
        all_en = f"{counted(charts, 'chart')} with {counted(entries, 'entry', 'entries')}"
        en = f"{all_en} -> {out} ({counted(same, 'repeat')} left out)"
        say(tr(en, f"{charts} 份病历、{entries} 个条目 -> {out}（去重 {same} 条）"), quiet=quiet)
        joined, withdrawn = totals["joined"], totals["withdrawn"]
        if joined or withdrawn:
            gone = f"{counted(withdrawn, 'entry', 'entries')} withdrawn"
            en = f"as later messages say: {joined} merged into others, {gone}"
            say(tr(en, f"按后续消息：{joined} 份记录已合并，{withdrawn} 个条目已撤回"), quiet=quiet)
    else:
        say(tr("nothing could be read; no charts written", "没有可读取的内容；未写出病历"), quiet=quiet)
