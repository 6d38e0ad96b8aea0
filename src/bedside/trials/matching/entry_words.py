"""The words of one entry: what a format's reader put behind them, and what they say of the entry as a whole."""

from __future__ import annotations

import re

from bedside.phenotypes.status import DOUBTED, MISTAKE, NOT, OVER
from bedside.trials.matching.names import Hit
from bedside.trials.matching.values import SHOWN
from bedside.trials.matching.when import BREAK
from bedside.types import Entry

_EXTRAS = re.compile(
    r"\s*\(((?:clinical status|verification status|status|onset|severity|criticality|modifier|body site|stage"
    r"|recorded|note|interpretation|reference|reaction|dosage|route|site|flag|reason)\b.*)\)$",
    re.DOTALL,
)
_REFUTED = re.compile(r"(?:verification )?status: (?:refuted|not-?done|not-taken)", re.IGNORECASE)
_STOPPED = re.compile(r"\bstatus: (?:stopped|completed|aborted|discontinued|cancelled|on-hold|inactive)", re.IGNORECASE)
_ACTIVE = re.compile(r"\bstatus: active", re.IGNORECASE)
_NO_ANSWER = re.compile(
    r"(?:false|no|none|absent|negative|not detected|denied|neg|never|无|否|没有|阴性|未见|未检出)\.?", re.IGNORECASE
)
_HALT = re.compile(
    r"\b(?:stopped|discontinued|ceased|off|no longer (?:on|takes|taking)|d/c'?d|held|previously|formerly|was on)\b"
    r"|停用|已停|停药|停服|曾服用|曾用|既往服用",
    re.IGNORECASE,
)
_ALLERGIC = re.compile(r"\b(?:allerg\w*|hypersensitiv\w*|anaphyla\w*|intoleran\w*)\b|过敏|药敏史", re.IGNORECASE)


def is_mistake(entry: Entry) -> bool:
    """Whether the entry was made by mistake, or cancelled."""
    return bool(MISTAKE.search(entry.text))


def is_denied(entry: Entry) -> bool:
    """Whether the entry says of its own thing that it is not so."""
    return bool(NOT.match(entry.text) or _REFUTED.search(entry.text) or is_no(entry))


def is_doubted(entry: Entry) -> bool:
    """Whether the entry is a suspicion."""
    return bool(DOUBTED.search(entry.text))


def is_past(entry: Entry) -> bool:
    """Whether a condition is over."""
    return bool(OVER.search(entry.text))


def is_stopped(entry: Entry) -> bool:
    """Whether a medicine's own status says that it is no longer taken."""
    return bool(_STOPPED.search(entry.text))


def is_active(entry: Entry) -> bool:
    """Whether a medicine's own status says that it is taken."""
    return bool(_ACTIVE.search(entry.text))


def says_halted(words: str) -> bool:
    """Whether the words around a medicine say that it was stopped."""
    return bool(_HALT.search(words))


def says_allergic(words: str) -> bool:
    """Whether the words around a medicine speak of an allergy."""
    return bool(_ALLERGIC.search(words))


def is_no(entry: Entry) -> bool:
    """Whether an observation's value is a plain no."""
    return (
        entry.kind == "Observation" and isinstance(entry.value, str) and bool(_NO_ANSWER.fullmatch(entry.value.strip()))
    )


def head_of(entry: Entry) -> str:
    """An entry's words without what a reader of formats put behind them, and without a bare no."""
    text = _EXTRAS.sub("", NOT.sub("", entry.text))
    if is_no(entry) and isinstance(entry.value, str):
        text = text.removesuffix(entry.value.strip()).rstrip(" :：")
    return text.strip()


def sentence_of(text: str, hit: Hit) -> str:
    """The sentence that holds a hit, or what of it stands near."""
    start = max((m.end() for m in BREAK.finditer(text, 0, hit.start)), default=0)
    stop = BREAK.search(text, hit.end)
    return text[max(start, hit.start - 60) : min(stop.start() if stop else len(text), hit.end + 40)]


def around(text: str, hit: Hit) -> str:
    """The words of a hit with some on either side, cut between words."""
    if len(text) <= SHOWN:
        return text
    start, end = max(0, hit.start - 36), min(len(text), hit.end + 36)
    said = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{said}{'…' if end < len(text) else ''}"


def shown(text: str) -> str:
    """An entry's words in the length a reader is shown."""
    said = " ".join(text.split())
    return said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"
