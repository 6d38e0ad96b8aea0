"""English ages over 89: figures and words; 88 stays."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.patterns.anchors import Anchored, matching

OLD = r"(?:9\d|1[01]\d|12[0-4])"
OLD_ALONE = r"(?:9(?<![\d.,/$-]9)\d|1(?<![\d.,/$-]1)(?:[01]\d|2[0-4]))"
"""`OLD` behind no figure: asked after the first figure, so that `re` looks at figures alone."""
UNITS = r"(?:one|two|three|four|five|six|seven|eight|nine)"
WORDS = rf"(?:ninety(?:[\s-]{UNITS})?|(?:one|a)\s+hundred(?:\s+(?:and\s+)?(?:{UNITS}|ten|eleven|twelve))?)"

AFTER = Anchored(
    rf"({OLD_ALONE})(?=\s*-?\s*(?:years?\b|yrs?\b|y/?o\b|y\.\s?o|yo[mfMF]\b|y\s*[mfMF]\b|"
    rf"[MF]\b(?!\w)|year|y\b(?!/)))",
    re.I,
)
BEFORE = Anchored(
    rf"\b(?:aged?|age\s+(?:is|of)|age\s*[:=]|turn(?:ed|ing|s)|years\s*:)\s*({OLD})(?![\d%./]|"
    rf"\s*(?:days|weeks|months|mo\b))",
    re.I,
)
DECADE = Anchored(
    r"\b(?:in|into)\s+(?:his|her|their|the)\s+(?:(?:early|mid|late)[\s-]+)?((?:9|10)0['’]?s|nineties)\b", re.I
)
WRITTEN = Anchored(rf"\b({WORDS})(?=[\s-]+(?:years?|yrs?|yo)\b)|\baged?\s+({WORDS})\b", re.I)
BIRTHDAY = Anchored(rf"\b({OLD})(?:st|nd|rd|th)\s+birthday\b", re.I)
DIED = Anchored(
    rf"\b(?:died|deceased|passed(?:\s+away)?|d\.|lived\s+to(?:\s+be)?|living)\s*(?:,|at|"
    rf"\()?\s*(?:age\s*)?({OLD})(?![\d%./:])",
    re.I,
)
KIN = (
    r"(?:man|woman|lady|gentleman|patient|pt|female|male|widow(?:er)?|resident|m(?:other|um|om)|father|dad|"
    r"grand(?:mother|father|ma|pa)|g(?:ma|pa)|nan(?:a)?|aunt(?:ie)?|uncle|sister|brother|wife|husband|spouse|"
    r"neighbou?r)"
)
OF = Anchored(
    rf"\b{KIN}[ ](?:of|aged|now|is|was|turned)[ ]({OLD}|{WORDS})\b(?![%./]|[ ](?:mg|kg|lbs?|mmHg|percent))", re.I
)
APPOSED = Anchored(rf"\b{KIN}(?:[ ][A-Z][\w'’-]+){{0,2}}(?:,[ ]|[ ]?\()({OLD}|{WORDS})(?=[,;)]|\.(?!\d))", re.I)
NAMED = Anchored(
    rf"(?:Mr|Mrs|Ms|Miss)\.?(?:[ ][A-Z][\w'’-]+){{1,3}}(?:,[ ]|[ ]?\()((?:{OLD}|(?i:{WORDS})))(?=[,;)]|\.(?!\d))"
)
NOT_OLD = re.compile(r"\s*(?:years?|yrs?|y)\s*(?:-)?\s*(?:ago|of|follow|history|survival|later|prior)", re.I)


HEAT = re.compile(r"(?i)(?:temp\w*|fever\w*|tmax|tm|t|to|of|febrile)[\s:=]*(?:\w+\s+)?\Z")


def _is_heat(text: str, start: int, end: int) -> bool:
    """Whether "104F" is a temperature."""
    return text[end : end + 1] == "F" and bool(HEAT.search(text[max(0, start - 16) : start]))


RULES = (
    (AFTER, "after"),
    (BEFORE, "before"),
    (DECADE, "decade"),
    (WRITTEN, "written"),
    (BIRTHDAY, "birthday"),
    (DIED, "died"),
    (OF, "of"),
    (APPOSED, "apposed"),
    (NAMED, "named"),
)


def recognise(text: str) -> list[Candidate]:
    """Ages of 90 and more; the span is the number.

    >>> [c.type for c in recognise("92-year-old man, wife 88 years old")]
    ['AGE_OVER_89']
    """
    found = []
    for match, name in matching(text, RULES):
        if name == "after" and (NOT_OLD.match(text, match.end()) or _is_heat(text, *match.span())):
            continue
        group = match.lastindex or 0
        found.append(Candidate(match.start(group), match.end(group), "AGE_OVER_89", 0.9, f"en_ages.{name}"))
    return found


def patterns() -> tuple[Anchored, ...]:
    """Those without a match of which nothing is found."""
    return tuple(rule for rule, _ in RULES)
