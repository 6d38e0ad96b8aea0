"""Blood pressures told as a pair (`≥ 160/100 mmHg`), and stages told before 期 (`Ⅲ～Ⅳ期`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.trials.criteria.claims import Claim, Groups, Taken, all_of, any_of
from bedside.trials.criteria.grades import stages
from bedside.trials.criterion import Condition


def staged(text: str, taken: Taken) -> Iterator[Claim]:
    """Stages that are told before 期."""
    for one in stages(text):
        if taken.free(one.start, one.end):
            condition = Condition(
                kind="status", concept="AJCC stage", op=one.op, start=one.start, end=one.end, low=one.low, high=one.high
            )
            yield Claim(one.start, one.end, "status", ((condition,),))


_PRESSURES = re.compile(
    r"(?:血压|\bblood pressure|\bbp\b)\s*(?:of|is|为|仍|:|\()?\s*(?P<op>[≥≤<>]=?|"
    r"above|over|below|under|高于|超过|大于|低于|小于)\s*(?P<high>\d{2,3})\s*/\s*(?P<low>\d{2,3})\s*(?:mm\s?hg)?"
)


def pressures(text: str, taken: Taken) -> Iterator[Claim]:
    """`≥ 160/100 mmHg`: either pressure so high; `< 140/90`: both so low."""
    signs = {
        "above": ">",
        "over": ">",
        "高于": ">",
        "超过": ">",
        "大于": ">",
        "below": "<",
        "under": "<",
        "低于": "<",
        "小于": "<",
        "≥": ">=",
        "≤": "<=",
    }
    for match in _PRESSURES.finditer(text):
        if not taken.free(*match.span()):
            continue
        op = signs.get(match["op"], match["op"])
        parts: list[Groups] = []
        for name, code, value in (("systolic", "8480-6", match["high"]), ("diastolic", "8462-4", match["low"])):
            limit = float(value)
            one = Condition(
                kind="measurement",
                concept=f"{name} pressure",
                op=op,  # type: ignore[arg-type]
                start=match.start(),
                end=match.end(),
                codes=(f"LOINC:{code}",),
                low=limit if op[0] == ">" else None,
                high=limit if op[0] == "<" else None,
                unit="mmHg",
            )
            parts.append(((one,),))
        together = any_of(parts) if op[0] == ">" else all_of(parts)
        yield Claim(match.start(), match.end(), "measurement", together or parts[0])
