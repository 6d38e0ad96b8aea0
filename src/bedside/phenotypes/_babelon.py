"""Reads a translation of the ontology in Babelon, a TSV: names that are accepted, and what was left out and why.

Format: mapping-commons / monarch-initiative `babelon`; statuses OFFICIAL, CANDIDATE, UNDER_REVIEW, NOT_TRANSLATED.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from bedside.errors import FormatError, UsageError
from bedside.lang import counted, tr

COLUMNS = (
    *("source_language", "translation_language", "subject_id", "predicate_id"),
    *("source_value", "translation_value", "translation_status"),
)
ACCEPTED, CANDIDATE, UNFINISHED = "OFFICIAL", "CANDIDATE", ("UNDER_REVIEW", "NOT_TRANSLATED")
LANGUAGE = "zh"
PATTERN = "*.babelon.tsv"
_ID = re.compile(r"HP:\d{7}\Z")
_NAME = re.compile(r"label|synonym", re.IGNORECASE)
_SHOWN = 5


@dataclass(slots=True)
class Babelon:
    """A translation: (id, name) pairs that are accepted, and how many rows were left out; bad ones with their lines."""

    file: str
    names: list[tuple[str, str]] = field(default_factory=list)
    candidates: int = 0
    unfinished: int = 0
    other_language: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)

    def told(self) -> str:
        """One line for people; it holds no more of the file than its name and numbers of lines."""
        en, zh = [f"{counted(len(self.names), 'name')} read"], [f"读取 {len(self.names)} 个名称"]
        for count, what, wie in (
            (self.candidates, "CANDIDATE left out", "个 CANDIDATE 未采用"),
            (self.unfinished, "unfinished left out", "个未完成未采用"),
            (self.other_language, "not Chinese", "个非中文"),
        ):
            if count:
                en.append(f"{count} {what}")
                zh.append(f"{count} {wie}")
        if self.bad:
            places = "; ".join(f"line {line}: {why}" for line, why in self.bad[:_SHOWN])
            more = ", ..." if len(self.bad) > _SHOWN else ""
            en.append(f"{counted(len(self.bad), 'bad row')} ({places}{more})")
            zh.append(f"{len(self.bad)} 行有误（{places}{more}）")
        return tr(f"{self.file}: {', '.join(en)}", f"{self.file}：{'，'.join(zh)}")


def open_babelon(path: Path) -> Babelon:
    """The translation in a file; UsageError when it is not there, FormatError when it is not a Babelon table."""
    if not path.is_file():
        raise UsageError(tr("no such file", "没有该文件"), where="--names", value=path, allowed=PATTERN)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError(tr("not UTF-8", "不是 UTF-8 编码"), where=path.name, allowed="UTF-8") from None
    return read_babelon(text, path.name)


def read_babelon(text: str, file: str = "") -> Babelon:
    """The accepted Chinese labels and synonyms of a translation; FormatError when columns are missing.

    >>> head = "\\t".join(COLUMNS)
    >>> read_babelon(head + "\\nen\\tzh\\tHP:0001250\\trdfs:label\\tSeizure\\t痫性发作\\tOFFICIAL").names
    [('HP:0001250', '痫性发作')]
    """
    lines = text.splitlines()
    head = lines[0].split("\t") if lines else []
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        what = tr("not a Babelon table: columns are missing", "不是 Babelon 表：缺少列")
        raise FormatError(what, where=file, value=", ".join(missing), allowed=COLUMNS)
    found = Babelon(file)
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            _take(found, number, line.split("\t"), head)
    return found


def _take(found: Babelon, number: int, cells: list[str], head: list[str]) -> None:
    """Add one row, or count why not."""
    if len(cells) != len(head):
        found.bad.append((number, tr(f"{len(cells)} columns, not {len(head)}", f"{len(cells)} 列，应为 {len(head)}")))
        return
    row = {name: cell.strip() for name, cell in zip(head, cells, strict=True)}
    status = row["translation_status"].upper()
    if not _ID.match(row["subject_id"]):
        found.bad.append((number, tr("no HP id", "没有 HP 编号")))
    elif status not in (ACCEPTED, CANDIDATE, *UNFINISHED):
        found.bad.append((number, tr("unknown translation_status", "translation_status 未知")))
    elif re.split("[-_]", row["translation_language"].lower())[0] != LANGUAGE:
        found.other_language += 1
    elif status in UNFINISHED:
        found.unfinished += 1
    elif not _NAME.search(row["predicate_id"]):
        return  # a definition or comment
    elif not row["translation_value"]:
        found.bad.append((number, tr("no translation_value", "没有 translation_value")))
    elif status == CANDIDATE:
        found.candidates += 1
    else:
        found.names.append((row["subject_id"], row["translation_value"]))
