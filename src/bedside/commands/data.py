"""Check, clean, split and convert tables of notes | 检查、清洗、划分和转换病历文本表格"""

from __future__ import annotations

import json as jsonlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._data.convert import convert
from bedside.commands._io import JsonFlag, Seed, emit_json, progress, say
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._data.rows import StoredRows

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Check, clean, split and convert tables of notes", "检查、清洗、划分和转换病历文本表格"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
COMMAND.command("convert")(convert)
ROWS_SHOWN = 10

Table = Annotated[
    Path, typer.Argument(help=tr("CSV, TSV, Excel, JSONL or Parquet", "CSV、TSV、Excel、JSONL 或 Parquet"))
]
TextFlag = Annotated[str, typer.Option(help=tr("Text column(s), joined by +", "文本列，可用 + 连接"))]
NearFlag = Annotated[float, typer.Option(min=0.3, max=1, help=tr("Jaccard similarity of copies", "近似重复的相似度"))]
PatientFlag = Annotated[str | None, typer.Option(help=tr("Patient column", "患者列"))]


@COMMAND.command("check")
def check(
    table: Table,
    text: TextFlag = "text",
    label: Annotated[str | None, typer.Option(help=tr("Label column", "标签列"))] = None,
    patient: PatientFlag = None,
    near: NearFlag = 0.8,
    seed: Seed = 0,
    json: JsonFlag = False,
) -> None:
    """Report languages, sections, copies, boilerplate and doubtful labels. Nothing is changed."""
    from bedside.cleaning.duplicates import later_copies, near_pairs
    from bedside.commands._data.rows import stored_rows

    with stored_rows(text, table) as rows:
        _load(table, rows)
        rows.need(label, patient)
        report = _survey(rows)
        with progress(tr("comparing", "正在比对"), total=len(rows)) as advance:
            copies = later_copies(near_pairs(rows, threshold=near, on_text=advance))
        labels = _audit(rows, label, patient, seed) if label else None
    report |= {"copies": {str(later): earlier for later, earlier in copies.items()}, "labels": labels}
    emit_json(report) if json else _print_check(report)


def _survey(rows: StoredRows) -> dict[str, Any]:
    """What can be counted note by note."""
    from bedside.cleaning.boilerplate import find_boilerplate, line_keys
    from bedside.cleaning.language import language_of
    from bedside.cleaning.sections import sections

    languages, headers, keys, empty = Counter[str](), Counter[str](), [], []
    for number, note in enumerate(rows):
        languages[language_of(note)] += 1
        headers.update(dict.fromkeys(section.name for section in sections(note)).keys())
        keys.append(line_keys(note))
        if not note.strip():
            empty.append(number)
    return {
        "rows": len(rows),
        "empty": empty,
        "languages": dict(languages.most_common()),
        "sections": dict(headers.most_common()),
        "boilerplate_lines": len(find_boilerplate(keys)),
    }


@COMMAND.command("clean")
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
    from bedside.commands._data.rows import stored_rows, text_columns
    from bedside.files import check_out
    from bedside.formats._tables import cell_text

    check_out(out, inputs=[table])
    changed = 0
    with stored_rows(text, table) as rows:
        for _, row in _read(table):
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
    if json:
        emit_json(report)
        return
    say(
        tr(
            f"{report['read']} rows read, {report['written']} written to {out}",
            f"读入 {report['read']} 行，写出 {report['written']} 行到 {out}",
        )
    )
    say(
        tr(
            f"{changed} normalised, {len(copies)} near-same left out, {len(lines)} boilerplate lines dropped",
            f"{changed} 行已规范化，{len(copies)} 行近似重复未写出，{len(lines)} 种模板行已删除",
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


@COMMAND.command("split")
def split(
    table: Table,
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder for train.jsonl, ...", "输出目录"))],
    by: Annotated[str, typer.Option(help="patient, site, time")] = "patient",
    text: TextFlag = "text",
    patient: PatientFlag = None,
    site: Annotated[str | None, typer.Option(help=tr("Site column", "机构列"))] = None,
    time: Annotated[str | None, typer.Option(help=tr("Time column", "时间列"))] = None,
    label: Annotated[str | None, typer.Option(help=tr("Label column, spread alike", "标签列，各部分分布相近"))] = None,
    shares: Annotated[
        str, typer.Option(help=tr("By patient: shares", "按患者划分的比例"))
    ] = "train=0.8,dev=0.1,test=0.1",
    hold_out: Annotated[str, typer.Option(help=tr("By site: sites for test, with commas", "留作测试的机构"))] = "",
    from_time: Annotated[str, typer.Option(help=tr("By time: test from here on", "测试集起始时间"))] = "",
    near: NearFlag = 0.8,
    seed: Seed = 0,
    insist: Annotated[str | None, typer.Option(help=tr("Words that accept a leak", "接受泄漏的声明"))] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace parts that are there", "覆盖已有的部分"))] = False,
    json: JsonFlag = False,
) -> None:
    """Split by patient, site or time, and refuse if a patient or near-same text would lie in two parts."""
    from bedside.cleaning.duplicates import near_pairs
    from bedside.commands._data.rows import stored_rows
    from bedside.commands._data.split import Asked, parts_of, places_for, print_split, write_parts
    from bedside.evaluate.split import leaks, refuse_leaks
    from bedside.files import check_out

    asked = Asked(by, patient, site, time, label, shares, hold_out, from_time, seed)
    check_out(out, folder=True)
    with stored_rows(text, table) as rows:
        _load(table, rows)
        parts, order = parts_of(rows, asked)
        places = places_for(parts, out, table, force=force)
        patients = rows.column(patient) if patient else None
        with progress(tr("looking for leaks", "正在检查泄漏"), total=len(rows)) as advance:
            report = leaks(parts, patients, rows, near=lambda texts: near_pairs(texts, threshold=near, on_text=advance))
        refuse_leaks(report, insist)
        write_parts(rows, parts, places)
    if json:
        emit_json({"out": out, "rows": report.rows, "date_order": order, "leaks": report})
        return
    print_split(report, order)


def _audit(rows: StoredRows, label: str, patient: str | None, seed: int) -> Any:
    from bedside.cleaning.labels import audit_labels
    from bedside.commands._io import plain

    patients = rows.column(patient) if patient else None
    with progress(tr("doubting labels", "正在核查标签")):
        return plain(audit_labels(list(rows), rows.column(label), patients, seed=seed))


def _load(table: Path, rows: StoredRows) -> None:
    for _, row in _read(table):
        rows.add(row)


def _read(table: Path) -> Any:
    from bedside.formats._tables import read_rows

    with progress(tr("reading", "正在读取")) as advance:
        for place, row in read_rows(table):
            advance()
            yield place, row


def _print_check(report: dict[str, Any]) -> None:
    from bedside.cleaning.sections import section_name

    say(
        tr(
            f"{report['rows']} rows, {len(report['empty'])} without text",
            f"{report['rows']} 行，{len(report['empty'])} 行无文本",
        )
    )
    say(tr("languages: ", "语言：") + ", ".join(f"{name} {count}" for name, count in report["languages"].items()))
    sections = ", ".join(f"{section_name(name)} {count}" for name, count in report["sections"].items())
    say(tr("sections: ", "章节：") + sections)
    say(tr("near-same rows: ", "近似重复行：") + str(len(report["copies"])))
    say(tr("boilerplate lines: ", "模板行：") + str(report["boilerplate_lines"]))
    labels = report["labels"]
    if labels is None:
        return
    say(tr("labels: ", "标签：") + ", ".join(f"{name} {count}" for name, count in labels["counts"].items()))
    say(tr("rows without a label: ", "无标签行：") + str(len(labels["missing"])))
    say(tr("same text, different labels: ", "同文异标：") + str(len(labels["contradictory"])))
    say(tr("rare labels: ", "罕见标签：") + (", ".join(labels["rare"]) or "0"))
    if not labels["noise_checked"]:
        say(tr("wrong labels not looked for: ", "未核查错误标签：") + labels["not_checked_because"])
        return
    say(tr("labels to look at again: ", "建议复核的标签：") + str(len(labels["suspects"])))
    for one in labels["suspects"][:ROWS_SHOWN]:
        doubt = f"{one['given']} {one['p_given']:.2f} -> {one['likelier']} {one['p_likelier']:.2f}"
        say(f"  {tr('row', '行')} {one['row']}: {doubt}")
