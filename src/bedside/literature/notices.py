"""Papers not to be relied on, or only with care: retracted, withdrawn, under concern, corrected; and who says so.

Read from PubMed's comments and corrections, publication types, titles ("RETRACTED: ..."), notices that stand among the
records themselves, and a CSV of the Retraction Watch database that the user supplies (Crossref publishes it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bedside.errors import ColumnError
from bedside.formats._tables import cell_text, read_rows
from bedside.lang import tr
from bedside.literature._record import Record
from bedside.literature.same.traits import plain_doi

RETRACTED, WITHDRAWN, CONCERN, CORRECTED, ABOUT = "retracted", "withdrawn", "concern", "corrected", "notice"
GRAVITY = (RETRACTED, WITHDRAWN, CONCERN, CORRECTED, ABOUT)
"""The gravest first."""
_KINDS = {
    "RetractionIn": RETRACTED,
    "RetractedandRepublishedIn": RETRACTED,
    "PartialRetractionIn": CONCERN,
    "ExpressionOfConcernIn": CONCERN,
    "ErratumIn": CORRECTED,
    "CorrectedandRepublishedIn": CORRECTED,
    "RetractionOf": ABOUT,
    "ExpressionOfConcernFor": ABOUT,
}
_TYPES = {
    "retracted publication": RETRACTED,
    "retracted-article": RETRACTED,
    "retraction of publication": ABOUT,
    "retraction notice": ABOUT,
    "expression of concern": ABOUT,
}
_OF_OTHERS = {"RetractionOf": RETRACTED, "ExpressionOfConcernFor": CONCERN}
_TITLES = (
    (
        re.compile(r"(?i)^\W*(?:notice of retraction|retraction notice|retraction(?: to| of)?\s*[:：]|retraction to)"),
        ABOUT,
    ),
    (re.compile(r"^\W*(?:撤稿声明|撤稿通知|关于撤稿)"), ABOUT),
    (re.compile(r"(?i)^\W*expression of concern"), ABOUT),
    (re.compile(r"(?i)^\W*retracted(?: article| paper| chapter)?\s*[\]】]?\s*[:：\-\]】]"), RETRACTED),
    (re.compile(r"^\W*(?:已撤稿|撤稿)\s*[\]】]?\s*[:：\]】]"), RETRACTED),
    (re.compile(r"(?i)^\W*(?:temporary removal|withdrawn)\s*[\]】]?\s*[:：]"), WITHDRAWN),
    (re.compile(r"^\W*(?:已撤回|撤回)\s*[\]】]?\s*[:：]"), WITHDRAWN),
)
_WATCH = {"retraction": RETRACTED, "expression of concern": CONCERN, "correction": CORRECTED, "reinstatement": ""}
_WATCH_COLUMNS = ("OriginalPaperPubMedID", "OriginalPaperDOI", "RetractionNature")

Watch = Mapping[str, tuple[str, str, str]]
"""PMID or DOI -> (kind, date, reason)."""


@dataclass(frozen=True, slots=True)
class Flag:
    """What is known against a paper, or that it is itself a notice about another; `source` is who says so."""

    kind: str
    source: str
    detail: str = ""

    @property
    def grave(self) -> bool:
        """Whether the paper must not be relied on."""
        return self.kind in (RETRACTED, WITHDRAWN)


def flags_of(records: Sequence[Record], watch: Watch | None = None) -> dict[str, list[Flag]]:
    """The flags of each record that has any, the gravest first."""
    about = _about_others(records)
    found: dict[str, list[Flag]] = {}
    for record in records:
        flags = [*_told(record), *_from(about, record), *_from_watch(watch or {}, record)]
        if flags:
            unique = {(one.kind, one.source): one for one in reversed(flags)}
            found[record.key] = sorted(unique.values(), key=lambda one: (GRAVITY.index(one.kind), one.source))
    return found


def read_watch(path: Path) -> dict[str, tuple[str, str, str]]:
    """A CSV of Retraction Watch, by PMID and DOI of the paper; a later notice on a paper takes the place of one before.

    Raises ColumnError where the columns are not those of that database.
    """
    rows: list[tuple[str, list[str], str, str]] = []
    for _, row in read_rows(path):
        if missing := [name for name in _WATCH_COLUMNS if name not in row]:
            raise ColumnError(
                tr("not a file of Retraction Watch: no column", "不是 Retraction Watch 文件：缺少列"),
                where=path.name,
                value=", ".join(missing),
                allowed=[name for name in row if name],
            )
        said = {name: cell_text(row.get(name)).strip() for name in row}
        ids = [_number(said["OriginalPaperPubMedID"]), plain_doi(said["OriginalPaperDOI"])]
        rows.append(
            (_day(said.get("RetractionDate", "")), ids, said["RetractionNature"].lower(), said.get("Reason", ""))
        )
    watch: dict[str, tuple[str, str, str]] = {}
    for day, ids, nature, reason in sorted(rows, key=lambda row: row[0]):
        kind = _WATCH.get(nature, CORRECTED if "correct" in nature else CONCERN if "concern" in nature else RETRACTED)
        watch.update((id, (kind, day, reason.strip(";+ "))) for id in ids if id)
    return watch


def word(kind: str) -> str:
    """A kind of flag in the user's language."""
    return {
        RETRACTED: tr("retracted", "已撤稿"),
        WITHDRAWN: tr("withdrawn", "已撤回"),
        CONCERN: tr("expression of concern", "关注声明"),
        CORRECTED: tr("corrected", "有更正"),
        ABOUT: tr("a notice about another paper", "关于其他论文的声明"),
    }[kind]


def _told(record: Record) -> Iterable[Flag]:
    """What the record says of itself."""
    for kind, to in record.notices:
        if kind in _KINDS:
            yield Flag(_KINDS[kind], "PubMed", to)
    for said in record.paper.types:
        if said.lower() in _TYPES:
            yield Flag(_TYPES[said.lower()], tr("publication type", "文献类型"), said)
    title = next((kind for pattern, kind in _TITLES if pattern.search(record.paper.title)), None)
    if title:
        yield Flag(title, tr("its title", "标题"))
    elif record.paper.retracted and not any(kind == "RetractionIn" for kind, _ in record.notices):
        yield Flag(RETRACTED, tr("its record", "题录"), record.paper.retracted)


def _about_others(records: Sequence[Record]) -> dict[str, Flag]:
    """PMID -> what a notice among the records says of that paper."""
    return {
        to: Flag(_OF_OTHERS[kind], tr("a notice among these records", "本批记录中的声明"), record.key)
        for record in records
        for kind, to in record.notices
        if kind in _OF_OTHERS and to.isdigit()
    }


def _from(about: Mapping[str, Flag], record: Record) -> list[Flag]:
    return [about[record.paper.pmid]] if record.paper.pmid in about else []


def _from_watch(watch: Watch, record: Record) -> list[Flag]:
    ids = (record.paper.pmid, plain_doi(record.paper.doi))
    known = next((watch[id] for id in ids if id and id in watch), None)
    if known is None or not known[0]:
        return []
    kind, day, reason = known
    return [Flag(kind, "Retraction Watch", "; ".join(filter(None, (day, reason))))]


def _number(said: str) -> str:
    """A PMID; "0" and words stand for none."""
    return said if said.isdigit() and int(said) else ""


def _day(said: str) -> str:
    """A day as it sorts: "3/9/2021 0:00" and "2021-03-09" alike."""
    american = re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", said)
    if american:
        return f"{american[3]}-{int(american[1]):02}-{int(american[2]):02}"
    plain = re.match(r"\d{4}-\d\d-\d\d", said)
    return plain[0] if plain else ""
