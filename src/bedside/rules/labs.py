"""Measured values by the names and units that charts use, in the one unit that rules compare them in.

The names, units and factors are data (data/labs.toml). A value whose unit cannot be its unit, or that no body has, is
unknown: a rule on it is silent, and nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from bedside.rules._moments import Moment, moment
from bedside.types.verdict import Lab

_ASIDE = re.compile(
    r"\b(?:serum|plasma|blood|level|count|value|latest|current|measured|venous|arterial|total(?= bilirubin))\b"
    r"|血清|血浆|静脉血|动脉血|计数|浓度|水平|测定|检测|数值?$|值$"
)
_NUMBER = re.compile(r"[<>≤≥＜＞=~约]*\s*(\d+(?:\.\d+)?)")
_SAME = (
    (re.compile(r"[µμ]|mc(?=g|mol)"), "u"),
    (re.compile(r"\s+|\.(?=$)"), ""),
    (re.compile(r"^[x×*]"), ""),
    (re.compile(r"10(?:\*|e|\^|\*\*)?\^?(?=[369]/)"), "10^"),
    (re.compile(r"(?:cells|个)(?=/ul|/mm3)"), ""),
    (re.compile(r"毫摩尔|毫摩"), "mmol"),
    (re.compile(r"微摩尔"), "umol"),
    (re.compile(r"毫克"), "mg"),
    (re.compile(r"克"), "g"),
    (re.compile(r"分升"), "dl"),
    (re.compile(r"升$"), "l"),
    (re.compile(r"毫米汞柱"), "mmhg"),
    (re.compile(r"m²"), "m2"),
    (re.compile(r"\{1\.73_?m2\}"), "1.73m2"),  # UCUM's ways from here on
    (re.compile(r"^\{[^}]*\}$"), "1"),
    (re.compile(r"\{[^}]*\}|[\[\]]"), ""),
)
_LOINC_NAME = re.compile(
    r" \[[^\]]+\](?: in (?:(?:serum|plasma|blood|arterial|venous|capillary|mixed|platelet|poor|or|and)[, ]*)+)?"
    r"(?: by .+)?$"
)


@dataclass(frozen=True, slots=True)
class Analyte:
    """What is measured: its unit, the factors from others to it, and the values that a living body can have."""

    id: str
    unit: str
    names: tuple[str, ...]
    units: dict[str, float]
    plausible: tuple[float, float]
    bare: bool = False
    loinc: tuple[str, ...] = ()

    def standard(self, value: float, unit: str) -> float | None:
        """The value in `unit` as one in `self.unit`; None where that cannot be.

        >>> round(analytes()["creatinine"].standard(1.2, "mg/dL")), analytes()["creatinine"].standard(1.2, "mmHg")
        (106, None)
        """
        said = plain_unit(unit)
        factor = 1.0 if not said and self.bare else self.units.get(said)
        if factor is None:
            return None
        scaled = round(value * factor, 6)
        return scaled if self.plausible[0] <= scaled <= self.plausible[1] else None


@cache
def analytes() -> dict[str, Analyte]:
    """All that is in data/labs.toml, by id."""
    source = files("bedside.rules").joinpath("data/labs.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(source)["lab"]
    return {
        one["id"]: Analyte(
            one["id"],
            one["unit"],
            tuple(one["names"]),
            {unit: float(factor) for unit, factor in one["units"].items()},
            (float(one["plausible"][0]), float(one["plausible"][1])),
            one.get("bare", False),
            tuple(one.get("loinc", ())),
        )
        for one in rows
    }


def plain_unit(unit: str) -> str:
    """A unit without the ways of writing it.

    >>> plain_unit("×10⁹/L"), plain_unit("µmol / L"), plain_unit("mL/min/1.73 m²")
    ('10^9/l', 'umol/l', 'ml/min/1.73m2')
    """
    said = unicodedata.normalize("NFKC", unit.replace("⁹", "^9").replace("µ", "u")).casefold().strip()
    for pattern, to in _SAME:
        said = pattern.sub(to, said)
    return said


def analyte(name: str, loinc: str = "") -> Analyte | None:
    """What a chart's name of a value means, or its LOINC code; LOINC's own long names are understood too.

    >>> analyte("Serum K+").id, analyte("血小板计数").id, analyte("urine potassium")
    ('potassium', 'platelets', None)
    >>> analyte("Potassium [Moles/volume] in Serum or Plasma").id, analyte("Potassium [Moles/volume] in Urine")
    ('potassium', None)
    >>> analyte("Kalium", "2823-3").id
    'potassium'
    """
    if found := _coded().get(loinc):
        return found
    said = _LOINC_NAME.sub("", unicodedata.normalize("NFKC", name).casefold().strip())
    return _named().get(said) or _named().get(_ASIDE.sub("", re.sub(r"\(.*?\)", "", said)).strip(" :,-"))


@cache
def _named() -> dict[str, Analyte]:
    return {unicodedata.normalize("NFKC", name).casefold(): one for one in analytes().values() for name in one.names}


@cache
def _coded() -> dict[str, Analyte]:
    return {code: one for one in analytes().values() for code in one.loinc}


class Measured(NamedTuple):
    """A value in the unit of data/labs.toml, and when it was measured."""

    value: float
    at: Moment | None


def values(labs: Iterable[Lab]) -> dict[str, float]:
    """The values that are understood, by id; of one that comes twice the latest, or the last where times are not known.

    >>> values([Lab("K", 6.8, "mmol/L"), Lab("Glucose", "54", "mg/dL"), Lab("Glucose", 5)])
    {'potassium': 6.8, 'glucose': 2.997}
    """
    return {id: series[-1].value for id, series in measured(labs).items()}


def measured(labs: Iterable[Lab]) -> dict[str, list[Measured]]:
    """All values that are understood, by id; in the order of time where all times of one can be compared.

    >>> two = [Lab("K", 6.8, "mmol/L", "2024-03-05"), Lab("K", 4.1, "mmol/L", "2024-03-04")]
    >>> [one.value for one in measured(two)["potassium"]]
    [4.1, 6.8]
    """
    found: dict[str, list[Measured]] = {}
    for lab in labs:
        one, number = analyte(lab.name, lab.loinc), _number(lab.value)
        value = one.standard(number[0], lab.unit or number[1]) if one and number else None
        if one and value is not None:
            found.setdefault(one.id, []).append(Measured(value, moment(lab.time)))
    return {id: _in_time(series) for id, series in found.items()}


def _in_time(series: list[Measured]) -> list[Measured]:
    times = [one.at for one in series if one.at is not None]
    if len(times) < len(series) or len({at.dated for at in times}) > 1:
        return [Measured(one.value, None) for one in series]
    return [one for _, one in sorted(zip(times, series, strict=True), key=lambda pair: pair[0].hours)]


def _number(value: float | str) -> tuple[float, str] | None:
    """The number, and the unit that a text has behind it."""
    if not isinstance(value, str):
        return float(value), ""
    match = _NUMBER.match(value.strip().replace(",", ""))
    return (float(match[1]), value.strip().replace(",", "")[match.end() :]) if match else None


def told(text: str) -> dict[str, float]:
    """The values that a sentence states: "potassium 6.9 mmol/L"; targets, limits and conditions are none.

    >>> told("His K+ is 6.9 mmol/L, keep INR at 2-3"), told("血钾 6.9 mmol/L"), told("if potassium > 6 call")
    ({'potassium': 6.9}, {'potassium': 6.9}, {})
    """
    found: dict[str, float] = {}
    for match in _stated().finditer(unicodedata.normalize("NFKC", text)):
        if _NOT_STATED.search(text[max(0, match.start() - 24) : match.start()]):
            continue
        one = _named().get((match["name"] or match["short"]).casefold())
        value = one.standard(float(match["value"]), match["unit"] or "") if one else None
        if one and value is not None:
            found[one.id] = value
    return found


_NOT_STATED = re.compile(
    r"\b(?:if|when|target|goal|until|unless|keep|maintain|aim|above|below|urine|csf)\b[^.;,]*$|"
    r"(?:若|如果|如|当|目标|维持|直到|尿|控制)[^。；，]{0,10}$",
    re.IGNORECASE,
)


@cache
def _stated() -> re.Pattern[str]:
    """A name, then a number and perhaps a unit, neither a range nor a dose; "K 2" alone may be a vitamin's."""
    names = sorted(_named(), key=len, reverse=True)
    named = "|".join(re.escape(name) for name in names if len(name) > 2 or not name.isascii() or "+" in name)
    short = "|".join(re.escape(name) for name in names if len(name) <= 2 and name.isascii() and name != "mg")
    return re.compile(
        rf"(?<![A-Za-z\u4e00-\u9fff-])(?:(?P<name>{named})(?![A-Za-z])(?:\s+(?:is|was|of|now|level|count|today))*"
        rf"[\s:=(是为]*|(?P<short>{short})(?:\s*(?:[:=]|is|was|为)\s*|\s+(?=[\d.]+\s*[\w^]+/\w)))"
        r"(?P<value>\d+(?:\.\d+)?)(?![\d.]*\s*[-–~]\s*\d)(?!\.?\d)"
        r"(?!\s*(?:mc?g|g|mmol|meq|ml|units?|iu|片|支|克|毫克)\b(?!\s*/))"
        r"\s*(?P<unit>[\w^*×µμ]*/[\w.^/]+|%|mmHg|ms(?![a-z]))?",
        re.IGNORECASE,
    )
