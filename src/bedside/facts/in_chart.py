"""What a chart says of a person that changes an answer: conditions, medicines, allergies, pregnancy, kidney function.

Structured entries first, then the notes, whose mentions are read in their context: denied, possible or a relative's do
not count, past ones only of things that last. A medicine that was stopped, or is only asked about, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.facts._only_asked import only_asked
from bedside.facts.names import Found, Thing, find, kinds_in
from bedside.facts.person import Known
from bedside.lang import tr
from bedside.phenotypes.context import Context, contexts
from bedside.phenotypes.status import OVER
from bedside.types import Chart, Entry

NOTES = frozenset(["DocumentReference", "Composition", "Communication", "ClinicalImpression", "DiagnosticReport"])
MEDICINES = frozenset(
    ["MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense", "Medication"]
)
_BEHIND = re.compile(
    r"\s*\((?:[a-z ]*status|severity|criticality|category|reaction|onset|recorded|note|reason)\b.*$", re.DOTALL
)
_KIND_WORDS = re.compile(r"\s*\((?:disorder|finding|situation|product|substance|medication|qualifier value)\)")
_WRONG = re.compile(
    r"verification status: (?:refuted|entered[- ]in[- ]error|unconfirmed|provisional|differential)|"
    r"status: (?:entered[- ]in[- ]error|not-taken)"
    r"|^(?:\w+: )?not: |^(?:no (?:known )?|无|否认)",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"status: (?:stopped|completed|cancelled|ended|revoked|draft|declined)", re.IGNORECASE)
_STOP_CUE = re.compile(
    r"\b(?:stopp\w+|discontinu\w+|no longer (?:takes|on|taking)|ceased|withheld|held|not (?:taking|"
    r"on)|off)\b[^.;\n]{0,20}$|(?:停用|停服|已停|不再服?用?)[^。；\n]{0,6}$",
    re.IGNORECASE,
)
_STOP_BEHIND = re.compile(
    r"^[^.;,\n]{0,25}?\b(?:was |has been |were )?(?:stopped|discontinued|withdrawn|ceased)\b|"
    r"^[^。；，\n]{0,6}?(?:已?停用|停服|已停)",
    re.IGNORECASE,
)
_ALLERGY_CUE = re.compile(
    r"\b(?:allerg(?:y|ies|ic)(?: (?:to|history))?|anaphyla\w+ (?:to|after)|hypersensitiv\w+ to|"
    r"reaction to)\b[^.;\n]{0,40}$|对[^。；\n]{0,16}$",
    re.IGNORECASE,
)
_ALLERGY_BEHIND = re.compile(r"^[^.;\n]{0,12}?\ballerg(?:y|ies|ic)\b|^[^。；，\n]{0,10}?过敏", re.IGNORECASE)
_PREGNANT = re.compile(
    r"\b(?:pregnan(?:t|cy)(?! (?:test|prevention|termination|loss))|gravid|gestation|antenatal|prenatal visit)\b"
    r"|(?:妊娠(?!纹|试验|史|期糖尿病史)|怀孕|孕\d+周|早孕|中孕|晚孕)",
    re.IGNORECASE,
)
_NURSING = re.compile(r"\b(?:breast ?-?feeding|lactating|nursing mother)\b|哺乳|母乳喂养", re.IGNORECASE)
_EGFR = re.compile(r"\b(?:e?gfr|glomerular filtration)\b|肾小球滤过率", re.IGNORECASE)
_EGFR_SAID = re.compile(r"(?:\be?gfr|肾小球滤过率)[^\d\n]{0,14}(\d{1,3}(?:\.\d+)?)", re.IGNORECASE)
_EGFR_CODES = frozenset(["33914-3", "48642-3", "48643-1", "62238-1", "88293-6", "98979-8", "77147-7", "69405-9"])
_ALLERGY_TO = re.compile(r"\ballerg(?:y|ic) to\b|过敏(?!性)", re.IGNORECASE)
_BORNE = re.compile(r"^[^。；，\n]{0,6}?(?:不|无|没有?)过敏")
PREGNANCY_DAYS = 300
"""A pregnancy recorded longer before the chart's last entry is over."""


def words_of(entry: Entry) -> str:
    """An entry's words without what a reader of formats put behind them."""
    return _KIND_WORDS.sub("", _BEHIND.sub("", entry.text)).strip()


def is_stopped(entry: Entry) -> bool:
    """Whether a medicine's entry says that it is no longer taken."""
    return _STOPPED.search(entry.text) is not None


def conditions(chart: Chart) -> tuple[Known, ...]:
    """Conditions that the person has, and past ones that last."""
    told: list[tuple[str, Known]] = []
    for entry in chart.entries:
        if entry.kind == "Condition" and entry.text and not _WRONG.search(entry.text):
            over = bool(OVER.search(entry.text))
            found = [one.thing for one in find(words_of(entry), "condition") if one.thing.lasting or not over]
            if found or not over:
                told.append((words_of(entry), Known(words_of(entry), (entry.id,), _kinds(found))))
    for entry, one, context in _in_notes(chart, "condition"):
        if not _is_none(context) and (one.thing.lasting or not context.historical):
            told.append((one.thing.id, Known(tr(*one.thing.name), (entry.id,), one.thing.kinds)))
    told += [(known.name, known) for known in _kidneys(chart)]
    return _merged(told)


def medicines(chart: Chart) -> tuple[Known, ...]:
    """Medicines that the person takes."""
    told: list[tuple[str, Known]] = []
    for entry in chart.entries:
        if entry.kind in MEDICINES and entry.text and not _WRONG.search(entry.text) and not is_stopped(entry):
            words = words_of(entry)
            told.append((words, Known(words, (entry.id,), kinds_in(words, "medicine"))))
    for entry, one, context in _in_notes(chart, "medicine"):
        before, behind = entry.text[: one.start][-80:], entry.text[one.end :][:60]
        unused = _STOP_CUE.search(before) or _STOP_BEHIND.search(behind) or only_asked(before, behind)
        if not (unused or _is_none(context) or context.historical or is_allergy(before, behind)):
            told.append((one.thing.id, Known(entry.text[one.start : one.end], (entry.id,), one.thing.kinds)))
    return _merged(told)


def allergies(chart: Chart) -> tuple[Known, ...]:
    """What the person does not bear."""
    told: list[tuple[str, Known]] = []
    for entry in chart.entries:
        if entry.kind == "AllergyIntolerance" and entry.text and not _WRONG.search(entry.text):
            words = re.sub(r"(?i)^(?:allergy to|drug allergy:?|allergic to)\s+|过敏(?:史|反应)?$", "", words_of(entry))
            told.append((words, Known(words, (entry.id,), kinds_in(words, "medicine"))))
        elif entry.kind == "Condition" and _ALLERGY_TO.search(entry.text) and kinds_in(words_of(entry), "medicine"):
            told.append((words_of(entry), Known(words_of(entry), (entry.id,), kinds_in(words_of(entry), "medicine"))))
    for entry, one, context in _in_notes(chart, "medicine"):
        before, behind = entry.text[: one.start][-80:], entry.text[one.end :][:40]
        if (
            is_allergy(before, behind)
            and not _is_borne(before, behind)
            and not (context.negated or context.family or context.hypothetical)
        ):
            told.append((one.thing.id, Known(entry.text[one.start : one.end], (entry.id,), one.thing.kinds)))
    return _merged(told)


def pregnancy(chart: Chart) -> Known | None:
    """The pregnancy that is under way at the chart's end, if there is one."""
    if chart.sex == "male" or (chart.age_years is not None and not 10 <= chart.age_years <= 56):
        return None
    return _state(chart, _PREGNANT, tr("pregnancy", "妊娠"))


def breastfeeding(chart: Chart) -> Known | None:
    """Breastfeeding, where the chart says so."""
    return None if chart.sex == "male" else _state(chart, _NURSING, tr("breastfeeding", "哺乳"))


def _state(chart: Chart, pattern: re.Pattern[str], name: str) -> Known | None:
    last = max((day for one in chart.entries if (day := days_of(one.time)) is not None), default=None)
    held: list[str] = []
    for entry in chart.entries:
        day = days_of(entry.time)
        if last is not None and day is not None and last - day > PREGNANCY_DAYS:
            continue
        if (
            entry.kind not in ("Condition", "Observation", *NOTES)
            or OVER.search(entry.text)
            or _WRONG.search(entry.text)
        ):
            continue
        spans = [match.span() for match in pattern.finditer(entry.text)]
        said = contexts(entry.text, spans)
        if any(not (_is_none(one) or one.historical) for one in said) and not _says_no(entry):
            held.append(entry.id)
    return Known(name, tuple(held)) if held else None


def _says_no(entry: Entry) -> bool:
    value = str(entry.value or "").strip().lower()
    return entry.kind == "Observation" and bool(re.match(r"(?:no\b|not\b|negative|false|neg|否|未|阴性|0$)", value))


def _kidneys(chart: Chart) -> Iterator[Known]:
    """Kidney disease by the latest eGFR: below 60, and below 30."""
    values = []
    for number, entry in enumerate(chart.entries):
        value = _egfr(entry)
        if value is not None:
            values.append((entry.time or "", number, value, entry.id))
    if values:
        *_, value, id = max(values)
        kinds = ("egfr30", "ckd") if value < 30 else ("ckd",) if value < 60 else ()
        if kinds:
            yield Known(f"eGFR {value:g}", (id,), kinds)


def _egfr(entry: Entry) -> float | None:
    coded = any(code.code in _EGFR_CODES for code in entry.codes)
    if entry.kind == "Observation" and isinstance(entry.value, (int, float)) and (coded or _EGFR.search(entry.text)):
        return float(entry.value)
    said = _EGFR_SAID.findall(entry.text) if entry.kind in (*NOTES, "Observation") else []
    return float(said[-1]) if said else None


def _in_notes(chart: Chart, kind: str) -> Iterator[tuple[Entry, Found, Context]]:
    for entry in chart.entries:
        if entry.kind in NOTES and entry.text:
            found = [one for one in find(entry.text) if one.thing.kind == kind]
            said = contexts(entry.text, [(one.start, one.end) for one in found])
            yield from ((entry, one, context) for one, context in zip(found, said, strict=True))


def _is_none(context: Context) -> bool:
    return context.negated or context.family or context.hypothetical or context.uncertain


def _is_borne(before: str, behind: str) -> bool:
    """Whether it is said that a medicine brings no allergy."""
    return bool(_BORNE.search(behind)) and "对" in before


def is_allergy(before: str, behind: str) -> bool:
    """Whether the words before and behind a medicine say that it is not borne."""
    cue = _ALLERGY_CUE.search(before)
    if cue and cue[0].startswith("对"):
        return bool(_ALLERGY_BEHIND.search(behind))
    return bool(cue or _ALLERGY_BEHIND.search(behind))


def _kinds(found: list[Thing]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for thing in found for id in thing.kinds))


def _merged(told: list[tuple[str, Known]]) -> tuple[Known, ...]:
    """One of each name, with all entries that say it; what a note repeats of an entry adds its id to that one."""
    kept: dict[str, Known] = {}
    for key, one in told:
        same = next((k for k, o in kept.items() if k == key or (one.things and one.things == o.things)), key)
        before = kept.get(same)
        entries = tuple(dict.fromkeys((*(before.entries if before else ()), *one.entries)))
        kept[same] = Known(before.name if before else one.name, entries, before.things if before else one.things)
    return tuple(kept.values())


def days_of(time: str | None) -> int | None:
    """A time as days, roughly where only a month or a year is said; None where none is."""
    parts = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", time or "")
    return int(parts[1]) * 365 + int(parts[2] or 7) * 30 + int(parts[3] or 15) if parts else None
