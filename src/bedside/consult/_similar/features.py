"""What is compared of a story at a moment: problems, laboratory values, course and person as numbers.

Problems are their codes, the ICD-10 categories of these and the words of their names, hashed (Weinberger et al. 2009).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bedside.consult._similar.chart import Event, Story, moments, story_of
from bedside.library._question.terms import terms_of
from bedside.types import Chart

BUCKETS = 1 << 18
PERSON, COUNTS = 2, 6
"""Numbers of a row: age and sex, then logarithms of counts."""
_ICD10 = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_DULL = frozenset(
    ["disorder", "finding", "situation", "of", "the", "with", "and", "in", "due", "to", "by", "unspecified", "other"]
)
"""Words of a problem's name that say nothing of it."""
SEX = {"male": 1.0, "female": -1.0}

Sparse = dict[int, float]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Look:
    """A story at a moment: features with weights, values of labs (`squashed`), age and sex (NaN: unknown), counts."""

    day: int
    problems: Sparse
    course: Sparse
    labs: Sparse
    words: Sparse
    numbers: Floats
    texts: tuple[str, ...] = field(default=(), repr=False)


def looks_of(chart: Chart, *, last: bool = False) -> list[Look]:
    """A chart at its moments, or at its end alone."""
    story = story_of(chart)
    return [look(story, day) for day in ([story.days] if last else moments(story))]


def look(story: Story, day: int) -> Look:
    """What was known of a story by a day."""
    known = story.until(day)
    by_kind: dict[str, list[Event]] = {}
    for one in known:
        by_kind.setdefault(one.what, []).append(one)
    problems = list({one.key: one for one in by_kind.get("problem", [])}.values())
    texts = tuple(one.text for one in by_kind.get("text", []))
    age = np.nan if story.age_years is None else max(0.0, story.age_years - (story.days - day) / 365.25)
    counts = [len(by_kind.get(what, [])) for what in ("problem", "procedure", "medicine", "visit", "lab")]
    dated = [one.day for one in known if one.day >= 0]
    numbers = [age, SEX.get(story.sex, 0.0), *np.log1p([max(dated, default=0), *counts])]
    return Look(
        day=day,
        problems=_problems(problems),
        course=_course(known),
        labs={bucket(one.key): squashed(one.value) for one in by_kind.get("lab", []) if one.value is not None},
        words=_counted(term for text in texts for term in terms_of(text)),
        numbers=np.asarray(numbers, np.float32),
        texts=texts,
    )


def bucket(feature: str) -> int:
    """A feature as one of `BUCKETS` numbers, the same in every run."""
    return int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=4).digest(), "little") % BUCKETS


def _problems(problems: Iterable[Event]) -> Sparse:
    found: Sparse = {}
    for one in problems:
        codes = [code.code for code in one.codes] or [one.key]
        weighted = {f"c:{code}": 1.0 for code in codes}
        weighted.update({f"i:{code[:3]}": 0.7 for code in codes if _ICD10.fullmatch(code)})
        weighted.update({f"w:{term}": 0.3 for term in terms_of(one.name) if term not in _DULL})
        for feature, weight in weighted.items():
            number = bucket(feature)
            found[number] = max(found.get(number, 0.0), weight)
    return found


def _course(known: Iterable[Event]) -> Sparse:
    """What followed what, and which medicines were tried."""
    found: Sparse = {}
    before = ""
    seen: set[tuple[str, str]] = set()
    for one in known:
        if one.what == "medicine":
            found[bucket(f"m:{one.key}")] = 1.0
        if one.what in ("problem", "procedure") and one.day >= 0 and (one.what, one.key) not in seen:
            seen.add((one.what, one.key))
            if before:
                found[bucket(f"s:{before}>{one.key}")] = 1.0
            before = one.key
    return found


def _counted(terms: Iterable[str]) -> Sparse:
    found: Sparse = {}
    for term in terms:
        number = bucket(f"t:{term}")
        found[number] = found.get(number, 0.0) + 1.0
    return {number: float(np.log1p(count)) for number, count in found.items()}


def squashed(value: float) -> float:
    """A laboratory value on a scale on which most are about normally distributed."""
    return float(np.sign(value) * np.log1p(abs(value)))
