"""`bedside data check`: languages, sections, copies, boilerplate and doubtful labels of a table; nothing is changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._data.options import NearFlag, PatientFlag, Table, TextFlag
from bedside.commands._io import JsonFlag, Seed, emit_json, progress, say
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.commands._data.rows import StoredRows

ROWS_SHOWN = 10


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
    from bedside.commands._data.rows import done, load, stored_rows

    with stored_rows(text, table) as rows:
        load(table, rows)
        rows.need(label, patient)
        report = _survey(rows)
        with progress(tr("comparing", "正在比对"), total=len(rows)) as advance:
            copies = later_copies(near_pairs(rows, threshold=near, on_text=advance))
        labels = _audit(rows, label, patient, seed) if label else None
    report |= {"copies": {str(later): earlier for later, earlier in copies.items()}, "labels": labels}
    report["problems"] = rows.damage.count
    emit_json(report) if json else _print_check(report)
    done(rows)


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


def _audit(rows: StoredRows, label: str, patient: str | None, seed: int) -> Any:
    from bedside.cleaning.labels import audit_labels
    from bedside.commands._io import plain

    patients = rows.column(patient) if patient else None
    with progress(tr("doubting labels", "正在核查标签")):
        return plain(audit_labels(list(rows), rows.column(label), patients, seed=seed))


def _print_check(report: dict[str, Any]) -> None:
    from bedside.cleaning.sections import section_name

    say(
        tr(
            f"{counted(report['rows'], 'row')}, {len(report['empty'])} without text",
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
