"""`bedside trials import`: trials of any registry into one file, their criteria read, the newest version of each."""

from __future__ import annotations

import json as jsonlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._import_report import Result
from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say, table
from bedside.errors import BedsideError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.trials.store import Store

NOTHING_USABLE = 2
SHOWN_PROBLEMS = 10


def import_(
    paths: Annotated[
        list[str], typer.Argument(help=tr("Files, folders, globs, archives", "文件、文件夹、通配符或压缩包"))
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Trials to write or update", "写入或更新的试验 JSONL"))],
    report: Annotated[Path | None, typer.Option(help=tr("Where the report goes (JSON)", "报告 JSON 的位置"))] = None,
    json: JsonFlag = False,
) -> None:
    """Read trials into one JSONL file, a line a trial with its criteria; a later run updates it.

    Read are ClinicalTrials.gov JSON (API v2: a page of `studies`, a study, a line each), ChiCTR text, tables
    with `id` and `eligibility` (or `inclusion` and `exclusion`), and archives of these. Of the same id the newer
    version stays. What could not be read is told with its place; exit code 3.

    `bedside trials import studies.json -o TRIALS.jsonl`

    `bedside trials import registry.zip ours.csv -o TRIALS.jsonl --report import.json`
    """
    from bedside.files import check_out, whole_file

    check_out(out, inputs=[Path(path) for path in paths])
    if report:
        check_out(report, inputs=[out, *map(Path, paths)])
    results, totals = _read_all(paths, out)
    whole = {"files": [result.to_dict() for result in results], "totals": totals}
    if report:
        with whole_file(report) as file:
            file.write(jsonlib.dumps(whole, ensure_ascii=False, indent=1))
    if json:
        emit_json(whole)
    _show(results, totals, out, report, quiet=json)
    if not totals["trials"]:
        raise typer.Exit(NOTHING_USABLE)
    if any(result.status != "read" for result in results):
        raise typer.Exit(PARTLY)


def _read_all(paths: list[str], out: Path) -> tuple[list[Result], dict[str, Any]]:
    """Read every source into the store, then write it, if there is anything in it."""
    from bedside.formats._files.sources import Refusal, Sources
    from bedside.trials.store import Store

    results: list[Result] = []
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as scratch, Store(out) as store:
        sources = Sources(paths, Path(scratch))
        with progress(tr("reading trials", "读取试验"), total=sources.total_bytes()) as advance:
            for source in sources:
                if isinstance(source, Refusal):
                    results.append(Result(source.name, told=[{"place": "", "what": source.what}]))
                else:
                    results.append(_read_one(source.path, source.name, store, advance))
                    advance(source.size)
        if any(result.records for result in results):
            store.write()
        said = store.counts
        counts = {"new": said.new, "updated": said.updated, "unchanged": said.unchanged, "older": said.older}
        statuses = {one: sum(1 for r in results if r.status == one) for one in ("read", "partly", "refused")}
        totals = {"files": len(results), **statuses, "trials": len(store), **counts, "hidden_skipped": sources.hidden}
    return results, {**totals, "criteria": sum(result.entries for result in results)}


def _read_one(path: Path, name: str, store: Store, advance: Any) -> Result:
    from bedside.formats._base import Problem
    from bedside.trials.reading import parsed, read

    result = Result(name)
    try:
        for one in read(path):
            if isinstance(one, Problem):
                result.problem(one.place, one.what)
                continue
            kept = store.add(one, parsed)
            result.format = kept.source or "trials"
            result.records += 1
            result.entries += len(kept.criteria)
            if result.records % 100 == 0:
                advance(0, note=tr(f"{result.records:,} trials", f"{result.records:,} 项"))
    except BedsideError as refusal:
        result.problem("", str(refusal))
    return result


def _show(results: list[Result], totals: dict[str, Any], out: Path, report: Path | None, *, quiet: bool) -> None:
    """The human view: a row a file, the first problems, and where the rest are."""
    if not quiet:
        head = (
            tr("file", "文件"),
            tr("source", "来源"),
            tr("came out", "结果"),
            tr("trials", "试验"),
            tr("criteria", "标准条目"),
        )
        words = {"read": tr("read", "读取"), "partly": tr("partly", "部分"), "refused": tr("refused", "拒绝")}
        rows = [(r.file, r.format or "-", words[r.status], r.records, r.entries) for r in results[:30]]
        table(tr("Import of trials", "试验导入"), head, rows)
    problems = [(r.file, p["place"], p["what"]) for r in results for p in r.problems]
    for parts in problems[:SHOWN_PROBLEMS]:
        say(": ".join(filter(None, parts)), quiet=quiet)
    if len(problems) > SHOWN_PROBLEMS:
        where = str(report) if report else tr("use --report FILE to see them", "用 --report FILE 查看")
        more = len(problems) - SHOWN_PROBLEMS
        say(tr(f"... and {more} more problems: {where}", f"……另有 {more} 个问题：{where}"), quiet=quiet)
    if not totals["trials"]:
        say(tr("nothing could be read; no trials written", "没有可读取的内容；未写出试验"), quiet=quiet)
        return
    new, updated, same, older = (totals[name] for name in ("new", "updated", "unchanged", "older"))
    en = f"{counted(totals['trials'], 'trial')} in {out}: {new} new, {updated} updated, {same} unchanged"
    en += f", {older} older left out"
    zh = f"{out} 共 {totals['trials']} 项试验：新增 {new}，更新 {updated}，未变 {same}，较旧未用 {older}"
    say(tr(en, zh), quiet=quiet)
