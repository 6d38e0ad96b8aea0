"""`bedside literature duplicates`: which records are one paper, and which papers are retracted, with the reasons."""

from __future__ import annotations

import json as jsonlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say, table
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.literature._record import Record
    from bedside.literature.notices import Flag
    from bedside.literature.same.find import Match

KINDS = ("duplicate", "version", "same study?")
SHOWN = 40


def duplicates(
    records: Annotated[
        list[Path],
        typer.Argument(metavar="RECORDS...", help=tr("PubMed XML, MEDLINE, RIS, CSV, JSONL, ...", "题录文件")),
    ],
    out: Annotated[Path | None, typer.Option("-o", "--out", help=tr("JSONL: a line a record", "输出 JSONL"))] = None,
    retractions: Annotated[
        Path | None,
        typer.Option("--retractions", metavar="CSV", help=tr("Retraction Watch CSV", "Retraction Watch 表")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Find records of the same paper, other versions of it, and retracted papers; nothing is changed.

    A duplicate needs two witnesses (a DOI and a like title; title, author and year; ...). A preprint and its article,
    or a Chinese and an English report of one trial, are shown and never merged.

    `bedside literature duplicates pubmed.xml embase.ris cnki.ris -o same.jsonl --retractions retraction_watch.csv`
    """
    from bedside.files import check_out
    from bedside.literature._record import records_of
    from bedside.literature.notices import flags_of, read_watch
    from bedside.literature.same import duplicates_of

    if out is not None:
        check_out(out, [*records, retractions])
    watch = read_watch(retractions) if retractions else None
    found, problems = records_of(records)
    with progress(tr("comparing", "比较"), len(found)) as advance:
        matches = duplicates_of(found, advance)
    flags = flags_of(found, watch)
    if out is not None:
        _write(out, found, matches, flags)
    counts = Counter(one.kind for one in matches)
    grave = sum(any(flag.grave for flag in those) for those in flags.values())
    if json:
        kinds = {kind.replace(" ", "_").rstrip("?"): counts[kind] for kind in KINDS}
        more = {"matches": matches, "flags": flags, "problems": len(problems)}
        emit_json({"records": len(found), "out": out, **kinds, "retracted": grave, **more})
    else:
        _show(len(found), matches, flags)
        say(_summed(counts, grave))
    for problem in problems[:5]:
        say(f"{problem.place}: {problem.what}", quiet=True)
    if problems:
        raise typer.Exit(PARTLY)


def _write(out: Path, found: Sequence[Record], matches: Sequence[Match], flags: Mapping[str, Sequence[Flag]]) -> None:
    """A line a record: what it is a duplicate of, what it is related to, what is flagged."""
    from bedside.files import whole_file

    of = {one.other: one for one in matches if one.kind == "duplicate"}
    related: dict[str, list[dict[str, str]]] = {}
    for one in matches:
        if one.kind != "duplicate":
            for here, there in ((one.kept, one.other), (one.other, one.kept)):
                related.setdefault(here, []).append({"id": there, "kind": one.kind, "reason": one.reason})
    with whole_file(out) as file:
        for record in found:
            twin = of.get(record.key)
            line = {
                "id": record.key,
                "file": record.file,
                "duplicate_of": twin.kept if twin else None,
                "reason": twin.reason if twin else None,
                "related": related.get(record.key, []),
                "flags": [asdict(flag) for flag in flags.get(record.key, ())],
            }
            file.write(jsonlib.dumps(line, ensure_ascii=False) + "\n")


def _show(count: int, matches: Sequence[Match], flags: Mapping[str, Sequence[Flag]]) -> None:
    from bedside.literature.notices import word

    named = {
        "duplicate": tr("duplicate", "重复"),
        "version": tr("version", "版本"),
        "same study?": tr("same study?", "同一研究？"),
    }
    head = (tr("kept", "保留"), tr("other", "另一记录"), tr("what", "关系"), tr("why", "依据"))
    rows = [(one.kept, one.other, named[one.kind], one.reason) for one in matches[:SHOWN]]
    table(tr(counted(count, "record"), f"{count} 条记录"), head, rows)
    for key, those in list(flags.items())[:SHOWN]:
        say(f"{key}: " + "; ".join(f"{word(flag.kind)} ({flag.source})" for flag in those))


def _summed(counts: Counter[str], grave: int) -> str:
    en = f"{counts['duplicate']} duplicates, {counts['version']} other versions, "
    en += f"{counts['same study?']} perhaps of the same study; {grave} retracted or withdrawn"
    zh = f"重复 {counts['duplicate']}，其他版本 {counts['version']}，可能同一研究 {counts['same study?']}；"
    zh += f"撤稿或撤回 {grave}"
    return tr(en, zh)
