"""What `bedside diagnose` is named on its command line: a file of cases, HPO ids, a story in words, a disease."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.cleaning.language import HAN
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._diagnose.rows import CaseReader, CaseRow
    from bedside.knowledge.hpo import Hpo


def is_terms(case: str) -> bool:
    """Whether a case is told by HPO ids."""
    return case.strip().upper().startswith(("HP:", "HP_"))


def file_named(case: str) -> Path | None:
    """The file that is named; None for a story told in words."""
    path = Path(case)
    try:
        there = path.is_file()
    except (OSError, ValueError):  # too long a name, or a null in it: a story
        there = False
    if not there and not re.search(r"\s", case.strip()) and not HAN.search(case):
        what = tr("no such file, no HPO ids, and no story", "既不是文件，也不是 HPO 编号或病情描述")
        allowed = tr(
            "CASES.jsonl | HP:0001250,HP:0001263 | a story in words", "CASES.jsonl | HP:0001250,HP:0001263 | 文字描述"
        )
        raise UsageError(what, value=path.name, allowed=allowed)
    return path if there else None


def only_case(reader: CaseReader, path: Path, *, ask: bool) -> CaseRow:
    """The one case of a file; UsageError when there are more."""
    rows = list(islice(reader.rows(path), 2))
    if len(rows) == 1:
        return rows[0]
    if ask:
        raise UsageError(tr("questions are for one case", "追问仅用于单个病例"), where="--ask", value=path.name)
    what = tr("give one case, or say where to write the answers", "请给出单个病例或指定输出文件")
    raise UsageError(what, next="-o OUT.jsonl")


def disease_named(id: str | None, hpo: Hpo) -> str:
    """A disease that was named, or nothing; UsageError for one that is not ranked."""
    if id is not None and hpo.disease_number.get(id, hpo.ranked) >= hpo.ranked:
        raise UsageError(tr("no ranked disease of that id", "没有该编号的疾病"), value=id, allowed="OMIM:000000")
    return id or ""
