"""`bedside data clean`: characters normalised, copies and, if asked, boilerplate lines left out."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._data.options import NearFlag, Table, TextFlag
from bedside.commands._io import JsonFlag, check_lines_name, emit_json, progress, say
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.commands._data.rows import StoredRows


def clean(
    table: Table,
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))],
    text: TextFlag = "text",
    near: NearFlag = 0.8,
    boilerplate: Annotated[
        float | None,
        typer.Option(min=0.01, max=1, help=tr("Drop long lines in this share of notes", "删除出现比例达此值的长行")),
    ] = None,
    keep_copies: Annotated[
        bool, typer.Option("--keep-copies", help=tr("Keep near-same notes", "保留近似重复"))
    ] = False,
    ascii_punctuation: Annotated[
        bool, typer.Option("--ascii-punctuation", help=tr("，to , and so on", "中文标点转为英文标点"))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Normalise characters, drop copies (the first is kept) and, if asked, boilerplate lines; say what was dropped."""
    from bedside.cleaning.boilerplate import find_boilerplate, line_keys
    from bedside.cleaning.duplicates import later_copies, near_pairs
    from bedside.cleaning.normalize import normalize
    from bedside.commands._data.rows import done, read, stored_rows, text_columns
    from bedside.files import check_out
    from bedside.formats._tables import cell_text

    check_out(out, inputs=[table])
    check_lines_name(out)
    changed = 0
    with stored_rows(text, table) as rows:
        for row in read(table, rows.damage):
            before = {name: cell_text(row.get(name)) for name in text_columns(row, text)}
            after = {name: normalize(note, keep_punctuation=not ascii_punctuation) for name, note in before.items()}
            changed += before != after
            rows.add({**row, **after})
        lines = find_boilerplate(map(line_keys, rows), share=boilerplate) if boilerplate else {}
        with progress(tr("comparing", "正在比对"), total=len(rows)) as advance:
            copies = {} if keep_copies else later_copies(near_pairs(rows, threshold=near, on_text=advance))
        _write_clean(rows, out, text, drop=set(copies), lines=lines)
        report = {"out": out, "read": len(rows), "written": len(rows) - len(copies), "normalized": changed}
        report |= {"boilerplate_lines": len(lines), "copies": {str(later): kept for later, kept in copies.items()}}
        report["problems"] = rows.damage.count
    emit_json(report) if json else _print_clean(report)
    done(rows)


def _print_clean(report: dict[str, Any]) -> None:
    out, changed, copies, lines = (report[key] for key in ("out", "normalized", "copies", "boilerplate_lines"))
    say(
        tr(
            f"{counted(report['read'], 'row')} read, {report['written']} written to {out}",
            f"读入 {report['read']} 行，写出 {report['written']} 行到 {out}",
        )
    )
    say(
        tr(
            f"{changed} normalised, {len(copies)} near-same left out, {counted(lines, 'boilerplate line')} dropped",
            f"{changed} 行已规范化，{len(copies)} 行近似重复未写出，{lines} 种模板行已删除",
        )
    )


def _write_clean(rows: StoredRows, out: Path, text: str, *, drop: set[int], lines: dict[int, int]) -> None:
    from bedside.cleaning.boilerplate import without_boilerplate
    from bedside.commands._data.rows import text_columns
    from bedside.files import whole_file

    with whole_file(out) as file:
        for number in range(len(rows)):
            if number in drop:
                continue
            row = rows.row(number)
            for name in text_columns(row, text) if lines else ():
                row[name] = without_boilerplate(row[name], lines)
            file.write(jsonlib.dumps(row, ensure_ascii=False) + "\n")
