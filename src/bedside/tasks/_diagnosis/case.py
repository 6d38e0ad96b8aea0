"""One patient to diagnose, from a row of terms, a phenopacket or a text: findings by number, and what was not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bedside.errors import DataError
from bedside.knowledge._gene_hits import GeneHit
from bedside.knowledge._onset import years_of
from bedside.knowledge._ranker import Findings
from bedside.knowledge.hpo import Hpo
from bedside.lang import tr
from bedside.phenotypes.chart import ChartFindings
from bedside.types import Chart, RawChart

TextReader = Callable[[str, str], tuple[list[str], list[str]]]
"""The door for texts: (text, language) -> ids of the findings that are present, and of those that are denied."""
SHAPES = '{"id", "present": [{"id": "HP:..."}], "excluded": [...]} | phenopacket | {"id", "text", "lang"}'

SEXES = {"male": "male", "m": "male", "男": "male", "female": "female", "f": "female", "女": "female"} | dict.fromkeys(
    ("", "unknown", "unknown_sex", "other", "other_sex", "unspecified", "未知", "不详"), ""
)
"""What a row may say of the sex, and as what it is taken."""
_ID = re.compile(r"[A-Z][A-Z.]{0,15}:[A-Z0-9.-]{1,15}")


@dataclass(frozen=True, slots=True)
class DiagnosisCase:
    """A case as the ranker takes it; `unread` are ids that this release does not have and fields that
    could not be used, `disputed` findings said to be there and not, which count as there, `without` evidence
    to ignore.

    `text` is what a local model reads of it; `chart` says where in a chart each finding stands.
    """

    id: str
    findings: Findings
    unread: tuple[str, ...] = ()
    disputed: tuple[str, ...] = field(default=(), compare=False)
    without: tuple[str, ...] = ()
    text: str = field(default="", repr=False, compare=False)
    chart: ChartFindings | None = field(default=None, repr=False, compare=False)


ChartReader = Callable[[RawChart | Chart], ChartFindings]
"""The door for charts: identity removed from one that still holds it, then its findings."""


def case_of(
    row: Any,
    hpo: Hpo,
    *,
    number: int = 1,
    use_genes: bool = False,
    evidence_field: str | None = None,
    read_text: TextReader | None = None,
    variants: tuple[GeneHit, ...] = (),
) -> DiagnosisCase:
    """The case of one JSON object; raises DataError when it has no finding that this release knows."""
    if not isinstance(row, dict):
        raise DataError(tr("not a JSON object", "不是 JSON 对象"), allowed=SHAPES)
    present, denied = _findings(row, read_text)
    seen, unread = _numbers(present, hpo)
    not_seen, more = _numbers(denied, hpo)
    if not seen:
        what = tr("no finding that the ontology knows", "没有本体所知的表型")
        raise DataError(what, value=", ".join(unread[:3]) or None, allowed="HP:0000000")
    subject = row["subject"] if isinstance(row.get("subject"), dict) else {}
    sex = str(row.get("sex") or subject.get("sex") or "").strip().lower()
    onset = _onset(row)
    years = years_of(onset, hpo) if isinstance(onset, str) else None
    found = Findings(
        present=seen,
        denied=tuple(one for one in not_seen if one not in seen),
        sex=SEXES.get(sex, ""),
        onset_years=years,
        genes=frozenset(map(str, _list(row.get("gene")))) if use_genes else frozenset(),
        variants=variants,
    )
    named = row.get("id")
    return DiagnosisCase(
        id=str(number) if named in (None, "") else str(named),
        findings=found,
        unread=(
            *unread,
            *more,
            *(["sex"] if sex not in SEXES else []),
            *(["onset"] if onset not in (None, "") and years is None else []),
        ),
        disputed=tuple(hpo.ids[one] for one in not_seen if one in seen),
        without=tuple(map(str, _list(row.get(evidence_field)))) if evidence_field else (),
        text=row["text"] if isinstance(row.get("text"), str) else "",
    )


def case_of_chart(
    chart: RawChart | Chart, hpo: Hpo, read: ChartReader, *, id: str, variants: tuple[GeneHit, ...] = ()
) -> DiagnosisCase:
    """The case of a chart; raises DataError when no finding in it holds, IdentityError as `scrub` does."""
    found = read(chart)
    if not found.present:
        what = tr("no finding in this chart that the ontology knows", "病历中没有本体所知的表型")
        allowed = tr("coded conditions, values with units, notes", "编码的诊断、带单位的检验值、病程文书")
        raise DataError(what, allowed=allowed)
    findings = Findings(
        present=tuple(hpo.number[one] for one in found.present),
        denied=tuple(hpo.number[one] for one in found.denied),
        sex=found.sex,
        onset_years=found.onset_years,
        variants=variants,
    )
    return DiagnosisCase(id, findings, text=found.text, chart=found)


def _findings(row: dict[str, Any], read_text: TextReader | None) -> tuple[list[str], list[str]]:
    """Ids present and denied, whatever the shape of the row."""
    features = row.get("phenotypicFeatures", row.get("phenotypic_features"))
    if isinstance(features, list):
        parts: tuple[list[str], list[str]] = ([], [])
        for feature in features:
            if isinstance(feature, dict) and isinstance(feature.get("type"), dict):
                parts[bool(feature.get("excluded"))].append(str(feature["type"].get("id", "")))
        return parts
    if "present" in row:
        return _ids(row.get("present")), _ids(row.get("excluded"))
    if isinstance(row.get("text"), str):
        if read_text is None:
            what = tr("findings cannot be read from a text here", "此处尚不能从文本中读取表型")
            raise DataError(what, allowed='{"present": [{"id": "HP:..."}]}')
        return read_text(row["text"], str(row.get("lang") or ""))
    raise DataError(tr("no findings in this row", "该行没有表型"), allowed=SHAPES)


def _ids(value: Any) -> list[str]:
    return [str(one.get("id", "") if isinstance(one, dict) else one) for one in _list(value)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _numbers(ids: Iterable[str], hpo: Hpo) -> tuple[tuple[int, ...], list[str]]:
    """Term numbers, each once, and the ids that are not there; what is no id may name a patient and is told as `?`."""
    known: dict[int, None] = {}
    unread: list[str] = []
    for id in map(_tidy, ids):
        if id in hpo.number:
            known[hpo.number[id]] = None
        elif id:
            unread.append(id if _ID.fullmatch(id) else "?")
    return tuple(known), unread


def _tidy(id: str) -> str:
    """An id as the ontology writes it: `hp_0001250` is HP:0001250."""
    return id.strip().upper().replace("_", ":")


def _onset(row: dict[str, Any]) -> Any:
    """When the disease began: the row's own field, or that of the phenopacket's first disease."""
    if row.get("onset") is not None:
        return row["onset"]
    for disease in _list(row.get("diseases")):
        onset = disease.get("onset") if isinstance(disease, dict) else None
        if isinstance(onset, dict):
            age, known = onset.get("age"), onset.get("ontologyClass")
            if isinstance(age, dict):
                return str(age.get("iso8601duration"))
            if isinstance(known, dict):
                return str(known.get("id"))
    return None
