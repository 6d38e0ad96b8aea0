"""What `bedside deidentify` says when it is done: counts, why rows failed, and which notes were one patient's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bedside.commands._io import emit_json, say
from bedside.lang import counted, tr

SHOWN_FAULTS = 10


def write_report(path: Path, summary: dict[str, Any]) -> None:
    """Write the whole summary as JSON, every fault included."""
    from bedside.files import whole_file

    with whole_file(path) as file:
        file.write(json.dumps(summary, ensure_ascii=False, indent=2) + "\n")


def tell(summary: dict[str, Any], report: Path | None, *, as_json: bool) -> None:
    """Print the summary; faults by place and reason, never by id or text."""
    if as_json:
        emit_json(summary)
        return
    failed, remarks = summary["failed"], summary["unreadable"]
    passed = summary["notes"] - failed
    say(tr(f"{counted(passed, 'note')} without identity, {failed} failed", f"已处理 {passed} 份，失败 {failed} 份"))
    _first(summary["failures"], report)
    if remarks:
        say(tr(f"{counted(len(remarks), 'remark')} on the input file", f"输入文件有 {len(remarks)} 处问题"))
        _first(remarks, report)
    for type, number in summary["removed"].items():
        say(f"  {type} {number}")
    say(_read(thorough=summary["thorough"]))
    say(_whose(summary["patient"]))
    say(f"{summary['out']}")


def _first(faults: list[dict[str, str]], report: Path | None) -> None:
    """The first few, and where the rest are."""
    for fault in faults[:SHOWN_FAULTS]:
        say(f"  {fault['place']}: {fault['what']}")
    if more := len(faults[SHOWN_FAULTS:]):
        where = str(report) if report else tr("use --report FILE to see them", "用 --report FILE 查看")
        say(tr(f"  ... and {more} more: {where}", f"  ……另有 {more} 处：{where}"))


def _read(*, thorough: bool) -> str:
    """Who read the notes, and the other way."""
    if thorough:
        return tr(
            "read by rules, tagger and encoder; --quick leaves the encoder out: many times faster, finds less",
            "由规则、标注器和编码器通读；--quick 不用编码器：快得多，但找得较少",
        )
    return tr(
        "read by rules and tagger; --thorough has an encoder read as well: slower, finds more",
        "由规则和标注器通读；--thorough 再由编码器通读：较慢，但找得更全",
    )


def _whose(column: str | None) -> str:
    """Which notes shared their date shifts and surrogates."""
    if column is None:
        return tr(
            "each note was its own patient; --patient COLUMN gives one patient's notes the same date shift",
            "每份文本按一名患者处理；用 --patient 列名 可使同一患者的日期平移一致",
        )
    return tr(f"one patient's notes: by column {column}", f"同一患者的文本：按“{column}”列")
