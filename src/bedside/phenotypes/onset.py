"""At what age a disease began, as a chart or a story says it: "since infancy", "onset: 4 years 2 months", 3岁起病.

Ages of infancy, childhood and so on are the middles of the ontology's onset classes (HP:0003674).
"""

from __future__ import annotations

import re

_UNIT = r"(?P<unit>years?|yrs?|months?|weeks?|days?)"
_YEARS = {"y": 1.0, "岁": 1.0, "m": 1 / 12, "个": 1 / 12, "月": 1 / 12, "w": 1 / 52, "d": 1 / 365}
_WORDS = (
    (0.0, r"birth|congenital(?:ly)?|antenatal|prenatal|出生|生后即|先天"),
    (0.04, r"neonatal|newborn (?:period|age)|新生儿期"),
    (0.5, r"infan(?:cy|tile)|婴儿期"),
    (3.0, r"(?:early )?childhood|toddler age|幼儿期|自幼|幼年"),
    (12.0, r"juvenile|adolescen(?:ce|t)|青少年期|青春期"),
)
_NUMBER = rf"(?P<n>\d+(?:\.\d+)?)(?:\s*{_UNIT}(?:\s+(?P<m>\d+) months?)?(?P<old> (?:of age|old))?)?"
_PLACE = re.compile(
    rf"(?P<cue>since|from|onset(?: age)?(?: was)?(?::| at| in)?|(?:began|started) (?:at|in))\s*(?:the |her |his )?"
    rf"(?P<age>ages? (?:of )?)?(?:{_NUMBER}|(?P<word>[a-z]+(?: [a-z]+)?))"
    r"|(?P<zn>\d+(?:\.\d+)?)\s*(?P<zu>岁|个?月(?=[龄大时]))[龄大]?时?(?:起病|发病|开始|起(?=[出反逐常，,]))"
    r"|(?P<zw>出生后?|生后即|自幼|幼年|婴儿期|新生儿期|幼儿期|青春期)(?:时|开始)?(?:即|起|以来|起病|发病)",
    re.IGNORECASE,
)


_BACK = re.compile(r"\s*(?:ago|prior|before|earlier|later|前|之前|以前)", re.IGNORECASE)
"""After these a number of years is counted from today."""


def onset_of(text: str) -> float | None:
    """The earliest age in years at which a text says that something began; None where it says none.

    >>> onset_of("Seizures since infancy, ataxia from the age of 6 years."), onset_of("癫痫3岁起病"), onset_of("Fever.")
    (0.5, 3.0, None)
    """
    found = (match for match in _PLACE.finditer(text) if not _BACK.match(text, match.end()))
    ages = [age for match in found if (age := _age(match)) is not None]
    return min(ages, default=None)


def _age(match: re.Match[str]) -> float | None:
    number = match["n"] or match["zn"]
    if number:
        unit = (match["unit"] or match["zu"] or "").lower()
        told = bool(match["age"] or match["old"] or match["zn"] or match["cue"].lower().startswith("onset"))
        if not told and not (unit and match["cue"].lower().endswith(("at", "in"))):
            return None  # "since 2019" is a year and "since 3 days" a while, not an age
        years = float(number) * _YEARS[unit[:1] or "y"] + float(match["m"] or 0) / 12
        return years if years <= 120 else None
    said = (match["word"] or match["zw"] or "").lower()
    return next((age for age, words in _WORDS if re.match(rf"(?:{words})", said)), None)
