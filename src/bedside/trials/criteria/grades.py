"""Grades behind the name of a scale: `0 or 1`, `II-III`, `Ⅱ～Ⅲ级`, `A or B`; told as numbers (A is 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.trials.criteria.bounds import Bound
from bedside.trials.criteria.plain import lowered
from bedside.trials.criterion import Op

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "ⅰ": 1, "ⅱ": 2, "ⅲ": 3, "ⅳ": 4, "ⅴ": 5, "a": 1, "b": 2, "c": 3}
_GRADE = {
    "number": r"\d{1,3}(?:\.\d+)?",
    "roman": r"(?:iii|iv|ii|i|v|[ⅰⅱⅲⅳⅴ]|[1-6](?!\d))(?![a-z])",
    "stage": r"(?:iii|iv|ii|i|[ⅰⅱⅲⅳ]|[1-4](?!\d))(?![a-z])",
    "letter": r"[abc](?![a-z])",
}
_WORDS = r"\s*(?:级|期|分|级别|class|grade|stage|score|points?)?\s*"
_GAP = (
    r"(?:\s*(?:\(\s*[^()\d]{0,24}\)|of|is|was|are|must|be|should|have|an?|the|status|"
    r"class(?:es)?|grades?|scores?|stages?|分级|分期|评分|得分|"
    r"标准|级别|为|在|是|属|达|处于|肝功能|心功能|:|\(|\))\s*)*"
)
_OPS: tuple[tuple[Op, str], ...] = (
    (">=", r"≥|>\s?=|at least|不低于|至少|大于等于|大于或等于"),
    ("<=", r"≤|<\s?=|no (?:more|greater|higher) than|不超过|不高于|小于等于|小于或等于|up to"),
    (">", r">|greater than|more than|above|higher than|大于|高于|超过"),
    ("<", r"<|less than|below|lower than|小于|低于"),
)
_OP = "|".join(f"(?P<o{n}>{words})" for n, (_, words) in enumerate(_OPS))
_AFTER = (
    r"(?P<up>(?:及|或|和)?以上|or (?:higher|above|more|greater|worse))|(?P<down>(?:及|"
    r"或|和)?以下|or (?:lower|below|less|better))"
)
_NO_MORE = r"(?!\s*(?:-|、|/|或|至|到|to|or|,)\s*(?:iii|iv|ii|i|[ⅰⅱⅲⅳ]))"
"""A range whose other end has a letter (Ⅱ～Ⅳa) is no range of numbers."""
_PATTERNS = {
    kind: re.compile(
        rf"{_GAP}\s*(?:(?:{_OP})\s*)?(?P<one>{one}){_WORDS}"
        rf"(?:(?:,|、|/|-+|to|至|到|or|and|或者?|和|与|及|through|,\s*or)\s*(?:class|grade|"
        rf"stage)?\s*(?P<two>{one}){_WORDS})?"
        rf"(?:(?:,|、|/|or|and|或|和|,\s*or)\s*(?P<three>{one}){_WORDS})?(?:{_AFTER})?"
        rf"{_NO_MORE if kind == 'stage' else ''}",
        re.IGNORECASE,
    )
    for kind, one in _GRADE.items()
}


def grade_at(text: str, at: int, kind: str) -> Bound | None:
    """The grades that follow a name, None where none do; a number with decimals or a range is left to bounds.

    >>> grade = grade_at("NYHA class II-III", 10, "roman")
    >>> grade.low, grade.high
    (2.0, 3.0)
    """
    low = lowered(text)
    match = _PATTERNS[kind].match(low, at)
    if match is None or not match["one"]:
        return None
    said = [_number(match[name]) for name in ("one", "two", "three") if match[name]]
    end = match.end() - (len(match[0]) - len(match[0].rstrip()))
    sign = next((op for n, (op, _) in enumerate(_OPS) if match[f"o{n}"]), None)
    if match["up"] or match["down"]:
        sign = ">=" if match["up"] else "<="
    start = match.start("one")
    if sign and len(said) == 1:
        return Bound(start, end, sign, said[0] if sign[0] == ">" else None, said[0] if sign[0] == "<" else None)
    if sign or (len(said) > 1 and said != sorted(said)):
        return None
    return Bound(start, end, "between" if len(said) > 1 else "=", said[0], said[-1])


def _number(said: str) -> float:
    return float(_ROMAN[said]) if said in _ROMAN else float(said)


_STAGE = re.compile(
    r"(?P<one>iii|iv|ii|i|[ⅰⅱⅲⅳ])(?:\s*期)?(?:\s*(?:-|、|/|或|至|和)\s*(?P<two>iii|"
    r"iv|ii|i|[ⅰⅱⅲⅳ]))?\s*期(?!临床|试验|研究)"
    rf"{_NO_MORE}"
)


def stages(text: str) -> Iterator[Bound]:
    """Stages that stand before 期: `Ⅲ～Ⅳ期`; one with a letter (ⅢB) is left, for it cannot be told as a number.

    >>> [(one.low, one.high) for one in stages("ⅲ-ⅳ期非小细胞肺癌")]
    [(3.0, 4.0)]
    """
    for match in _STAGE.finditer(text):
        if match.start() and text[match.start() - 1].isascii() and text[match.start() - 1].isalpha():
            continue
        if re.search(r"[a-c]\s*期?\s*[-、/或至和]\s*\Z", text[: match.start()]):
            continue
        low = _number(match["one"])
        high = _number(match["two"]) if match["two"] else low
        yield Bound(match.start(), match.end(), "between" if high > low else "=", low, high)
