"""What the cells of a table mean: identity, time, sex, number, FHIR's kind by a word, terminology by a code's shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bedside.formats._charts import identity
from bedside.formats._charts.draft import Reading, clean
from bedside.formats._tables import cell_text
from bedside.formats._tables.when import loose_time
from bedside.lang import tr
from bedside.types import Identifier, Sex

KINDS = {
    "Condition": "condition diagnosis problem dx 诊断 疾病",
    "Observation": "observation lab labs laboratory vital vitals 检验 化验 生命体征 体征",
    "MedicationStatement": "medication medicationstatement medicationrequest drug prescription 用药 药品 处方 医嘱",
    "Procedure": "procedure surgery operation 手术 操作",
    "AllergyIntolerance": "allergy allergyintolerance 过敏",
    "DiagnosticReport": "diagnosticreport radiology imaging pathology 检查 影像 病理",
    "DocumentReference": "documentreference note document discharge 文书 病历 记录 出院小结",
    "Immunization": "immunization vaccine 疫苗 接种",
}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}
SEXES: dict[str, Sex] = {
    **dict.fromkeys(("m", "male", "man", "男", "男性", "1"), "male"),
    **dict.fromkeys(("f", "female", "woman", "女", "女性", "2"), "female"),
    **dict.fromkeys(("other", "o", "其他"), "other"),
}
ICD10 = re.compile(r"[A-TV-Z]\d[0-9A-Z](\.[0-9A-Za-z+*]{1,8})?([+*])?")
LOINC = re.compile(r"\d{1,5}-\d")


def identity_of(row: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> Iterator[Identifier]:
    """What the identity columns of a row hold, as strings that a note may repeat."""
    for kind, names in columns.items():
        for name in names:
            text = clean(cell_text(row.get(name)))
            if text in ("", "-", "/", "无"):
                continue
            if kind in ("NAME", "STAFF"):
                yield from identity.person(kind, whole=text)
            elif kind == "ADDRESS":
                yield from identity.address(whole=text)
            else:
                yield from identity.number(text, kind)


def time_of(value: object, reading: Reading, place: str) -> str | None:
    """A cell as ISO 8601, or None; the doubt, if any, is noted at the place."""
    time, doubt = loose_time(value)
    if doubt == "ambiguous":
        what = tr("day and month could stand either way; only the year is kept", "日和月次序不明；只保留年份")
        reading.doubt(place, what)
    elif doubt:
        reading.doubt(place, tr("impossible date or time; kept without it", "日期或时间不可能；已保留条目但不含时间"))
    return time


def sex_of(text: str) -> Sex:
    """The sex by word or by GB/T 2261.1 number (1 male, 2 female; 0 and 9 are unknown).

    >>> sex_of("女"), sex_of("1"), sex_of("")
    ('female', 'male', 'unknown')
    """
    return SEXES.get(text.strip().lower().removesuffix(".0"), "unknown")


def number_of(text: str) -> float | str:
    """The number a text is, unless it is written as an id is (a leading zero) or is more than a number."""
    if re.fullmatch(r"[-+]?(0|[1-9]\d{0,14})?(\.\d+)?([eE][-+]?\d{1,2})?", text) and re.search(r"\d", text):
        return float(text)
    return text


def kind_of(word: str, code: str = "", *, measured: bool = False) -> str:
    """FHIR's kind for a word of the table; without one, by what the row holds."""
    if known := _KIND_OF.get(word.strip().lower()):
        return known
    if measured:
        return "Observation"
    return "Condition" if code and ICD10.fullmatch(code) else "DocumentReference"


def code_system(code: str) -> str:
    """The terminology a code's shape speaks of: ICD-10, LOINC, or nothing known."""
    if ICD10.fullmatch(code):
        return "http://hl7.org/fhir/sid/icd-10"
    return "http://loinc.org" if LOINC.fullmatch(code) else "urn:bedside:code"
