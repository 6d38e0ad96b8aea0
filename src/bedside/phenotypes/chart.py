"""The findings of a chart without identity: from codes, from measured values and from words, each with its place.

Each entry makes statements (`statements.py`). Times are told as days before the chart's last entry, since the dates of
a scrubbed chart are shifted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from bedside.phenotypes._patient import Patient, patient_of
from bedside.phenotypes.measured import measured
from bedside.phenotypes.onset import onset_of
from bedside.phenotypes.reader import Finding, Reader
from bedside.phenotypes.statements import Statement, settle
from bedside.phenotypes.status import DOUBTED, MISTAKE, NOT, OVER
from bedside.types import Chart, Entry

READ = frozenset(
    [
        "Condition",
        "Observation",
        "DiagnosticReport",
        "DocumentReference",
        "Composition",
        "Binary",
        "Communication",
        "ClinicalImpression",
        "Media",
    ]
)
"""Kinds of entry that say how the patient is; bills, orders, drugs, plans and relatives do not."""
_ASIDE = frozenset(
    (
        *("48765-2", "10160-0", "10183-2", "42346-7", "29549-3", "8653-8", "69730-0", "18776-5"),
        *("61146-7", "42348-3", "48768-6", "11369-6", "46264-8", "10157-6", "59772-4", "62387-6"),
    )
)
"""Sections of documents (LOINC) that tell of reactions to drugs, medicines, instructions, plans, relatives."""
_HPO = re.compile(r"HP[:_]\d{7}", re.IGNORECASE)
_EXTRAS = re.compile(
    r"\s*\(((?:clinical status|verification status|status|onset|severity|modifier|body site|stage|recorded|note"
    r"|interpretation|site|reference|flag|no value)\b.*)\)$",
    re.DOTALL,
)
_KIND_WORDS = re.compile(r"\s*\((?:disorder|finding|situation|morphologic abnormality|event)\)")
_REFUTED = re.compile(r"(?:verification )?status: (?:refuted|not-?done)", re.IGNORECASE)
_NO = re.compile(
    r"(?:false|no|none|absent|negative|not (?:detected|present)|denied|neg|无|否|没有|阴性|未见|未检出)\.?",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"[^.;,。；，\n]{0,12}?\b(?:since\b|(?:for|in the (?:last|past))\b[^.;\n]{0,20}\b(?:years?|months?|weeks?)\b)"
)
_SINCE_ZH = re.compile(r"(?:近|已|最近)[^，。；\n]{0,5}(?:年|个?月|周)[^，。；\n]{0,5}$")
"""What has been absent for a while was there before: "no seizures for two years" denies none."""
_YES = re.compile(r"(?:true|yes|present|positive|detected|pos|有|是|阳性)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ChartFindings:
    """A chart's findings once its statements are settled; `text` is what a local model reads."""

    present: tuple[str, ...]
    denied: tuple[str, ...]
    statements: tuple[Statement, ...]
    conflicts: tuple[tuple[Statement, Statement], ...]
    """Pairs of statements that differ: the one that holds, the one that it overrules."""
    sex: str
    onset_years: float | None
    text: str = field(repr=False)


def read_chart(chart: Chart, reader: Reader) -> ChartFindings:
    """The findings of a chart: all statements, and what holds at its end."""
    entries = [entry for entry in chart.entries if _is_read(entry)]
    last = max((day for entry in entries if (day := day_of(entry.time))), default=None)
    words = "\n".join(_head(entry) for entry in entries)
    sex = chart.sex if chart.sex in ("male", "female") else patient_of(words).sex or ""
    statements: list[Statement] = []
    onsets: list[float] = []
    order = sorted(range(len(entries)), key=lambda n: (entries[n].time or "", n))
    for entry in (entries[n] for n in order):
        days = (last - day).days if last and (day := day_of(entry.time)) else None
        age = None if chart.age_years is None else max(0.0, chart.age_years - (days or 0) / 365.25)
        found = [replace(one, days_before=days) for one in _statements(entry, reader, Patient(age, sex or None))]
        statements += found
        said = onset_of(entry.text) if any(one.present for one in found) else None
        onsets += [said] if said is not None else []
    present, denied, conflicts = settle(statements, reader.hpo)
    onset = min(onsets, default=None)
    return ChartFindings(present, denied, tuple(statements), conflicts, sex, onset, chart_text(entries))


def _is_read(entry: Entry) -> bool:
    """Does an entry say how the patient is?"""
    aside = any(code.code in _ASIDE for code in entry.codes)
    return entry.kind in READ and not aside and not MISTAKE.search(entry.text)


def chart_text(entries: Iterable[Entry]) -> str:
    """What a chart says in words, oldest first, without its listed diagnoses: what a model of a site's own reads."""
    kept = [one for one in entries if one.kind in READ and one.kind != "Condition" and one.text]
    return "\n".join(dict.fromkeys(one.text for one in sorted(kept, key=lambda one: one.time or "")))


def _statements(entry: Entry, reader: Reader, patient: Patient) -> Iterator[Statement]:
    """What one entry says: by its codes, else by its value, else by its words; each finding once."""
    denied = bool(NOT.match(entry.text) or _REFUTED.search(entry.text) or _answer(entry) is False)
    coded = [code.code.upper().replace("_", ":") for code in entry.codes if _HPO.fullmatch(code.code)]
    known = [id for id in coded if id in reader.hpo.number]
    if DOUBTED.search(entry.text):
        return
    past = bool(OVER.search(entry.text))

    def one(id: str, present: bool, how: str, said: str = "") -> Statement:
        own = reader.hpo.ids[reader.hpo.number[id]]
        return Statement(own, reader.hpo.label(id), present, how, entry.kind, entry.origin.place, None, past, said)

    if known:
        yield from (one(id, not denied, "coded") for id in dict.fromkeys(known))
    elif entry.kind == "Observation" and isinstance(entry.value, (int, float)):
        value = measured(entry.codes, entry.text, float(entry.value), entry.unit, patient)
        if value:
            ids = [(value.present, True)] if value.present else [(id, False) for id in value.denied]
            yield from (one(id, here, "measured", _head(entry)) for id, here in ids if id in reader.hpo.number)
    else:
        text = _head(entry)
        for finding, here in _read(reader, text, patient, denied):
            yield one(finding.id, here, "text", text[finding.start : finding.end])


def _read(reader: Reader, text: str, patient: Patient, denied: bool) -> Iterator[tuple[Finding, bool]]:
    """Findings of a text; once for each state, though the words come again."""
    own = patient_of(text)
    known = Patient(own.age_years if own.age_years is not None else patient.age_years, patient.sex or own.sex)
    told: set[tuple[str, bool]] = set()
    for finding in reader.read(text, patient=known):
        here = finding.present and not denied
        if not (here or finding.excluded or (denied and finding.present)) or (finding.id, here) in told:
            continue
        if not (here or denied) and (_SINCE.match(text, finding.end) or _SINCE_ZH.search(text[: finding.start])):
            continue
        told.add((finding.id, here))
        yield finding, here


def _answer(entry: Entry) -> bool | None:
    """Whether an observation's value is a plain no (False) or yes (True)."""
    if entry.kind != "Observation" or not isinstance(entry.value, str):
        return None
    value = entry.value.strip()
    return False if _NO.fullmatch(value) else True if _YES.fullmatch(value) else None


def _head(entry: Entry) -> str:
    """An entry's words without what a reader of formats put behind them, and without a bare yes or no."""
    text = _KIND_WORDS.sub("", _EXTRAS.sub("", NOT.sub("", entry.text)))
    if _answer(entry) is not None and isinstance(entry.value, str):
        text = text.removesuffix(entry.value.strip()).rstrip(" :：")
    return text.strip()


def day_of(time: str | None) -> date | None:
    """The day of a time; of a month or a year alone, its middle.

    >>> day_of("2024-03"), day_of("2024-03-05T10:00:00Z"), day_of(None)
    (datetime.date(2024, 3, 15), datetime.date(2024, 3, 5), None)
    """
    parts = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", time or "")
    if not parts:
        return None
    try:
        return date(int(parts[1]), int(parts[2] or 7), int(parts[3] or (15 if parts[2] else 2)))
    except ValueError:
        return None
